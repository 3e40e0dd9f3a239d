//! Decides who is notified about what happens to a site: webhooks, chat, mail to subscribers and on-call targets.
//!
//! [`occurrence`] derives occurrences from journal events, [`route`] selects the channels that are notified, [`default_notify`]
//! is the default of a post's Notify switch, and [`plan`](plan()) combines them for the events of a command. [`merging`] and
//! [`quiet_hours`] delay messages, [`retry`] repeats deliveries, and [`escalation`] pages on-call targets one after the other.
//! [`target`] names on-call targets.
//!
//! Imports, replays and corrections have no occurrence. A draft has one only when its scheduled publication was missed, and
//! an incident that ended before it was published only when it is reopened. A drill has occurrences, but nobody is notified
//! of them unless its Notify is switched on.

pub mod default_notify;
pub mod escalation;
pub mod event_name;
pub mod merging;
pub mod occurrence;
pub mod plan;
pub mod quiet_hours;
pub mod retry;
pub mod route;
pub mod target;

pub use event_name::EventName;
pub use occurrence::{Detail, Occurrence};
pub use plan::{Planned, Selection, plan};
pub use route::{Mail, Routes, Urgency, routes};
