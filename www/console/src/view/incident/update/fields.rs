//! Renders the form of an update: the status, the message, whether people who hid the notice see it again, and who is notified.

use notice::wire::enums::{Kind, Status};
use yew::{Html, html};

use super::{Work, placeholders};
use crate::{
    form::{Promise, UpdateForm as Form},
    templates::{self, Occasion, OfferedTemplate},
    text::labels,
    ui::input::{self, Choice, Field},
    view::{
        fields::{
            notify,
            template_picker::TemplatePicker,
            translations::{self, TranslatedForm},
        },
        incident::update::{
            all_clear, ongoing,
            outcome::{self, Outcome},
        },
    },
};

pub fn render(work: &Work<'_>, resolves: bool, outcome: &Outcome) -> Html {
    let Work {
        incident,
        draft,
        form,
        sending,
        ..
    } = work;
    let error = |pointer: &str| sending.error(pointer);
    let ends = form.ends(incident);
    let has_all_clear = incident.kind != Kind::Announcement;
    let (body, hint) = match (ends, has_all_clear) {
        (true, true) => ("Message", "What went wrong, and that it is resolved."),
        (true, false) => (
            "Final message",
            "For the record. Pages stop showing the announcement.",
        ),
        (false, _) => ("Message", "What is new."),
    };
    html! {
        <>
            if !resolves { { status(work) } }
            { templates(work, ends) }
            { input::text(&Field::new("body", body).hint(hint).error(error("/body")),
                4, &form.body, draft.on(|form: &mut Form, text| form.body = text)) }
            if ends && has_all_clear && labels::only_says_resolved(&form.body) {
                <p class="warning" role="status">{ "This says only that it is over. Say what went wrong and whether anything was lost." }</p>
            }
            if ends { { all_clear::render(work) } } else { { ongoing::render(work) } }
            { translations::translations(&work.context.snapshot.site.languages, &form.text,
                if ends { TranslatedForm::End } else { TranslatedForm::Update }, sending,
                &draft.on(|form: &mut Form, (language, field, text): translations::Change| *field(form.text.entry(language).or_default()) = text)) }
            { renotify(work, outcome) }
            { notify_fields(work, outcome) }
        </>
    }
}

fn status(work: &Work<'_>) -> Html {
    let statuses: &[Status] = match work.incident.kind {
        Kind::Incident | Kind::Unknown => &[
            Status::Investigating,
            Status::Identified,
            Status::Monitoring,
            Status::Resolved,
        ],
        Kind::Maintenance => &[
            Status::Scheduled,
            Status::InProgress,
            Status::Verifying,
            Status::Completed,
        ],
        Kind::Announcement => &[Status::Active, Status::Ended],
    };
    let choices = statuses
        .iter()
        .map(|status| Choice::new(*status, labels::status(*status)))
        .collect();
    let current = work.form.status.unwrap_or(work.incident.status);
    let field = Field::new("status", "Status").error(work.sending.error("/status"));
    let on = work
        .draft
        .on(|form: &mut Form, status| form.status = Some(status));
    input::choice(&field, Some(&current), choices, &on)
}

fn templates(work: &Work<'_>, ends: bool) -> Html {
    let occasion = if ends {
        Occasion::End
    } else {
        Occasion::Update
    };
    let placeholders = placeholders(work);
    let language = work.context.snapshot.site.primary_language();
    let on = work
        .draft
        .on(move |form: &mut Form, template: OfferedTemplate| {
            let texts = placeholders.fill_all(&template.texts, &language);
            let set = |field: &mut Option<String>, text: String| {
                if !text.is_empty() {
                    *field = Some(text);
                }
            };
            form.back_up();
            form.body = texts.body;
            form.text = placeholders.fill_translations(&template);
            form.status = template.status.or(form.status);
            set(&mut form.advice, texts.advice);
            set(&mut form.works, texts.works);
            set(&mut form.broken, texts.broken);
            if ends {
                form.check = texts.check;
            }
            if let Some(minutes) = template.next_update_minutes {
                form.promise = Promise::In(minutes);
            }
        });
    let restore = work.form.replaced.as_ref().map(|_| {
        work.draft.on(|form: &mut Form, ()| {
            if let Some(before) = form.replaced.take() {
                *form = *before;
            }
        })
    });
    let offered = templates::offered(occasion, &work.context.snapshot.templates);
    let is_blank = work.form.body.is_empty();
    html! { <TemplatePicker {offered} {is_blank} {on} {restore} /> }
}

/// Renders the Notify switch, and who is notified.
fn notify_fields(work: &Work<'_>, outcome: &Outcome) -> Html {
    let value = outcome::notifies(work, outcome);
    let on = work
        .draft
        .on(|form: &mut Form, notify| form.notify = Some(notify));
    html! {
        <>
            if value.is_some() { { notify::switch(value, work.incident.drill, &on) } }
            { notify::statement(outcome::count_receivers(work), None) }
        </>
    }
}

/// Renders the choice whether people who hid the notice see it again. The default is the outcome of the rules.
fn renotify(work: &Work<'_>, outcome: &Outcome) -> Html {
    let Ok((_, is_shown_again)) = &outcome.1 else {
        return Html::default();
    };
    let field = Field::new("renotify", "Show again to people who hid it")
        .hint("Always shown again if severity rises, the advice changes, or on resolve or reopen.");
    let choices = vec![Choice::new(true, "Yes"), Choice::new(false, "No")];
    input::choice(
        &field,
        Some(is_shown_again),
        choices,
        &work
            .draft
            .on(|form: &mut Form, on| form.renotify = Some(on)),
    )
}
