//! The second step: the words.

use notice::wire::words::{Confidence, InApp, Kind, Status, Word};
use yew::{Callback, Html, html};

use super::Work;
use crate::{
    clock,
    form::{Promise, Publish as Form},
    input::{self, Choice, Field},
    ready_made::{self, Moment, Ready, filled_in},
    view::{audience, promise, written},
    words,
};

/// The fields that show themselves what is wrong with them, in any step.
pub const POINTERS: &[&str] = &[
    "/title",
    "/body",
    "/advice",
    "/works",
    "/broken",
    "/next_update_at",
    "/estimated_end_at",
    "/components",
    "/impact",
    "/audience",
    "/publish_at",
    "/scheduled_for",
    "/scheduled_until",
    "/announce_from",
    "/announce_until",
    "/text",
];

/// The step.
pub fn step(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    let error = |pointer: &str| work.sending.error(pointer);
    html! {
        <>
            { templates(work) }
            { input::line(&Field::new("title", "What is wrong, in a line").error(error("/title")), "text", &form.words.title, draft.on(|form: &mut Form, text| form.words.title = text)) }
            { input::text(&Field::new("body", "What you know").hint("Plain words. **Bold**, lists and links are understood.").error(error("/body")), 4, &form.words.body, draft.on(|form: &mut Form, text| form.words.body = text)) }
            if form.kind == Kind::Incident {
                { promise::promise(&form.promise, work.usual_s, clock::now(), error("/next_update_at"), &draft.on(|form: &mut Form, promise: Promise| form.promise = promise)) }
            }
            { input::text(&Field::new("advice", "What should they do now?").hint("It stands first on the card.").error(error("/advice")), 2, &form.words.advice, draft.on(|form: &mut Form, text| form.words.advice = text)) }
            <div class="pair">
                { input::text(&Field::new("works", "What works").hint("A line each.").error(error("/works")), 3, &form.words.works, draft.on(|form: &mut Form, text| form.words.works = text)) }
                { input::text(&Field::new("broken", "What does not").hint("A line each.").error(error("/broken")), 3, &form.words.broken, draft.on(|form: &mut Form, text| form.words.broken = text)) }
            </div>
            { written::translations(&work.desk.facts.site.languages, &form.text, written::Extent::New, work.sending,
                &draft.on(|form: &mut Form, (language, part, text): written::Change| *part(form.text.entry(language).or_default()) = text)) }
            { more(work) }
        </>
    }
}

fn templates(work: &Work<'_>) -> Html {
    let moment = Moment::Begin(work.form.kind);
    let names = part_names(work);
    let offered = ready_made::offered(moment, &work.desk.facts.templates);
    let on = work
        .draft
        .on(move |form: &mut Form, ready: Ready| apply(form, &ready, &names));
    html! {
        <details class="ready" open={work.form.words.title.is_empty() && work.form.words.body.is_empty()}>
            <summary>{ "Begin with words that lie ready" }</summary>
            <div class="chips">
                { for offered.into_iter().map(|ready| {
                    let (on, name) = (on.clone(), ready.name.clone());
                    html! { <button type="button" onclick={Callback::from(move |_| on.emit(ready.clone()))}>{ name }</button> }
                }) }
            </div>
        </details>
    }
}

fn part_names(work: &Work<'_>) -> Vec<String> {
    let picked = work.form.picked();
    let components = work.desk.facts.components.iter();
    components
        .filter(|component| picked.contains(&component.id))
        .map(|component| component.name.clone())
        .collect()
}

fn apply(form: &mut Form, ready: &Ready, names: &[String]) {
    let words = &ready.words;
    let put = |text: &str| filled_in(text, names, "", "");
    form.words.title = put(&words.title);
    form.words.body = put(&words.body);
    form.words.advice = put(&words.advice);
    form.words.works = put(&words.works);
    form.words.broken = put(&words.broken);
    form.status = ready.status.or(form.status);
    form.impact = ready.impact.or(form.impact);
    if let Some(minutes) = ready.minutes {
        form.promise = Promise::In(minutes);
    }
}

fn more(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    let error = |pointer: &str| work.sending.error(pointer);
    let said = audience::Said {
        segments: &form.segments,
        paths: &form.paths,
        undeclared: form.undeclared,
    };
    let on = audience::On {
        segment: draft.on(|form: &mut Form, segment| audience::toggle(&mut form.segments, segment)),
        paths: draft.on(|form: &mut Form, text| form.paths = text),
        undeclared: draft.on(|form: &mut Form, undeclared| form.undeclared = undeclared),
    };
    let loud = [InApp::Bar, InApp::Pill, InApp::Off]
        .into_iter()
        .map(|in_app| Choice::new(Some(in_app), words::in_app(in_app)));
    let loud = std::iter::once(Choice::new(None, "By how bad it is"))
        .chain(loud)
        .collect();
    let statuses = [
        Status::Investigating,
        Status::Identified,
        Status::Monitoring,
    ];
    let standing = statuses
        .into_iter()
        .map(|status| Choice::new(status, words::status(status)))
        .collect();
    html! {
        <details>
            <summary>{ "More: who sees it, how loud, when, a drill" }</summary>
            if form.kind == Kind::Incident {
                { input::choice(&Field::new("status", "Where it stands"), Some(&form.status.unwrap_or(Status::Investigating)), standing,
                    &draft.on(|form: &mut Form, status| form.status = Some(status))) }
                { estimate(work) }
            }
            { audience::audience(&work.desk.facts.site, said, error("/audience"), &on) }
            { input::choice(&Field::new("in-app", "How loud"), Some(&form.in_app), loud, &draft.on(|form: &mut Form, in_app| form.in_app = in_app)) }
            { input::check(&Field::new("hold", "Work is being lost").hint("The card can be made small, but not hidden."), form.hold, draft.on(|form: &mut Form, on| form.hold = on)) }
            { input::line(&Field::new("publish-at", "Publish later, at").hint("Left empty: at once.").error(error("/publish_at")), "datetime-local", &form.publish_at, draft.on(|form: &mut Form, at| form.publish_at = at)) }
            { input::check(&Field::new("drill", "This is a drill").hint("It goes the whole way, but shows only in pages opened with #allclear-drill."), form.drill, draft.on(|form: &mut Form, on| form.drill = on)) }
        </details>
    }
}

fn estimate(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    let choices = Confidence::ALL
        .iter()
        .map(|confidence| Choice::new(*confidence, words::confidence(*confidence)))
        .collect();
    html! {
        <>
            { input::line(&Field::new("estimate", "When it may be over").hint("Only if you have reason to say so.").error(work.sending.error("/estimated_end_at")),
                "datetime-local", &form.estimate, draft.on(|form: &mut Form, at| form.estimate = at)) }
            if !form.estimate.is_empty() {
                { input::choice(&Field::new("confidence", "How sure is that?"), form.confidence.as_ref(), choices,
                    &draft.on(|form: &mut Form, confidence| form.confidence = Some(confidence))) }
            }
        </>
    }
}
