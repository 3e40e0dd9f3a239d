//! The reader's choices: the notices expanded and collapsed in each container.

use js_sys::{Array, Object};
use notice::{
    browser::presentation::{self, Arrangement, Entry, Extent},
    wire::{
        enums::{NoticeKind, StringEnum as _},
        ids::IncidentId,
    },
};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    js::{property, set},
    loader::Loader,
    screen::{Container, OWN, ShownNotice},
};

/// The extents of a choice in the record that cards share: see `loader/handover.js`.
const BRIEF: u32 = 1;
const WHOLE: u32 = 2;

/// The extent that the reader chose for a notice in a container. The choice ends when the notice changes its kind.
struct Choice {
    container: String,
    id: IncidentId,
    kind: NoticeKind,
    extent: Extent,
}

impl Choice {
    fn applies_to(&self, shown: &ShownNotice, container: &Container) -> bool {
        self.container == container.key && self.id == shown.id && self.kind == shown.kind
    }
}

/// All choices of the reader.
#[derive(Default)]
pub struct Choices {
    all: Vec<Choice>,
    /// The key of the container whose list is open.
    listed: Option<String>,
    /// The notice that the page asked to open, until it is drawn.
    requested: Option<IncidentId>,
}

/// The layout of a container: its notices, and their arrangement.
pub struct Layout<'a> {
    /// The notices drawn in the container, most important first.
    pub shown: Vec<&'a ShownNotice>,
    pub arrangement: Arrangement,
    /// Whether the list of the others is open.
    pub is_listed: bool,
}

impl Layout<'_> {
    /// The notice of the card or the pill.
    pub fn main(&self) -> Option<&ShownNotice> {
        self.shown.get(self.arrangement.main).copied()
    }

    /// Whether a notice is the expanded card.
    fn is_whole(&self, id: &IncidentId) -> bool {
        self.arrangement.extent == Some(Extent::Whole)
            && self.main().is_some_and(|main| main.id == *id)
    }
}

impl Choices {
    /// The choices that the previous card has saved for the page's own container.
    pub fn resume(loader: &Loader) -> Self {
        let open = loader.record("open");
        let choice = |noted: JsValue| {
            let text = |name| property(&noted, name).as_string();
            Some(Choice {
                container: OWN.to_owned(),
                id: IncidentId::parse(&text("id")?)?,
                kind: NoticeKind::parse(&text("kind")?)?,
                extent: if property(&noted, "extent") == WHOLE {
                    Extent::Whole
                } else {
                    Extent::Brief
                },
            })
        };
        let choices: Array = property(&open, "choices").dyn_into().unwrap_or_default();
        Self {
            all: choices.iter().filter_map(choice).collect(),
            listed: property(&open, "isListed")
                .is_truthy()
                .then(|| OWN.to_owned()),
            requested: None,
        }
    }

    /// Writes the choices in the page's own container to the record.
    pub fn save(&self, loader: &Loader) {
        let choices = Array::new();
        for choice in self.all.iter().filter(|choice| choice.container == OWN) {
            let noted = Object::new();
            let is_whole = choice.extent == Extent::Whole;
            set(&noted, "id", &choice.id.as_str().into());
            set(&noted, "kind", &choice.kind.as_str().into());
            set(
                &noted,
                "extent",
                &if is_whole { WHOLE } else { BRIEF }.into(),
            );
            choices.push(&noted);
        }
        let open = Object::new();
        set(&open, "choices", &choices);
        let is_listed = self.listed.as_deref() == Some(OWN);
        set(&open, "isListed", &is_listed.into());
        set(&loader.record, "open", &open);
    }

    /// The layout of a container; `None` if it has no notice. With `covers_focus` a pill is drawn in place of a card.
    pub fn layout<'a>(
        &self,
        container: &'a Container,
        is_floating: bool,
        covers_focus: bool,
    ) -> Option<Layout<'a>> {
        let shown: Vec<&ShownNotice> = container
            .shown
            .iter()
            .filter(|shown| shown.is_drawn)
            .collect();
        let entries: Vec<Entry> = shown.iter().map(|shown| shown.entry()).collect();
        let is_chosen = |shown: &ShownNotice, extent| {
            self.all
                .iter()
                .any(|choice| choice.applies_to(shown, container) && choice.extent == extent)
        };
        let open = shown
            .iter()
            .position(|shown| is_chosen(shown, Extent::Whole));
        let whole = open.map(|index| (index, Extent::Whole));
        let mut arrangement = presentation::arrange(&entries, is_floating, whole)?;
        let main = shown.get(arrangement.main);
        if arrangement.extent.is_some() && main.is_some_and(|main| is_chosen(main, Extent::Brief)) {
            arrangement.extent = Some(Extent::Brief);
        }
        if covers_focus {
            arrangement.extent = None;
        }
        Some(Layout {
            is_listed: arrangement.extent.is_some() && self.listed.as_ref() == Some(&container.key),
            shown,
            arrangement,
        })
    }

    /// The notice that the page asked to open, while it is not drawn yet.
    pub fn requested(&self) -> Option<&IncidentId> {
        self.requested.as_ref()
    }

    /// The notice that is expanded.
    pub fn open(&self) -> Option<&IncidentId> {
        let open = |choice: &&Choice| choice.extent == Extent::Whole;
        self.all.iter().find(open).map(|choice| &choice.id)
    }

    /// Requests to open a notice, or with `None` to collapse all.
    pub fn request(&mut self, id: Option<IncidentId>) {
        if id.is_none() {
            self.retain(&|choice| choice.extent == Extent::Brief);
        }
        self.requested = id;
    }

    /// Drops the choices for notices that are not shown any more, and opens the requested notice in the first container that draws
    /// it.
    pub fn reconcile(&mut self, containers: &[Container]) {
        self.retain(&|choice| {
            containers.iter().any(|container| {
                let applies = |shown: &ShownNotice| {
                    let is_drawn = shown.is_drawn || choice.extent == Extent::Brief;
                    choice.applies_to(shown, container) && is_drawn
                };
                container.shown.iter().any(applies)
            })
        });
        let Some(id) = &self.requested else { return };
        let container = containers.iter().find(|container| {
            let shows = |shown: &ShownNotice| shown.id == *id && shown.is_drawn;
            container.is_visible() && container.shown.iter().any(shows)
        });
        if let Some(container) = container {
            let (id, key) = (id.clone(), container.key.clone());
            self.requested = None;
            self.open_at(&id, &key, containers);
        }
    }

    /// Opens a notice in a container, and collapses all others.
    pub fn open_at(&mut self, id: &IncidentId, key: &str, containers: &[Container]) {
        self.listed = None;
        for container in containers {
            for shown in &container.shown {
                if shown.id == *id && container.key == key {
                    self.choose(shown, key, Extent::Whole);
                } else if shown.id != *id {
                    self.choose(shown, &container.key, Extent::Brief);
                }
            }
        }
    }

    fn choose(&mut self, shown: &ShownNotice, key: &str, extent: Extent) {
        self.retain(&|choice| choice.id != shown.id || choice.container != key);
        self.all.push(Choice {
            container: key.to_owned(),
            id: shown.id.clone(),
            kind: shown.kind,
            extent,
        });
    }

    /// Calls [`Vec::retain`]; compiled once, to save bytes.
    #[inline(never)]
    fn retain(&mut self, predicate: &dyn Fn(&Choice) -> bool) {
        self.all.retain(predicate);
    }

    /// Handles a press of a notice's button: in the card, the pill, the line below the card, or a row of the list.
    pub fn press(
        &mut self,
        id: &IncidentId,
        container: &Container,
        layout: &Layout<'_>,
        containers: &[Container],
    ) {
        let is_line =
            layout.arrangement.extent.is_some() && layout.main().is_some_and(|main| main.id != *id);
        if is_line && !layout.is_listed && layout.arrangement.others.len() > 1 {
            self.listed = Some(container.key.clone());
        } else if layout.is_whole(id) {
            self.collapse(id, container);
        } else {
            self.open_at(id, &container.key, containers);
        }
    }

    /// Collapses a notice in a container.
    pub fn collapse(&mut self, id: &IncidentId, container: &Container) {
        if let Some(shown) = container.shown.iter().find(|shown| shown.id == *id) {
            self.choose(shown, &container.key, Extent::Brief);
        }
    }

    /// Closes the list, or else collapses the card.
    pub fn escape(&mut self, container: &Container, layout: &Layout<'_>) {
        if layout.is_listed {
            self.listed = None;
        } else if let Some(main) = layout.main()
            && layout.is_whole(&main.id)
        {
            self.collapse(&main.id, container);
        }
    }

    /// Drops the choices for a notice that was hidden.
    pub fn forget(&mut self, id: &IncidentId) {
        self.retain(&|choice| choice.id != *id);
    }
}
