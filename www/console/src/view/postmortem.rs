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
    api::{Failure, FieldError},
    clock,
    desk::Desk,
    draft::use_draft,
    form::lines,
    input::{self, Field},
    route::{Route, Task},
    submit::{self, Sending, Target},
    unfinished,
    view::{
        self,
        conflict::{Difference, conflict, settled},
        found::use_read_incident,
        incident::Props,
        theirs::use_theirs,
        when::{self, when},
    },
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Form {
    /// Of what it is to replace; the first one replaces nothing.
    etag: Option<String>,
    cause: String,
    start: String,
    end: String,
    remedy: String,
    prevention: String,
}

/// The view, once the incident is there with its entity tag.
#[component]
pub fn WritePostmortem(props: &Props) -> Html {
    match use_read_incident(&props.desk, &props.id) {
        Ok((incident, etag)) => {
            html! { <Writing desk={props.desk.clone()} incident={Rc::new(incident)} {etag} /> }
        }
        Err(shown) => shown,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct WritingProps {
    desk: Desk,
    incident: Rc<IncidentView>,
    etag: String,
}

fn begin(incident: &IncidentView, etag: &str) -> Form {
    let ended = incident.ended_at.unwrap_or_else(clock::now);
    let learned = incident.postmortem.clone().unwrap_or(Postmortem {
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
        cause: learned.root_cause,
        start: clock::to_input(learned.window.start),
        end: clock::to_input(learned.window.end),
        remedy: learned.remedy,
        prevention: learned.prevention.join("\n"),
    }
}

#[component]
fn Writing(props: &WritingProps) -> Html {
    let WritingProps {
        desk,
        incident,
        etag,
    } = props;
    let draft = use_draft(desk.slug(), &format!("postmortem:{}", incident.id), || {
        begin(incident, etag)
    });
    let sending = use_state(|| Sending::Idle);
    let theirs = use_theirs(desk, format!("/incidents/{}", incident.id), &sending);
    let form = draft.value();
    let back = Route::Incident(incident.id.clone(), Task::Read);
    let stands = incident.postmortem.is_some();
    let send = {
        let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
        let (back, path) = (
            back.clone(),
            format!("/incidents/{}/postmortem", incident.id),
        );
        let etag = form.etag.clone();
        let said = said(incident, clock::now());
        Callback::from(move |()| {
            if submit::has_to_settle(&sending) {
                return;
            }
            let (then, back) = (desk.clone(), back.clone());
            let done = Callback::from(move |_| {
                then.say.emit(said.to_owned());
                then.go(&back);
            });
            let target = Target {
                method: Method::PUT,
                ..Target::patch(path.clone(), etag.clone())
            };
            submit::submit(&desk, &draft, &sending, target, request, done);
        })
    };
    let shown = sending.with(wrong(&form));
    let error = |pointer: &str| shown.error(pointer);
    let site = &desk.facts.site;
    let both = |now: &IncidentView, etag: &str| {
        let now = Rc::new(begin(now, etag));
        let found = differences(&form, &now);
        let settled = settled(&draft, &sending, move |form: &mut Form, taken| {
            for name in taken {
                match *name {
                    "root_cause" => form.cause.clone_from(&now.cause),
                    "start" => form.start.clone_from(&now.start),
                    "end" => form.end.clone_from(&now.end),
                    "remedy" => form.remedy.clone_from(&now.remedy),
                    _ => form.prevention.clone_from(&now.prevention),
                }
            }
            form.etag.clone_from(&now.etag);
        });
        conflict(found, settled)
    };
    html! {
        <main class="column">
            { view::heading("Postmortem", Some(&incident.title)) }
            { theirs.shown(&sending, &["/root_cause", "/window", "/remedy", "/prevention"], both) }
            { input::text(&Field::new("cause", "Root cause").hint("In words that affected users understand.").error(error("/root_cause")), 4, &form.cause, draft.on(|form: &mut Form, text| form.cause = text)) }
            <div class="pair">
                { when(Field::new("start", "Start").error(error("/window/start")), site, &form.start, draft.on(|form: &mut Form, at| form.start = at)) }
                { when(Field::new("end", "End").error(error("/window/end")), site, &form.end, draft.on(|form: &mut Form, at| form.end = at)) }
            </div>
            { input::text(&Field::new("remedy", "How did you fix it?").error(error("/remedy")), 4, &form.remedy, draft.on(|form: &mut Form, text| form.remedy = text)) }
            { input::text(&Field::new("prevention", "How will you prevent it?").hint("One action per line.").error(error("/prevention")), 4, &form.prevention, draft.on(|form: &mut Form, text| form.prevention = text)) }
            { view::bar(Some((desk.href(&back), "Cancel")), view::primary(if stands { "Update postmortem" } else { "Publish postmortem" }, sending.is_busy() || theirs.is_reading(), send)) }
        </main>
    }
}

fn differences(mine: &Form, theirs: &Form) -> Vec<Difference> {
    let dated = |form: &Form| {
        [&form.start, &form.end].map(|text| {
            let at = clock::from_input(text);
            at.and_then(|at| clock::dated(at, None)).unwrap_or_default()
        })
    };
    let ([my_start, my_end], [their_start, their_end]) = (dated(mine), dated(theirs));
    [
        ("root_cause", "Root cause", &mine.cause, &theirs.cause),
        ("start", "Start", &my_start, &their_start),
        ("end", "End", &my_end, &their_end),
        (
            "remedy",
            "How did you fix it?",
            &mine.remedy,
            &theirs.remedy,
        ),
        (
            "prevention",
            "How will you prevent it?",
            &mine.prevention,
            &theirs.prevention,
        ),
    ]
    .into_iter()
    .filter(|(_, _, mine, theirs)| mine != theirs)
    .map(|(name, label, mine, theirs)| Difference {
        name,
        label: label.to_owned(),
        theirs: theirs.clone(),
        mine: mine.clone(),
    })
    .collect()
}

/// The errors of the fields as they are typed.
fn wrong(form: &Form) -> Vec<FieldError> {
    let (start, end) = (clock::from_input(&form.start), clock::from_input(&form.end));
    let is_before = start.zip(end).is_some_and(|(start, end)| end < start);
    let order = is_before.then(|| "End must not be before start.".to_owned());
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
        ("/window/start", when::wrong(&form.start)),
        ("/window/end", when::wrong(&form.end).or(order)),
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

/// The errors of required fields that are empty.
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
    let mut errors = wrong(form);
    errors.extend(missing(form));
    let (start, end) = (clock::from_input(&form.start), clock::from_input(&form.end));
    let (Some(start), Some(end), true) = (start, end, errors.is_empty()) else {
        return Err(submit::refusal(errors));
    };
    let input = NewPostmortem {
        root_cause: form.cause.trim().to_owned(),
        window: Window { start, end },
        remedy: form.remedy.trim().to_owned(),
        prevention: lines(&form.prevention),
    };
    notice::check::postmortem(&input).map_err(|rejection| submit::objection(&rejection))?;
    serde_json::to_string(&input).map_err(|_| Failure::Unreachable)
}

/// The confirmation after publishing.
fn said(incident: &IncidentView, now: Timestamp) -> &'static str {
    if incident.postmortem.is_some() {
        "Postmortem updated."
    } else if returns_with_postmortem(&incident.to_incident(), now) {
        "Postmortem published. People who saw the incident see it once, on the resolved notice."
    } else {
        "Postmortem published. It is on the incident's public page."
    }
}
