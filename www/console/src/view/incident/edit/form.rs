//! Renders the form of an incident's fields.

use notice::{
    notify::default_notify,
    project::view::IncidentView,
    wire::enums::{Impact, Kind, Status},
};
use yew::{Html, html};

use super::{Form, fields::Fields};
use crate::{
    context::Context,
    form::{draft::Draft, sending::Sending},
    text::labels,
    ui::{
        input::{self, Choice, Field},
        typing::Typing,
    },
    view::fields::{
        audience::{self, Audience},
        date_time::date_time,
        display::display,
        notify,
        overrides::{self, OverrideFields},
        translations::{self, TranslatedForm},
    },
};

/// JSON pointers of the fields that show their own errors.
pub const POINTERS: &[&str] = &[
    "/title",
    "/advice",
    "/works",
    "/broken",
    "/audience",
    "/publish_at",
    "/scheduled_for",
    "/scheduled_until",
    "/announce_from",
    "/announce_until",
    "/restored",
    "/text",
    "/contacts",
    "/related",
    "/cadence_s",
];

/// Renders the fields that can be changed in the incident's current state.
pub fn render(
    context: &Context,
    incident: &IncidentView,
    fields: &Fields,
    sending: &Sending,
    draft: &Draft<Form>,
) -> Html {
    let error = |pointer: &str| sending.error(pointer);
    let time = |id: &'static str,
                label: &'static str,
                pointer: &str,
                value: &str,
                change: fn(&mut Fields, String)| {
        date_time(
            Field::new(id, label).error(error(pointer)),
            &context.snapshot.site,
            value,
            draft.on(move |form: &mut Form, at| change(&mut form.fields, at)),
        )
    };
    let impacts = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            tone: labels::impact_tone(impact),
            ..Choice::new(impact, labels::impact(impact))
        })
        .collect();
    let values = Audience {
        segments: &fields.segments,
        paths: &fields.paths,
        undeclared_segments: fields.on_undeclared_segments(),
        undeclared_components: fields.undeclared_components.or(fields.undeclared),
        listed: fields.listed,
        has_card: audience::has_card(fields.in_app, incident.kind, fields.impact),
    };
    let on = audience::On {
        segment: draft
            .on(|form: &mut Form, segment| audience::toggle(&mut form.fields.segments, segment)),
        paths: draft.on(|form: &mut Form, text| form.fields.paths = text),
        undeclared_segments: draft
            .on(|form: &mut Form, undeclared| form.fields.undeclared_segments = Some(undeclared)),
        undeclared_components: draft
            .on(|form: &mut Form, undeclared| form.fields.undeclared_components = undeclared),
        listed: draft.on(|form: &mut Form, listed| form.fields.listed = listed),
    };
    let has_ended = !incident.is_open();
    html! {
        <>
            { input::line(&Field::new("title", "Title").error(error("/title")), Typing::Sentence, &fields.title, draft.on(|form: &mut Form, text| form.fields.title = text)) }
            if incident.kind == Kind::Incident && !has_ended {
                { input::choice(&Field::new("impact", "Severity"), fields.impact.as_ref(), impacts, &draft.on(|form: &mut Form, impact| form.fields.impact = Some(impact))) }
            }
            if incident.kind == Kind::Maintenance && incident.status == Status::Scheduled {
                { time("scheduled-for", "Start", "/scheduled_for", &fields.scheduled_for, |fields, at| fields.scheduled_for = at) }
                { time("scheduled-until", "End", "/scheduled_until", &fields.scheduled_until, |fields, at| fields.scheduled_until = at) }
                { input::check(&Field::new("auto-start", "Start automatically"), fields.auto_start, draft.on(|form: &mut Form, on| form.fields.auto_start = on)) }
            }
            if incident.kind == Kind::Maintenance && !has_ended {
                { input::check(&Field::new("auto-complete", "Complete automatically"), fields.auto_complete, draft.on(|form: &mut Form, on| form.fields.auto_complete = on)) }
            }
            if incident.kind != Kind::Incident && !has_ended {
                { time("announce-from", "Visible from", "/announce_from", &fields.announce_from, |fields, at| fields.announce_from = at) }
            }
            if incident.kind == Kind::Announcement && !has_ended {
                { time("announce-until", "Visible until", "/announce_until", &fields.announce_until, |fields, at| fields.announce_until = at) }
            }
            if incident.draft {
                { time("publish-at", "Publish at", "/publish_at", &fields.publish_at, |fields, at| fields.publish_at = at) }
            }
            if !has_ended {
                { input::text(&Field::new("advice", "What should users do now?").error(error("/advice")), 2, &fields.advice, draft.on(|form: &mut Form, text| form.fields.advice = text)) }
                <div class="pair">
                    { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &fields.works, draft.on(|form: &mut Form, text| form.fields.works = text)) }
                    { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &fields.broken, draft.on(|form: &mut Form, text| form.fields.broken = text)) }
                </div>
            }
            if has_ended && incident.kind != Kind::Announcement { { all_clear(fields, sending, draft) } }
            { audience::fields(&context.snapshot.site, values, &error, &on) }
            { display(incident.kind, fields.in_app, &draft.on(|form: &mut Form, in_app| form.fields.in_app = in_app)) }
            if !has_ended {
                { input::check(&Field::new("hold", "Users are losing work").hint("They can minimise the card but not hide it."), fields.hold, draft.on(|form: &mut Form, on| form.fields.hold = on)) }
            }
            if has_switch(incident) { { notify::switch(Some(notifies(incident, fields)), incident.drill, &draft.on(|form: &mut Form, on| form.fields.notify = Some(on))) } }
            { overrides::fields(&OverrideFields {
                context,
                overrides: &fields.overrides,
                id: Some(&incident.id),
                has_interval: incident.kind == Kind::Incident && !has_ended,
                of: |form: &mut Form| &mut form.fields.overrides,
                contacts: |form: &mut Form| form.fields.overrides.contacts.get_or_insert_default(),
            }, sending, draft) }
            { translations::translations(&context.snapshot.site.languages, &fields.text,
                if has_ended { TranslatedForm::EndedFields } else { TranslatedForm::Fields }, sending,
                &draft.on(|form: &mut Form, (language, field, text): translations::Change| *field(form.fields.text.entry(language).or_default()) = text)) }
        </>
    }
}

/// Returns whether the incident's own Notify switch still decides something: its publication or announcement, or the automatic start
/// and end of a maintenance.
fn has_switch(incident: &IncidentView) -> bool {
    let has_appeared = || incident.to_incident().has_appeared();
    incident.is_open() && (incident.kind == Kind::Maintenance || !has_appeared())
}

/// Returns whether chat and subscribers are notified: the choice, or else the default.
fn notifies(incident: &IncidentView, fields: &Fields) -> bool {
    let impact = fields.impact.unwrap_or(incident.impact);
    let default = default_notify::of_new(incident.kind, impact, incident.drill);
    fields.notify.unwrap_or(default)
}

/// Renders the texts of the all-clear.
fn all_clear(fields: &Fields, sending: &Sending, draft: &Draft<Form>) -> Html {
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "Resolved notice" }</legend>
            { input::text(&Field::new("check", "What should users check?").error(error("/restored/check")), 3, &fields.check, draft.on(|form: &mut Form, text| form.fields.check = text)) }
            { input::text(&Field::new("back", "What works again").hint("One per line.").error(error("/restored/back")), 2, &fields.back, draft.on(|form: &mut Form, text| form.fields.back = text)) }
            { input::text(&Field::new("still", "What still doesn't work").hint("One per line. Empty: everything works.").error(error("/restored/still")), 2, &fields.still, draft.on(|form: &mut Form, text| form.fields.still = text)) }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, has_switch, notifies};
    use crate::testing::incident;
    use notice::wire::enums::Impact;
    use serde_json::json;

    #[test]
    fn notify_is_offered_while_it_still_decides_something() {
        let maintenance = json!({ "kind": "maintenance", "impact": null, "announce_from": "2026-11-21T08:00:00Z",
            "scheduled_for": "2026-11-22T08:00:00Z", "scheduled_until": "2026-11-22T09:00:00Z" });
        for (fields, expected) in [
            (json!({ "draft": true }), true),
            (json!({}), false),
            (json!({ "draft": true, "impact": "minor" }), true),
            (json!({ "status": "resolved" }), false),
            (maintenance, true),
        ] {
            assert_eq!(has_switch(&incident(&fields)), expected, "{fields}");
        }
    }

    #[test]
    fn the_default_of_notify_follows_the_severity_in_the_form() {
        let draft = incident(&json!({ "draft": true, "impact": "minor" }));
        let mut fields = Fields::of(&draft);
        assert!(!notifies(&draft, &fields));
        fields.impact = Some(Impact::Critical);
        assert!(notifies(&draft, &fields));
        fields.notify = Some(false);
        assert!(!notifies(&draft, &fields));
    }
}
