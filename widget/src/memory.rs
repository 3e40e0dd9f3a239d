//! What this browser remembers: what it saw, what it hid, when it was here.

use js_sys::{Array, Object, Reflect};
use notice::{
    showing::Memory,
    wire::{feed::Notice, time::Timestamp},
};

use crate::{
    host::{Host, set},
    page::property,
};

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
            hidden_at: kept(&self.hidden, notice.id.as_str()),
            back_hidden_at: kept(&self.hidden, &back(notice)).map(i64::from),
            seen: kept(&self.seen, notice.id.as_str()).is_some(),
            visits: &self.visits,
        }
    }

    /// Remembers that a notice was on the screen.
    pub fn see(&self, host: &Host, notice: &Notice) {
        note(
            host,
            "seen",
            &self.seen,
            notice.id.as_str(),
            notice.attention,
        );
    }

    /// Remembers that its reader hid a notice, or an all-clear of it that is not everybody's,
    /// which began at `part`.
    pub fn hide(&self, host: &Host, notice: &Notice, part: Option<Timestamp>) {
        let hidden = &self.hidden;
        match part {
            Some(since) => {
                let seconds = u32::try_from(since.seconds()).unwrap_or(u32::MAX);
                note(host, "hidden", hidden, &back(notice), seconds);
            }
            None => note(host, "hidden", hidden, notice.id.as_str(), notice.attention),
        }
    }
}

/// Where it stands that a page's own all-clear of a notice was hidden.
fn back(notice: &Notice) -> String {
    [notice.id.as_str(), ":back"].concat()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates"
)]
fn kept(remembered: &Object, key: &str) -> Option<u32> {
    property(remembered, key).as_f64().map(|value| value as u32)
}

fn note(host: &Host, name: &str, remembered: &Object, key: &str, value: u32) {
    if kept(remembered, key) == Some(value) {
        return;
    }
    let names: Array = Object::keys(remembered);
    if names.length() >= MOST {
        // It was there a moment ago; an object of ours lets go of it.
        let _ = Reflect::delete_property(remembered, &names.get(0));
    }
    set(remembered, key, &value.into());
    host.remember(name, remembered);
}
