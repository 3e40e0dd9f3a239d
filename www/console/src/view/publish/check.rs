//! The last step: what is still missing, beside the card.

use notice::wire::words::{Impact, Kind};
use yew::{Html, html};

use super::Work;
use crate::{
    clock,
    form::{Promise, Words},
    route::{Route, Step},
    view::written,
};

/// The step.
pub fn step(work: &Work<'_>) -> Html {
    let form = work.form;
    let to = |step| work.desk.href(&Route::Publish(form.kind, step));
    let missing = missing(work);
    let advice = advisable(work);
    html! {
        <>
            if !missing.is_empty() {
                <div class="warning">
                    <p>{ "Before it can be published:" }</p>
                    <ul>{ for missing.into_iter().map(|(words, step)| html! { <li><a href={to(step)}>{ words }</a></li> }) }</ul>
                </div>
            }
            if !advice.is_empty() {
                <div class="note">
                    <p>{ "It can go out as it is. People will miss:" }</p>
                    <ul>{ for advice.into_iter().map(|words| html! { <li>{ words }</li> }) }</ul>
                </div>
            }
            if let Some(at) = clock::from_input(&form.publish_at) {
                <p>{ format!("It publishes itself {}.", clock::time(at)) }</p>
            }
            if form.drill {
                <p class="note">{ "A drill: users see nothing of it. Open a page with #allclear-drill behind its address to see the card there." }</p>
            }
            if form.segments.is_empty() && form.paths.trim().is_empty() {
                <p class="soft">{ "The feed is public: anyone can read this." }</p>
            } else {
                <p class="soft">{ "Only those it is for see the card. The feed is public all the same: anyone can read this text and these segment names." }</p>
            }
        </>
    }
}

/// What the server would refuse.
fn missing(work: &Work<'_>) -> Vec<(&'static str, Step)> {
    let form = work.form;
    let mut missing = Vec::new();
    if form.kind == Kind::Incident && form.impact.is_none() {
        missing.push(("Say how bad it is", Step::What));
    }
    if form.kind == Kind::Maintenance
        && (form.scheduled_for.is_empty() || form.scheduled_until.is_empty())
    {
        missing.push(("Say when it begins and ends", Step::What));
    }
    if form.words.title.trim().is_empty() {
        missing.push(("Give it a title", Step::Say));
    }
    if form.words.body.trim().is_empty() && form.kind != Kind::Maintenance {
        missing.push(("Say what you know", Step::Say));
    }
    missing
}

/// What people would miss.
fn advisable(work: &Work<'_>) -> Vec<String> {
    let form = work.form;
    let mut advisable = Vec::new();
    let serious = form.impact.is_some_and(Impact::is_serious);
    if form.kind == Kind::Incident && form.promise == Promise::Nothing {
        advisable.push("when they hear more".to_owned());
    }
    if serious && form.words.advice.trim().is_empty() {
        advisable.push("what they should do now".to_owned());
    }
    if form.components.is_empty()
        && !work.desk.facts.components.is_empty()
        && form.kind != Kind::Announcement
    {
        advisable.push("which part of the product it is".to_owned());
    }
    for language in work.desk.facts.site.languages.iter().skip(1) {
        if form
            .text
            .get(language)
            .is_none_or(|words| *words == Words::default())
        {
            advisable.push(format!(
                "the words in {}: translation missing",
                written::name(language)
            ));
        }
    }
    advisable
}
