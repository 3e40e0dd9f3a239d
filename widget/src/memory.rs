//! What this browser remembers: what it saw, what it hid, when it was here. `notice::presentation` says what is kept under
//! which name.

use js_sys::{Array, Object, Reflect};
use notice::{
    presentation::{self, Known, Mark, Start},
    showing::Memory,
    wire::{feed::Notice, ids::IncidentId, time::Timestamp},
};

use crate::{
    host::{Host, set},
    page::{self, property},
    texts::fill,
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

    /// Remembers that its reader hid a notice, or an all-clear of it that is not everybody's,
    /// which began at `part`.
    pub fn hide(&self, host: &Host, notice: &Notice, part: Option<Timestamp>) {
        let hidden = &self.hidden;
        match part {
            Some(since) => note(host, "hidden", hidden, &back(notice), since.seconds()),
            None => {
                let attention = i64::from(notice.attention);
                note(host, "hidden", hidden, notice.id.as_str(), attention);
            }
        }
    }
}

/// What one page load read of a notice when it first drew it: nothing changes under the reader's eyes because it has
/// just been seen.
struct FirstDrawn {
    id: IncidentId,
    attention: u32,
    over_at: Option<Timestamp>,
    start: Start,
    /// The newest update that is not news, in seconds since 1970.
    update: Option<i64>,
}

/// How the notices of this page load started.
#[derive(Default)]
pub struct PageLoad(Vec<FirstDrawn>);

impl PageLoad {
    /// How a notice starts: as it was when first drawn, until attention rises or it is over. `over_at` is the time of its
    /// all-clear here.
    pub fn start(&mut self, host: &Host, notice: &Notice, over_at: Option<Timestamp>) -> Start {
        let attention = notice.attention;
        let before = self.0.iter_mut().find(|first| first.id == notice.id);
        if let Some(first) = &before
            && (first.attention, first.over_at) == (attention, over_at)
        {
            return first.start;
        }
        let id = notice.id.as_str();
        let number = |name, key: &str| kept(&host.recall(name), key).map(i64::from);
        let known = Known {
            is_witness: number("seen", id).is_some(),
            first_seen_at: number("first", &presentation::first_key(notice)),
            all_clear_seen_at: number("cleared", id),
        };
        let mut start = presentation::start(notice, over_at, known, page::low(), host.now());
        match before {
            Some(first) => {
                if over_at.is_some() && first.over_at == over_at {
                    // What was learned raises attention; the all-clear is no news again.
                    start = first.start;
                }
                (first.attention, first.over_at, first.start) = (attention, over_at, start);
            }
            None => self.0.push(FirstDrawn {
                id: notice.id.clone(),
                attention,
                over_at,
                start,
                update: number("updates", id),
            }),
        }
        start
    }

    /// Whether the newest update is news.
    pub fn is_news(&self, notice: &Notice) -> bool {
        let first = self.0.iter().find(|first| first.id == notice.id);
        presentation::is_news(notice, first.and_then(|first| first.update))
    }

    /// Remembers that a notice has been seen, with the text of its newest update or without.
    pub fn see(
        &mut self,
        host: &Host,
        notice: &Notice,
        over_at: Option<Timestamp>,
        has_update: bool,
    ) {
        let remember = &mut |mark: Mark<'_>| {
            let remembered = host.recall(mark.name);
            if !mark.is_first || kept(&remembered, mark.key).is_none() {
                note(host, mark.name, &remembered, mark.key, mark.value);
            }
        };
        presentation::marks(notice, over_at, has_update, host.now(), remember);
        let newest = notice.updates.first().map(|update| update.at.seconds());
        if let Some(first) = self.0.iter_mut().find(|first| first.id == notice.id) {
            first.update = first.update.or(newest);
        }
    }
}

/// Where it stands that a page's own all-clear of a notice was hidden.
fn back(notice: &Notice) -> String {
    fill("%:back", &[notice.id.as_str()])
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates"
)]
fn kept(remembered: &Object, key: &str) -> Option<u32> {
    property(remembered, key).as_f64().map(|value| value as u32)
}

fn note(host: &Host, name: &str, remembered: &Object, key: &str, value: i64) {
    // Attention, and seconds until the year 2106.
    let value = u32::try_from(value).unwrap_or(u32::MAX);
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
