//! The fields of a site's settings on the screen.

use yew::{Callback, Html, html};

use super::{
    Form,
    fields::{Fields, Row, contact_kinds},
};
use crate::{
    contrast,
    draft::Draft,
    input::{self, Field},
    submit::Sending,
    view,
};

/// The fields that show themselves what is wrong with them.
pub const POINTERS: &[&str] = &[
    "/name",
    "/languages",
    "/time_zone",
    "/hostnames",
    "/colours",
    "/contacts",
    "/segments",
    "/on_call",
    "/cadence",
    "/quiet_hours",
    "/overdue_after_s",
    "/restored",
];

/// All of them.
pub fn fields(fields: &Fields, sending: &Sending, draft: &Draft<Form>) -> Html {
    let error = |pointer: &str| sending.error(pointer);
    let line = |id: &'static str,
                label: &'static str,
                hint: &'static str,
                pointer: &str,
                kind: &'static str,
                value: &str,
                change: fn(&mut Fields, String)| {
        let field = Field::new(id, label).error(error(pointer));
        let field = if hint.is_empty() {
            field
        } else {
            field.hint(hint)
        };
        input::line(
            &field,
            kind,
            value,
            draft.on(move |form: &mut Form, text| change(&mut form.fields, text)),
        )
    };
    let [first, second, third] = &fields.cadence;
    html! {
        <>
            <fieldset>
                <legend>{ "The product" }</legend>
                { line("name", "Name", "As users know it.", "/name", "text", &fields.name, |fields, text| fields.name = text) }
                { line("languages", "Languages", "Short tags, such as en, de, pt-BR; your own first.", "/languages", "text", &fields.languages, |fields, text| fields.languages = text) }
                { line("time-zone", "Time zone", "Such as Australia/Sydney: for quiet hours and the status page.", "/time_zone", "text", &fields.time_zone, |fields, text| fields.time_zone = text) }
                { input::text(&Field::new("hostnames", "Host names of its own").hint("A line each. They show public pages, never this console.").error(error("/hostnames")), 2, &fields.hostnames,
                    draft.on(|form: &mut Form, text| form.fields.hostnames = text)) }
            </fieldset>
            { rows(Rows {
                legend: "Whom users reach",
                hint: "On every card, unless an incident says otherwise.",
                rows: &fields.contacts,
                kinds: contact_kinds(),
                labels: Some("What the button says"),
                value: "Number, address or link",
                pointer: "/contacts",
                of: |fields| &mut fields.contacts,
                fresh: Row { kind: "phone".to_owned(), ..Row::default() },
            }, sending, draft) }
            { rows(Rows {
                legend: "Segments",
                hint: "Parts of your customers that a notice can be aimed at. Anyone can read these names in the feed.",
                rows: &fields.segments,
                kinds: Vec::new(),
                labels: Some("What cards call them"),
                value: "Slug, as in data-audience",
                pointer: "/segments",
                of: |fields| &mut fields.segments,
                fresh: Row { kind: "{}".to_owned(), ..Row::default() },
            }, sending, draft) }
            <fieldset>
                <legend>{ "Colours" }</legend>
                <p class="hint">{ "An accent of your own, as #rrggbb. At least 4.5:1 against the card is needed; 7:1 reads well for nearly everybody." }</p>
                { line("light", "On light paper", "", "/colours/light", "text", &fields.light, |fields, text| fields.light = text) }
                { verdict(&fields.light, contrast::PAPERS.0) }
                { line("dark", "On dark paper", "", "/colours/dark", "text", &fields.dark, |fields, text| fields.dark = text) }
                { verdict(&fields.dark, contrast::PAPERS.1) }
            </fieldset>
            <fieldset>
                <legend>{ "How often an update is owed" }</legend>
                <p class="hint">{ "In minutes, by the most important part that is hit. It reminds you, never users." }</p>
                <div class="pair three">
                    { line("tier-1", "Mission critical", "", "/cadence/tier_1_s", "number", first, |fields, text| { let [first, ..] = &mut fields.cadence; *first = text; }) }
                    { line("tier-2", "Important", "", "/cadence/tier_2_s", "number", second, |fields, text| { let [_, second, _] = &mut fields.cadence; *second = text; }) }
                    { line("tier-3", "The rest", "", "/cadence/tier_3_s", "number", third, |fields, text| { let [.., third] = &mut fields.cadence; *third = text; }) }
                </div>
                { line("overdue", "A promise counts as late after, in minutes", "", "/overdue_after_s", "number", &fields.overdue_minutes, |fields, text| fields.overdue_minutes = text) }
            </fieldset>
            { rows(Rows {
                legend: "On call",
                hint: "Who is reminded of what is owed, in order. The second hears of it 15 minutes later unless you say otherwise.",
                rows: &fields.on_call,
                kinds: vec![("email".to_owned(), "E-mail".to_owned()), ("webhook".to_owned(), "Webhook".to_owned())],
                labels: Some("Minutes later (may be left empty)"),
                value: "Address",
                pointer: "/on_call",
                of: |fields| &mut fields.on_call,
                fresh: Row { kind: "email".to_owned(), ..Row::default() },
            }, sending, draft) }
            <fieldset>
                <legend>{ "Quiet hours" }</legend>
                <p class="hint">{ "When work disturbs least, in the site's time zone. Planned work outside them is warned of." }</p>
                <div class="pair">
                    { line("quiet-from", "From", "", "/quiet_hours/from", "time", &fields.quiet_from, |fields, text| fields.quiet_from = text) }
                    { line("quiet-until", "Until", "", "/quiet_hours/until", "time", &fields.quiet_until, |fields, text| fields.quiet_until = text) }
                </div>
            </fieldset>
            <fieldset>
                <legend>{ "The all-clear" }</legend>
                <p class="hint">{ "How long, in hours, after something serious. Those who were hit see it 72 hours." }</p>
                <div class="pair">
                    { line("returning", "To those who were here before", "", "/restored/returning_s", "number", &fields.returning_hours, |fields, text| fields.returning_hours = text) }
                    { line("everyone", "To everybody", "", "/restored/everyone_s", "number", &fields.everyone_hours, |fields, text| fields.everyone_hours = text) }
                </div>
            </fieldset>
        </>
    }
}

fn verdict(colour: &str, paper: &str) -> Html {
    if colour.is_empty() {
        return Html::default();
    }
    let (words, fits) = contrast::verdict(colour, paper);
    html! { <p class={if fits { "soft" } else { "warning" }} role="status">{ words }</p> }
}

/// A list of rows that can grow.
struct Rows<'a> {
    legend: &'static str,
    hint: &'static str,
    rows: &'a [Row],
    kinds: Vec<(String, String)>,
    labels: Option<&'static str>,
    value: &'static str,
    pointer: &'static str,
    of: fn(&mut Fields) -> &mut Vec<Row>,
    fresh: Row,
}

fn rows(list: Rows<'_>, sending: &Sending, draft: &Draft<Form>) -> Html {
    let of = list.of;
    let change = |index: usize, change: fn(&mut Row, String)| -> Callback<String> {
        draft.on(move |form: &mut Form, text| {
            if let Some(row) = of(&mut form.fields).get_mut(index) {
                change(row, text);
            }
        })
    };
    let name = list.pointer.trim_start_matches('/');
    let one = |(index, row): (usize, &Row)| {
        let id = |part: &str| format!("{name}-{index}-{part}");
        let remove = draft.on(move |form: &mut Form, ()| {
            let rows = of(&mut form.fields);
            if index < rows.len() {
                rows.remove(index);
            }
        });
        let error = sending.error(&format!("{}/{index}", list.pointer));
        html! {
            <div class="entry">
                if !list.kinds.is_empty() {
                    { input::menu(&Field::new(id("kind"), "How"), &row.kind, &list.kinds, change(index, |row, text| row.kind = text)) }
                }
                if let Some(label) = list.labels {
                    { input::line(&Field::new(id("label"), label), "text", &row.label, change(index, |row, text| row.label = text)) }
                }
                { input::line(&Field::new(id("value"), list.value).error(error), "text", &row.value, change(index, |row, text| row.value = text)) }
                { view::secondary("Remove", remove) }
            </div>
        }
    };
    let fresh = list.fresh.clone();
    let add = draft.on(move |form: &mut Form, ()| of(&mut form.fields).push(fresh.clone()));
    html! {
        <fieldset>
            <legend>{ list.legend }</legend>
            <p class="hint">{ list.hint }</p>
            { for list.rows.iter().enumerate().map(one) }
            { view::secondary("Add one", add) }
        </fieldset>
    }
}
