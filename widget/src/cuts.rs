//! Texts that are too long for the lines they have, and how much of them fits: `src/page/fit.js` measures.

use notice::{excerpt, markdown::Inline, wire::ids::IncidentId};

/// How much of a text fits, in UTF-16 units.
struct Cut {
    part: String,
    id: IncidentId,
    place: String,
    text: String,
    units: usize,
}

/// All that was measured since the places had the width that they have.
#[derive(Default)]
pub struct Cuts(Vec<Cut>);

/// The cuts of one place.
#[derive(Clone, Copy)]
pub struct CutsOf<'a> {
    cuts: &'a Cuts,
    place: &'a str,
}

impl Cuts {
    /// Those of a place.
    pub fn of<'a>(&'a self, place: &'a str) -> CutsOf<'a> {
        CutsOf { cuts: self, place }
    }

    /// Takes in what was measured of a text.
    pub fn measured(&mut self, part: &str, id: IncidentId, place: &str, text: &str, units: usize) {
        self.0
            .retain(|cut| cut.part != part || cut.id != id || cut.place != place);
        self.0.push(Cut {
            part: part.to_owned(),
            id,
            place: place.to_owned(),
            text: text.to_owned(),
            units,
        });
    }

    /// Everything is to be measured anew.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

impl CutsOf<'_> {
    /// A text as one run, cut where it is known not to fit; and whether it was cut.
    pub fn run(&self, part: &str, id: &IncidentId, text: &str) -> (Vec<Inline>, bool) {
        let run = excerpt::run(text);
        let known = self.cuts.0.iter().find(|cut| {
            cut.part == part && cut.id == *id && cut.place == self.place && cut.text == text
        });
        match known {
            Some(cut) => (excerpt::cut(&run, cut.units), true),
            None => (run, false),
        }
    }
}
