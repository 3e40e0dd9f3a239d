//! What is said while it goes on: the next promise, the advice, and what may have changed of the rest.

use std::rc::Rc;

use notice::wire::{
    component::Component,
    words::{Confidence, Impact, Kind, Word},
};
use yew::{Html, html};

use super::Work;
use crate::{
    clock,
    form::{Picked, Promise, Say as Form},
    input::{self, Choice, Field},
    view::{
        parts::{self, Find},
        promise, publish,
    },
    words,
};

/// The fields.
pub fn going_on(work: &Work<'_>) -> Html {
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
    let all = &work.desk.facts.components;
    let are_many = all.len() > parts::FEW;
    // Of many only those that something is said of; the others are found.
    let shown = all
        .iter()
        .filter(|component| !are_many || said(component).is_some());
    html! {
        <section class="parts">
            <p class="label">{ "The parts of the product" }</p>
            if are_many { { others(work) } }
            <ul>{ for shown.map(one) }</ul>
            if let Some(error) = work.sending.error("/components") { <p class="error">{ error }</p> }
        </section>
    }
}

/// Those that it did not touch until now: a tap says that it does, as badly as the whole is.
fn others(work: &Work<'_>) -> Html {
    let touched = work.incident.components.iter();
    let usual = publish::usual(work.form.impact.or(Some(work.incident.impact)));
    let toggle = work.draft.on(move |form: &mut Form, component: Component| {
        let before = form.components.len();
        form.components.retain(|picked| picked.id != component.id);
        if form.components.len() == before {
            form.components.push(Picked {
                id: component.id,
                status: usual,
            });
        }
    });
    html! {
        <Find facts={Rc::clone(&work.desk.facts)} except={touched.map(|touched| touched.id.clone()).collect::<Vec<_>>()}
            picked={work.form.components.clone()} {toggle} />
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
