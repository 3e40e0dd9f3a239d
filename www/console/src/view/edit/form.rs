//! The form of an incident's fields.

use notice::{
    project::view::IncidentView,
    wire::words::{Impact, Kind, Status},
};
use yew::{Html, html};

use super::{Form, fields::Fields};
use crate::{
    desk::Desk,
    draft::Draft,
    input::{self, Choice, Field},
    submit::Sending,
    view::{audience, loud::loud, own, when::when, written},
    words,
};

/// The fields that show themselves what is wrong with them.
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

/// All of them that can be changed as it stands.
pub fn fields(
    desk: &Desk,
    incident: &IncidentView,
    fields: &Fields,
    sending: &Sending,
    draft: &Draft<Form>,
) -> Html {
    let error = |pointer: &str| sending.error(pointer);
    let moment = |id: &'static str,
                  label: &'static str,
                  pointer: &str,
                  value: &str,
                  change: fn(&mut Fields, String)| {
        when(
            Field::new(id, label).error(error(pointer)),
            &desk.facts.site,
            value,
            draft.on(move |form: &mut Form, at| change(&mut form.fields, at)),
        )
    };
    let impacts = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            tone: words::impact_tone(impact),
            ..Choice::new(impact, words::impact(impact))
        })
        .collect();
    let said = audience::Said {
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
    let over = !incident.is_open();
    html! {
        <>
            { input::line(&Field::new("title", "Title").error(error("/title")), "text", &fields.title, draft.on(|form: &mut Form, text| form.fields.title = text)) }
            if incident.kind == Kind::Incident && !over {
                { input::choice(&Field::new("impact", "Severity"), fields.impact.as_ref(), impacts, &draft.on(|form: &mut Form, impact| form.fields.impact = Some(impact))) }
            }
            if incident.kind == Kind::Maintenance && incident.status == Status::Scheduled {
                { moment("scheduled-for", "Start", "/scheduled_for", &fields.scheduled_for, |fields, at| fields.scheduled_for = at) }
                { moment("scheduled-until", "End", "/scheduled_until", &fields.scheduled_until, |fields, at| fields.scheduled_until = at) }
                { input::check(&Field::new("auto-start", "Start automatically"), fields.auto_start, draft.on(|form: &mut Form, on| form.fields.auto_start = on)) }
            }
            if incident.kind == Kind::Maintenance && !over {
                { input::check(&Field::new("auto-complete", "Complete automatically"), fields.auto_complete, draft.on(|form: &mut Form, on| form.fields.auto_complete = on)) }
            }
            if incident.kind != Kind::Incident && !over {
                { moment("announce-from", "Visible from", "/announce_from", &fields.announce_from, |fields, at| fields.announce_from = at) }
            }
            if incident.kind == Kind::Announcement && !over {
                { moment("announce-until", "Visible until", "/announce_until", &fields.announce_until, |fields, at| fields.announce_until = at) }
            }
            if incident.draft {
                { moment("publish-at", "Publish at", "/publish_at", &fields.publish_at, |fields, at| fields.publish_at = at) }
            }
            if !over {
                { input::text(&Field::new("advice", "What should users do now?").error(error("/advice")), 2, &fields.advice, draft.on(|form: &mut Form, text| form.fields.advice = text)) }
                <div class="pair">
                    { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &fields.works, draft.on(|form: &mut Form, text| form.fields.works = text)) }
                    { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &fields.broken, draft.on(|form: &mut Form, text| form.fields.broken = text)) }
                </div>
            }
            if over && incident.kind != Kind::Announcement { { end(fields, sending, draft) } }
            { audience::audience(&desk.facts.site, said, &error, &on) }
            { loud(incident.kind, fields.in_app, &draft.on(|form: &mut Form, in_app| form.fields.in_app = in_app)) }
            if !over {
                { input::check(&Field::new("hold", "Users are losing work").hint("They can minimise the card but not hide it."), fields.hold, draft.on(|form: &mut Form, on| form.fields.hold = on)) }
            }
            { own::fields(&own::Given {
                desk,
                own: &fields.own,
                id: Some(&incident.id),
                owes: incident.kind == Kind::Incident && !over,
                of: |form: &mut Form| &mut form.fields.own,
                contacts: |form: &mut Form| form.fields.own.contacts.get_or_insert_default(),
            }, sending, draft) }
            { written::translations(&desk.facts.site.languages, &fields.text,
                if over { written::Extent::Over } else { written::Extent::Fields }, sending,
                &draft.on(|form: &mut Form, (language, part, text): written::Change| *part(form.fields.text.entry(language).or_default()) = text)) }
        </>
    }
}

/// The published all-clear.
fn end(fields: &Fields, sending: &Sending, draft: &Draft<Form>) -> Html {
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
