//! The last step: the preview, the errors, and suggestions.

use notice::wire::{
    enums::{Impact, Kind},
    input::NewIncident,
    time::Timestamp,
};
use yew::{Html, html};

use super::Work;
use crate::{
    form::{Promise, PublishForm as Form, Texts},
    route::Route,
    rules::{
        dry_run,
        receivers::{self, Change},
    },
    text::language,
    time::{clock, date_field, format},
    view::fields::{blockers, notify},
};

pub fn step(work: &Work<'_>) -> Html {
    let form = work.form;
    let blockers: Vec<_> = work
        .issues
        .iter()
        .map(|issue| blockers::Blocker {
            message: issue.labelled.clone(),
            href: work.context.href(&Route::Publish(form.kind, issue.step())),
            field: issue.field_id(),
        })
        .collect();
    let suggestions = suggestions(work);
    html! {
        <>
            { blockers::list(&blockers) }
            if blockers.is_empty() && !suggestions.is_empty() {
                <div class="note">
                    <p>{ "Ready to publish. Consider adding:" }</p>
                    <ul>{ for suggestions.into_iter().map(|text| html! { <li>{ text }</li> }) }</ul>
                </div>
            }
            if let Some(at) = date_field::parse(&form.publish_at) {
                <p>{ format!("It will be published at {}.", format::with_zone(at)) }</p>
            }
            if form.drill {
                <p class="note">{ "Drill: only pages opened with #allclear-drill at the end of their address show it." }</p>
            }
            { notify_fields(work) }
            <p class="soft">{ public_warning(!form.segments.is_empty(), !form.paths.trim().is_empty()) }</p>
        </>
    }
}

/// Renders the Notify switch, and who is notified when the notice appears.
fn notify_fields(work: &Work<'_>) -> Html {
    let (form, now) = (work.form, clock::now());
    let on = work
        .draft
        .on(|form: &mut Form, notify| form.notify = Some(notify));
    let input = form.request(work.interval_s, now);
    let appears_at = appears_at(work, input.clone(), now);
    // Counted as if the notice appeared now. The default depends on the severity, so nothing is counted without one.
    let change = form.notifies().map(|_| {
        let input = dry_run::complete_for_preview(input, now);
        Change::Publication(Box::new(input))
    });
    let receivers = change.and_then(|change| {
        receivers::count(
            &work.context.snapshot,
            work.webhooks.as_deref(),
            change,
            now,
        )
    });
    html! {
        <>
            { notify::switch(form.notifies(), form.drill, &on) }
            { notify::statement(receivers, appears_at) }
        </>
    }
}

/// Returns the later time at which pages show the notice first. `None`: at once.
fn appears_at(work: &Work<'_>, input: NewIncident, now: Timestamp) -> Option<Timestamp> {
    let publish_at = input.publish_at;
    let announce_from = input.announce_from;
    // For maintenance the dry run fills in a missing `announce_from` with the default.
    let state = dry_run::state_of(&work.context.snapshot, None, now);
    let incident = dry_run::publish(&state, input, now)
        .ok()
        .and_then(|after| after.incidents.into_values().next());
    let announce_from = incident.map_or(announce_from, |incident| incident.announce_from);
    publish_at.max(announce_from).filter(|at| *at > now)
}

/// Returns the warning that everyone can read the notice, whatever its audience.
fn public_warning(has_segments: bool, has_paths: bool) -> &'static str {
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

/// Returns the empty optional fields that users would miss.
fn suggestions(work: &Work<'_>) -> Vec<String> {
    let form = work.form;
    let mut suggestions = Vec::new();
    let is_serious = form.impact.is_some_and(Impact::is_serious);
    if form.kind == Kind::Incident && form.promise == Promise::Nothing {
        suggestions.push("the time of the next update".to_owned());
    }
    if is_serious && form.texts.advice.trim().is_empty() {
        suggestions.push("what users should do now".to_owned());
    }
    if form.components.is_empty()
        && !work.context.snapshot.components.is_empty()
        && form.kind != Kind::Announcement
    {
        suggestions.push("the affected components".to_owned());
    }
    for language in work.context.snapshot.site.languages.iter().skip(1) {
        if form
            .text
            .get(language)
            .is_none_or(|texts| *texts == Texts::default())
        {
            suggestions.push(format!("the {} translation", language::name(language)));
        }
    }
    suggestions
}

#[cfg(test)]
mod tests {
    use super::public_warning;

    #[test]
    fn the_warning_names_segments_only_if_some_are_selected() {
        for (has_segments, has_paths) in
            [(true, false), (true, true), (false, true), (false, false)]
        {
            let warning = public_warning(has_segments, has_paths);
            assert_eq!(warning.contains("segment names"), has_segments, "{warning}");
            assert!(warning.contains("public"), "{warning}");
        }
    }
}
