//! Texts that are too long for the lines they have, and how much of them fits: `src/page/fit.js` measures.

use notice::{excerpt, markdown::Inline, wire::ids::IncidentId};

use crate::texts::fill;

/// How many UTF-16 units fit, by part, lines, notice and place: "advice 3 inc_… own". Of the feed that was measured, and
/// of the width that the places had.
#[derive(Default)]
pub struct Cuts(Vec<(String, u32)>);

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

    /// Takes in what was measured: "advice 3 inc_… own 37".
    pub fn measured(&mut self, measured: &str) {
        if let Some((key, units)) = measured.rsplit_once(' ')
            && let Ok(units) = units.parse()
        {
            self.0.push((key.to_owned(), units));
        }
    }

    /// Everything is to be measured anew.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

impl CutsOf<'_> {
    /// A text as one run, cut where it is known not to fit; and whether it was cut.
    pub fn run(&self, part: &str, lines: &str, id: &IncidentId, text: &str) -> (Vec<Inline>, bool) {
        let run = excerpt::run(text);
        let key = fill("% % % %", &[part, lines, id.as_str(), self.place]);
        let known = self.cuts.0.iter().find(|(known, _)| *known == key);
        match known {
            Some((_, units)) => (excerpt::cut(&run, *units as usize), true),
            None => (run, false),
        }
    }
}
