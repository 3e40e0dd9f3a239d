//! The second step: the message.

use notice::wire::{
    enums::{InApp, Kind, Status},
    language::Language,
};
use yew::{Html, html};

use super::Work;
use crate::{
    form::{Promise, PublishForm as Form},
    templates::{self, Occasion, OfferedTemplate, Placeholders},
    text::labels,
    time::{clock, date_field, format},
    ui::{
        disclosure::Disclosure,
        input::{self, Choice, Field},
        typing::Typing,
    },
    view::fields::{
        audience::{self, Audience},
        date_time::date_time,
        display::display,
        next_update::{self, next_update},
        overrides::{self, OverrideFields},
        template_picker::TemplatePicker,
        translations::{self, TranslatedForm},
    },
};

/// JSON pointers of the fields in this step, which show their own errors.
pub const POINTERS: &[&str] = &[
    "/title",
    "/body",
    "/advice",
    "/works",
    "/broken",
    "/next_update_at",
    "/text",
    "/estimated_end_at",
    "/audience",
    "/publish_at",
    "/contacts",
    "/related",
    "/cadence_s",
];

/// JSON pointers of the fields in the disclosure.
const IN_DISCLOSURE: &[&str] = &[
    "/estimated_end_at",
    "/audience",
    "/publish_at",
    "/contacts",
    "/related",
    "/cadence_s",
];

pub fn step(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    let error = |pointer: &str| work.sending.error(pointer);
    html! {
        <>
            { templates(work) }
            { input::line(&Field::new("title", "Title").error(error("/title")), Typing::Sentence, &form.texts.title, draft.on(|form: &mut Form, text| form.texts.title = text)) }
            { input::text(&Field::new("body", "Message").hint("What you know, in plain words. **Bold**, lists and links work.").error(error("/body")), 4, &form.texts.body, draft.on(|form: &mut Form, text| form.texts.body = text)) }
            if form.kind == Kind::Incident {
                { next_update(&work.context.snapshot.site, &form.promise, work.interval_s, form.published_at(clock::now()), error("/next_update_at"), &draft.on(|form: &mut Form, promise: Promise| form.promise = promise)) }
            }
            { input::text(&Field::new("advice", "What should users do now?").hint("Shown first on the card.").error(error("/advice")), 2, &form.texts.advice, draft.on(|form: &mut Form, text| form.texts.advice = text)) }
            <div class="pair">
                { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &form.texts.works, draft.on(|form: &mut Form, text| form.texts.works = text)) }
                { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &form.texts.broken, draft.on(|form: &mut Form, text| form.texts.broken = text)) }
            </div>
            { translations::translations(&work.context.snapshot.site.languages, &form.text, TranslatedForm::New, work.sending,
                &draft.on(|form: &mut Form, (language, field, text): translations::Change| *field(form.text.entry(language).or_default()) = text)) }
            { options(work) }
        </>
    }
}

fn templates(work: &Work<'_>) -> Html {
    let occasion = Occasion::Begin(work.form.kind);
    let placeholders = placeholders(work);
    let language = work.context.snapshot.site.primary_language();
    let offered = templates::offered(occasion, &work.context.snapshot.templates);
    let on = work
        .draft
        .on(move |form: &mut Form, template: OfferedTemplate| {
            apply(form, &template, &placeholders, &language)
        });
    let restore = work.form.replaced.as_ref().map(|_| {
        work.draft.on(|form: &mut Form, ()| {
            if let Some(before) = form.replaced.take() {
                *form = *before;
            }
        })
    });
    let is_blank = work.form.texts.title.is_empty() && work.form.texts.body.is_empty();
    html! { <TemplatePicker {offered} {is_blank} {on} {restore} /> }
}

fn placeholders(work: &Work<'_>) -> Placeholders {
    let selected = work.form.component_ids();
    let components = work.context.snapshot.components.iter();
    Placeholders {
        components: components
            .filter(|component| selected.contains(&component.id))
            .map(|component| component.name.clone())
            .collect(),
        site: work.context.snapshot.site.name.clone(),
        ..Placeholders::default()
    }
}

fn apply(
    form: &mut Form,
    template: &OfferedTemplate,
    placeholders: &Placeholders,
    language: &Language,
) {
    form.back_up();
    form.texts = placeholders.fill_all(&template.texts, language);
    form.text = placeholders.fill_translations(template);
    form.status = template.status.or(form.status);
    form.impact = template.impact.or(form.impact);
    if let Some(minutes) = template.next_update_minutes {
        form.promise = Promise::In(minutes);
    }
}

fn options(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    let error = |pointer: &str| work.sending.error(pointer);
    let values = Audience {
        segments: &form.segments,
        paths: &form.paths,
        undeclared_segments: form.on_undeclared_segments(),
        undeclared_components: form.undeclared_components.or(form.undeclared),
        listed: form.listed,
        has_card: audience::has_card(form.in_app, form.kind, form.impact),
    };
    let on = audience::On {
        segment: draft.on(|form: &mut Form, segment| audience::toggle(&mut form.segments, segment)),
        paths: draft.on(|form: &mut Form, text| form.paths = text),
        undeclared_segments: draft
            .on(|form: &mut Form, undeclared| form.undeclared_segments = Some(undeclared)),
        undeclared_components: draft
            .on(|form: &mut Form, undeclared| form.undeclared_components = undeclared),
        listed: draft.on(|form: &mut Form, listed| form.listed = listed),
    };
    let statuses = [
        Status::Investigating,
        Status::Identified,
        Status::Monitoring,
    ];
    let choices = statuses
        .into_iter()
        .map(|status| Choice::new(status, labels::status(status)))
        .collect();
    html! {
        <Disclosure summary={html! { <>{ "More options" }<span class="soft">{ summary(work) }</span></> }}
            needs_attention={IN_DISCLOSURE.iter().any(|pointer| error(pointer).is_some())}>
            if form.kind == Kind::Incident {
                { input::choice(&Field::new("status", "Status"), Some(&form.status.unwrap_or(Status::Investigating)), choices,
                    &draft.on(|form: &mut Form, status| form.status = Some(status))) }
                { estimate(work) }
            }
            { audience::fields(&work.context.snapshot.site, values, &error, &on) }
            { display(form.kind, form.in_app, &draft.on(|form: &mut Form, in_app| form.in_app = in_app)) }
            { input::check(&Field::new("hold", "Users are losing work").hint("They can minimise the card but not hide it."), form.hold, draft.on(|form: &mut Form, on| form.hold = on)) }
            { date_time(Field::new("publish-at", "Publish at").hint("Empty: now.").error(error("/publish_at")), &work.context.snapshot.site, &form.publish_at, draft.on(|form: &mut Form, at| form.publish_at = at)) }
            { overrides::fields(&OverrideFields {
                context: work.context,
                overrides: &form.overrides,
                id: None,
                has_interval: form.kind == Kind::Incident,
                of: |form: &mut Form| &mut form.overrides,
                contacts: |form: &mut Form| form.overrides.contacts.get_or_insert_default(),
            }, work.sending, draft) }
        </Disclosure>
    }
}

/// Summarises the options in the disclosure: audience, display, and whether the card can be hidden.
fn summary(work: &Work<'_>) -> String {
    let form = work.form;
    let segments = &work.context.snapshot.site.segments;
    let labels = segments
        .iter()
        .filter(|segment| form.segments.contains(&segment.slug))
        .map(|segment| segment.label.as_str());
    let labels: Vec<&str> = labels.collect();
    let audience = match (labels.as_slice(), form.paths.trim().is_empty()) {
        ([], true) => "Everyone".to_owned(),
        ([], false) => "Some pages".to_owned(),
        (labels, true) => labels.join(", "),
        (labels, false) => format!("{}, some pages", labels.join(", ")),
    };
    let display = display_summary(form.kind, form.in_app);
    let hiding = match form.hold {
        true => "cannot be hidden",
        false => "can be hidden",
    };
    let mut summary = vec![audience, display, hiding.to_owned()];
    if let Some(at) = date_field::parse(&form.publish_at) {
        summary.push(format!("published {}", format::time(at)));
    }
    summary.join(" · ")
}

/// Summarises how the notice is displayed. Only incidents have a severity.
fn display_summary(kind: Kind, in_app: Option<InApp>) -> String {
    match (in_app, kind) {
        (Some(InApp::Off), _) => "not shown in the app".to_owned(),
        (Some(in_app), _) => format!("shown as {}", labels::in_app(in_app).to_lowercase()),
        (None, Kind::Incident | Kind::Unknown) => "shown by severity".to_owned(),
        (None, Kind::Maintenance) => "shown automatically".to_owned(),
        (None, Kind::Announcement) => {
            format!("shown as {}", labels::in_app(InApp::Pill).to_lowercase())
        }
    }
}

fn estimate(work: &Work<'_>) -> Html {
    let (form, draft) = (work.form, work.draft);
    html! {
        <>
            { date_time(Field::new("estimate", "Estimated end").hint("Only if you can estimate it. Empty: none.").error(work.sending.error("/estimated_end_at")),
                &work.context.snapshot.site, &form.estimate, draft.on(|form: &mut Form, at| form.estimate = at)) }
            if let Some(at) = date_field::parse(&form.estimate) {
                { next_update::confidence(at, form.confidence, &draft.on(|form: &mut Form, confidence| form.confidence = Some(confidence))) }
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::display_summary;
    use notice::wire::enums::{InApp, Kind};

    #[test]
    fn only_an_incident_is_shown_by_severity() {
        for (kind, in_app, expected) in [
            (Kind::Incident, None, "shown by severity"),
            (Kind::Maintenance, None, "shown automatically"),
            (Kind::Announcement, None, "shown as small notice"),
            (Kind::Maintenance, Some(InApp::Bar), "shown as banner"),
            (Kind::Incident, Some(InApp::Off), "not shown in the app"),
        ] {
            assert_eq!(display_summary(kind, in_app), expected);
        }
    }
}
