//! Messages to on-call targets: which target is paged or informed, when, and with which result. The
//! rules are in `notice::notify`.

pub mod assign;
pub mod drill;
pub mod escalate;
pub mod links;
pub mod queue;
pub mod record;
pub mod view;
