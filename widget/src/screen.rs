//! What is on the screen: which notices, how much of each, in which order, in each place.

use notice::{
    audience::{Page, segments_to_name},
    part_restored, precedence,
    presentation::{self, Entry, Start},
    showing::{self, View},
    wire::{
        feed::{Feed, Notice, Restored},
        ids::IncidentId,
        words::NoticeKind,
    },
};
use web_sys::Element;

use crate::{
    host::Host,
    memory::{PageLoad, Remembered},
    page::Slot,
};

/// The key of the page's own place.
pub const OWN: &str = "own";

/// One notice on the screen.
pub struct Shown {
    /// Which.
    pub id: IncidentId,
    /// Of which kind: when that changes, it is news.
    pub kind: NoticeKind,
    /// A card or a pill.
    pub view: View,
    /// How it started in this page load.
    pub start: Start,
    /// It is a drill.
    pub is_drill: bool,
    /// The page says nothing of its user's segments, so that the title names those of the notice.
    pub names_segments: bool,
    /// The all-clear of this place alone: the incident goes on elsewhere.
    pub part: Option<Restored>,
    /// It is drawn here. What a slot draws does not float as well.
    pub is_drawn: bool,
}

impl Shown {
    /// What `notice::presentation` is told of it.
    pub fn entry(&self) -> Entry {
        Entry {
            view: self.view,
            start: self.start,
            is_drill: self.is_drill,
        }
    }
}

/// Somewhere to draw, and what is drawn there, most pressing first.
pub struct Place {
    /// What to call it.
    pub key: String,
    /// Where; nothing for the page's own.
    pub root: Option<Element>,
    /// It is connected and rendered.
    is_rendered: bool,
    /// What is declared there. A slot is like a page of its own, which uses the components it names.
    page: Page,
    /// What a feed comes to there.
    pub shown: Vec<Shown>,
}

impl Place {
    /// Whether what is drawn here can be seen.
    pub fn is_seen(&self) -> bool {
        self.root.is_none() || self.is_rendered
    }
}

/// The page's own place, and the others.
pub fn places(own: &Page, slots: Vec<Slot>) -> Vec<Place> {
    let mut places = vec![Place {
        key: OWN.to_owned(),
        root: None,
        is_rendered: false,
        page: own.clone(),
        shown: Vec::new(),
    }];
    for slot in slots {
        let mut page = own.clone();
        if !slot.components.is_empty() {
            page.components = Some(slot.components.split(' ').map(str::to_owned).collect());
            // Another slot's components are declared there.
            page.slots.clear();
        }
        places.push(Place {
            key: slot.key,
            root: Some(slot.root),
            is_rendered: slot.is_rendered,
            page,
            shown: Vec::new(),
        });
    }
    places
}

/// What decides what is shown.
pub struct Look<'a> {
    /// The feed.
    pub feed: &'a Feed,
    /// What the browser remembers.
    pub remembered: &'a Remembered,
    /// What this page load has shown.
    pub load: &'a mut PageLoad,
    /// The loader's side.
    pub host: &'a Host,
    /// The notice that the host asked for by name.
    pub wanted: Option<&'a IncidentId>,
}

impl Look<'_> {
    /// Decides what is shown in each place; `is_floating` says whether the page's own floats.
    pub fn at(mut self, places: &mut [Place], is_floating: bool) {
        for place in places.iter_mut() {
            place.shown = self.shown(&place.page, place.root.is_none());
        }
        for notice in &self.feed.notices {
            draw_once(&notice.id, places, is_floating);
        }
    }

    fn shown(&mut self, page: &Page, is_own: bool) -> Vec<Shown> {
        let mut all = Vec::new();
        let now = self.host.now();
        for notice in precedence::sorted(&self.feed.notices, page, now) {
            let view = match showing::view(notice, page, self.remembered.of(notice), now) {
                // Whoever asked for it by name sees it.
                View::Nothing if is_own && self.wanted == Some(&notice.id) => View::Pill,
                view => view,
            };
            if view == View::Nothing {
                continue;
            }
            let part = part_restored::words(notice, page);
            let over = notice.restored.as_ref().or(part.as_ref());
            let over_at = over.map(|over| over.at);
            all.push(Shown {
                id: notice.id.clone(),
                kind: if over.is_some() {
                    NoticeKind::Restored
                } else {
                    notice.kind
                },
                view,
                start: self.load.start(self.host, notice, over_at),
                is_drill: notice.drill,
                names_segments: !segments_to_name(&notice.audience, page).is_empty(),
                part,
                is_drawn: true,
            });
        }
        all
    }
}

/// Leaves a notice out where another place draws it.
fn draw_once(id: &IncidentId, places: &mut [Place], is_floating: bool) {
    let slots: Vec<_> = places
        .iter()
        .skip(1)
        .map(|place| presentation::Slot {
            is_rendered: place.is_rendered,
            holds: place.shown.iter().any(|shown| shown.id == *id),
        })
        .collect();
    let slot_of_pill = presentation::slot_of_pill(&slots);
    for (index, place) in places.iter_mut().enumerate() {
        for shown in place.shown.iter_mut().filter(|shown| shown.id == *id) {
            shown.is_drawn = match index.checked_sub(1) {
                None => !is_floating || presentation::floats(&slots),
                Some(slot) => {
                    shown.entry().at_rest(false) == View::Card || slot_of_pill == Some(slot)
                }
            };
        }
    }
}

/// What is on the screen anywhere, each notice once: the page's own place shows all that its slots are for.
pub fn all(places: &[Place]) -> &[Shown] {
    places.first().map_or(&[], |own| &own.shown)
}

/// A feed's notice.
pub fn notice<'a>(feed: &'a Feed, id: &IncidentId) -> Option<&'a Notice> {
    feed.notices.iter().find(|notice| notice.id == *id)
}
