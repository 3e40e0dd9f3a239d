//! The second step: the message.

use notice::wire::{
    language::Language,
    words::{InApp, Kind, Status},
};
use yew::{Html, html};

use super::Work;
use crate::{
    clock,
    form::{Promise, Publish as Form},
    input::{self, Choice, Field},
    ready_made::{self, Moment, Ready, StandIns},
    view::{audience, fold::Fold, loud::loud, own, promise, when::when, written},
    words,
};

/// The fields of this step, which show themselves what is wrong with them.
pub const POINTERS: &[&str] = &[
    "/title",
    "/body",
    "/advice",
    "/works",
    "/broken",
    "/next_update_at",
    "/text",
    "/estimated_end_at",
    "/audience",
    "/publish_at",
    "/contacts",
    "/related",
    "/cadence_s",
];

/// Those of them that are folded away.
const FOLDED: &[&str] = &[
    "/estimated_end_at",
    "/audience",
    "/publish_at",
    "/contacts",
    "/related",
    "/cadence_s",
];

/// The step.
pub fn step(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    let error = |pointer: &str| work.sending.error(pointer);
    html! {
        <>
            { templates(work) }
            { input::line(&Field::new("title", "Title").error(error("/title")), "text", &form.words.title, draft.on(|form: &mut Form, text| form.words.title = text)) }
            { input::text(&Field::new("body", "Message").hint("What you know, in plain words. **Bold**, lists and links work.").error(error("/body")), 4, &form.words.body, draft.on(|form: &mut Form, text| form.words.body = text)) }
            if form.kind == Kind::Incident {
                { promise::promise(&work.desk.facts.site, &form.promise, work.usual_s, form.heard_at(clock::now()), error("/next_update_at"), &draft.on(|form: &mut Form, promise: Promise| form.promise = promise)) }
            }
            { input::text(&Field::new("advice", "What should users do now?").hint("Shown first on the card.").error(error("/advice")), 2, &form.words.advice, draft.on(|form: &mut Form, text| form.words.advice = text)) }
            <div class="pair">
                { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &form.words.works, draft.on(|form: &mut Form, text| form.words.works = text)) }
                { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &form.words.broken, draft.on(|form: &mut Form, text| form.words.broken = text)) }
            </div>
            { written::translations(&work.desk.facts.site.languages, &form.text, written::Extent::New, work.sending,
                &draft.on(|form: &mut Form, (language, part, text): written::Change| *part(form.text.entry(language).or_default()) = text)) }
            { more(work) }
        </>
    }
}

fn templates(work: &Work<'_>) -> Html {
    let moment = Moment::Begin(work.form.kind);
    let stand_ins = stand_ins(work);
    let own = work.desk.facts.site.own_language();
    let offered = ready_made::offered(moment, &work.desk.facts.templates);
    let on = work
        .draft
        .on(move |form: &mut Form, ready: Ready| apply(form, &ready, &stand_ins, &own));
    let back = work.form.replaced.as_ref().map(|_| {
        work.draft.on(|form: &mut Form, ()| {
            if let Some(before) = form.replaced.take() {
                *form = *before;
            }
        })
    });
    let is_blank = work.form.words.title.is_empty() && work.form.words.body.is_empty();
    html! { <written::ReadyWords {offered} {is_blank} {on} {back} /> }
}

fn stand_ins(work: &Work<'_>) -> StandIns {
    let picked = work.form.picked();
    let components = work.desk.facts.components.iter();
    StandIns {
        parts: components
            .filter(|component| picked.contains(&component.id))
            .map(|component| component.name.clone())
            .collect(),
        site: work.desk.facts.site.name.clone(),
        ..StandIns::default()
    }
}

fn apply(form: &mut Form, ready: &Ready, stand_ins: &StandIns, own: &Language) {
    form.remember();
    form.words = stand_ins.put_all(&ready.words, own);
    form.text = stand_ins.translations(ready);
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
        undeclared_segments: form.on_undeclared_segments(),
        undeclared_components: form.undeclared_components.or(form.undeclared),
        listed: form.listed,
        has_card: audience::has_card(form.in_app, form.kind, form.impact),
    };
    let on = audience::On {
        segment: draft.on(|form: &mut Form, segment| audience::toggle(&mut form.segments, segment)),
        paths: draft.on(|form: &mut Form, text| form.paths = text),
        undeclared_segments: draft
            .on(|form: &mut Form, undeclared| form.undeclared_segments = Some(undeclared)),
        undeclared_components: draft
            .on(|form: &mut Form, undeclared| form.undeclared_components = undeclared),
        listed: draft.on(|form: &mut Form, listed| form.listed = listed),
    };
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
        <Fold summary={html! { <>{ "More options" }<span class="soft">{ summary(work) }</span></> }}
            opens={FOLDED.iter().any(|pointer| error(pointer).is_some())}>
            if form.kind == Kind::Incident {
                { input::choice(&Field::new("status", "Status"), Some(&form.status.unwrap_or(Status::Investigating)), standing,
                    &draft.on(|form: &mut Form, status| form.status = Some(status))) }
                { estimate(work) }
            }
            { audience::audience(&work.desk.facts.site, said, &error, &on) }
            { loud(form.kind, form.in_app, &draft.on(|form: &mut Form, in_app| form.in_app = in_app)) }
            { input::check(&Field::new("hold", "Users are losing work").hint("They can minimise the card but not hide it."), form.hold, draft.on(|form: &mut Form, on| form.hold = on)) }
            { when(Field::new("publish-at", "Publish at").hint("Empty: now.").error(error("/publish_at")), &work.desk.facts.site, &form.publish_at, draft.on(|form: &mut Form, at| form.publish_at = at)) }
            { own::fields(&own::Given {
                desk: work.desk,
                own: &form.own,
                id: None,
                owes: form.kind == Kind::Incident,
                of: |form: &mut Form| &mut form.own,
                contacts: |form: &mut Form| form.own.contacts.get_or_insert_default(),
            }, work.sending, draft) }
        </Fold>
    }
}

/// A summary of the folded options: audience, display, and whether the card can be hidden.
fn summary(work: &Work<'_>) -> String {
    let form = work.form;
    let segments = &work.desk.facts.site.segments;
    let labels = segments
        .iter()
        .filter(|segment| form.segments.contains(&segment.slug))
        .map(|segment| segment.label.as_str());
    let labels: Vec<&str> = labels.collect();
    let who = match (labels.as_slice(), form.paths.trim().is_empty()) {
        ([], true) => "Everyone".to_owned(),
        ([], false) => "Some pages".to_owned(),
        (labels, true) => labels.join(", "),
        (labels, false) => format!("{}, some pages", labels.join(", ")),
    };
    let how = display(form.kind, form.in_app);
    let hides = match form.hold {
        true => "cannot be hidden",
        false => "can be hidden",
    };
    let mut parts = vec![who, how, hides.to_owned()];
    if let Some(at) = clock::from_input(&form.publish_at) {
        parts.push(format!("published {}", clock::time(at)));
    }
    parts.join(" · ")
}

/// How the notice is shown. Only incidents have a severity.
fn display(kind: Kind, in_app: Option<InApp>) -> String {
    match (in_app, kind) {
        (Some(InApp::Off), _) => "not shown in the app".to_owned(),
        (Some(in_app), _) => format!("shown as {}", words::in_app(in_app).to_lowercase()),
        (None, Kind::Incident | Kind::Unknown) => "shown by severity".to_owned(),
        (None, Kind::Maintenance) => "shown automatically".to_owned(),
        (None, Kind::Announcement) => {
            format!("shown as {}", words::in_app(InApp::Pill).to_lowercase())
        }
    }
}

fn estimate(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    html! {
        <>
            { when(Field::new("estimate", "Estimated end").hint("Only if you can estimate it. Empty: none.").error(work.sending.error("/estimated_end_at")),
                &work.desk.facts.site, &form.estimate, draft.on(|form: &mut Form, at| form.estimate = at)) }
            if let Some(at) = clock::from_input(&form.estimate) {
                { promise::confidence(at, form.confidence, &draft.on(|form: &mut Form, confidence| form.confidence = Some(confidence))) }
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::display;
    use notice::wire::words::{InApp, Kind};

    #[test]
    fn only_an_incident_is_shown_by_severity() {
        for (kind, in_app, expected) in [
            (Kind::Incident, None, "shown by severity"),
            (Kind::Maintenance, None, "shown automatically"),
            (Kind::Announcement, None, "shown as small notice"),
            (Kind::Maintenance, Some(InApp::Bar), "shown as banner"),
            (Kind::Incident, Some(InApp::Off), "not shown in the app"),
        ] {
            assert_eq!(display(kind, in_app), expected);
        }
    }
}
