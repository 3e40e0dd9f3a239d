//! What this browser remembers: what it saw, what it hid, when it was here.

use js_sys::{Array, Object, Reflect};
use notice::{showing::Memory, wire::feed::Notice};

use crate::host::{Host, property, set};

/// How many notices are remembered; the oldest go first.
const MOST: u32 = 100;

/// What was remembered when it was read. Another tab may have changed it since.
pub struct Remembered {
    seen: Object,
    hidden: Object,
    visits: Vec<i64>,
}

impl Remembered {
    /// Reads it.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn read(host: &Host) -> Self {
        let hours = Object::values(&host.recall("visits"));
        Self {
            seen: host.recall("seen"),
            hidden: host.recall("hidden"),
            // Kept in hours, fractions and all.
            visits: hours
                .iter()
                .filter_map(|hour| hour.as_f64())
                .map(|hour| (hour * 3600.0) as i64)
                .collect(),
        }
    }

    /// What it holds of one notice.
    pub fn of(&self, notice: &Notice) -> Memory<'_> {
        Memory {
            hidden_at: attention(&self.hidden, notice),
            seen: attention(&self.seen, notice).is_some(),
            visits: &self.visits,
        }
    }

    /// Remembers that a notice was on the screen.
    pub fn see(&self, host: &Host, notice: &Notice) {
        note(host, "seen", &self.seen, notice);
    }

    /// Remembers that its reader hid a notice.
    pub fn hide(&self, host: &Host, notice: &Notice) {
        note(host, "hidden", &self.hidden, notice);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates"
)]
fn attention(remembered: &Object, notice: &Notice) -> Option<u32> {
    property(remembered, notice.id.as_str())
        .as_f64()
        .map(|attention| attention as u32)
}

fn note(host: &Host, name: &str, remembered: &Object, notice: &Notice) {
    if attention(remembered, notice) == Some(notice.attention) {
        return;
    }
    let names: Array = Object::keys(remembered);
    if names.length() >= MOST {
        // It was there a moment ago; an object of ours lets go of it.
        let _ = Reflect::delete_property(remembered, &names.get(0));
    }
    set(remembered, notice.id.as_str(), &notice.attention.into());
    host.remember(name, remembered);
}
