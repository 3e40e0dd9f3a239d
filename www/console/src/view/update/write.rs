//! The form of an update: the status, the message, and whether people who hid the notice see it again.

use notice::wire::words::{Kind, Status};
use yew::{Html, html};

use super::{Work, all_clear::all_clear, check::Outcome, going_on::going_on, stand_ins};
use crate::{
    form::{Promise, Say as Form},
    input::{self, Choice, Field},
    ready_made::{self, Moment, Ready},
    view::written,
    words,
};

/// The form.
pub fn fields(work: &Work<'_>, resolves: bool, outcome: &Outcome) -> Html {
    let Work {
        incident,
        draft,
        form,
        sending,
        ..
    } = work;
    let error = |pointer: &str| sending.error(pointer);
    let over = form.is_over(incident);
    let was_broken = incident.kind != Kind::Announcement;
    let (body, hint) = match (over, was_broken) {
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
            { templates(work, over) }
            { input::text(&Field::new("body", body).hint(hint).error(error("/body")),
                4, &form.body, draft.on(|form: &mut Form, text| form.body = text)) }
            if over && was_broken && words::is_bare(&form.body) {
                <p class="warning" role="status">{ "This says only that it is over. Say what went wrong and whether anything was lost." }</p>
            }
            if over { { all_clear(work) } } else { { going_on(work) } }
            { written::translations(&work.desk.facts.site.languages, &form.text,
                if over { written::Extent::End } else { written::Extent::Update }, sending,
                &draft.on(|form: &mut Form, (language, part, text): written::Change| *part(form.text.entry(language).or_default()) = text)) }
            { renotify(work, outcome) }
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
        .map(|status| Choice::new(*status, words::status(*status)))
        .collect();
    let standing = work.form.status.unwrap_or(work.incident.status);
    let field = Field::new("status", "Status").error(work.sending.error("/status"));
    let on = work
        .draft
        .on(|form: &mut Form, status| form.status = Some(status));
    input::choice(&field, Some(&standing), choices, &on)
}

fn templates(work: &Work<'_>, over: bool) -> Html {
    let moment = if over { Moment::End } else { Moment::Update };
    let stand_ins = stand_ins(work);
    let own = work.desk.facts.site.own_language();
    let on = work.draft.on(move |form: &mut Form, ready: Ready| {
        let words = stand_ins.put_all(&ready.words, &own);
        let set = |field: &mut Option<String>, text: String| {
            if !text.is_empty() {
                *field = Some(text);
            }
        };
        form.remember();
        form.body = words.body;
        form.text = stand_ins.translations(&ready);
        form.status = ready.status.or(form.status);
        set(&mut form.advice, words.advice);
        set(&mut form.works, words.works);
        set(&mut form.broken, words.broken);
        if over {
            form.check = words.check;
        }
        if let Some(minutes) = ready.minutes {
            form.promise = Promise::In(minutes);
        }
    });
    let back = work.form.replaced.as_ref().map(|_| {
        work.draft.on(|form: &mut Form, ()| {
            if let Some(before) = form.replaced.take() {
                *form = *before;
            }
        })
    });
    let offered = ready_made::offered(moment, &work.desk.facts.templates);
    let is_blank = work.form.body.is_empty();
    html! { <written::ReadyWords {offered} {is_blank} {on} {back} /> }
}

/// Whether people who hid the notice see it again: by the rules, unless the operator says otherwise.
fn renotify(work: &Work<'_>, outcome: &Outcome) -> Html {
    let Ok((_, raised)) = &outcome.1 else {
        return Html::default();
    };
    let field = Field::new("renotify", "Show again to people who hid it")
        .hint("Always shown again if severity rises, the advice changes, or on resolve or reopen.");
    let choices = vec![Choice::new(true, "Yes"), Choice::new(false, "No")];
    input::choice(
        &field,
        Some(raised),
        choices,
        &work
            .draft
            .on(|form: &mut Form, on| form.renotify = Some(on)),
    )
}
