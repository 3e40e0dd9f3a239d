//! An incident's own settings, which otherwise are the site's: contacts, update interval, related incidents.

use notice::{project::view::IncidentView, wire::ids::IncidentId};
use serde::Serialize;
use yew::{Html, html};

use crate::{
    desk::Desk,
    draft::Draft,
    form::{Own, Row},
    input::{self, Field},
    submit::Sending,
    view::{
        self,
        rows::{Rows, contact_kinds, rows},
    },
};

/// Where it is in a form.
type Of<T> = fn(&mut T) -> &mut Own;

/// What the fields are given.
#[derive(Debug)]
pub struct Given<'a, T> {
    /// What the view works with.
    pub desk: &'a Desk,
    /// What stands in the fields.
    pub own: &'a Own,
    /// Of which incident; `None`: of one that is not published yet.
    pub id: Option<&'a IncidentId>,
    /// Whether words are owed of it.
    pub owes: bool,
    /// Where it is in the form.
    pub of: Of<T>,
    /// Where its contacts are in the form, once it has some of its own.
    pub contacts: fn(&mut T) -> &mut Vec<Row>,
}

/// The fields.
pub fn fields<T>(given: &Given<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = given.of;
    html! {
        <>
            { contacts(given, sending, draft) }
            if given.owes {
                { input::line(
                    &Field::new("cadence", "Update due every (minutes)").error(sending.error("/cadence_s"))
                        .hint("Empty: as set for the affected components. Only operators see it."),
                    "number", &given.own.cadence, draft.on(move |form: &mut T, text| of(form).cadence = text)) }
            }
            { related(given, sending, draft) }
        </>
    }
}

fn contacts<T>(given: &Given<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = given.of;
    let standing: Vec<Row> = given
        .desk
        .facts
        .site
        .contacts
        .iter()
        .map(Row::of_contact)
        .collect();
    let turned = draft.on(move |form: &mut T, on: bool| {
        of(form).contacts = on.then(|| standing.clone());
    });
    let field = Field::new("own-contacts", "Use different contacts")
        .hint("Otherwise the card shows the site's contacts.");
    html! {
        <>
            { input::check(&field, given.own.contacts.is_some(), turned) }
            if let Some(list) = &given.own.contacts {
                <fieldset>
                    <legend>{ "Contacts for this incident" }</legend>
                    { rows(&Rows {
                        rows: list,
                        kinds: contact_kinds(),
                        label: "Button label",
                        value: "Number, address or link",
                        languages: &[],
                        pointer: "/contacts",
                        of: given.contacts,
                        fresh: Row { kind: "phone".to_owned(), ..Row::default() },
                        add: "Add a contact",
                    }, sending, draft) }
                </fieldset>
            }
        </>
    }
}

/// Those that were named, and a menu of those that are known here: what is open and what is newest. What belongs together
/// lies close together in time, and a menu of years would be of no use on a phone.
fn related<T>(given: &Given<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = given.of;
    let named = &given.own.related;
    let is_other = |one: &&IncidentView| Some(&one.id) != given.id && !named.contains(&one.id);
    let choose = ("".to_owned(), "Add an incident".to_owned());
    let others = given.desk.facts.incidents.iter().filter(is_other);
    let options: Vec<(String, String)> = std::iter::once(choose)
        .chain(others.map(|one| (one.id.to_string(), one.title.clone())))
        .collect();
    let add = draft.on(move |form: &mut T, id: String| {
        of(form).related.extend(IncidentId::parse(&id));
    });
    let one = |id: &IncidentId| {
        let known = given.desk.incident(id);
        let title = known.map_or_else(|| id.to_string(), |incident| incident.title.clone());
        let gone = id.clone();
        let remove = draft.on(move |form: &mut T, ()| of(form).related.retain(|one| *one != gone));
        html! { <li><span>{ title }</span>{ view::secondary("Remove", remove) }</li> }
    };
    html! {
        <>
            if options.len() > 1 || !named.is_empty() {
                { input::menu(&Field::new("related", "Related incidents").error(sending.error("/related")).hint("Its page links to them. The list has open and recent incidents."), "", &options, add) }
            }
            if !named.is_empty() { <ul class="rows inside">{ for named.iter().map(one) }</ul> }
        </>
    }
}
