//! One incident: reading it, and every form that changes it.

pub mod correct;
pub mod edit;
mod load;
pub mod missed;
mod on_call;
pub mod postmortem;
pub mod read;
pub mod share;
pub mod update;
pub mod withdraw;
