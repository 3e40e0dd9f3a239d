//! Saying more about an incident, and that it is over.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    state::State,
    wire::{
        component::Component,
        ids::IncidentId,
        words::{Confidence, Impact, Kind, Status, Word},
    },
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use crate::{
    api::{self, Failure, Given},
    clock,
    desk::Desk,
    documents::IncidentDocument,
    draft::{Draft, use_draft},
    form::{self, Picked, Promise, Say as Form},
    input::{self, Choice, Field},
    outcome,
    preview::Preview,
    ready_made::{self, Moment, Ready, filled_in},
    route::{Route, Task},
    submit::{self, Sending, Target},
    view::{self, incident::use_incident, promise, publish, wide::use_is_wide, written},
    words,
};

/// The fields that show themselves what is wrong with them.
const POINTERS: &[&str] = &[
    "/body",
    "/advice",
    "/works",
    "/broken",
    "/next_update_at",
    "/estimated_end_at",
    "/components",
    "/status",
    "/impact",
    "/restored",
    "/text",
];

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Of which incident.
    pub id: IncidentId,
    /// It is to be over.
    pub resolves: bool,
}

/// The view, once the incident is there.
#[component]
pub fn Update(props: &Props) -> Html {
    match use_incident(&props.desk, &props.id) {
        Ok((incident, _)) => {
            html! { <Writing desk={props.desk.clone()} incident={Rc::new(incident)} resolves={props.resolves} /> }
        }
        Err(shown) => shown,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct WritingProps {
    desk: Desk,
    incident: Rc<IncidentDocument>,
    resolves: bool,
}

/// What the parts work with.
struct Work<'a> {
    desk: &'a Desk,
    incident: &'a IncidentDocument,
    draft: &'a Draft<Form>,
    form: &'a Form,
    sending: &'a Sending,
    usual_s: u32,
}

fn end_of(kind: Kind) -> Status {
    match kind {
        Kind::Incident | Kind::Unknown => Status::Resolved,
        Kind::Maintenance => Status::Completed,
        Kind::Announcement => Status::Ended,
    }
}

#[component]
fn Writing(props: &WritingProps) -> Html {
    let WritingProps {
        desk,
        incident,
        resolves,
    } = props;
    let task = if *resolves { "resolve" } else { "update" };
    let draft = use_draft(desk.slug(), &format!("{task}:{}", incident.id), || {
        begin(incident, *resolves)
    });
    let sending = use_state(|| Sending::Idle);
    let checking = use_state(|| false);
    // What somebody else has said meanwhile, found just before posting.
    let fresh = use_state(|| None::<Rc<IncidentDocument>>);
    let incident = fresh.as_ref().unwrap_or(incident);
    let wide = use_is_wide();
    clock::use_passing_time();
    let form = draft.value();
    let touched = incident.components.iter().map(|touched| touched.id.clone());
    let picked: Vec<_> = touched
        .chain(form.components.iter().map(|picked| picked.id.clone()))
        .collect();
    let usual_s = incident
        .cadence_s
        .unwrap_or_else(|| form::usual_s(&desk.facts.site, &desk.facts.components, &picked));
    let work = Work {
        desk,
        incident,
        draft: &draft,
        form: &form,
        sending: &sending,
        usual_s,
    };
    let others = said_meanwhile(&work);
    let outcome = outcome(&work);
    // Only the all-clear is something that a card turns into.
    let card = || preview(&outcome, form.is_over(incident));
    let show_form = wide || !*checking;
    let check = {
        let checking = checking.clone();
        Callback::from(move |to: bool| {
            checking.set(to);
            if let Some(window) = web_sys::window() {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
        })
    };
    let back = desk.href(&Route::Incident(incident.id.clone(), Task::Read));
    let label = if form.is_over(incident) {
        "Give the all-clear"
    } else {
        "Post"
    };
    let label = if others.is_empty() {
        label
    } else {
        "Post mine as well"
    };
    let post = post(&work, &sending, &fresh);
    let actions = if show_form && !wide {
        view::bar(
            Some((back, "Cancel")),
            view::primary("See it as users will", false, check.reform(|()| true)),
        )
    } else if wide {
        view::bar(
            Some((back, "Cancel")),
            view::primary(label, sending.is_busy(), post),
        )
    } else {
        html! {
            <div class="actions">
                { view::secondary("Back", check.reform(|()| false)) }
                { view::primary(label, sending.is_busy(), post) }
            </div>
        }
    };
    let title = if *resolves {
        words::end(incident.kind)
    } else {
        "Post an update"
    };
    html! {
        <main class={if wide { "work" } else { "column" }}>
            <div class="writing">
                { view::heading(title, Some(&incident.title)) }
                { view::failure(&sending, POINTERS) }
                { meanwhile(&work, &others) }
                if show_form { { fields(&work, *resolves, &outcome) } } else { { card() } { summary(&work, &outcome) } }
                { actions }
            </div>
            if wide { <aside class="beside">{ card() }</aside> }
        </main>
    }
}

/// A new form; of what is over, what was broken is what is back.
fn begin(incident: &IncidentDocument, resolves: bool) -> Form {
    let mut form = Form::new(incident, resolves.then(|| end_of(incident.kind)));
    if resolves {
        form.back = match incident.broken.as_slice() {
            [] => {
                let names: Vec<&str> = incident
                    .components
                    .iter()
                    .map(|touched| touched.name.as_str())
                    .collect();
                names.join("\n")
            }
            broken => broken.join("\n"),
        };
    } else if incident.status.is_over() {
        form.status = Some(Status::Investigating);
    }
    form
}

/// The site after this, as `notice` decides it; or what it objects to.
type Outcome = (Rc<State>, Result<(Rc<State>, bool), Failure>);

fn outcome(work: &Work<'_>) -> Outcome {
    let now = clock::now();
    let mut state = outcome::state_of(&work.desk.facts, Some(work.incident), now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let mut input = work.form.request(work.incident, work.usual_s, now);
    if input.body.is_empty() {
        "…".clone_into(&mut input.body);
    }
    let after = outcome::updated(&state, &work.incident.id, input, now)
        .map(|(after, raised)| (Rc::new(after), raised))
        .map_err(|rejection| submit::objection(&rejection));
    (Rc::new(state), after)
}

fn preview((before, after): &Outcome, turns: bool) -> Html {
    match after {
        Ok((after, _)) => {
            let before = turns.then(|| Rc::clone(before));
            html! { <Preview {before} after={Rc::clone(after)} /> }
        }
        Err(_) => html! { <p class="note">{ "The card can be shown once everything fits." }</p> },
    }
}

/// Updates that the writer has not seen.
fn said_meanwhile<'a>(work: &Work<'a>) -> Vec<&'a crate::documents::UpdateDocument> {
    work.incident
        .updates
        .iter()
        .take_while(|update| Some(&update.id) != work.form.seen.as_ref())
        .collect()
}

fn meanwhile(work: &Work<'_>, others: &[&crate::documents::UpdateDocument]) -> Html {
    let Some(newest) = others.first() else {
        return Html::default();
    };
    let seen = newest.id.clone();
    let read = work
        .draft
        .on(move |form: &mut Form, ()| form.seen = Some(seen.clone()));
    html! {
        <section class="conflict" role="alert">
            <h2>{ "Somebody posted while you were writing" }</h2>
            <div class="sides">
                <div><h3>{ "Theirs, published" }</h3>
                    { for others.iter().map(|update| html! {
                        <p><span class="soft">{ clock::time(update.at) }{ " · " }{ words::status(update.status) }</span><br />{ &update.body }</p>
                    }) }
                </div>
                <div><h3>{ "Yours, not sent" }</h3><p>{ &work.form.body }</p></div>
            </div>
            { view::secondary("I have read theirs", read) }
        </section>
    }
}

fn fields(work: &Work<'_>, resolves: bool, outcome: &Outcome) -> Html {
    let Work {
        incident,
        draft,
        form,
        sending,
        ..
    } = work;
    let error = |pointer: &str| sending.error(pointer);
    let over = form.is_over(incident);
    html! {
        <>
            if !resolves { { status(work) } }
            { templates(work, over) }
            { input::text(&Field::new("body", if over { "What was wrong, and that it is over" } else { "What is new" }).error(error("/body")),
                4, &form.body, draft.on(|form: &mut Form, text| form.body = text)) }
            if over && words::is_bare(&form.body) {
                <p class="warning" role="status">{ "This says only that it is over. People ask: what was it, and did I lose anything?" }</p>
            }
            if over { { all_clear(work) } } else { { going_on(work) } }
            { written::translations(&work.desk.facts.site.languages, &form.text,
                if over { written::Extent::End } else { written::Extent::Update }, sending,
                &draft.on(|form: &mut Form, (language, part, text): written::Change| *part(form.text.entry(language).or_default()) = text)) }
            { renotify(work, outcome) }
        </>
    }
}

fn status(work: &Work<'_>) -> Html {
    let statuses: &[Status] = match work.incident.kind {
        Kind::Incident | Kind::Unknown => &[
            Status::Investigating,
            Status::Identified,
            Status::Monitoring,
            Status::Resolved,
        ],
        Kind::Maintenance => &[
            Status::Scheduled,
            Status::InProgress,
            Status::Verifying,
            Status::Completed,
        ],
        Kind::Announcement => &[Status::Active, Status::Ended],
    };
    let choices = statuses
        .iter()
        .map(|status| Choice::new(*status, words::status(*status)))
        .collect();
    let standing = work.form.status.unwrap_or(work.incident.status);
    let field = Field::new("status", "Where it stands").error(work.sending.error("/status"));
    let on = work
        .draft
        .on(|form: &mut Form, status| form.status = Some(status));
    input::choice(&field, Some(&standing), choices, &on)
}

fn templates(work: &Work<'_>, over: bool) -> Html {
    let moment = if over { Moment::End } else { Moment::Update };
    let (names, start, end) = stand_ins(work);
    let on = work.draft.on(move |form: &mut Form, ready: Ready| {
        let put = |text: &str| filled_in(text, &names, &start, &end);
        let set = |field: &mut Option<String>, text: &str| {
            if !text.is_empty() {
                *field = Some(put(text));
            }
        };
        form.body = put(&ready.words.body);
        form.status = ready.status.or(form.status);
        set(&mut form.advice, &ready.words.advice);
        set(&mut form.works, &ready.words.works);
        set(&mut form.broken, &ready.words.broken);
        if over {
            form.check = put(&ready.words.check);
        }
        if let Some(minutes) = ready.minutes {
            form.promise = Promise::In(minutes);
        }
    });
    html! {
        <details class="ready" open={work.form.body.is_empty()}>
            <summary>{ "Begin with words that lie ready" }</summary>
            <div class="chips">
                { for ready_made::offered(moment, &work.desk.facts.templates).into_iter().map(|ready| {
                    let (on, name) = (on.clone(), ready.name.clone());
                    html! { <button type="button" onclick={Callback::from(move |_| on.emit(ready.clone()))}>{ name }</button> }
                }) }
            </div>
        </details>
    }
}

/// What `{parts}`, `{start}` and `{end}` stand for.
fn stand_ins(work: &Work<'_>) -> (Vec<String>, String, String) {
    let names = work
        .incident
        .components
        .iter()
        .map(|touched| touched.name.clone());
    (
        names.collect(),
        clock::time(work.incident.started_at),
        clock::time(clock::now()),
    )
}

fn all_clear(work: &Work<'_>) -> Html {
    let Work {
        draft,
        form,
        sending,
        ..
    } = work;
    if work.incident.kind == Kind::Announcement {
        return Html::default();
    }
    let (names, start, end) = stand_ins(work);
    let ready = ready_made::CHECKS.iter().map(|(label, text)| {
        let put = filled_in(text, &names, &start, &end);
        let on = draft.on(move |form: &mut Form, ()| form.check.clone_from(&put));
        html! { <button type="button" onclick={Callback::from(move |_| on.emit(()))}>{ *label }</button> }
    });
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "The all-clear" }</legend>
            { input::text(&Field::new("check", "What should people check now?").hint("Those who were hit read this first.").error(error("/restored/check")),
                3, &form.check, draft.on(|form: &mut Form, text| form.check = text)) }
            <div class="chips" aria-label="Ready answers" role="group">{ for ready }</div>
            { input::text(&Field::new("back", "What is back").hint("A line each.").error(error("/restored/back")), 2, &form.back, draft.on(|form: &mut Form, text| form.back = text)) }
            { input::text(&Field::new("still", "What is not yet right").hint("A line each. Empty: all of it is right.").error(error("/restored/still")), 2, &form.still, draft.on(|form: &mut Form, text| form.still = text)) }
        </fieldset>
    }
}

fn going_on(work: &Work<'_>) -> Html {
    let Work {
        incident,
        draft,
        form,
        sending,
        ..
    } = work;
    let error = |pointer: &str| sending.error(pointer);
    let advice = form
        .advice
        .clone()
        .or_else(|| incident.advice.clone())
        .unwrap_or_default();
    let works = form
        .works
        .clone()
        .unwrap_or_else(|| incident.works.join("\n"));
    let broken = form
        .broken
        .clone()
        .unwrap_or_else(|| incident.broken.join("\n"));
    html! {
        <>
            if incident.kind == Kind::Incident {
                { promise::promise(&form.promise, work.usual_s, clock::now(), error("/next_update_at"), &draft.on(|form: &mut Form, promise: Promise| form.promise = promise)) }
            }
            { input::text(&Field::new("advice", "What should they do now?").hint("As it stands; change it if it has changed.").error(error("/advice")), 2, &advice, draft.on(|form: &mut Form, text| form.advice = Some(text))) }
            <details>
                <summary>{ "More: what works, how bad, which parts, how long" }</summary>
                <div class="pair">
                    { input::text(&Field::new("works", "What works").hint("A line each.").error(error("/works")), 3, &works, draft.on(|form: &mut Form, text| form.works = Some(text))) }
                    { input::text(&Field::new("broken", "What does not").hint("A line each.").error(error("/broken")), 3, &broken, draft.on(|form: &mut Form, text| form.broken = Some(text))) }
                </div>
                if incident.kind == Kind::Incident { { impact(work) } { parts(work) } { estimate(work) } }
            </details>
        </>
    }
}

fn impact(work: &Work<'_>) -> Html {
    let choices = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            tone: words::impact_tone(impact),
            ..Choice::new(impact, words::impact(impact))
        })
        .collect();
    let standing = work.form.impact.unwrap_or(work.incident.impact);
    let field = Field::new("impact", "How bad it is").error(work.sending.error("/impact"));
    input::choice(
        &field,
        Some(&standing),
        choices,
        &work
            .draft
            .on(|form: &mut Form, impact| form.impact = Some(impact)),
    )
}

/// Each part of the product that it touches, with how it does; and those that it does not touch yet.
fn parts(work: &Work<'_>) -> Html {
    let said = |component: &Component| {
        let picked = work
            .form
            .components
            .iter()
            .find(|picked| picked.id == component.id);
        let touched = work
            .incident
            .components
            .iter()
            .find(|touched| touched.id == component.id);
        picked
            .and_then(|picked| picked.status)
            .or(touched.map(|touched| touched.status))
    };
    let one = |component: &Component| {
        let id = component.id.clone();
        let on = work.draft.on(move |form: &mut Form, status| {
            form.components.retain(|picked| picked.id != id);
            form.components.push(Picked {
                id: id.clone(),
                status: Some(status),
            });
        });
        html! {
            <li class="part">
                <p class="label">{ &component.name }</p>
                { publish::statuses(&component.name, said(component), &on) }
            </li>
        }
    };
    html! {
        <section class="parts">
            <p class="label">{ "The parts of the product" }</p>
            <ul>{ for work.desk.facts.components.iter().map(one) }</ul>
            if let Some(error) = work.sending.error("/components") { <p class="error">{ error }</p> }
        </section>
    }
}

fn estimate(work: &Work<'_>) -> Html {
    let Work {
        incident,
        draft,
        form,
        ..
    } = work;
    let standing = form.estimate.clone().unwrap_or_else(|| {
        incident
            .estimated_end_at
            .map(clock::to_input)
            .unwrap_or_default()
    });
    let choices = Confidence::ALL
        .iter()
        .map(|confidence| Choice::new(*confidence, words::confidence(*confidence)))
        .collect();
    let confidence = form.confidence.or(incident.confidence);
    html! {
        <>
            { input::line(&Field::new("estimate", "When it may be over").error(work.sending.error("/estimated_end_at")), "datetime-local", &standing,
                draft.on(|form: &mut Form, at| form.estimate = Some(at))) }
            if !standing.is_empty() {
                { input::choice(&Field::new("confidence", "How sure is that?"), confidence.as_ref(), choices,
                    &draft.on(|form: &mut Form, confidence| form.confidence = Some(confidence))) }
            }
        </>
    }
}

/// Whether those who hid it see it again: as the rules have it, unless the operator says otherwise.
fn renotify(work: &Work<'_>, outcome: &Outcome) -> Html {
    let Ok((_, raised)) = &outcome.1 else {
        return Html::default();
    };
    let field = Field::new("renotify", "People who hid this will see it again")
        .hint("Yes by itself when it gets worse, the advice changes, it ends or begins again.");
    let choices = vec![Choice::new(true, "Yes"), Choice::new(false, "No")];
    input::choice(
        &field,
        Some(raised),
        choices,
        &work
            .draft
            .on(|form: &mut Form, on| form.renotify = Some(on)),
    )
}

/// What is said beside the card on a phone.
fn summary(work: &Work<'_>, outcome: &Outcome) -> Html {
    let missing: Vec<String> = work
        .desk
        .facts
        .site
        .languages
        .iter()
        .skip(1)
        .filter(|language| {
            work.form
                .text
                .get(*language)
                .is_none_or(|words| *words == form::Words::default())
        })
        .map(|language| format!("A translation is missing: {}.", written::name(language)))
        .collect();
    let again = matches!(&outcome.1, Ok((_, true)));
    let wrong = match &outcome.1 {
        Err(failure) => view::failure(&Sending::Failed(failure.clone()), &[]),
        Ok(_) => Html::default(),
    };
    html! {
        <>
            { wrong }
            if work.form.body.trim().is_empty() { <p class="warning">{ "It says nothing yet: go back and write what is new." }</p> }
            <p class="soft">{ if again { "People who hid this will see it again." } else { "People who hid this will not be disturbed." } }</p>
            { for missing.into_iter().map(|words| html! { <p class="note">{ words }</p> }) }
        </>
    }
}

/// Reads what stands, and posts unless somebody else has posted since.
fn post(
    work: &Work<'_>,
    sending: &UseStateHandle<Sending>,
    fresh: &UseStateHandle<Option<Rc<IncidentDocument>>>,
) -> Callback<()> {
    let (desk, draft, sending, fresh) = (
        work.desk.clone(),
        work.draft.clone(),
        sending.clone(),
        fresh.clone(),
    );
    let (incident, usual_s) = (work.incident.clone(), work.usual_s);
    let facts = Rc::clone(&work.desk.facts);
    Callback::from(move |()| {
        if sending.is_busy() {
            return;
        }
        let (desk, draft, sending, fresh) =
            (desk.clone(), draft.clone(), sending.clone(), fresh.clone());
        let (incident, facts) = (incident.clone(), Rc::clone(&facts));
        spawn_local(async move {
            let path = format!("/incidents/{}", incident.id);
            let address = desk.session.path(&path);
            // What was sent before may be the newest by now; the key sees to that.
            if !draft.is_in_doubt() {
                let read = api::send(
                    Method::GET,
                    &address,
                    Some(&desk.session.token),
                    &Given::default(),
                )
                .await;
                let now: Result<IncidentDocument, Failure> = read.and_then(|answer| answer.read());
                match now {
                    Ok(now)
                        if now.newest().map(|update| &update.id) != draft.value().seen.as_ref() =>
                    {
                        return fresh.set(Some(Rc::new(now)));
                    }
                    Ok(_) => {}
                    Err(Failure::SignedOut) => return desk.ended.emit(()),
                    Err(failure) => return sending.set(Sending::Failed(failure)),
                }
            }
            let build = |form: &Form| {
                let now = clock::now();
                let input = form.request(&incident, usual_s, now);
                let state = outcome::state_of(&facts, Some(&incident), now);
                outcome::updated(&state, &incident.id, input.clone(), now)
                    .map_err(|rejection| submit::objection(&rejection))?;
                serde_json::to_string(&input).map_err(|_| Failure::Unreachable)
            };
            let (then, id) = (desk.clone(), incident.id.clone());
            let over = draft.value().is_over(&incident);
            let done = Callback::from(move |_| {
                then.say.emit(if over {
                    "The all-clear is out. Those who were hit see it within ten seconds.".to_owned()
                } else {
                    "Posted. Open pages show it within ten seconds.".to_owned()
                });
                then.go(&Route::Incident(id.clone(), Task::Read));
            });
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::post(format!("{path}/updates")),
                build,
                done,
            );
        });
    })
}
