//! Rules of the browser: which notices a page shows and in which form, when it polls, and how fresh an answer is. The
//! server's pages use some of them too.

pub mod all_clear;
pub mod audience;
pub mod freshness;
pub mod hiding;
pub mod outcome;
pub mod partial_all_clear;
pub mod polling;
pub mod precedence;
pub mod presence;
pub mod presentation;
pub mod showing;
pub mod view;
