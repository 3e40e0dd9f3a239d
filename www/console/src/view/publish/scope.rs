//! The first step: the affected components, and the severity or the times.

use std::rc::Rc;

use notice::wire::{
    component::Component,
    enums::{Impact, Kind},
};
use yew::{Callback, Html, classes, html};

use super::Work;
use crate::{
    form::{PublishForm as Form, SelectedComponent},
    route::Route,
    rules::quiet_hours,
    text::labels,
    time::date_field,
    ui::input::{self, Choice, Field},
    view::fields::{
        component_picker::{self, ComponentPicker, Count},
        component_status,
        date_time::date_time,
    },
};

/// JSON pointers of the fields in this step, which show their own errors.
pub const POINTERS: &[&str] = &[
    "/components",
    "/impact",
    "/scheduled_for",
    "/scheduled_until",
    "/announce_from",
    "/announce_until",
];

pub fn step(work: &Work<'_>) -> Html {
    let form = work.form;
    html! {
        <>
            if work.context.snapshot.components.is_empty() {
                <div class="note"><p>
                    { "This site has no components yet. You can publish without any. To say what is affected, " }
                    <a href={work.context.href(&Route::Components)}>{ "add components" }</a>{ "." }
                </p></div>
            }
            { components(work) }
            if let Some(error) = work.sending.error("/components") { <p class="error">{ error }</p> }
            { match form.kind {
                Kind::Incident | Kind::Unknown => impact(work),
                Kind::Maintenance => schedule(work),
                Kind::Announcement => visibility(work),
            } }
            { input::check(&Field::new("drill", "This is a drill").hint("Runs like a real incident, but is visible only on pages opened with #allclear-drill."), form.drill,
                work.draft.on(|form: &mut Form, on| form.drill = on)) }
        </>
    }
}

/// Selects a component, or deselects it.
fn toggle_component(components: &mut Vec<SelectedComponent>, component: Component) {
    let index = components
        .iter()
        .position(|selected| selected.id == component.id);
    match index {
        Some(index) => {
            components.remove(index);
        }
        None => components.push(SelectedComponent {
            id: component.id,
            status: None,
        }),
    }
}

/// Renders the components as large buttons in their groups, each selected one with its status. If there are many, a picker shows
/// them, and the selected ones are listed below it.
fn components(work: &Work<'_>) -> Html {
    let (form, all) = (work.form, &work.context.snapshot.components);
    let are_many = all.len() > component_picker::MAX_LISTED;
    let toggle = work
        .draft
        .on(|form: &mut Form, component| toggle_component(&mut form.components, component));
    let item = |component: &Component| {
        let selected = form.components.iter().find(|one| one.id == component.id);
        let (toggle, own) = (toggle.clone(), component.clone());
        let id = component.id.clone();
        let status = work.draft.on(move |form: &mut Form, status| {
            if let Some(selected) = form.components.iter_mut().find(|one| one.id == id) {
                selected.status = Some(status);
            }
        });
        html! {
            <li class={classes!("component", selected.map(|_| "picked"))} key={component.id.to_string()}>
                { component_picker::button(component, selected.is_some(), are_many, Callback::from(move |()| toggle.emit(own.clone()))) }
                if let Some(selected) = selected {
                    if form.kind == Kind::Incident {
                        { component_status::buttons(&component.name, selected.status.or(component_status::default_for(form.impact)), &status) }
                    }
                }
            </li>
        }
    };
    if are_many {
        let known = |selected: &SelectedComponent| all.iter().find(|one| one.id == selected.id);
        let selected: Vec<&Component> = form.components.iter().filter_map(known).collect();
        return html! {
            <>
                <ComponentPicker snapshot={Rc::clone(&work.context.snapshot)} selected={form.components.clone()} toggle={toggle.clone()} />
                <section class="components">
                    <Count selected={selected.len()} had_focus={component_picker::has_focus()} />
                    <ul>{ for selected.into_iter().map(item) }</ul>
                </section>
            </>
        };
    }
    html! {
        { for component_picker::group_names(all).into_iter().map(|group| html! {
            <section class="components">
                if let Some(group) = group { <h2>{ group }</h2> }
                <ul>{ for all.iter().filter(|component| component.group.as_ref() == group).map(item) }</ul>
            </section>
        }) }
    }
}

fn impact(work: &Work<'_>) -> Html {
    let choices = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            value: impact,
            label: labels::impact(impact).to_owned(),
            hint: labels::impact_hint(impact).to_owned(),
            tone: labels::impact_tone(impact),
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

fn time_field(work: &Work<'_>, field: Field, value: &str, change: fn(&mut Form, String)) -> Html {
    let site = &work.context.snapshot.site;
    date_time(field, site, value, work.draft.on(change))
}

fn schedule(work: &Work<'_>) -> Html {
    let form = work.form;
    let error = |pointer: &str| work.sending.error(pointer);
    let warning = quiet_hours::warning(
        &work.context.snapshot.site,
        date_field::parse(&form.scheduled_for),
        date_field::parse(&form.scheduled_until),
    );
    html! {
        <fieldset>
            <legend>{ "When" }</legend>
            { time_field(work, Field::new("scheduled-for", "Start").error(error("/scheduled_for")), &form.scheduled_for, |form, at| form.scheduled_for = at) }
            { time_field(work, Field::new("scheduled-until", "End").error(error("/scheduled_until")), &form.scheduled_until, |form, at| form.scheduled_until = at) }
            if let Some(warning) = warning { <p class="warning" role="status">{ warning }</p> }
            { input::check(&Field::new("auto-start", "Start automatically").hint("Otherwise post an update when it starts."), form.auto_start, work.draft.on(|form: &mut Form, on| form.auto_start = on)) }
            { input::check(&Field::new("auto-complete", "Complete automatically").hint("Otherwise post an update when it is done."), form.auto_complete, work.draft.on(|form: &mut Form, on| form.auto_complete = on)) }
            { time_field(work, Field::new("announce-from", "Visible from").hint("Empty: two days before the start.").error(error("/announce_from")), &form.announce_from, |form, at| form.announce_from = at) }
        </fieldset>
    }
}

fn visibility(work: &Work<'_>) -> Html {
    let form = work.form;
    let error = |pointer: &str| work.sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "When" }</legend>
            { time_field(work, Field::new("announce-from", "Visible from").hint("Empty: now.").error(error("/announce_from")), &form.announce_from, |form, at| form.announce_from = at) }
            { time_field(work, Field::new("announce-until", "Visible until").hint("Empty: until you end it.").error(error("/announce_until")), &form.announce_until, |form, at| form.announce_until = at) }
        </fieldset>
    }
}
