//! The delay after which open pages show a change, and the pages that do.

use notice::{
    project::{
        feed::{Setting, project},
        view::IncidentView,
    },
    wire::{
        event::Event,
        time::Timestamp,
        words::{InApp, Kind},
    },
};

use crate::{clock, desk::Facts, outcome};

/// Seconds after which every open page has asked again: the feed's poll interval and a fifth, by which pages drift apart.
/// Pages poll faster while something is open, so it depends on what was open before the change.
fn within_s(facts: &Facts, now: Timestamp) -> u32 {
    let mut state = outcome::state_of(facts, None, now);
    for incident in facts.incidents.iter().filter(|incident| !incident.draft) {
        let incident = Box::new(incident.to_incident());
        state.apply(&Event::IncidentCreated { incident }, now);
    }
    let setting = Setting {
        public_url: "",
        rev: 0,
        language: None,
    };
    let poll_after_s = project(&state, &setting).map_or(30, |feed| feed.poll_after_s);
    poll_after_s + poll_after_s / 5
}

/// Which pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Every page that the notice is for.
    All,
    /// Those that were opened for a drill.
    Drill,
}

impl Pages {
    /// The pages that show an incident.
    pub fn of(incident: &IncidentView) -> Self {
        match incident.drill {
            true => Self::Drill,
            false => Self::All,
        }
    }
}

/// A sentence about the open pages that show a change, and the delay. `facts` is the site before the change.
pub fn shown(facts: &Facts, pages: Pages, now: Timestamp) -> String {
    let seconds = within_s(facts, now);
    match pages {
        _ if facts.site.paused => {
            "All embeds are paused: no page shows it until you resume them.".to_owned()
        }
        Pages::Drill => {
            format!("Only pages opened with #allclear-drill show it, within {seconds} s.")
        }
        Pages::All => format!("Open pages show it within {seconds} s."),
    }
}

/// The confirmation after publishing: the result, and the pages that show it.
pub fn published(facts: &Facts, incident: &IncidentView, now: Timestamp) -> String {
    let what = match (incident.drill, incident.kind) {
        (true, _) => "Drill started.",
        (_, Kind::Maintenance) => "Maintenance scheduled.",
        _ => "Published.",
    };
    let waits = incident.announce_from.filter(|at| *at > now);
    let who = match (incident.in_app, waits) {
        (_, Some(at)) => format!("Pages show it from {}.", clock::time(at)),
        (InApp::Off, _) => "It does not appear on your pages.".to_owned(),
        _ => shown(facts, Pages::of(incident), now),
    };
    format!("{what} {who}")
}

#[cfg(test)]
mod tests {
    use super::{Pages, shown};
    use crate::{
        desk::Facts,
        testing::{facts, incident, now},
    };
    use serde_json::{Value, json};

    fn with(fields: &Value) -> Facts {
        Facts {
            incidents: vec![incident(fields)],
            ..facts()
        }
    }

    #[test]
    fn open_pages_poll_faster_while_something_is_open() {
        let mut paused = facts();
        paused.site.paused = true;
        for (facts, expected) in [
            (facts(), "Open pages show it within 36 s."),
            (with(&json!({})), "Open pages show it within 12 s."),
            (
                with(&json!({ "draft": true })),
                "Open pages show it within 36 s.",
            ),
            (
                with(&json!({ "status": "resolved" })),
                "Open pages show it within 36 s.",
            ),
            (
                paused,
                "All embeds are paused: no page shows it until you resume them.",
            ),
        ] {
            assert_eq!(shown(&facts, Pages::All, now()), expected);
        }
    }

    #[test]
    fn a_drill_is_shown_on_drill_pages_only() {
        let said = shown(&facts(), Pages::Drill, now());
        assert_eq!(
            said,
            "Only pages opened with #allclear-drill show it, within 36 s."
        );
    }
}
