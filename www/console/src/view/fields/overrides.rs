//! The fields for an incident's own contacts, its update interval and its related incidents.

use notice::{project::view::IncidentView, wire::ids::IncidentId};
use serde::Serialize;
use yew::{Html, html};

use crate::{
    context::Context,
    form::{Overrides, Row, draft::Draft, sending::Sending},
    ui::{
        self,
        input::{self, Field},
        typing::Typing,
    },
    view::fields::rows::{RowList, contact_kinds, rows},
};

/// The inputs of [`fields`].
#[derive(Debug)]
pub struct OverrideFields<'a, T> {
    pub context: &'a Context,
    pub overrides: &'a Overrides,
    /// The incident; `None`: it is not published yet.
    pub id: Option<&'a IncidentId>,
    /// Whether the incident has updates due, so that it has an interval.
    pub has_interval: bool,
    /// Access to the overrides in the form.
    pub of: fn(&mut T) -> &mut Overrides,
    /// Access to the contacts in the form. It adds the list if the form has none.
    pub contacts: fn(&mut T) -> &mut Vec<Row>,
}

pub fn fields<T>(given: &OverrideFields<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = given.of;
    html! {
        <>
            { contacts(given, sending, draft) }
            if given.has_interval {
                { input::line(
                    &Field::new("cadence", "Update due every (minutes)").error(sending.error("/cadence_s"))
                        .hint("Empty: as set for the affected components. Only operators see it."),
                    Typing::Number, &given.overrides.cadence, draft.on(move |form: &mut T, text| of(form).cadence = text)) }
            }
            { related(given, sending, draft) }
        </>
    }
}

fn contacts<T>(given: &OverrideFields<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = given.of;
    let site = &given.context.snapshot.site;
    let of_site: Vec<Row> = site.contacts.iter().map(Row::of_contact).collect();
    let toggled = draft.on(move |form: &mut T, is_on: bool| {
        of(form).contacts = is_on.then(|| of_site.clone());
    });
    let field = Field::new("own-contacts", "Use different contacts")
        .hint("Otherwise the card shows the site's contacts.");
    html! {
        <>
            { input::check(&field, given.overrides.contacts.is_some(), toggled) }
            if let Some(list) = &given.overrides.contacts {
                <fieldset>
                    <legend>{ "Contacts for this incident" }</legend>
                    { rows(&RowList {
                        rows: list,
                        kinds: contact_kinds(),
                        label: "Button label",
                        label_typing: Typing::Name,
                        value: "Number, address or link",
                        languages: &[],
                        pointer: "/contacts",
                        of: given.contacts,
                        new_row: Row { kind: "phone".to_owned(), ..Row::default() },
                        add: "Add a contact",
                        more: Vec::new(),
                    }, sending, draft) }
                </fieldset>
            }
        </>
    }
}

/// Renders the related incidents, and a menu of the incidents in the snapshot. Related incidents are close in time, and a menu of
/// all incidents would be too long for a phone.
fn related<T>(given: &OverrideFields<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = given.of;
    let chosen = &given.overrides.related;
    let is_offered = |one: &&IncidentView| Some(&one.id) != given.id && !chosen.contains(&one.id);
    let placeholder = ("".to_owned(), "Add an incident".to_owned());
    let offered = given.context.snapshot.incidents.iter().filter(is_offered);
    let options: Vec<(String, String)> = std::iter::once(placeholder)
        .chain(offered.map(|one| (one.id.to_string(), one.title.clone())))
        .collect();
    let add = draft.on(move |form: &mut T, id: String| {
        of(form).related.extend(IncidentId::parse(&id));
    });
    let entry = |id: &IncidentId| {
        let known = given.context.incident(id);
        let title = known.map_or_else(|| id.to_string(), |incident| incident.title.clone());
        let removed = id.clone();
        let remove =
            draft.on(move |form: &mut T, ()| of(form).related.retain(|one| *one != removed));
        html! { <li><span>{ title }</span>{ ui::secondary("Remove", remove) }</li> }
    };
    html! {
        <>
            if options.len() > 1 || !chosen.is_empty() {
                { input::menu(&Field::new("related", "Related incidents").error(sending.error("/related")).hint("Its page links to them. The list has open and recent incidents."), "", &options, add) }
            }
            if !chosen.is_empty() { <ul class="rows inside">{ for chosen.iter().map(entry) }</ul> }
        </>
    }
}
