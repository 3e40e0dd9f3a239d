//! One incident: its status, its timeline, and what can be done with it.

use std::rc::Rc;

use notice::{
    project::view::{IncidentView, UpdateView},
    wire::{ids::IncidentId, words::Kind},
};
use serde_json::json;
use yew::{Callback, Html, classes, component, html, use_state};

use crate::{
    changes::{self, Named},
    clock,
    desk::Desk,
    draft, reach,
    route::{Route, Stage, Task},
    submit::{self, Sending, Target},
    view::{
        self, blockers,
        conflict::{self, InView},
        edit::Fields,
        found::use_incident,
        home,
        sure::Sure,
        theirs::{Theirs, use_theirs},
    },
    words,
};

/// What views of one incident are given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What they work with.
    pub desk: Desk,
    /// Which.
    pub id: IncidentId,
}

/// The view.
#[component]
pub fn Incident(props: &Props) -> Html {
    clock::use_passing_time();
    let desk = &props.desk;
    let sending = use_state(|| Sending::Idle);
    // A draft is published once, however often it is tried, and as it was read.
    let key = use_state(draft::new_key);
    let read = use_state(|| None::<Rc<IncidentView>>);
    let theirs = use_theirs(desk, format!("/incidents/{}", props.id), &sending);
    let found = match use_incident(desk, &props.id) {
        Ok(found) if found.is_to_come => return view::reading(),
        Ok(found) => found,
        Err(shown) => return shown,
    };
    let (incident, etag) = (found.incident, found.read.and_then(Result::ok));
    let to = |task| desk.href(&Route::Incident(incident.id.clone(), task));
    let now = clock::now();
    let unfinished = match incident.draft {
        true => blockers::in_draft(&incident, &to),
        false => Vec::new(),
    };
    let is_unfinished = !unfinished.is_empty();
    let publish = {
        let (desk, sending, read) = (desk.clone(), sending.clone(), read.clone());
        let (known, key) = (Rc::new(incident.clone()), (*key).clone());
        // What is published is what was shown, also when that was shown beside what had been read before.
        let (known, etag) = match &theirs {
            Theirs::Read(now, etag) => (Rc::clone(now), Some(etag.to_string())),
            _ => (known, etag.clone()),
        };
        Callback::from(move |()| {
            if is_unfinished {
                return submit::point_at(blockers::ID);
            }
            let (then, published) = (desk.clone(), Rc::clone(&known));
            let done = Callback::from(move |_| {
                let said = reach::published(&then.facts, &published, clock::now());
                then.say.emit(said);
                then.go(&Route::Home);
            });
            let target = Target {
                key: Some(key.clone()),
                ..Target::patch(format!("/incidents/{}", known.id), etag.clone())
            };
            read.set(Some(Rc::clone(&known)));
            let body = Some(r#"{"draft":false}"#.to_owned());
            submit::act(&desk, &sending, target, body, done);
        })
    };
    let delete = {
        let (desk, sending, path) = (
            desk.clone(),
            sending.clone(),
            format!("/incidents/{}", incident.id),
        );
        Callback::from(move |()| {
            let then = desk.clone();
            let done = Callback::from(move |_| {
                then.say.emit("Draft deleted.".to_owned());
                then.go(&Route::Home);
            });
            let target = Target {
                method: gloo_net::http::Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::act(&desk, &sending, target, None, done);
        })
    };
    let publish_now = match etag {
        Some(_) => view::primary(
            "Publish now",
            sending.is_busy() || theirs.is_reading(),
            publish,
        ),
        None => view::primary("Load again", false, found.again),
    };
    html! {
        <main class="column">
            <article class={classes!("card", words::tone(&incident))}>
                <p class="severity">
                    { words::severity(&incident) }
                    if incident.is_open() { { " · " }{ words::status(incident.status) } }
                    if incident.draft { <span class="badge">{ "Draft" }</span> }
                    if incident.drill { <span class="badge">{ "Drill" }</span> }
                </p>
                <h1 tabindex="-1">{ &incident.title }</h1>
                <view::arrived::Arrived />
                <p class="soft">{ span(&incident) }</p>
                if let Some((words, late)) = home::owing(&incident, now) {
                    <p class={classes!("owing", late.then_some("late"))}>{ words }</p>
                }
                if let Some(reason) = &incident.withdrawn { <p>{ format!("Withdrawn: {reason}") }</p> }
                { facts(&incident) }
            </article>
            { blockers::list(&unfinished) }
            if incident.draft {
                { theirs.shown(&sending, &[], |now, _| since(read.as_deref(), now).into()) }
            } else if matches!(*sending, Sending::Failed(_)) {
                <p class="note" role="status">{ "Published." }</p>
            }
            if desk.session.may_write() { { more(&incident, &to, delete) } }
            <section>
                <h2>{ "Timeline" }</h2>
                if incident.updates.is_empty() { { view::empty("No updates yet.") } }
                <ol class="timeline">
                    { for incident.updates.iter().map(|update| said(update, incident.draft, desk.session.may_write().then(|| to(Task::Correct(update.id.clone()))))) }
                </ol>
            </section>
            if desk.session.may_write() { { next(&incident, &to, publish_now) } }
        </main>
    }
}

/// The fields of a draft that somebody else changed since it was loaded.
fn since(read: Option<&IncidentView>, now: &IncidentView) -> Html {
    let found = read.map(|read| changes::since(told(read), told(now)));
    let found = found.unwrap_or_default();
    html! {
        <InView key="since" class="conflict">
            <h2 tabindex="-1">{ "This draft was changed after you opened it" }</h2>
            { for found.iter().map(|difference| conflict::sides(difference, "Current version", "As you opened it")) }
            <p>{ "It is not published yet. Publishing now publishes the current version." }</p>
        </InView>
    }
}

/// Every field of a draft that users see.
fn told(incident: &IncidentView) -> Vec<Named> {
    let bodies: Vec<&String> = incident.updates.iter().map(|update| &update.body).collect();
    let parts: Vec<String> = incident
        .components
        .iter()
        .map(|touched| format!("{} {}", touched.name, words::component(touched.status)))
        .collect();
    let mut told = Fields::of(incident).values();
    told.extend([
        ("updates", "Message", json!(bodies)),
        ("components", "Components", json!(parts)),
    ]);
    told
}

fn span(incident: &IncidentView) -> String {
    if incident.draft {
        return match incident.publish_at {
            Some(at) => format!("Publishes {}", clock::time(at)),
            None => format!("Saved {}", clock::relative(incident.updated_at)),
        };
    }
    let began = clock::full(incident.started_at);
    match (incident.ended_at, incident.scheduled_until) {
        (Some(ended), _) => {
            let took = clock::stretch(ended.seconds() - incident.started_at.seconds());
            format!("{began} to {}, {took}", clock::full(ended))
        }
        (None, Some(until)) => format!("{began} to {}", clock::full(until)),
        _ => format!("Since {began}"),
    }
}

fn facts(incident: &IncidentView) -> Html {
    let list = |title: &str, entries: &[String]| {
        if entries.is_empty() {
            return Html::default();
        }
        html! { <div><dt>{ title }</dt><dd><ul>{ for entries.iter().map(|entry| html! { <li>{ entry }</li> }) }</ul></dd></div> }
    };
    html! {
        <dl class="facts">
            if let Some(advice) = &incident.advice { <div><dt>{ "What to do now" }</dt><dd>{ advice }</dd></div> }
            { list("What still works", &incident.works) }
            { list("What doesn't work", &incident.broken) }
            if let Some(restored) = &incident.restored {
                if let Some(check) = &restored.check { <div><dt>{ "What to check" }</dt><dd>{ check }</dd></div> }
                { list("What works again", &restored.back) }
                { list("What still doesn't work", &restored.still) }
            }
            if !incident.components.is_empty() {
                <div><dt>{ "Components" }</dt><dd><ul class="tones">
                    { for incident.components.iter().map(|touched| html! {
                        <li>{ &touched.name }{ " " }<span class={words::component_tone(touched.status)}>{ words::component(touched.status) }</span></li>
                    }) }
                </ul></dd></div>
            }
            if let Some(learned) = &incident.postmortem { <div><dt>{ "Root cause" }</dt><dd>{ &learned.root_cause }</dd></div> }
        </dl>
    }
}

/// Actions other than the next one.
fn more(incident: &IncidentView, to: &impl Fn(Task) -> String, delete: Callback<()>) -> Html {
    let gone = incident.withdrawn.is_some();
    let over = !incident.is_open();
    html! {
        <div class="buttons">
            if !incident.draft { <a class="button" href={to(Task::Share)}>{ "Share" }</a> }
            if !gone { <a class="button" href={to(Task::Edit)}>{ "Edit" }</a> }
            if over && !gone && incident.kind != Kind::Announcement {
                <a class="button" href={to(Task::Postmortem)}>{ "Postmortem" }</a>
            }
            if incident.draft {
                <Sure label="Delete draft" sure="Yes, delete it" on={delete} />
            } else if !gone {
                <a class="button" href={to(Task::Withdraw)}>{ "Withdraw" }</a>
            }
        </div>
    }
}

/// The next action: publish a draft, post an update, resolve or reopen.
fn next(incident: &IncidentView, to: &impl Fn(Task) -> String, publish: Html) -> Html {
    let over = !incident.is_open();
    let end = words::end(incident.kind);
    if incident.draft {
        view::bar(None, publish)
    } else if !over {
        let update = html! { <a class="button primary" href={to(Task::Update(Stage::Write))}>{ "Post an update" }</a> };
        view::bar(Some((to(Task::Resolve(Stage::Write)), end)), update)
    } else if incident.kind == Kind::Incident && incident.withdrawn.is_none() {
        view::bar(
            None,
            html! { <a class="button" href={to(Task::Update(Stage::Write))}>{ "Reopen" }</a> },
        )
    } else {
        Html::default()
    }
}

/// The promise that an update makes; a draft has promised nothing yet.
fn promised(time: &str, is_draft: bool) -> String {
    match is_draft {
        true => format!("Will promise the next update by {time} when it is published"),
        false => format!("Next update promised by {time}"),
    }
}

fn said(update: &UpdateView, is_draft: bool, correct: Option<String>) -> Html {
    html! {
        <li key={update.id.to_string()}>
            <p class="soft">
                { words::status(update.status) }{ " · " }{ clock::full(update.at) }
                if let Some(at) = update.corrected_at { { format!(" · corrected {}", clock::time(at)) } }
            </p>
            <p class="body">{ &update.body }</p>
            if let Some(promise) = update.next_update_at { <p class="soft">{ promised(&clock::time(promise), is_draft) }</p> }
            if let Some(href) = correct { <a {href}>{ "Correct" }</a> }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::promised;

    #[test]
    fn a_draft_has_promised_nothing_yet() {
        assert_eq!(promised("09:00", false), "Next update promised by 09:00");
        assert_eq!(
            promised("09:00", true),
            "Will promise the next update by 09:00 when it is published"
        );
    }
}
