//! The delay after which open pages show a change, and the pages that do.

use notice::{
    project::{
        feed::{Setting, project},
        view::IncidentView,
    },
    wire::{
        event::Event,
        time::Timestamp,
        words::{Impact, InApp, Kind, Undeclared},
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
    /// Every page.
    All,
    /// Those that are in the notice's audience.
    Some,
    /// Those that were opened for a drill.
    Drill,
    /// None: the notice has no card.
    None,
}

impl Pages {
    /// The pages that show an incident.
    pub fn of(facts: &Facts, incident: &IncidentView) -> Self {
        match (incident.drill, incident.in_app) {
            (_, InApp::Off) => Self::None,
            (true, _) => Self::Drill,
            (false, _) if is_limited(facts, incident) => Self::Some,
            (false, _) => Self::All,
        }
    }
}

/// Whether a page may not show the notice because of what it declares, or does not declare, of its users and components.
fn is_limited(facts: &Facts, incident: &IncidentView) -> bool {
    let audience = incident.audience.clone().unwrap_or_default();
    let defaults = incident.audience_defaults;
    let by_site = incident.impact == Impact::Minor && !facts.site.minor_on_undeclared_pages;
    let hides = |own: Option<Undeclared>, default: Option<Undeclared>| {
        own.or(audience.undeclared)
            .or(default)
            .is_some_and(|undeclared| undeclared == Undeclared::Hide)
    };
    let hides_on_undeclared =
        hides(
            audience.undeclared_components,
            defaults.map(|open| open.undeclared_components),
        ) || (defaults.is_none() && by_site && audience.undeclared_components.is_none());
    !audience.segments.is_empty()
        || !audience.paths.is_empty()
        || audience.components.is_some()
        || audience.undeclared_components == Some(Undeclared::Hide)
        || (hides_on_undeclared && !incident.components.is_empty())
}

/// A sentence about the open pages that show a change, and the delay. `facts` is the site before the change.
pub fn shown(facts: &Facts, pages: Pages, now: Timestamp) -> String {
    let seconds = within_s(facts, now);
    match pages {
        Pages::None => "It does not appear on your pages.".to_owned(),
        _ if facts.site.paused => {
            "All embeds are paused: no page shows it until you resume them.".to_owned()
        }
        Pages::Drill => {
            format!("Only pages opened with #allclear-drill show it, within {seconds} s.")
        }
        Pages::Some => format!("Open pages of its audience show it within {seconds} s."),
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
    let who = match waits {
        Some(at) if incident.in_app != InApp::Off => {
            format!("Pages show it from {}.", clock::time(at))
        }
        _ => shown(facts, Pages::of(facts, incident), now),
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

    #[test]
    fn a_limited_audience_is_not_every_page() {
        let segment = json!([{ "slug": "eu", "label": "Europe" }]);
        let mut facts = facts();
        facts.site.segments = serde_json::from_value(segment).unwrap();
        for (audience, in_app, expected) in [
            (json!(null), "bar", Pages::All),
            (json!({ "listed": false }), "bar", Pages::All),
            (
                json!({ "undeclared_components": "show" }),
                "bar",
                Pages::All,
            ),
            (json!({ "paths": ["/only/**"] }), "bar", Pages::Some),
            (
                json!({ "undeclared_components": "hide" }),
                "bar",
                Pages::Some,
            ),
            (json!({ "paths": ["/only/**"] }), "off", Pages::None),
        ] {
            let incident = incident(&json!({ "audience": audience, "in_app": in_app }));
            assert_eq!(Pages::of(&facts, &incident), expected, "{audience}");
        }
        let mut aimed = incident(&json!({}));
        let audience = json!({ "segments": ["eu"], "undeclared_segments": "show" });
        aimed.audience = serde_json::from_value(audience).unwrap();
        assert_eq!(Pages::of(&facts, &aimed), Pages::Some);
        assert_eq!(
            shown(&facts, Pages::Some, now()),
            "Open pages of its audience show it within 36 s."
        );
    }
}
