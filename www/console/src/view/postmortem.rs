//! What was learned.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    project::view::IncidentView,
    wire::{
        feed::{Postmortem, Window},
        input::NewPostmortem,
    },
};
use serde::{Deserialize, Serialize};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::{Failure, FieldError, Problem},
    clock,
    desk::Desk,
    draft::use_draft,
    form::lines,
    input::{self, Field},
    route::{Route, Task},
    submit::{self, Sending, Target},
    view::{
        self,
        conflict::{Difference, conflict, settled},
        found::use_read_incident,
        incident::Props,
        theirs::use_theirs,
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
        Callback::from(move |()| {
            let (then, back) = (desk.clone(), back.clone());
            let done = Callback::from(move |_| {
                then.say.emit(
                    "Published. Those who were hit see it once on their all-clear.".to_owned(),
                );
                then.go(&back);
            });
            let target = Target {
                method: Method::PUT,
                ..Target::patch(path.clone(), etag.clone())
            };
            submit::submit(&desk, &draft, &sending, target, request, done);
        })
    };
    let error = |pointer: &str| sending.error(pointer);
    let both = |now: &IncidentView, etag: &str| {
        let now = Rc::new(begin(now, etag));
        let settle = |takes: bool| {
            let now = Rc::clone(&now);
            settled(&draft, &sending, move |form: &mut Form| {
                if takes {
                    form.clone_from(&now);
                }
                form.etag.clone_from(&now.etag);
            })
        };
        conflict(&differences(&form, &now), settle(false), settle(true))
    };
    html! {
        <main class="column">
            { view::heading("What was learned", Some(&incident.title)) }
            { theirs.shown(&sending, &["/root_cause", "/window", "/remedy", "/prevention"], both) }
            { input::text(&Field::new("cause", "What was the cause?").hint("In words that the people hit understand.").error(error("/root_cause")), 4, &form.cause, draft.on(|form: &mut Form, text| form.cause = text)) }
            <div class="pair">
                { input::line(&Field::new("start", "From").error(error("/window/start")), "datetime-local", &form.start, draft.on(|form: &mut Form, at| form.start = at)) }
                { input::line(&Field::new("end", "To").error(error("/window/end")), "datetime-local", &form.end, draft.on(|form: &mut Form, at| form.end = at)) }
            </div>
            { input::text(&Field::new("remedy", "What did you do?").error(error("/remedy")), 4, &form.remedy, draft.on(|form: &mut Form, text| form.remedy = text)) }
            { input::text(&Field::new("prevention", "What will you do so that it does not happen again?").hint("A line each.").error(error("/prevention")), 4, &form.prevention, draft.on(|form: &mut Form, text| form.prevention = text)) }
            { view::bar(Some((desk.href(&back), "Cancel")), view::primary(if stands { "Publish again" } else { "Publish" }, sending.is_busy() || theirs.is_reading(), send)) }
        </main>
    }
}

fn differences(mine: &Form, theirs: &Form) -> Vec<Difference> {
    [
        ("Cause", &mine.cause, &theirs.cause),
        ("From", &mine.start, &theirs.start),
        ("To", &mine.end, &theirs.end),
        ("What you did", &mine.remedy, &theirs.remedy),
        ("What you will do", &mine.prevention, &theirs.prevention),
    ]
    .into_iter()
    .filter(|(_, mine, theirs)| mine != theirs)
    .map(|(label, mine, theirs)| Difference {
        label: label.to_owned(),
        theirs: theirs.clone(),
        mine: mine.clone(),
    })
    .collect()
}

fn request(form: &Form) -> Result<String, Failure> {
    let (Some(start), Some(end)) = (clock::from_input(&form.start), clock::from_input(&form.end))
    else {
        return Err(missing("/window/start", "say from when to when"));
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

/// A field that is not filled in.
fn missing(pointer: &str, detail: &str) -> Failure {
    Failure::Refused(Problem {
        status: 422,
        code: "invalid_field".to_owned(),
        detail: String::new(),
        errors: vec![FieldError {
            pointer: pointer.to_owned(),
            detail: detail.to_owned(),
        }],
    })
}
