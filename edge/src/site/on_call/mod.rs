//! Messages to on-call targets: who is paged or informed, when, and what became of it. The rules are in `notice::notify`.

pub mod assign;
pub mod drill;
pub mod escalate;
pub mod links;
pub mod queue;
pub mod record;
pub mod view;
