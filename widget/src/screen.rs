//! What is on the screen: which notices, how much of each, in which order, in each place.

use notice::{
    audience::Page,
    part_restored, precedence,
    showing::{self, View},
    wire::{
        feed::{Feed, Notice, Restored},
        ids::IncidentId,
        words::NoticeKind,
    },
};
use web_sys::Element;

use crate::{memory::Remembered, page::Slot};

/// One notice on the screen.
pub struct Shown {
    /// Which.
    pub id: IncidentId,
    /// Of which kind: when that changes, it is news.
    pub kind: NoticeKind,
    /// A card or a pill.
    pub view: View,
    /// The all-clear of this place alone: the incident goes on elsewhere.
    pub part: Option<Restored>,
}

/// Somewhere to draw, and what is drawn there, most pressing first.
pub struct Place {
    /// Where, and what to call it; nothing for the page's own.
    pub slot: Option<(Element, String)>,
    /// What is announced on the page is silenced here, and is announced here as well.
    pub modal: bool,
    /// What is declared there. A slot is like a page of its own, which uses the components it names.
    page: Page,
    /// What a feed comes to there.
    pub shown: Vec<Shown>,
}

/// The page's own place, and the others.
pub fn places(own: &Page, slots: Vec<Slot>) -> Vec<Place> {
    let place = |slot, modal, page| Place {
        slot,
        modal,
        page,
        shown: Vec::new(),
    };
    // What concerns a dialogue alone is said there and not over the whole page.
    let mut places = vec![place(None, false, own.clone())];
    for Slot {
        root,
        key,
        components,
        modal,
    } in slots
    {
        let mut page = own.clone();
        if !components.is_empty() {
            page.components = Some(components.split(' ').map(str::to_owned).collect());
        }
        places.push(place(Some((root, key)), modal, page));
    }
    places
}

impl Place {
    /// Decides what is shown here.
    pub fn look(
        &mut self,
        feed: &Feed,
        remembered: &Remembered,
        now: i64,
        opened: Option<&IncidentId>,
    ) {
        for notice in precedence::sorted(&feed.notices, &self.page) {
            let view = match showing::view(notice, &self.page, remembered.of(notice), now) {
                // Whoever asked for it by name sees it.
                View::Nothing if opened == Some(&notice.id) && self.slot.is_none() => View::Pill,
                view => view,
            };
            if view == View::Nothing {
                continue;
            }
            let part = part_restored::words(notice, &self.page);
            self.shown.push(Shown {
                id: notice.id.clone(),
                kind: if part.is_some() {
                    NoticeKind::Restored
                } else {
                    notice.kind
                },
                view,
                part,
            });
        }
    }
}

/// What is on the screen anywhere, each notice once.
pub fn all(places: &[Place]) -> Vec<&Shown> {
    let mut all: Vec<&Shown> = Vec::new();
    for shown in places.iter().flat_map(|place| &place.shown) {
        if all.iter().all(|other| other.id != shown.id) {
            all.push(shown);
        }
    }
    all
}

/// A feed's notice.
pub fn notice<'a>(feed: &'a Feed, id: &IncidentId) -> Option<&'a Notice> {
    feed.notices.iter().find(|notice| notice.id == *id)
}
