//! What the reader opened and folded, in which place.

use js_sys::{Array, Object};
use notice::{
    presentation::{self, Arrangement, Entry, Extent},
    wire::{
        ids::IncidentId,
        words::{NoticeKind, Word as _},
    },
};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    host::{Host, set},
    page::property,
    screen::{OWN, Place, Shown},
};

/// The extents of a choice, as a record has them: see `bringer` in `embed/rules.js`.
const BRIEF: u32 = 1;
const WHOLE: u32 = 2;

/// What a reader chose for a notice in a place, until the notice changes its kind.
struct Choice {
    place: String,
    id: IncidentId,
    kind: NoticeKind,
    extent: Extent,
}

impl Choice {
    fn is_of(&self, shown: &Shown, place: &Place) -> bool {
        self.place == place.key && self.id == shown.id && self.kind == shown.kind
    }
}

/// All that the reader chose.
#[derive(Default)]
pub struct Choices {
    all: Vec<Choice>,
    /// The place whose list is open.
    listed: Option<String>,
    /// A notice that the host wants opened, wherever it is drawn.
    wanted: Option<IncidentId>,
}

/// A place as it is drawn: its notices, and how they are arranged.
pub struct Drawn<'a> {
    /// What is drawn there, most pressing first.
    pub shown: Vec<&'a Shown>,
    /// The card or pill, and the rest.
    pub arrangement: Arrangement,
    /// The list of all others is open.
    pub is_listed: bool,
}

impl Drawn<'_> {
    /// The card or the pill.
    pub fn main(&self) -> Option<&Shown> {
        self.shown.get(self.arrangement.main).copied()
    }

    /// Whether this is the card with everything in it.
    fn is_whole(&self, id: &IncidentId) -> bool {
        self.arrangement.extent == Some(Extent::Whole)
            && self.main().is_some_and(|main| main.id == *id)
    }
}

impl Choices {
    /// What was chosen in the page's own place while another card drew there.
    pub fn of(host: &Host) -> Self {
        let open = host.passed("open");
        let choice = |noted: JsValue| {
            let text = |name| property(&noted, name).as_string();
            Some(Choice {
                place: OWN.to_owned(),
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
            wanted: None,
        }
    }

    /// Notes for another card what is chosen in the page's own place.
    pub fn note(&self, host: &Host) {
        let choices = Array::new();
        for choice in self.all.iter().filter(|choice| choice.place == OWN) {
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
        set(&host.record, "open", &open);
    }

    /// A place as the reader has it; `None` where there is nothing. A card that would cover what has the focus is its
    /// pill.
    pub fn drawn<'a>(
        &self,
        place: &'a Place,
        is_floating: bool,
        covers: bool,
    ) -> Option<Drawn<'a>> {
        let shown: Vec<&Shown> = place.shown.iter().filter(|shown| shown.is_drawn).collect();
        let entries: Vec<Entry> = shown.iter().map(|shown| shown.entry()).collect();
        let is_chosen = |shown: &Shown, extent| {
            self.all
                .iter()
                .any(|choice| choice.is_of(shown, place) && choice.extent == extent)
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
        if covers {
            arrangement.extent = None;
        }
        Some(Drawn {
            is_listed: arrangement.extent.is_some() && self.listed.as_ref() == Some(&place.key),
            shown,
            arrangement,
        })
    }

    /// The notice that the host wants opened and that is not drawn yet.
    pub fn wanted(&self) -> Option<&IncidentId> {
        self.wanted.as_ref()
    }

    /// The notice that is open.
    pub fn open(&self) -> Option<&IncidentId> {
        let open = |choice: &&Choice| choice.extent == Extent::Whole;
        self.all.iter().find(open).map(|choice| &choice.id)
    }

    /// The notice that the host wants opened, or nothing open.
    pub fn want(&mut self, id: Option<IncidentId>) {
        if id.is_none() {
            self.keep(&|choice| choice.extent == Extent::Brief);
        }
        self.wanted = id;
    }

    /// Opens what was wanted where it is drawn, and forgets what is not drawn any more.
    pub fn settle(&mut self, places: &[Place]) {
        self.keep(&|choice| {
            places.iter().any(|place| {
                let is_of = |shown: &Shown| {
                    let is_drawn = shown.is_drawn || choice.extent == Extent::Brief;
                    choice.is_of(shown, place) && is_drawn
                };
                place.shown.iter().any(is_of)
            })
        });
        let Some(id) = &self.wanted else { return };
        let place = places.iter().find(|place| {
            let shows = |shown: &Shown| shown.id == *id && shown.is_drawn;
            place.is_seen() && place.shown.iter().any(shows)
        });
        if let Some(place) = place {
            let (id, key) = (id.clone(), place.key.clone());
            self.wanted = None;
            self.open_at(&id, &key, places);
        }
    }

    /// Opens a notice in a place, which closes all others.
    pub fn open_at(&mut self, id: &IncidentId, key: &str, places: &[Place]) {
        self.listed = None;
        for place in places {
            for shown in &place.shown {
                if shown.id == *id && place.key == key {
                    self.choose(shown, key, Extent::Whole);
                } else if shown.id != *id {
                    self.choose(shown, &place.key, Extent::Brief);
                }
            }
        }
    }

    fn choose(&mut self, shown: &Shown, key: &str, extent: Extent) {
        self.keep(&|choice| choice.id != shown.id || choice.place != key);
        self.all.push(Choice {
            place: key.to_owned(),
            id: shown.id.clone(),
            kind: shown.kind,
            extent,
        });
    }

    /// Keeps some choices, and forgets the others.
    #[inline(never)]
    fn keep(&mut self, is_kept: &dyn Fn(&Choice) -> bool) {
        self.all.retain(is_kept);
    }

    /// A notice was pressed in a place: the card's button, the pill, the line or a row of the list.
    pub fn press(&mut self, id: &IncidentId, place: &Place, drawn: &Drawn<'_>, places: &[Place]) {
        let is_line =
            drawn.arrangement.extent.is_some() && drawn.main().is_some_and(|main| main.id != *id);
        if is_line && !drawn.is_listed && drawn.arrangement.others.len() > 1 {
            self.listed = Some(place.key.clone());
        } else if drawn.is_whole(id) {
            self.fold(id, place);
        } else {
            self.open_at(id, &place.key, places);
        }
    }

    /// Folds a notice in a place.
    pub fn fold(&mut self, id: &IncidentId, place: &Place) {
        if let Some(shown) = place.shown.iter().find(|shown| shown.id == *id) {
            self.choose(shown, &place.key, Extent::Brief);
        }
    }

    /// Closes the list, else the open card: whether there was one.
    pub fn escape(&mut self, place: &Place, drawn: &Drawn<'_>) {
        if drawn.is_listed {
            self.listed = None;
        } else if let Some(main) = drawn.main()
            && drawn.is_whole(&main.id)
        {
            self.fold(&main.id, place);
        }
    }

    /// The notice was hidden.
    pub fn forget(&mut self, id: &IncidentId) {
        self.keep(&|choice| choice.id != *id);
    }
}
