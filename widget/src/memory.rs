//! The memory of this browser: the notices seen and hidden, and the visits. ARCHITECTURE.md lists the stored names.

use js_sys::{Array, Object, Reflect};
use notice::{
    browser::{
        presentation::{self, Known, Mark, Start},
        showing::Memory,
    },
    wire::{feed::Notice, ids::IncidentId, time::Timestamp},
};

use crate::{
    dom,
    js::{property, set, whole},
    loader::Loader,
    texts::fill,
};

/// Maximum number of notices remembered under each name; the oldest is dropped first.
const MOST: u32 = 100;

/// The stored values at the time of reading. Another tab may have changed them since.
pub struct BrowserMemory {
    seen: Object,
    hidden: Object,
    visits: Vec<i64>,
}

impl BrowserMemory {
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn read(loader: &Loader) -> Self {
        let hours = Object::values(&loader.load("visits"));
        Self {
            seen: loader.load("seen"),
            hidden: loader.load("hidden"),
            // Stored in hours since 1970, with a fraction.
            visits: hours
                .iter()
                .filter_map(|hour| hour.as_f64())
                .map(|hour| (hour * 3600.0) as i64)
                .collect(),
        }
    }

    /// The values for one notice.
    pub fn of(&self, notice: &Notice) -> Memory<'_> {
        Memory {
            hidden_at: read_number(&self.hidden, notice.id.as_str()),
            back_hidden_at: read_number(&self.hidden, &back_key(notice)).map(i64::from),
            seen: read_number(&self.seen, notice.id.as_str()).is_some(),
            visits: &self.visits,
        }
    }

    /// Remembers that the reader hid a notice, or its partial all-clear, which is identified by its time.
    pub fn hide(&self, loader: &Loader, notice: &Notice, partial_all_clear: Option<Timestamp>) {
        let hidden = &self.hidden;
        match partial_all_clear {
            Some(since) => {
                write_number(loader, "hidden", hidden, &back_key(notice), since.seconds())
            }
            None => {
                let attention = i64::from(notice.attention);
                write_number(loader, "hidden", hidden, notice.id.as_str(), attention);
            }
        }
    }
}

/// The stored values of a notice when this page load first drew it. They are not read again, so that a card does not change
/// because it has just been seen.
struct FirstDrawn {
    id: IncidentId,
    attention: u32,
    over_at: Option<Timestamp>,
    start: Start,
    /// Time of the newest update that is not news, in seconds since 1970.
    update: Option<i64>,
}

/// The notices of this page load.
#[derive(Default)]
pub struct PageLoad(Vec<FirstDrawn>);

impl PageLoad {
    /// The initial form of a notice. Unchanged since it was first drawn, until its attention rises or it is over. `over_at` is the
    /// time of its all-clear in this container.
    pub fn start(&mut self, loader: &Loader, notice: &Notice, over_at: Option<Timestamp>) -> Start {
        let attention = notice.attention;
        let before = self.0.iter_mut().find(|first| first.id == notice.id);
        if let Some(first) = &before
            && (first.attention, first.over_at) == (attention, over_at)
        {
            return first.start;
        }
        let id = notice.id.as_str();
        let number = |name, key: &str| read_number(&loader.load(name), key).map(i64::from);
        let known = Known {
            is_witness: number("seen", id).is_some(),
            first_seen_at: number("first", &presentation::first_key(notice)),
            all_clear_seen_at: number("cleared", id),
        };
        let mut start = presentation::start(notice, over_at, known, dom::low(), loader.now());
        match before {
            Some(first) => {
                if over_at.is_some() && first.over_at == over_at {
                    // A postmortem raises attention, but the all-clear is not new again.
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

    /// Whether the newest update is new to the reader.
    pub fn is_news(&self, notice: &Notice) -> bool {
        let first = self.0.iter().find(|first| first.id == notice.id);
        presentation::is_news(notice, first.and_then(|first| first.update))
    }

    /// Remembers that a notice has been seen. `has_update`: the text of its newest update too.
    pub fn mark_seen(
        &mut self,
        loader: &Loader,
        notice: &Notice,
        over_at: Option<Timestamp>,
        has_update: bool,
    ) {
        let remember = &mut |mark: Mark<'_>| {
            let remembered = loader.load(mark.name);
            if !mark.keeps_existing || read_number(&remembered, mark.key).is_none() {
                write_number(loader, mark.name, &remembered, mark.key, mark.value);
            }
        };
        presentation::marks(notice, over_at, has_update, loader.now(), remember);
        let newest = notice.updates.first().map(|update| update.at.seconds());
        if let Some(first) = self.0.iter_mut().find(|first| first.id == notice.id) {
            first.update = first.update.or(newest);
        }
    }
}

/// The key in `hidden` for the partial all-clear of a notice.
fn back_key(notice: &Notice) -> String {
    fill("%:back", &[notice.id.as_str()])
}

fn read_number(remembered: &Object, key: &str) -> Option<u32> {
    property(remembered, key).as_f64().map(whole)
}

fn write_number(loader: &Loader, name: &str, remembered: &Object, key: &str, value: i64) {
    // Attention, or seconds since 1970, which fit until 2106.
    let value = u32::try_from(value).unwrap_or(u32::MAX);
    if read_number(remembered, key) == Some(value) {
        return;
    }
    let names: Array = Object::keys(remembered);
    if names.length() >= MOST {
        // The property exists, and the object is not frozen.
        let _ = Reflect::delete_property(remembered, &names.get(0));
    }
    set(remembered, key, &value.into());
    loader.store(name, remembered);
}
