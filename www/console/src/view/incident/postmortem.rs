//! Writing a postmortem.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    project::view::IncidentView,
    state::returns_with_postmortem,
    wire::{
        feed::{Postmortem, Window},
        input::NewPostmortem,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    conflict::{
        merge::Difference,
        remote::use_remote,
        resolve::{on_resolved, resolution},
    },
    context::Context,
    form::{
        draft::use_draft,
        lines,
        sending::Sending,
        submit::{self, Target},
        unfinished,
    },
    route::{Route, Task},
    server::{
        failure::{Failure, FieldError},
        request,
    },
    time::{clock, date_field, format},
    ui::{
        self,
        input::{self, Field},
    },
    view::{
        IncidentProps,
        fields::date_time::{self, date_time},
        incident::load::use_tagged_incident,
    },
};

/// The form. Stored drafts use these field names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Form {
    /// Entity tag of the incident whose postmortem is replaced; `None` if it has no postmortem yet.
    etag: Option<String>,
    cause: String,
    start: String,
    end: String,
    remedy: String,
    prevention: String,
}

#[component]
pub fn WritePostmortem(props: &IncidentProps) -> Html {
    match use_tagged_incident(&props.context, &props.id) {
        Ok((incident, etag)) => {
            html! { <PostmortemForm context={props.context.clone()} incident={Rc::new(incident)} {etag} /> }
        }
        Err(placeholder) => placeholder,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct PostmortemFormProps {
    context: Context,
    incident: Rc<IncidentView>,
    etag: String,
}

fn initial_form(incident: &IncidentView, etag: &str) -> Form {
    let ended = incident.ended_at.unwrap_or_else(clock::now);
    let postmortem = incident.postmortem.clone().unwrap_or(Postmortem {
        root_cause: String::new(),
        window: Window {
            start: incident.started_at,
            end: ended,
        },
        remedy: String::new(),
        prevention: Vec::new(),
        published_at: ended,
    });
    Form {
        etag: incident.postmortem.is_some().then(|| etag.to_owned()),
        cause: postmortem.root_cause,
        start: date_field::from_timestamp(postmortem.window.start),
        end: date_field::from_timestamp(postmortem.window.end),
        remedy: postmortem.remedy,
        prevention: postmortem.prevention.join("\n"),
    }
}

#[component]
fn PostmortemForm(props: &PostmortemFormProps) -> Html {
    let PostmortemFormProps {
        context,
        incident,
        etag,
    } = props;
    let draft = use_draft(
        context.slug(),
        &format!("postmortem:{}", incident.id),
        || initial_form(incident, etag),
    );
    let sending = use_state(|| Sending::Idle);
    let remote = use_remote(context, format!("/incidents/{}", incident.id), &sending);
    let form = draft.value();
    let back = Route::Incident(incident.id.clone(), Task::Read);
    let is_published = incident.postmortem.is_some();
    let send = {
        let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
        let (back, path) = (
            back.clone(),
            format!("/incidents/{}/postmortem", incident.id),
        );
        let etag = form.etag.clone();
        let message = confirmation(incident, clock::now());
        Callback::from(move |()| {
            if submit::is_blocked_by_conflict(&sending) {
                return;
            }
            let (done_context, back) = (context.clone(), back.clone());
            let done = Callback::from(move |_| {
                done_context.notify.emit(message.to_owned());
                done_context.go(&back);
            });
            let target = Target {
                method: Method::PUT,
                ..Target::patch(path.clone(), etag.clone())
            };
            submit::submit(&context, &draft, &sending, target, request, done);
        })
    };
    let shown = sending.with_errors(errors(&form));
    let error = |pointer: &str| shown.error(pointer);
    let site = &context.snapshot.site;
    let resolve = |remote: &IncidentView, etag: &str| {
        let remote = Rc::new(initial_form(remote, etag));
        let differences = differences(&form, &remote);
        let resolved = on_resolved(&draft, &sending, move |form: &mut Form, from_remote| {
            for name in from_remote {
                match *name {
                    "root_cause" => form.cause.clone_from(&remote.cause),
                    "start" => form.start.clone_from(&remote.start),
                    "end" => form.end.clone_from(&remote.end),
                    "remedy" => form.remedy.clone_from(&remote.remedy),
                    _ => form.prevention.clone_from(&remote.prevention),
                }
            }
            form.etag.clone_from(&remote.etag);
        });
        resolution(differences, resolved)
    };
    html! {
        <main class="column">
            { ui::heading("Postmortem", Some(&incident.title)) }
            { remote.render(&sending, &["/root_cause", "/window", "/remedy", "/prevention"], resolve) }
            { input::text(&Field::new("cause", "Root cause").hint("In words that affected users understand.").error(error("/root_cause")), 4, &form.cause, draft.on(|form: &mut Form, text| form.cause = text)) }
            <div class="pair">
                { date_time(Field::new("start", "Start").error(error("/window/start")), site, &form.start, draft.on(|form: &mut Form, at| form.start = at)) }
                { date_time(Field::new("end", "End").error(error("/window/end")), site, &form.end, draft.on(|form: &mut Form, at| form.end = at)) }
            </div>
            { input::text(&Field::new("remedy", "How did you fix it?").error(error("/remedy")), 4, &form.remedy, draft.on(|form: &mut Form, text| form.remedy = text)) }
            { input::text(&Field::new("prevention", "How will you prevent it?").hint("One action per line.").error(error("/prevention")), 4, &form.prevention, draft.on(|form: &mut Form, text| form.prevention = text)) }
            { ui::action_bar(Some((context.href(&back), "Cancel")), ui::primary(if is_published { "Update postmortem" } else { "Publish postmortem" }, sending.is_busy() || remote.is_loading(), send)) }
        </main>
    }
}

fn differences(local: &Form, remote: &Form) -> Vec<Difference> {
    let times = |form: &Form| {
        [&form.start, &form.end].map(|text| {
            let at = date_field::parse(text);
            at.and_then(|at| format::with_weekday(at, None))
                .unwrap_or_default()
        })
    };
    let ([local_start, local_end], [remote_start, remote_end]) = (times(local), times(remote));
    [
        ("root_cause", "Root cause", &local.cause, &remote.cause),
        ("start", "Start", &local_start, &remote_start),
        ("end", "End", &local_end, &remote_end),
        (
            "remedy",
            "How did you fix it?",
            &local.remedy,
            &remote.remedy,
        ),
        (
            "prevention",
            "How will you prevent it?",
            &local.prevention,
            &remote.prevention,
        ),
    ]
    .into_iter()
    .filter(|(_, _, local, remote)| local != remote)
    .map(|(name, label, local, remote)| Difference {
        name,
        label: label.to_owned(),
        remote: remote.clone(),
        local: local.clone(),
    })
    .collect()
}

/// Returns the errors of the fields. An empty field is not an error here; see [`missing`].
fn errors(form: &Form) -> Vec<FieldError> {
    let (start, end) = (date_field::parse(&form.start), date_field::parse(&form.end));
    let is_reversed = start.zip(end).is_some_and(|(start, end)| end < start);
    let order_error = is_reversed.then(|| "End must not be before start.".to_owned());
    let texts = [
        ("/root_cause", &form.cause),
        ("/remedy", &form.remedy),
        ("/prevention", &form.prevention),
    ];
    let texts = texts.map(|(pointer, text)| {
        let reason = match pointer {
            "/prevention" => unfinished::reason_in_list(text),
            _ => unfinished::reason(text),
        };
        let reason = reason.map(str::to_owned);
        (pointer, reason)
    });
    let times = [
        ("/window/start", date_time::error(&form.start)),
        ("/window/end", date_time::error(&form.end).or(order_error)),
    ];
    let all = texts.into_iter().chain(times);
    all.filter_map(|(pointer, detail)| {
        Some(FieldError {
            pointer: pointer.to_owned(),
            detail: detail?,
        })
    })
    .collect()
}

/// Returns the errors of required fields that are empty.
fn missing(form: &Form) -> Vec<FieldError> {
    [
        ("/root_cause", &form.cause, "Write the root cause."),
        ("/window/start", &form.start, "Enter when it started."),
        ("/window/end", &form.end, "Enter when it ended."),
        ("/remedy", &form.remedy, "Write how you fixed it."),
    ]
    .into_iter()
    .filter(|(_, text, _)| text.trim().is_empty())
    .map(|(pointer, _, detail)| FieldError {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    })
    .collect()
}

fn request(form: &Form) -> Result<String, Failure> {
    let mut errors = errors(form);
    errors.extend(missing(form));
    let (start, end) = (date_field::parse(&form.start), date_field::parse(&form.end));
    let (Some(start), Some(end), true) = (start, end, errors.is_empty()) else {
        return Err(Failure::invalid(errors));
    };
    let input = NewPostmortem {
        root_cause: form.cause.trim().to_owned(),
        window: Window { start, end },
        remedy: form.remedy.trim().to_owned(),
        prevention: lines(&form.prevention),
    };
    notice::body::check::postmortem(&input).map_err(|rejection| Failure::from(&rejection))?;
    request::to_json(&input)
}

/// Returns the message after publishing.
fn confirmation(incident: &IncidentView, now: Timestamp) -> &'static str {
    if incident.postmortem.is_some() {
        "Postmortem updated."
    } else if returns_with_postmortem(&incident.to_incident(), now) {
        "Postmortem published. People who saw the incident see it once, on the resolved notice."
    } else {
        "Postmortem published. It is on the incident's public page."
    }
}
