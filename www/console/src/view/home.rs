//! What is owed next, overdue first; and what else is under way.

use notice::{
    project::view::IncidentView,
    wire::{
        time::Timestamp,
        words::{Impact, Kind},
    },
};
use yew::{Callback, Html, classes, component, html, use_force_update};

use crate::{
    clock,
    desk::Desk,
    draft,
    route::{Route, Stage, Step, Task},
    view::{self, DeskProps, sure::Sure},
    words,
};

/// How many of what is over are shown here.
const RECENT: usize = 3;

/// The first view.
#[component]
pub fn Home(props: &DeskProps) -> Html {
    clock::use_passing_time();
    let desk = &props.desk;
    let now = clock::now();
    let all = || desk.facts.incidents.iter();
    let mut open: Vec<&IncidentView> = all()
        .filter(|incident| incident.is_open() && !incident.draft && !waits(incident))
        .collect();
    // What is owed first comes first; of what nothing is owed, the newest.
    open.sort_by_key(|incident| {
        let owed = incident.owed_at.map_or(i64::MAX, Timestamp::seconds);
        (owed, -incident.started_at.seconds())
    });
    let held: Vec<&IncidentView> = all().filter(|incident| incident.draft).collect();
    let planned: Vec<&IncidentView> = all()
        .filter(|incident| incident.is_open() && !incident.draft && waits(incident))
        .collect();
    let over: Vec<&IncidentView> = all()
        .filter(|incident| !incident.is_open() && !incident.draft)
        .take(RECENT)
        .collect();
    let publish = |kind| desk.href(&Route::Publish(kind, Step::What));
    html! {
        <main class="column">
            { view::heading(&sentence(&open), None) }
            <Unfinished desk={desk.clone()} />
            if desk.facts.components.is_empty() {
                <div class="note">
                    <p>{ "This site is new. Before something breaks:" }</p>
                    <ul>
                        <li><a href={desk.href(&Route::Components)}>{ "Name the parts of your product" }</a></li>
                        <li><a href={desk.href(&Route::Settings)}>{ "Say whom users reach, and who is on call" }</a></li>
                        <li><a href="/docs/embed">{ "Put the card on your pages" }</a></li>
                    </ul>
                </div>
            }
            if !open.is_empty() {
                <section aria-label="Under way">
                    <ul class="cards">{ for open.iter().map(|incident| owed(desk, incident, now)) }</ul>
                </section>
            }
            { list(desk, "Held back", &held) }
            { list(desk, "Planned", &planned) }
            { list(desk, "Over", &over) }
            if desk.session.may_write() {
                <div class="buttons">
                    <a class="button" href={publish(Kind::Maintenance)}>{ "Plan work" }</a>
                    <a class="button" href={publish(Kind::Announcement)}>{ "Announce something" }</a>
                </div>
                { view::bar(None, html! { <a class="button primary" href={publish(Kind::Incident)}>{ "Something is broken" }</a> }) }
            } else {
                <p class="soft">{ view::READS_ONLY }</p>
            }
        </main>
    }
}

/// Planned work that has not begun.
fn waits(incident: &IncidentView) -> bool {
    incident.status == notice::wire::words::Status::Scheduled
}

fn sentence(open: &[&IncidentView]) -> String {
    let broken = open
        .iter()
        .filter(|incident| incident.kind == Kind::Incident && !incident.drill)
        .count();
    match (broken, open.len()) {
        (0, 0) => "All is well".to_owned(),
        (0, _) => "Nothing is broken".to_owned(),
        (1, _) => "One problem is open".to_owned(),
        (many, _) => format!("{many} problems are open"),
    }
}

/// When the next word is owed, as a sentence and whether it is late.
pub fn owing(incident: &IncidentView, now: Timestamp) -> Option<(String, bool)> {
    let owed = incident.owed_at?;
    let late = now >= owed;
    let promised = incident.next_update_at.is_some();
    let stretch = clock::stretch(owed.seconds() - now.seconds());
    let words = match (late, promised) {
        (true, true) => format!("Promised for {}: {stretch} late", clock::time(owed)),
        (true, false) => format!("An update has been owed for {stretch}"),
        (false, true) => format!(
            "Next update promised by {}, in {stretch}",
            clock::time(owed)
        ),
        (false, false) => format!("Next update owed in {stretch}"),
    };
    Some((words, late))
}

fn owed(desk: &Desk, incident: &IncidentView, now: Timestamp) -> Html {
    let to = |task| desk.href(&Route::Incident(incident.id.clone(), task));
    let owing = owing(incident, now);
    html! {
        <li class={classes!("card", words::tone(incident))}>
            <p class="severity">
                { words::severity(incident) }{ " · " }{ words::status(incident.status) }
                if incident.drill { <span class="badge">{ "Drill" }</span> }
            </p>
            <h2><a href={to(Task::Read)}>{ &incident.title }</a></h2>
            if let Some((words, late)) = owing {
                <p class={classes!("owing", late.then_some("late"))}>{ words }</p>
            }
            if desk.session.may_write() {
                <div class="buttons">
                    <a class="button" href={to(Task::Update(Stage::Write))}>{ "Post an update" }</a>
                    if incident.kind == Kind::Incident && incident.impact != Impact::Unknown {
                        <a class="button" href={to(Task::Resolve(Stage::Write))}>{ "It works again" }</a>
                    }
                </div>
            }
        </li>
    }
}

/// A list of incidents, a line each.
pub fn list(desk: &Desk, title: &str, incidents: &[&IncidentView]) -> Html {
    if incidents.is_empty() {
        return Html::default();
    }
    html! {
        <section>
            <h2>{ title }</h2>
            <ul class="rows">{ for incidents.iter().map(|incident| row(desk, incident)) }</ul>
        </section>
    }
}

fn row(desk: &Desk, incident: &IncidentView) -> Html {
    let href = desk.href(&Route::Incident(incident.id.clone(), Task::Read));
    let when = match (incident.draft, incident.publish_at, incident.scheduled_for) {
        (true, Some(at), _) => format!("Publishes itself {}", clock::time(at)),
        (true, None, _) => "Draft".to_owned(),
        (_, _, Some(at)) if incident.is_open() => {
            let until = incident.scheduled_until.map(clock::time);
            format!("{} to {}", clock::time(at), until.unwrap_or_default())
        }
        _ => match incident.ended_at {
            Some(at) => format!("Over {}", clock::relative(at)),
            None => format!("Since {}", clock::time(incident.started_at)),
        },
    };
    html! {
        <li class={words::tone(incident)}>
            <a {href}>{ &incident.title }</a>
            <span class="soft">{ words::severity(incident) }{ " · " }{ when }</span>
        </li>
    }
}

/// What was begun on this device and not sent.
#[component]
fn Unfinished(props: &DeskProps) -> Html {
    let redraw = use_force_update();
    let desk = &props.desk;
    let forms: Vec<(String, Route, String)> = draft::unfinished(desk.slug())
        .into_iter()
        .filter_map(|form| {
            let (route, words) = described(desk, &form)?;
            Some((form, route, words))
        })
        .collect();
    if forms.is_empty() {
        return Html::default();
    }
    let discard = |form: String| {
        let (slug, redraw) = (desk.slug().clone(), redraw.clone());
        Callback::from(move |()| {
            draft::discard(&slug, &form);
            redraw.force_update();
        })
    };
    html! {
        <section>
            <h2>{ "Unfinished on this device" }</h2>
            <ul class="rows">
                { for forms.into_iter().map(|(form, route, words)| html! {
                    <li key={form.clone()}>
                        <a href={desk.href(&route)}>{ words }</a>
                        <div class="buttons small"><Sure label="Discard" sure="Yes, discard it" on={discard(form)} /></div>
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// Which view a kept form belongs to.
fn described(desk: &Desk, form: &str) -> Option<(Route, String)> {
    let (name, rest) = form.split_once(':').unwrap_or((form, ""));
    if name == "new" {
        let route = Route::parse(&format!("new/{rest}"))?;
        let Route::Publish(kind, _) = route else {
            return None;
        };
        return Some((route, format!("New: {}", words::kind(kind).to_lowercase())));
    }
    let (id, extra) = rest.split_once(':').unwrap_or((rest, ""));
    let path = match name {
        "template" if id == "new" => "templates/new".to_owned(),
        "template" => format!("templates/{id}"),
        "settings" | "components" | "access" => name.to_owned(),
        _ if extra.is_empty() => format!("incidents/{id}/{name}"),
        _ => format!("incidents/{id}/{name}/{extra}"),
    };
    let route = Route::parse(&path)?;
    let words = match &route {
        Route::Incident(id, task) => {
            let title = desk
                .incident(id)
                .map_or_else(|| id.to_string(), |incident| incident.title.clone());
            let what = match task {
                Task::Update(_) => "Update",
                Task::Resolve(_) => "All-clear",
                Task::Edit => "Change",
                Task::Withdraw => "Withdrawal",
                Task::Correct(_) => "Correction",
                Task::Postmortem => "Postmortem",
                Task::Share => "Text to share",
                Task::Read => return None,
            };
            format!("{what}: {title}")
        }
        Route::Template(_) => "Template".to_owned(),
        Route::Settings => "Settings".to_owned(),
        Route::Components => "New component".to_owned(),
        Route::Access => "Invitation or token".to_owned(),
        _ => return None,
    };
    Some((route, words))
}
