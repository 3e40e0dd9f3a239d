//! Selects and orders the notices of each container.

use notice::{
    browser::{
        audience::{PageContext, segments_to_name},
        partial_all_clear, precedence,
        presentation::{self, Entry, Start},
        showing,
        view::View,
    },
    wire::{
        enums::NoticeKind,
        feed::{Feed, Notice, Restored},
        ids::IncidentId,
    },
};
use web_sys::Element;

use crate::{
    dom::Slot,
    loader::Loader,
    memory::{BrowserMemory, PageLoad},
};

/// The key of the page's own container, which is not a slot.
pub const OWN: &str = "own";

/// A notice that a container shows.
pub struct ShownNotice {
    pub id: IncidentId,
    /// The notice's kind; `Restored` if it has an all-clear in this container. A change of the kind is announced to screen readers.
    pub kind: NoticeKind,
    pub view: View,
    /// The notice's initial form in this page load.
    pub start: Start,
    pub is_drill: bool,
    /// Whether the title names the notice's segments, because the page does not declare those of its user.
    pub names_segments: bool,
    /// The partial all-clear, while the incident continues for other pages.
    pub partial_all_clear: Option<Restored>,
    /// Whether the notice is drawn in this container. The floating container shows the notices of rendered slots too, but does
    /// not draw them.
    pub is_drawn: bool,
}

impl ShownNotice {
    /// The all-clear of a notice: its own, or the partial one.
    pub fn all_clear<'a>(&'a self, notice: &'a Notice) -> Option<&'a Restored> {
        notice.restored.as_ref().or(self.partial_all_clear.as_ref())
    }

    /// The input for [`presentation::arrange`].
    pub fn entry(&self) -> Entry {
        Entry {
            view: self.view,
            start: self.start,
            is_drill: self.is_drill,
        }
    }
}

/// A place in which notices are drawn: the page's own container, which floats or is inline, or a slot.
pub struct Container {
    /// The container's key in the names of events dispatched to the app, such as `toggle inc_… own`.
    pub key: String,
    /// The element to draw in; `None` for the page's own container.
    pub root: Option<Element>,
    /// For a slot, whether its element is connected and has layout boxes; unused for the page's own container.
    is_rendered: bool,
    /// The page's declarations. A slot counts as a page that declares the slot's components.
    page: PageContext,
    /// The notices that the page shows there, most important first.
    pub shown: Vec<ShownNotice>,
}

impl Container {
    /// Whether the container is visible; the page's own always is.
    pub fn is_visible(&self) -> bool {
        self.root.is_none() || self.is_rendered
    }
}

/// The page's own container, followed by the slots.
pub fn containers(own: &PageContext, slots: Vec<Slot>) -> Vec<Container> {
    let mut containers = vec![Container {
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
            // The components of other slots do not apply here.
            page.slots.clear();
        }
        containers.push(Container {
            key: slot.key,
            root: Some(slot.root),
            is_rendered: slot.is_rendered,
            page,
            shown: Vec::new(),
        });
    }
    containers
}

/// The inputs that decide what is shown.
pub struct Selection<'a> {
    pub feed: &'a Feed,
    pub memory: &'a BrowserMemory,
    pub load: &'a mut PageLoad,
    pub loader: &'a Loader,
    /// The notice that the page asked to open. If it would not be shown, the page's own container shows it as a pill.
    pub requested: Option<&'a IncidentId>,
}

impl Selection<'_> {
    /// Sets what is shown in each container. `is_floating`: whether the page's own container floats.
    pub fn apply(mut self, containers: &mut [Container], is_floating: bool) {
        for container in containers.iter_mut() {
            container.shown = self.shown(&container.page, container.root.is_none());
        }
        for notice in &self.feed.notices {
            set_is_drawn(&notice.id, containers, is_floating);
        }
    }

    fn shown(&mut self, page: &PageContext, is_own: bool) -> Vec<ShownNotice> {
        let mut all = Vec::new();
        let now = self.loader.now();
        for notice in precedence::sorted(&self.feed.notices, page, now) {
            let view = match showing::view(notice, page, self.memory.of(notice), now) {
                View::Nothing if is_own && self.requested == Some(&notice.id) => View::Pill,
                view => view,
            };
            if view == View::Nothing {
                continue;
            }
            let partial_all_clear = partial_all_clear::texts(notice, page);
            let all_clear = notice.restored.as_ref().or(partial_all_clear.as_ref());
            let over_at = all_clear.map(|restored| restored.at);
            all.push(ShownNotice {
                id: notice.id.clone(),
                kind: if all_clear.is_some() {
                    NoticeKind::Restored
                } else {
                    notice.kind
                },
                view,
                start: self.load.start(self.loader, notice, over_at),
                is_drill: notice.drill,
                names_segments: !segments_to_name(&notice.audience, page).is_empty(),
                partial_all_clear,
                is_drawn: true,
            });
        }
        all
    }
}

/// Sets `is_drawn` of one notice. Each slot that shows the notice draws it as a card; only the first rendered slot draws it as a
/// pill. The floating container does not draw it while a rendered slot shows it.
fn set_is_drawn(id: &IncidentId, containers: &mut [Container], is_floating: bool) {
    let slots: Vec<_> = containers
        .iter()
        .skip(1)
        .map(|container| presentation::Slot {
            is_rendered: container.is_rendered,
            shows_notice: container.shown.iter().any(|shown| shown.id == *id),
        })
        .collect();
    let slot_of_pill = presentation::slot_of_pill(&slots);
    for (index, container) in containers.iter_mut().enumerate() {
        for shown in container.shown.iter_mut().filter(|shown| shown.id == *id) {
            shown.is_drawn = match index.checked_sub(1) {
                None => !is_floating || presentation::floats(&slots),
                Some(slot) => {
                    shown.entry().at_rest(false) == View::Card || slot_of_pill == Some(slot)
                }
            };
        }
    }
}

/// The notices of all containers, each once: the page's own container, the first one, also shows the notices of all slots.
pub fn all(containers: &[Container]) -> &[ShownNotice] {
    containers.first().map_or(&[], |own| &own.shown)
}

/// The notice with an id.
pub fn notice<'a>(feed: &'a Feed, id: &IncidentId) -> Option<&'a Notice> {
    feed.notices.iter().find(|notice| notice.id == *id)
}
