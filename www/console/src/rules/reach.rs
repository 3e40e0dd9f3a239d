//! Which open pages show a change, and after how long.

use notice::{
    project::{
        feed::{FeedOptions, project},
        view::IncidentView,
    },
    wire::{
        enums::{Impact, InApp, Kind, Undeclared},
        event::Event,
        time::Timestamp,
    },
};

use crate::{context::Snapshot, rules::dry_run, time::format};

/// Returns the seconds until every open page has polled again: the feed's poll interval plus a fifth, the maximum jitter. The
/// interval depends on what was open before the change.
fn within_s(snapshot: &Snapshot, now: Timestamp) -> u32 {
    let mut state = dry_run::state_of(snapshot, None, now);
    for incident in snapshot.incidents.iter().filter(|incident| !incident.draft) {
        let incident = Box::new(incident.to_incident());
        state.apply(&Event::IncidentCreated { incident }, now);
    }
    let setting = FeedOptions {
        public_url: "",
        rev: 0,
        language: None,
    };
    let poll_after_s = project(&state, &setting).map_or(30, |feed| feed.poll_after_s);
    poll_after_s + poll_after_s / 5
}

/// The pages that show a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    All,
    /// Pages in the notice's audience.
    Audience,
    /// Pages that were opened for a drill.
    Drill,
    /// No page: the notice has no card.
    None,
}

impl Pages {
    /// Returns the pages that show an incident.
    pub fn of(snapshot: &Snapshot, incident: &IncidentView) -> Self {
        match (incident.drill, incident.in_app) {
            (_, InApp::Off) => Self::None,
            (true, _) => Self::Drill,
            (false, _) if is_limited(snapshot, incident) => Self::Audience,
            (false, _) => Self::All,
        }
    }
}

/// Returns whether some pages do not show the notice, because of the segments and components that they declare or omit.
fn is_limited(snapshot: &Snapshot, incident: &IncidentView) -> bool {
    let audience = incident.audience.clone().unwrap_or_default();
    let defaults = incident.audience_defaults;
    let by_site = incident.impact == Impact::Minor && !snapshot.site.minor_on_undeclared_pages;
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

/// Returns a sentence about the pages that show a change and the delay. `snapshot` is the site before the change.
pub fn sentence(snapshot: &Snapshot, pages: Pages, now: Timestamp) -> String {
    let seconds = within_s(snapshot, now);
    match pages {
        Pages::None => "It does not appear on your pages.".to_owned(),
        _ if snapshot.site.paused => {
            "All embeds are paused: no page shows it until you resume them.".to_owned()
        }
        Pages::Drill => {
            format!("Only pages opened with #allclear-drill show it, within {seconds} s.")
        }
        Pages::Audience => format!("Open pages of its audience show it within {seconds} s."),
        Pages::All => format!("Open pages show it within {seconds} s."),
    }
}

/// Returns the confirmation after publishing: the result, and the pages that show it.
pub fn confirmation(snapshot: &Snapshot, incident: &IncidentView, now: Timestamp) -> String {
    let what = match (incident.drill, incident.kind) {
        (true, _) => "Drill started.",
        (_, Kind::Maintenance) => "Maintenance scheduled.",
        _ => "Published.",
    };
    let visible_from = incident.announce_from.filter(|at| *at > now);
    let pages = match visible_from {
        Some(at) if incident.in_app != InApp::Off => {
            format!("Pages show it from {}.", format::time(at))
        }
        _ => sentence(snapshot, Pages::of(snapshot, incident), now),
    };
    format!("{what} {pages}")
}

#[cfg(test)]
mod tests {
    use super::{Pages, sentence};
    use crate::{
        context::Snapshot,
        testing::{incident, now, snapshot},
    };
    use serde_json::{Value, json};

    fn with(fields: &Value) -> Snapshot {
        Snapshot {
            incidents: vec![incident(fields)],
            ..snapshot()
        }
    }

    #[test]
    fn the_delay_is_shorter_while_something_is_open() {
        let mut paused = snapshot();
        paused.site.paused = true;
        for (snapshot, expected) in [
            (snapshot(), "Open pages show it within 36 s."),
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
            assert_eq!(sentence(&snapshot, Pages::All, now()), expected);
        }
    }

    #[test]
    fn only_drill_pages_show_a_drill() {
        let text = sentence(&snapshot(), Pages::Drill, now());
        assert_eq!(
            text,
            "Only pages opened with #allclear-drill show it, within 36 s."
        );
    }

    #[test]
    fn a_limited_audience_excludes_pages() {
        let segment = json!([{ "slug": "eu", "label": "Europe" }]);
        let mut snapshot = snapshot();
        snapshot.site.segments = serde_json::from_value(segment).unwrap();
        for (audience, in_app, expected) in [
            (json!(null), "bar", Pages::All),
            (json!({ "listed": false }), "bar", Pages::All),
            (
                json!({ "undeclared_components": "show" }),
                "bar",
                Pages::All,
            ),
            (json!({ "paths": ["/only/**"] }), "bar", Pages::Audience),
            (
                json!({ "undeclared_components": "hide" }),
                "bar",
                Pages::Audience,
            ),
            (json!({ "paths": ["/only/**"] }), "off", Pages::None),
        ] {
            let incident = incident(&json!({ "audience": audience, "in_app": in_app }));
            assert_eq!(Pages::of(&snapshot, &incident), expected, "{audience}");
        }
        let mut targeted = incident(&json!({}));
        let audience = json!({ "segments": ["eu"], "undeclared_segments": "show" });
        targeted.audience = serde_json::from_value(audience).unwrap();
        assert_eq!(Pages::of(&snapshot, &targeted), Pages::Audience);
        assert_eq!(
            sentence(&snapshot, Pages::Audience, now()),
            "Open pages of its audience show it within 36 s."
        );
    }
}
