//! The fields of a site's settings on the screen.

use yew::{Html, html};

use super::{Form, fields::Fields};
use crate::{
    contrast,
    draft::Draft,
    form::Row,
    input::{self, Field},
    submit::Sending,
    view::rows::{Rows, contact_kinds, rows},
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
    let others = fields.other_languages();
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
                <fieldset>
    <legend>{ "Whom users reach" }</legend>
    <p class="hint">{ "On every card, unless an incident says otherwise." }</p>
    { rows(&Rows {
                    rows: &fields.contacts,
                    kinds: contact_kinds(),
                    label: "What the button says",
                    languages: &[],
                    value: "Number, address or link",
                    pointer: "/contacts",
                    of: |form: &mut Form| &mut form.fields.contacts,
                    fresh: Row { kind: "phone".to_owned(), ..Row::default() },
                }, sending, draft) }
    </fieldset>
                <fieldset>
    <legend>{ "Segments" }</legend>
    <p class="hint">{ "Parts of your customers that a notice can be aimed at. Anyone can read these names in the feed." }</p>
    { rows(&Rows {
                    rows: &fields.segments,
                    kinds: Vec::new(),
                    label: "What cards call them",
                    languages: &others,
                    value: "Slug, as in data-audience",
                    pointer: "/segments",
                    of: |form: &mut Form| &mut form.fields.segments,
                    fresh: Row::default(),
                }, sending, draft) }
    </fieldset>
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
                <fieldset>
    <legend>{ "On call" }</legend>
    <p class="hint">{ "Who is reminded of what is owed, in order. The second hears of it 15 minutes later unless you say otherwise." }</p>
    { rows(&Rows {
                    rows: &fields.on_call,
                    kinds: vec![("email".to_owned(), "E-mail".to_owned()), ("webhook".to_owned(), "Webhook".to_owned())],
                    label: "Minutes later (may be left empty)",
                    languages: &[],
                    value: "Address",
                    pointer: "/on_call",
                    of: |form: &mut Form| &mut form.fields.on_call,
                    fresh: Row { kind: "email".to_owned(), ..Row::default() },
                }, sending, draft) }
    </fieldset>
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
