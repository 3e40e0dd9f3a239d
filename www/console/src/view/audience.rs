//! The audience of a notice.

use notice::wire::{ids::Slug, site::Site, words::Undeclared};
use yew::{Callback, Html, html};

use crate::input::{self, Choice, Field};

/// What is said of it in a form.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The segments that were picked.
    pub segments: &'a [Slug],
    /// Path patterns, a line each.
    pub paths: &'a str,
    /// What pages see that declare nothing.
    pub undeclared: Option<Undeclared>,
    /// Whether what is not a card carries it.
    pub listed: Option<bool>,
}

/// What the fields do.
#[derive(Clone, Debug)]
pub struct On {
    /// A segment was picked, or no longer is.
    pub segment: Callback<Slug>,
    /// Path patterns were typed.
    pub paths: Callback<String>,
    /// It was chosen what pages see that declare nothing.
    pub undeclared: Callback<Option<Undeclared>>,
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
pub fn audience(site: &Site, said: Said<'_>, error: Option<String>, on: &On) -> Html {
    let segment = |segment: &notice::wire::site::SiteSegment| {
        let picked = said.segments.contains(&segment.slug);
        let (emit, slug) = (on.segment.clone(), segment.slug.clone());
        html! {
            <button type="button" class="choice plain" aria-pressed={picked.to_string()}
                onclick={Callback::from(move |_| emit.emit(slug.clone()))}><span>{ &segment.label }</span></button>
        }
    };
    let restricted = !said.segments.is_empty() || !said.paths.trim().is_empty();
    html! {
        <fieldset>
            <legend>{ "Who sees it" }</legend>
            <p class="warning">
                { "The feed is public: anyone can read this text and the segment names. An audience limits who sees the card, not who can read it." }
            </p>
            if site.segments.is_empty() {
                <p class="soft">{ "Everyone. You can add customer segments in Settings." }</p>
            } else {
                <div class="field" role="group" aria-labelledby="segments-label">
                    <p class="label" id="segments-label">{ "Segments" }</p>
                    <p class="hint">{ "None selected: everyone." }</p>
                    <div class="choices">{ for site.segments.iter().map(segment) }</div>
                </div>
            }
            { input::text(
                &Field::new("paths", "Pages").error(error)
                    .hint("One path pattern per line, such as /share/** or #/billing/*. Empty: all pages."),
                2, said.paths, on.paths.clone()) }
            if restricted {
                { input::choice(
                    &Field::new("undeclared", "Pages that declare no segment"),
                    Some(&said.undeclared),
                    vec![
                        Choice::new(None, "Automatic (by severity)"),
                        Choice::new(Some(Undeclared::Show), "Show it"),
                        Choice::new(Some(Undeclared::Hide), "Do not show it"),
                    ],
                    &on.undeclared) }
            }
            { input::choice(
                &Field::new("listed", "Status page"),
                Some(&said.listed),
                vec![
                    Choice { hint: "only if it is for everyone".to_owned(), ..Choice::new(None, "Show on status page") },
                    Choice::new(Some(true), "Always show"),
                    Choice::new(Some(false), "Never show"),
                ],
                &on.listed) }
        </fieldset>
    }
}
