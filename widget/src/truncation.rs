//! Cuts texts that are too long for their lines, as measured by `src/dom/fit.js`.

use notice::{
    text::{excerpt, markdown::Inline},
    wire::ids::IncidentId,
};

use crate::texts::fill;

/// Number of UTF-16 units that fit, by part, number of lines, notice and container: "advice 3 inc_… own". Valid for one feed
/// and one width of the containers.
#[derive(Default)]
pub struct Truncations(Vec<(String, u32)>);

/// The measurements in one container.
#[derive(Clone, Copy)]
pub struct ContainerTruncations<'a> {
    truncations: &'a Truncations,
    container: &'a str,
}

impl Truncations {
    pub fn of<'a>(&'a self, container: &'a str) -> ContainerTruncations<'a> {
        ContainerTruncations {
            truncations: self,
            container,
        }
    }

    /// Records a measurement: "advice 3 inc_… own 37".
    pub fn record(&mut self, measured: &str) {
        if let Some((key, units)) = measured.rsplit_once(' ')
            && let Ok(units) = units.parse()
        {
            self.0.push((key.to_owned(), units));
        }
    }

    /// Drops all measurements, after which the texts are measured again.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl ContainerTruncations<'_> {
    /// A text as one line, and whether it was cut. It is cut if a measurement has shown that it does not fit.
    pub fn run(&self, part: &str, lines: &str, id: &IncidentId, text: &str) -> (Vec<Inline>, bool) {
        let run = excerpt::flatten(text);
        let key = fill("% % % %", &[part, lines, id.as_str(), self.container]);
        let known = self.truncations.0.iter().find(|(known, _)| *known == key);
        match known {
            Some((_, units)) => (excerpt::cut(&run, *units as usize), true),
            None => (run, false),
        }
    }
}
