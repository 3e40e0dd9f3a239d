//! The fields of an update of an open incident: the next update, the advice, and what else may have changed.

use std::rc::Rc;

use notice::wire::{
    component::Component,
    words::{Impact, Kind, Status},
};
use yew::{Html, html};

use super::Work;
use crate::{
    clock,
    form::{Picked, Promise, Say as Form},
    input::{self, Choice, Field},
    view::{
        fold::Fold,
        parts::{self, Find},
        promise, publish,
        when::when,
    },
    words,
};

/// The fields that are folded away.
const FOLDED: &[&str] = &[
    "/works",
    "/broken",
    "/impact",
    "/components",
    "/estimated_end_at",
];

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
    let standing = form.status.unwrap_or(incident.status);
    // Advice for an outage is often wrong once a fix is in place.
    let asks = standing == Status::Monitoring && incident.advice.is_some();
    let (label, hint) = match asks {
        true => (
            "Is this advice still right?",
            "It stays on the card. Change it, or clear it if it no longer applies.",
        ),
        false => (
            "What should users do now?",
            "The current advice. Change it if it has changed.",
        ),
    };
    html! {
        <>
            if incident.kind == Kind::Incident {
                { promise::promise(&work.desk.facts.site, &form.promise, work.usual_s, clock::now(), error("/next_update_at"), &draft.on(|form: &mut Form, promise: Promise| form.promise = promise)) }
            }
            { input::text(&Field::new("advice", label).hint(hint).error(error("/advice")), 2, &advice, draft.on(|form: &mut Form, text| form.advice = Some(text))) }
            <Fold summary={html! { <>{ "More options" }<span class="soft">{ "What works, severity, components, estimated end" }</span></> }}
                opens={FOLDED.iter().any(|pointer| error(pointer).is_some())}>
                <div class="pair">
                    { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &works, draft.on(|form: &mut Form, text| form.works = Some(text))) }
                    { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &broken, draft.on(|form: &mut Form, text| form.broken = Some(text))) }
                </div>
                if incident.kind == Kind::Incident { { impact(work) } { parts(work) } { estimate(work) } }
            </Fold>
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
    let field = Field::new("impact", "Severity").error(work.sending.error("/impact"));
    input::choice(
        &field,
        Some(&standing),
        choices,
        &work
            .draft
            .on(|form: &mut Form, impact| form.impact = Some(impact)),
    )
}

/// Each affected component with its status, and the components that are not affected yet.
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
            <p class="label">{ "Components" }</p>
            if are_many { { others(work) } }
            <ul>{ for shown.map(one) }</ul>
            if let Some(error) = work.sending.error("/components") { <p class="error">{ error }</p> }
        </section>
    }
}

/// The components that were not affected until now: a tap adds one with the status that fits the severity.
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
    let confidence = form.confidence.or(incident.confidence);
    html! {
        <>
            { when(Field::new("estimate", "Estimated end").error(work.sending.error("/estimated_end_at")), &work.desk.facts.site, &standing,
                draft.on(|form: &mut Form, at| form.estimate = Some(at))) }
            if let Some(at) = clock::from_input(&standing) {
                { promise::confidence(at, confidence, &draft.on(|form: &mut Form, confidence| form.confidence = Some(confidence))) }
            }
        </>
    }
}
