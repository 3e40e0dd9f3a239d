//! The fields of each section.

use notice::wire::site::OnCallKind;
use yew::{Html, html};

use super::Form;
use crate::{
    form::{Row, sending::Sending},
    rules::contrast,
    text::labels,
    time::zones,
    ui::{
        input::{self, Field},
        typing::Typing,
    },
    view::{
        fields::rows::{RowList, contact_kinds, rows},
        site::settings::{
            section_form::{Line, SectionForm},
            session_link::{Checkbox, KnownTargets},
        },
    },
};

/// The defaults of a [`Line`]. Each use sets the other fields.
const TEXT: Line<'static> = Line {
    id: "",
    hint: "",
    pointer: "",
    typing: Typing::Code,
    change: |_, _| {},
};

impl SectionForm<'_> {
    pub fn general(&self) -> Html {
        let zone = zones::canonical(&self.form.fields.time_zone);
        let zone = zone.unwrap_or_else(|| self.saved.time_zone.clone());
        let zone = format!("Time zone: {zone}.");
        html! {
            <>
                <fieldset>
                    <legend>{ "Product" }</legend>
                    { self.line(Line { id: "name", hint: "As users know it.", pointer: "/name", typing: Typing::Name, change: |fields, text| fields.name = text }) }
                    { self.line(Line { id: "languages", hint: "Language tags such as en, de, pt-BR. The first is the site's primary language.", pointer: "/languages",
                        change: |fields, text| fields.languages = text, ..TEXT }) }
                    { self.line(Line { id: "time-zone", hint: "Such as Australia/Sydney. Used for quiet hours and on the status page.", pointer: "/time_zone",
                        change: |fields, text| fields.time_zone = text, ..TEXT }) }
                    <div class="setting">
                        { input::lines(&Field::new("hostnames", "Host names").hint("One per line. They serve the public pages once they are confirmed, never this console.").error(self.error("hostnames", "/hostnames")), Typing::Codes, 2,
                            &self.form.fields.hostnames, self.on(|fields, text| fields.hostnames = text)) }
                        { self.mark("hostnames") }
                    </div>
                </fieldset>
                { self.segments() }
                <fieldset>
                    <legend>{ "Accent colour" }</legend>
                    <p class="hint">{ "As #rrggbb. A contrast of at least 4.5:1 with the card is required; 7:1 is better." }</p>
                    { self.line(Line { id: "light", pointer: "/colours/light", change: |fields, text| fields.light = text, ..TEXT }) }
                    { self.contrast("light", &self.form.fields.light, contrast::BACKGROUNDS.0) }
                    { self.line(Line { id: "dark", pointer: "/colours/dark", change: |fields, text| fields.dark = text, ..TEXT }) }
                    { self.contrast("dark", &self.form.fields.dark, contrast::BACKGROUNDS.1) }
                </fieldset>
                <fieldset>
                    <legend>{ "Quiet hours" }</legend>
                    <p class="hint">{ "When maintenance affects the fewest people. We warn you when maintenance falls outside these hours." }</p>
                    <div class="pair">
                        { self.line(Line { id: "quiet-from", hint: &zone, pointer: "/quiet_hours/from", typing: Typing::Time, change: |fields, text| fields.quiet_from = text }) }
                        { self.line(Line { id: "quiet-until", hint: &zone, pointer: "/quiet_hours/until", typing: Typing::Time, change: |fields, text| fields.quiet_until = text }) }
                    </div>
                </fieldset>
                <fieldset>
                    <legend>{ "Minor incidents" }</legend>
                    <div class="setting">
                        { input::check(&Field::new("minor-undeclared", "Show minor incidents on pages that declare no components")
                            .hint("The default for new minor incidents. An incident can say otherwise."),
                            self.form.fields.minor_on_undeclared_pages, self.on(|fields, on| fields.minor_on_undeclared_pages = on)) }
                        { self.mark("minor-undeclared") }
                    </div>
                </fieldset>
                <fieldset>
                    <legend>{ "Resolved notices" }</legend>
                    <p class="hint">{ "How many hours a resolved major or critical incident is shown. People who saw the incident see it for 72 hours." }</p>
                    <div class="pair">
                        { self.line(Line { id: "returning", pointer: "/restored/returning_s", typing: Typing::Number, change: |fields, text| fields.returning_hours = text, ..TEXT }) }
                        { self.line(Line { id: "everyone", pointer: "/restored/everyone_s", typing: Typing::Number, change: |fields, text| fields.everyone_hours = text, ..TEXT }) }
                    </div>
                </fieldset>
            </>
        }
    }

    fn segments(&self) -> Html {
        let others = self.form.fields.other_languages();
        html! {
            <fieldset>
                <legend>{ "Segments" }</legend>
                <p class="hint">{ "Groups of customers that a notice can be limited to. Their names are public in the feed." }</p>
                { self.mark("segments") }
                { rows(&RowList {
                    rows: &self.form.fields.segments,
                    kinds: Vec::new(),
                    label: "Label on cards",
                    label_typing: Typing::Name,
                    languages: &others,
                    value: "Slug, as in data-audience",
                    pointer: "/segments",
                    of: |form: &mut Form| &mut form.fields.segments,
                    new_row: Row::default(),
                    add: "Add a segment",
                    more: Vec::new(),
                }, &self.row_errors(), self.draft) }
            </fieldset>
        }
    }

    pub fn contacts(&self) -> Html {
        html! {
            <fieldset>
                <legend>{ "Support contacts" }</legend>
                <p class="hint">{ "Shown on every card, unless an incident has its own contacts." }</p>
                { self.mark("contacts") }
                { rows(&RowList {
                    rows: &self.form.fields.contacts,
                    kinds: contact_kinds(),
                    label: "Button label",
                    label_typing: Typing::Name,
                    languages: &[],
                    value: "Number, address or link",
                    pointer: "/contacts",
                    of: |form: &mut Form| &mut form.fields.contacts,
                    new_row: Row { kind: "phone".to_owned(), ..Row::default() },
                    add: "Add a contact",
                    more: Vec::new(),
                }, &self.row_errors(), self.draft) }
            </fieldset>
        }
    }

    /// Renders the on-call targets and update intervals.
    pub fn on_call(&self, known: &KnownTargets<'_>) -> Html {
        let kinds = OnCallKind::ALL.map(|kind| {
            let name = kind.as_str();
            (name.to_owned(), labels::on_call(name).to_owned())
        });
        let targets = &self.form.fields.on_call;
        let mut kinds_in_use = targets.iter().map(|row| row.kind.as_str());
        let has_mail = kinds_in_use.any(|kind| kind == OnCallKind::Email.as_str());
        let listed = known.listed.value.as_ref();
        let lacks_mail = has_mail && listed.is_some_and(|listed| !listed.sends_mail);
        let errors = self.row_errors();
        let more = |(index, row): (usize, &Row)| self.target_fields(index, row, known, &errors);
        html! {
            <>
                <fieldset>
                    <legend>{ "On-call targets" }</legend>
                    <p class="hint">{ "They are paged one after the other about an overdue update, until somebody acknowledges or the update is posted: the first at once, each other 15 minutes after the one before, unless it has its own delay." }</p>
                    if lacks_mail { <p class="warning">{ "This server sends no mail, so the next target is paged instead. To turn mail on, set MAIL_FROM and one of SMTP_URL, RESEND_API_KEY and POSTMARK_TOKEN on the server." }</p> }
                    { self.mark("on_call") }
                    { rows(&RowList {
                        rows: targets,
                        kinds: kinds.to_vec(),
                        label: "Delay in minutes (optional)",
                        label_typing: Typing::Whole,
                        languages: &[],
                        value: "Address or key",
                        pointer: "/on_call",
                        of: |form: &mut Form| &mut form.fields.on_call,
                        new_row: Row { kind: OnCallKind::Webhook.as_str().to_owned(), ..Row::default() },
                        add: "Add a target",
                        more: targets.iter().enumerate().map(more).collect(),
                    }, &errors, self.draft) }
                </fieldset>
                { self.on_call_quiet_hours() }
                <fieldset>
                    <legend>{ "Update intervals" }</legend>
                    <p class="hint">{ "Minutes until the next update is due, by the most important affected component. Only operators see when it is due." }</p>
                    <div class="pair three">
                        { self.line(Line { id: "tier-1", pointer: "/cadence/tier_1_s", typing: Typing::Number, change: |fields, text| { let [first, ..] = &mut fields.cadence; *first = text; }, ..TEXT }) }
                        { self.line(Line { id: "tier-2", pointer: "/cadence/tier_2_s", typing: Typing::Number, change: |fields, text| { let [_, second, _] = &mut fields.cadence; *second = text; }, ..TEXT }) }
                        { self.line(Line { id: "tier-3", pointer: "/cadence/tier_3_s", typing: Typing::Number, change: |fields, text| { let [.., third] = &mut fields.cadence; *third = text; }, ..TEXT }) }
                    </div>
                    { self.line(Line { id: "overdue", pointer: "/overdue_after_s", typing: Typing::Number, change: |fields, text| fields.overdue_minutes = text, ..TEXT }) }
                </fieldset>
            </>
        }
    }

    /// Renders the fields of a target that other rows do not have: its name, and whether its pages carry a sign-in link.
    fn target_fields(
        &self,
        index: usize,
        row: &Row,
        known: &KnownTargets<'_>,
        errors: &Sending,
    ) -> Html {
        let id = |field: &str| format!("on_call-{index}-{field}");
        let name = Field::new(id("name"), "Name (optional)")
            .hint("Shown in the journal. Without a name, type and host are shown.")
            .error(errors.error(&format!("/on_call/{index}/name")));
        let rename = self.draft.on(move |form: &mut Form, name: String| {
            if let Some(row) = form.fields.on_call.get_mut(index) {
                row.name = name;
            }
        });
        let link = Field::new(id("session-link"), "Sign-in link in pages")
            .hint("A page then has a link that signs in as an editor for 12 hours. It works once, for 30 minutes.")
            .error(errors.error(&format!("/on_call/{index}/session_link")));
        let link = match known.checkbox(row) {
            Checkbox::Enabled(None) => link,
            Checkbox::Enabled(Some(note)) => link.note(note),
            Checkbox::Disabled(reason) => link.note(reason).disabled(),
        };
        let allow = self.draft.on(move |form: &mut Form, is_allowed: bool| {
            if let Some(row) = form.fields.on_call.get_mut(index) {
                row.session_link = is_allowed;
            }
        });
        html! {
            <>
                { input::line(&name, Typing::Name, &row.name, rename) }
                { input::check(&link, row.session_link, allow) }
            </>
        }
    }

    fn on_call_quiet_hours(&self) -> Html {
        let zone = format!("Time zone: {}.", self.saved.time_zone);
        html! {
            <fieldset>
                <legend>{ "On-call quiet hours" }</legend>
                <p class="hint">{ "Pages are sent at any hour. Other messages to on-call targets wait until these hours end." }</p>
                <div class="pair">
                    { self.line(Line { id: "on-call-quiet-from", hint: &zone, pointer: "/on_call_quiet_hours/from", typing: Typing::Time, change: |fields, text| fields.on_call_quiet_from = text }) }
                    { self.line(Line { id: "on-call-quiet-until", hint: &zone, pointer: "/on_call_quiet_hours/until", typing: Typing::Time, change: |fields, text| fields.on_call_quiet_until = text }) }
                </div>
            </fieldset>
        }
    }

    /// Renders the contrast of a colour if it is sufficient; otherwise the field shows an error.
    fn contrast(&self, id: &str, colour: &str, background: &str) -> Html {
        if colour.is_empty() || self.error(id, &format!("/colours/{id}")).is_some() {
            return Html::default();
        }
        match contrast::check(colour, background) {
            (sentence, true) => html! { <p class="soft" role="status">{ sentence }</p> },
            _ => Html::default(),
        }
    }
}
