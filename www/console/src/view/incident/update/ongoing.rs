//! The fields of an update of an open incident: the next update, the advice and, in a disclosure, what works, severity,
//! components and estimated end.

use std::rc::Rc;

use notice::wire::{
    component::Component,
    enums::{Impact, Kind, Status},
};
use yew::{Html, html};

use super::Work;
use crate::{
    form::{Promise, SelectedComponent, UpdateForm as Form},
    text::labels,
    time::{clock, date_field},
    ui::{
        disclosure::Disclosure,
        input::{self, Choice, Field},
    },
    view::fields::{
        component_picker::{self, ComponentPicker},
        component_status,
        date_time::date_time,
        next_update::{self, next_update},
    },
};

/// JSON pointers of the fields in the disclosure.
const IN_DISCLOSURE: &[&str] = &[
    "/works",
    "/broken",
    "/impact",
    "/components",
    "/estimated_end_at",
];

pub fn render(work: &Work<'_>) -> Html {
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
    let status = form.status.unwrap_or(incident.status);
    let (label, hint) = match &incident.advice {
        // Advice for an outage is often wrong once a fix is in place.
        Some(_) if status == Status::Monitoring => (
            "Is this advice still right?",
            "It stays on the card. Change it, or clear it if it no longer applies.",
        ),
        Some(_) => (
            "What should users do now?",
            "Users see this now. Update it if they should do something else.",
        ),
        None => ("What should users do now?", "Optional."),
    };
    let summary = match incident.kind {
        Kind::Incident => "What works, severity, components, estimated end",
        _ => "What works, what doesn't",
    };
    html! {
        <>
            if incident.kind == Kind::Incident {
                { next_update(&work.context.snapshot.site, &form.promise, work.interval_s, clock::now(), error("/next_update_at"), &draft.on(|form: &mut Form, promise: Promise| form.promise = promise)) }
            }
            { input::text(&Field::new("advice", label).hint(hint).error(error("/advice")), 2, &advice, draft.on(|form: &mut Form, text| form.advice = Some(text))) }
            <Disclosure summary={html! { <>{ "More options" }<span class="soft">{ summary }</span></> }}
                needs_attention={IN_DISCLOSURE.iter().any(|pointer| error(pointer).is_some())}>
                <div class="pair">
                    { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &works, draft.on(|form: &mut Form, text| form.works = Some(text))) }
                    { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &broken, draft.on(|form: &mut Form, text| form.broken = Some(text))) }
                </div>
                if incident.kind == Kind::Incident { { impact(work) } { components(work) } { estimate(work) } }
            </Disclosure>
        </>
    }
}

fn impact(work: &Work<'_>) -> Html {
    let choices = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            tone: labels::impact_tone(impact),
            ..Choice::new(impact, labels::impact(impact))
        })
        .collect();
    let current = work.form.impact.unwrap_or(work.incident.impact);
    let field = Field::new("impact", "Severity").error(work.sending.error("/impact"));
    input::choice(
        &field,
        Some(&current),
        choices,
        &work
            .draft
            .on(|form: &mut Form, impact| form.impact = Some(impact)),
    )
}

/// Renders the affected components with their statuses, and a picker for the others.
fn components(work: &Work<'_>) -> Html {
    let status_of = |component: &Component| {
        let selected = work
            .form
            .components
            .iter()
            .find(|selected| selected.id == component.id);
        let affected = work
            .incident
            .components
            .iter()
            .find(|affected| affected.id == component.id);
        selected
            .and_then(|selected| selected.status)
            .or(affected.map(|affected| affected.status))
    };
    let item = |component: &Component| {
        let id = component.id.clone();
        let on = work.draft.on(move |form: &mut Form, status| {
            form.components.retain(|selected| selected.id != id);
            form.components.push(SelectedComponent {
                id: id.clone(),
                status: Some(status),
            });
        });
        html! {
            <li class="component">
                <p class="label">{ &component.name }</p>
                { component_status::buttons(&component.name, status_of(component), &on) }
            </li>
        }
    };
    let all = &work.context.snapshot.components;
    let are_many = all.len() > component_picker::MAX_LISTED;
    // If there are many, only the affected ones are listed; the picker finds the others.
    let shown = all
        .iter()
        .filter(|component| !are_many || status_of(component).is_some());
    html! {
        <section class="components">
            <p class="label">{ "Components" }</p>
            if are_many { { picker(work) } }
            <ul>{ for shown.map(item) }</ul>
            if let Some(error) = work.sending.error("/components") { <p class="error">{ error }</p> }
        </section>
    }
}

/// Renders the picker for components that were not affected until now. Selecting a component adds it with the default
/// status for the severity; selecting it again removes it.
fn picker(work: &Work<'_>) -> Html {
    let affected = work.incident.components.iter();
    let default = component_status::default_for(work.form.impact.or(Some(work.incident.impact)));
    let toggle = work.draft.on(move |form: &mut Form, component: Component| {
        let before = form.components.len();
        form.components
            .retain(|selected| selected.id != component.id);
        if form.components.len() == before {
            form.components.push(SelectedComponent {
                id: component.id,
                status: default,
            });
        }
    });
    html! {
        <ComponentPicker snapshot={Rc::clone(&work.context.snapshot)} except={affected.map(|affected| affected.id.clone()).collect::<Vec<_>>()}
            selected={work.form.components.clone()} {toggle} />
    }
}

fn estimate(work: &Work<'_>) -> Html {
    let Work {
        incident,
        draft,
        form,
        ..
    } = work;
    let estimate = form.estimate.clone().unwrap_or_else(|| {
        incident
            .estimated_end_at
            .map(date_field::from_timestamp)
            .unwrap_or_default()
    });
    let confidence = form.confidence.or(incident.confidence);
    html! {
        <>
            { date_time(Field::new("estimate", "Estimated end").error(work.sending.error("/estimated_end_at")), &work.context.snapshot.site, &estimate,
                draft.on(|form: &mut Form, at| form.estimate = Some(at))) }
            if let Some(at) = date_field::parse(&estimate) {
                { next_update::confidence(at, confidence, &draft.on(|form: &mut Form, confidence| form.confidence = Some(confidence))) }
            }
        </>
    }
}
