//! The last step: the preview, the errors, and suggestions.

use notice::wire::words::{Impact, Kind};
use yew::{Html, html};

use super::Work;
use crate::{
    clock,
    form::{Promise, Words},
    route::Route,
    view::{blockers, written},
};

/// The step.
pub fn step(work: &Work<'_>) -> Html {
    let form = work.form;
    let blockers: Vec<_> = work
        .issues
        .iter()
        .map(|issue| blockers::Blocker {
            words: issue.listed.clone(),
            href: work.desk.href(&Route::Publish(form.kind, issue.step())),
            field: issue.field(),
        })
        .collect();
    let advice = advisable(work);
    html! {
        <>
            { blockers::list(&blockers) }
            if blockers.is_empty() && !advice.is_empty() {
                <div class="note">
                    <p>{ "Ready to publish. Consider adding:" }</p>
                    <ul>{ for advice.into_iter().map(|words| html! { <li>{ words }</li> }) }</ul>
                </div>
            }
            if let Some(at) = clock::from_input(&form.publish_at) {
                <p>{ format!("It will be published at {}.", clock::zoned(at)) }</p>
            }
            if form.drill {
                <p class="note">{ "Drill: only pages opened with #allclear-drill at the end of their address show it." }</p>
            }
            <p class="soft">{ public(!form.segments.is_empty(), !form.paths.trim().is_empty()) }</p>
        </>
    }
}

/// Who can read the notice, whoever sees its card.
fn public(has_segments: bool, has_paths: bool) -> &'static str {
    match (has_segments, has_paths) {
        (true, _) => {
            "Only its audience sees the card. The feed is public all the same: anyone can read this text and the segment names."
        }
        (false, true) => {
            "Only the pages that you listed show the card. The feed is public all the same: anyone can read this text."
        }
        (false, false) => "The feed is public: anyone can read this.",
    }
}

/// Optional fields that are empty and that users would miss.
fn advisable(work: &Work<'_>) -> Vec<String> {
    let form = work.form;
    let mut advisable = Vec::new();
    let serious = form.impact.is_some_and(Impact::is_serious);
    if form.kind == Kind::Incident && form.promise == Promise::Nothing {
        advisable.push("the time of the next update".to_owned());
    }
    if serious && form.words.advice.trim().is_empty() {
        advisable.push("what users should do now".to_owned());
    }
    if form.components.is_empty()
        && !work.desk.facts.components.is_empty()
        && form.kind != Kind::Announcement
    {
        advisable.push("the affected components".to_owned());
    }
    for language in work.desk.facts.site.languages.iter().skip(1) {
        if form
            .text
            .get(language)
            .is_none_or(|words| *words == Words::default())
        {
            advisable.push(format!("the {} translation", written::name(language)));
        }
    }
    advisable
}

#[cfg(test)]
mod tests {
    use super::public;

    #[test]
    fn segment_names_are_public_only_where_there_are_some() {
        for (has_segments, has_paths) in
            [(true, false), (true, true), (false, true), (false, false)]
        {
            let said = public(has_segments, has_paths);
            assert_eq!(said.contains("segment names"), has_segments, "{said}");
            assert!(said.contains("public"), "{said}");
        }
    }
}
