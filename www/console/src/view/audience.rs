//! The audience of a notice.

use notice::wire::{
    ids::Slug,
    site::Site,
    words::{Impact, InApp, Kind, Undeclared},
};
use yew::{Callback, Html, html};

use crate::input::{self, Choice, Field};

/// What is said of it in a form.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The segments that were picked.
    pub segments: &'a [Slug],
    /// Path patterns, a line each.
    pub paths: &'a str,
    /// Whether pages see it that declare no segments; asked where segments are picked.
    pub undeclared_segments: Option<Undeclared>,
    /// Whether pages see it that declare no components; `None`: by the site's setting.
    pub undeclared_components: Option<Undeclared>,
    /// Whether what is not a card carries it.
    pub listed: Option<bool>,
    /// Whether it has a card at all: a notice that is not shown in the app has none.
    pub has_card: bool,
}

/// Whether a notice has a card, by the display that was chosen for it and by its severity.
pub fn has_card(in_app: Option<InApp>, kind: Kind, impact: Option<Impact>) -> bool {
    match in_app {
        Some(in_app) => in_app != InApp::Off,
        None => kind != Kind::Incident || impact != Some(Impact::None),
    }
}

/// What the fields do.
#[derive(Clone, Debug)]
pub struct On {
    /// A segment was picked, or no longer is.
    pub segment: Callback<Slug>,
    /// Path patterns were typed.
    pub paths: Callback<String>,
    /// It was chosen whether pages see it that declare no segments.
    pub undeclared_segments: Callback<Undeclared>,
    /// It was chosen whether pages see it that declare no components.
    pub undeclared_components: Callback<Option<Undeclared>>,
    /// It was chosen whether what is not a card carries it.
    pub listed: Callback<Option<bool>>,
}

/// Picks a segment, or lets go of it.
pub fn toggle(segments: &mut Vec<Slug>, segment: Slug) {
    if segments.contains(&segment) {
        segments.retain(|picked| *picked != segment);
    } else {
        segments.push(segment);
    }
}

/// The fields, and beside them that nothing of this is secret.
pub fn audience(
    site: &Site,
    said: Said<'_>,
    error: &dyn Fn(&str) -> Option<String>,
    on: &On,
) -> Html {
    let segment = |segment: &notice::wire::site::SiteSegment| {
        let picked = said.segments.contains(&segment.slug);
        let (emit, slug) = (on.segment.clone(), segment.slug.clone());
        html! {
            <button type="button" class="choice plain" aria-pressed={picked.to_string()}
                onclick={Callback::from(move |_| emit.emit(slug.clone()))}><span>{ &segment.label }</span></button>
        }
    };
    // What is wrong with a segment has no field of its own: only segments of the site can be picked.
    let on_paths = [
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
            if !said.segments.is_empty() {
                { input::choice(
                    &Field::new("undeclared-segments", "Pages that declare no segments")
                        .hint("They do not say which segments their user is in.")
                        .error(error("/audience/undeclared_segments")),
                    said.undeclared_segments.as_ref(),
                    vec![
                        Choice { hint: "the title names the segments".to_owned(), ..Choice::new(Undeclared::Show, "Show it there") },
                        Choice::new(Undeclared::Hide, "Do not show it there"),
                    ],
                    &on.undeclared_segments) }
            }
            { input::text(
                &Field::new("paths", "Pages").error(on_paths)
                    .hint("One path pattern per line, such as /share/** or #/billing/*. Empty: all pages."),
                2, said.paths, on.paths.clone()) }
            { input::choice(
                &Field::new("undeclared-components", "Pages that declare no components"),
                Some(&said.undeclared_components),
                vec![
                    Choice { hint: "from Settings".to_owned(), ..Choice::new(None, "Site default") },
                    Choice::new(Some(Undeclared::Show), "Show it"),
                    Choice::new(Some(Undeclared::Hide), "Do not show it"),
                ],
                &on.undeclared_components) }
            { input::choice(
                &Field::new("listed", "Status page"),
                Some(&said.listed),
                vec![
                    Choice { hint: "only if it is for everyone".to_owned(), ..Choice::new(None, "Show on status page") },
                    Choice::new(Some(true), "Always show"),
                    Choice::new(Some(false), "Never show"),
                ],
                &on.listed) }
            <p class="note" id="audience-answer">{ answer(site, said) }</p>
        </fieldset>
    }
}

/// That an audience keeps nothing secret.
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

/// Who sees the card, and whether the status page shows it.
fn answer(site: &Site, said: Said<'_>) -> String {
    let picked = site.segments.iter();
    let labels: Vec<&str> = picked
        .filter(|segment| said.segments.contains(&segment.slug))
        .map(|segment| segment.label.as_str())
        .collect();
    let mut card = if !said.has_card {
        "Card: none".to_owned()
    } else if labels.is_empty() {
        "Card: everyone".to_owned()
    } else {
        let others = match said.undeclared_segments {
            Some(Undeclared::Show) => ", and pages that declare no segments",
            Some(_) => ", not on pages that declare no segments",
            None => "",
        };
        format!("Card: {}{others}", labels.join(", "))
    };
    if said.has_card && said.undeclared_components == Some(Undeclared::Hide) {
        card.push_str(", not on pages that declare no components");
    }
    if said.has_card && !said.paths.trim().is_empty() {
        card.push_str(", on the pages above");
    }
    let status_page = match said.listed.unwrap_or(labels.is_empty()) {
        true => "shows it",
        false => "does not show it",
    };
    format!("{card}. Status page: {status_page}.")
}

#[cfg(test)]
mod tests {
    use super::{Said, answer, has_card, warning};
    use crate::testing::facts;
    use notice::wire::words::{Impact, InApp, Kind, Undeclared};
    use serde_json::json;

    #[test]
    fn a_site_without_segments_has_no_segment_names() {
        let mut site = facts().site;
        assert!(!warning(&site).contains("segment names"));
        let segments = json!([{ "slug": "eu", "label": "Europe" }]);
        site.segments = serde_json::from_value(segments).unwrap();
        assert!(warning(&site).contains("segment names"));
    }

    #[test]
    fn the_answer_names_the_pages_that_show_a_card() {
        let site = facts().site;
        let said = Said {
            segments: &[],
            paths: "",
            undeclared_segments: None,
            undeclared_components: None,
            listed: None,
            has_card: true,
        };
        let hidden = Said {
            undeclared_components: Some(Undeclared::Hide),
            paths: "/only/**",
            ..said
        };
        let none = Said {
            has_card: false,
            listed: Some(false),
            ..hidden
        };
        for (said, expected) in [
            (said, "Card: everyone. Status page: shows it."),
            (
                hidden,
                "Card: everyone, not on pages that declare no components, on the pages above. Status page: shows it.",
            ),
            (none, "Card: none. Status page: does not show it."),
        ] {
            assert_eq!(answer(&site, said), expected);
        }
    }

    #[test]
    fn no_visible_impact_is_no_card_unless_chosen() {
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
