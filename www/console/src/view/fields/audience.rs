//! The fields for a notice's audience.

use notice::wire::{
    enums::{Impact, InApp, Kind, Undeclared},
    ids::Slug,
    site::Site,
};
use yew::{Callback, Html, html};

use crate::ui::{
    input::{self, Choice, Field},
    typing::Typing,
};

/// The values of the fields.
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    /// The selected segments; empty: everyone.
    pub segments: &'a [Slug],
    /// Path patterns, one per line.
    pub paths: &'a str,
    /// Whether pages that declare no segments show the notice. Asked only if segments are selected.
    pub undeclared_segments: Option<Undeclared>,
    /// Whether pages that declare no components show the notice; `None`: by the site's setting.
    pub undeclared_components: Option<Undeclared>,
    /// Whether the status page shows the notice; `None`: if it is for everyone.
    pub listed: Option<bool>,
    /// Whether the notice has a card: it has none if it is not shown in the app.
    pub has_card: bool,
}

/// Returns whether a notice has a card, by the chosen display and the severity.
pub fn has_card(in_app: Option<InApp>, kind: Kind, impact: Option<Impact>) -> bool {
    match in_app {
        Some(in_app) => in_app != InApp::Off,
        None => kind != Kind::Incident || impact != Some(Impact::None),
    }
}

/// The callbacks of the fields.
#[derive(Clone, Debug)]
pub struct On {
    /// A segment was selected or deselected.
    pub segment: Callback<Slug>,
    pub paths: Callback<String>,
    pub undeclared_segments: Callback<Undeclared>,
    pub undeclared_components: Callback<Option<Undeclared>>,
    pub listed: Callback<Option<bool>>,
}

/// Selects a segment, or deselects it.
pub fn toggle(segments: &mut Vec<Slug>, segment: Slug) {
    if segments.contains(&segment) {
        segments.retain(|selected| *selected != segment);
    } else {
        segments.push(segment);
    }
}

/// Renders the fields, with a warning that an audience keeps nothing secret.
pub fn fields(
    site: &Site,
    audience: Audience<'_>,
    error: &dyn Fn(&str) -> Option<String>,
    on: &On,
) -> Html {
    let segment = |segment: &notice::wire::site::SiteSegment| {
        let is_selected = audience.segments.contains(&segment.slug);
        let (emit, slug) = (on.segment.clone(), segment.slug.clone());
        html! {
            <button type="button" class="choice plain" aria-pressed={is_selected.to_string()}
                onclick={Callback::from(move |_| emit.emit(slug.clone()))}><span>{ &segment.label }</span></button>
        }
    };
    // Errors of segments and components are rare, because their buttons offer only valid values. They are shown at the paths.
    let paths_error = [
        "/audience/paths",
        "/audience/segments",
        "/audience/components",
    ]
    .into_iter()
    .find_map(error);
    html! {
        <fieldset>
            <legend>{ "Who sees it" }</legend>
            <p class="warning">{ warning(site) }</p>
            if site.segments.is_empty() {
                <p class="soft">{ "Everyone. You can add customer segments in Settings." }</p>
            } else {
                <div class="field" role="group" aria-labelledby="segments-label">
                    <p class="label" id="segments-label">{ "Segments" }</p>
                    <p class="hint">{ "None selected: everyone." }</p>
                    <div class="choices">{ for site.segments.iter().map(segment) }</div>
                </div>
            }
            if !audience.segments.is_empty() {
                { input::choice(
                    &Field::new("undeclared-segments", "Pages that declare no segments")
                        .hint("They do not say which segments their user is in.")
                        .error(error("/audience/undeclared_segments")),
                    audience.undeclared_segments.as_ref(),
                    vec![
                        Choice { hint: "the title names the segments".to_owned(), ..Choice::new(Undeclared::Show, "Show it there") },
                        Choice::new(Undeclared::Hide, "Do not show it there"),
                    ],
                    &on.undeclared_segments) }
            }
            { input::lines(
                &Field::new("paths", "Pages").error(paths_error)
                    .hint("One path pattern per line, such as /share/** or #/billing/*. Empty: all pages."),
                Typing::Codes, 2, audience.paths, on.paths.clone()) }
            { input::choice(
                &Field::new("undeclared-components", "Pages that declare no components"),
                Some(&audience.undeclared_components),
                vec![
                    Choice { hint: "from Settings".to_owned(), ..Choice::new(None, "Site default") },
                    Choice::new(Some(Undeclared::Show), "Show it"),
                    Choice::new(Some(Undeclared::Hide), "Do not show it"),
                ],
                &on.undeclared_components) }
            { input::choice(
                &Field::new("listed", "Status page"),
                Some(&audience.listed),
                vec![
                    Choice { hint: "only if it is for everyone".to_owned(), ..Choice::new(None, "Show on status page") },
                    Choice::new(Some(true), "Always show"),
                    Choice::new(Some(false), "Never show"),
                ],
                &on.listed) }
            <p class="note" id="audience-answer">{ summary(site, audience) }</p>
        </fieldset>
    }
}

/// Returns the warning that an audience keeps nothing secret.
fn warning(site: &Site) -> &'static str {
    match site.segments.is_empty() {
        true => {
            "The feed is public: anyone can read this text. An audience limits who sees the card, not who can read it."
        }
        false => {
            "The feed is public: anyone can read this text and the segment names. An audience limits who sees the card, not who can read it."
        }
    }
}

/// Returns a sentence about who sees the card and whether the status page shows the notice.
fn summary(site: &Site, audience: Audience<'_>) -> String {
    let all = site.segments.iter();
    let labels: Vec<&str> = all
        .filter(|segment| audience.segments.contains(&segment.slug))
        .map(|segment| segment.label.as_str())
        .collect();
    let mut card = if !audience.has_card {
        "Card: none".to_owned()
    } else if labels.is_empty() {
        "Card: everyone".to_owned()
    } else {
        let others = match audience.undeclared_segments {
            Some(Undeclared::Show) => ", and pages that declare no segments",
            Some(_) => ", not on pages that declare no segments",
            None => "",
        };
        format!("Card: {}{others}", labels.join(", "))
    };
    if audience.has_card && audience.undeclared_components == Some(Undeclared::Hide) {
        card.push_str(", not on pages that declare no components");
    }
    if audience.has_card && !audience.paths.trim().is_empty() {
        card.push_str(", on the pages above");
    }
    let status_page = match audience.listed.unwrap_or(labels.is_empty()) {
        true => "shows it",
        false => "does not show it",
    };
    format!("{card}. Status page: {status_page}.")
}

#[cfg(test)]
mod tests {
    use super::{Audience, has_card, summary, warning};
    use crate::testing::snapshot;
    use notice::wire::enums::{Impact, InApp, Kind, Undeclared};
    use serde_json::json;

    #[test]
    fn the_warning_names_segments_only_if_there_are_some() {
        let mut site = snapshot().site;
        assert!(!warning(&site).contains("segment names"));
        let segments = json!([{ "slug": "eu", "label": "Europe" }]);
        site.segments = serde_json::from_value(segments).unwrap();
        assert!(warning(&site).contains("segment names"));
    }

    #[test]
    fn the_summary_names_the_pages_that_show_a_card() {
        let site = snapshot().site;
        let everyone = Audience {
            segments: &[],
            paths: "",
            undeclared_segments: None,
            undeclared_components: None,
            listed: None,
            has_card: true,
        };
        let hidden = Audience {
            undeclared_components: Some(Undeclared::Hide),
            paths: "/only/**",
            ..everyone
        };
        let none = Audience {
            has_card: false,
            listed: Some(false),
            ..hidden
        };
        for (audience, expected) in [
            (everyone, "Card: everyone. Status page: shows it."),
            (
                hidden,
                "Card: everyone, not on pages that declare no components, on the pages above. Status page: shows it.",
            ),
            (none, "Card: none. Status page: does not show it."),
        ] {
            assert_eq!(summary(&site, audience), expected);
        }
    }

    #[test]
    fn without_visible_impact_there_is_no_card_unless_chosen() {
        for (in_app, kind, impact, expected) in [
            (None, Kind::Incident, Some(Impact::None), false),
            (None, Kind::Incident, Some(Impact::Minor), true),
            (None, Kind::Maintenance, None, true),
            (Some(InApp::Pill), Kind::Incident, Some(Impact::None), true),
            (Some(InApp::Off), Kind::Announcement, None, false),
        ] {
            assert_eq!(has_card(in_app, kind, impact), expected, "{kind:?}");
        }
    }
}
