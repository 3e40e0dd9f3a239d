//! The first step: the affected components, and the severity or the times.

use std::rc::Rc;

use notice::wire::{
    component::Component,
    words::{ComponentStatus, Impact, Kind},
};
use yew::{Callback, Html, classes, html};

use super::Work;
use crate::{
    clock,
    form::{Picked, Publish as Form},
    input::{self, Choice, Field},
    route::Route,
    view::{
        maintenance,
        parts::{self, Count, Find},
        when::when,
    },
    words,
};

/// The fields of this step, which show themselves what is wrong with them.
pub const POINTERS: &[&str] = &[
    "/components",
    "/impact",
    "/scheduled_for",
    "/scheduled_until",
    "/announce_from",
    "/announce_until",
];

/// What the step is called.
pub fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => "New incident",
        Kind::Maintenance => "Schedule maintenance",
        Kind::Announcement => "New announcement",
    }
}

/// The step.
pub fn step(work: &Work<'_>) -> Html {
    let form = work.form;
    html! {
        <>
            if work.desk.facts.components.is_empty() {
                <div class="note"><p>
                    { "This site has no components yet. You can publish without any. To say what is affected, " }
                    <a href={work.desk.href(&Route::Components)}>{ "add components" }</a>{ "." }
                </p></div>
            }
            { components(work) }
            if let Some(error) = work.sending.error("/components") { <p class="error">{ error }</p> }
            { match form.kind {
                Kind::Incident | Kind::Unknown => impact(work),
                Kind::Maintenance => window(work),
                Kind::Announcement => announced(work),
            } }
            { input::check(&Field::new("drill", "This is a drill").hint("Runs like a real incident, but is visible only on pages opened with #allclear-drill."), form.drill,
                work.draft.on(|form: &mut Form, on| form.drill = on)) }
        </>
    }
}

/// Selects a component, or deselects it.
fn pick(components: &mut Vec<Picked>, component: Component) {
    let picked = components
        .iter()
        .position(|picked| picked.id == component.id);
    match picked {
        Some(index) => {
            components.remove(index);
        }
        None => components.push(Picked {
            id: component.id,
            status: None,
        }),
    }
}

/// The components as large buttons, under their groups; each selected one has its status beneath. Where there are many,
/// the selected ones are listed below the others.
fn components(work: &Work<'_>) -> Html {
    let (form, all) = (work.form, &work.desk.facts.components);
    let are_many = all.len() > parts::FEW;
    let toggle = work
        .draft
        .on(|form: &mut Form, picked| pick(&mut form.components, picked));
    let one = |component: &Component| {
        let found = form.components.iter().find(|one| one.id == component.id);
        let (toggle, own) = (toggle.clone(), component.clone());
        let id = component.id.clone();
        let status = work.draft.on(move |form: &mut Form, status| {
            if let Some(picked) = form.components.iter_mut().find(|one| one.id == id) {
                picked.status = Some(status);
            }
        });
        html! {
            <li class={classes!("part", found.map(|_| "picked"))} key={component.id.to_string()}>
                { parts::button(component, found.is_some(), are_many, Callback::from(move |()| toggle.emit(own.clone()))) }
                if let Some(found) = found {
                    if form.kind == Kind::Incident {
                        { statuses(&component.name, found.status.or(usual(form.impact)), &status) }
                    }
                }
            </li>
        }
    };
    if are_many {
        let known = |picked: &Picked| all.iter().find(|one| one.id == picked.id);
        let picked: Vec<&Component> = form.components.iter().filter_map(known).collect();
        return html! {
            <>
                <Find facts={Rc::clone(&work.desk.facts)} picked={form.components.clone()} toggle={toggle.clone()} />
                <section class="parts">
                    <Count picked={picked.len()} had_focus={parts::has_focus()} />
                    <ul>{ for picked.into_iter().map(one) }</ul>
                </section>
            </>
        };
    }
    html! {
        { for parts::named(all).into_iter().map(|group| html! {
            <section class="parts">
                if let Some(group) = group { <h2>{ group }</h2> }
                <ul>{ for all.iter().filter(|component| component.group.as_ref() == group).map(one) }</ul>
            </section>
        }) }
    }
}

/// A component's status, as buttons.
pub fn statuses(
    name: &str,
    value: Option<ComponentStatus>,
    on: &Callback<ComponentStatus>,
) -> Html {
    let choices = [
        ComponentStatus::DegradedPerformance,
        ComponentStatus::PartialOutage,
        ComponentStatus::MajorOutage,
        ComponentStatus::Operational,
    ];
    html! {
        <div class="switch statuses" role="group" aria-label={format!("Status of {name}")}>
            { for choices.into_iter().map(|status| {
                let on = on.clone();
                html! {
                    <button type="button" class={words::component_tone(status)} aria-pressed={(value == Some(status)).to_string()}
                        onclick={Callback::from(move |_| on.emit(status))}>{ words::component(status) }</button>
                }
            }) }
        </div>
    }
}

/// The status that `notice` gives a component for a severity where none is chosen.
pub fn usual(impact: Option<Impact>) -> Option<ComponentStatus> {
    Some(match impact? {
        Impact::Minor => ComponentStatus::DegradedPerformance,
        Impact::Major => ComponentStatus::PartialOutage,
        Impact::Critical => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Operational,
    })
}

fn impact(work: &Work<'_>) -> Html {
    let choices = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            value: impact,
            label: words::impact(impact).to_owned(),
            hint: words::impact_hint(impact).to_owned(),
            tone: words::impact_tone(impact),
        })
        .collect();
    let field = Field::new("impact", "How severe is it?")
        .hint("Required. It decides how the card is shown.")
        .error(work.sending.error("/impact"));
    let on = work
        .draft
        .on(|form: &mut Form, impact| form.impact = Some(impact));
    input::choice(&field, work.form.impact.as_ref(), choices, &on)
}

fn moment(work: &Work<'_>, field: Field, value: &str, change: fn(&mut Form, String)) -> Html {
    let site = &work.desk.facts.site;
    when(field, site, value, work.draft.on(change))
}

fn window(work: &Work<'_>) -> Html {
    let form = work.form;
    let error = |pointer: &str| work.sending.error(pointer);
    let warning = maintenance::outside(
        &work.desk.facts.site,
        clock::from_input(&form.scheduled_for),
        clock::from_input(&form.scheduled_until),
    );
    html! {
        <fieldset>
            <legend>{ "When" }</legend>
            { moment(work, Field::new("scheduled-for", "Start").error(error("/scheduled_for")), &form.scheduled_for, |form, at| form.scheduled_for = at) }
            { moment(work, Field::new("scheduled-until", "End").error(error("/scheduled_until")), &form.scheduled_until, |form, at| form.scheduled_until = at) }
            if let Some(words) = warning { <p class="warning" role="status">{ words }</p> }
            { input::check(&Field::new("auto-start", "Start automatically").hint("Otherwise post an update when it starts."), form.auto_start, work.draft.on(|form: &mut Form, on| form.auto_start = on)) }
            { input::check(&Field::new("auto-complete", "Complete automatically").hint("Otherwise post an update when it is done."), form.auto_complete, work.draft.on(|form: &mut Form, on| form.auto_complete = on)) }
            { moment(work, Field::new("announce-from", "Visible from").hint("Empty: two days before the start.").error(error("/announce_from")), &form.announce_from, |form, at| form.announce_from = at) }
        </fieldset>
    }
}

fn announced(work: &Work<'_>) -> Html {
    let form = work.form;
    let error = |pointer: &str| work.sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "When" }</legend>
            { moment(work, Field::new("announce-from", "Visible from").hint("Empty: now.").error(error("/announce_from")), &form.announce_from, |form, at| form.announce_from = at) }
            { moment(work, Field::new("announce-until", "Visible until").hint("Empty: until you end it.").error(error("/announce_until")), &form.announce_until, |form, at| form.announce_until = at) }
        </fieldset>
    }
}
