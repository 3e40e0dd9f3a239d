//! Incidents, maintenance and announcements: one list, with filters. Overdue updates come first, drafts last.

use notice::{
    project::view::IncidentView,
    wire::{
        time::Timestamp,
        words::{Impact, Kind, Status},
    },
};
use yew::{Html, classes, component, html};

use crate::{
    clock,
    desk::{Desk, Facts},
    route::{Route, Stage, Step, Task},
    view::{
        self, maintenance,
        older::Older,
        tabs::{Tab, tabs},
        unsaved::{self, Unsaved},
    },
    words,
};

/// How many resolved entries the list of what is open ends with.
const RECENT: usize = 3;

/// Which entries are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Everything that is open or planned, and drafts.
    Open,
    /// Maintenance, also completed.
    Maintenance,
    /// Announcements, also ended.
    Announcements,
    /// Drafts.
    Drafts,
    /// Everything that is over.
    Resolved,
}

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Which entries.
    pub filter: Filter,
}

/// The view.
#[component]
pub fn Incidents(props: &Props) -> Html {
    clock::use_passing_time();
    let Props { desk, filter } = props;
    let (heading, content) = match filter {
        Filter::Open => (open_heading(&desk.facts), open(desk)),
        Filter::Maintenance => ("Maintenance".to_owned(), planned_work(desk)),
        Filter::Announcements => ("Announcements".to_owned(), announcements(desk)),
        Filter::Drafts => ("Drafts".to_owned(), drafts(desk)),
        Filter::Resolved => (
            "Resolved".to_owned(),
            html! { <Older key="resolved" desk={desk.clone()} empty="Nothing has been resolved yet." /> },
        ),
    };
    html! {
        <main class="column">
            { view::heading(&heading, None) }
            { filters(desk, *filter) }
            { content }
            if !desk.session.may_write() { <p class="soft">{ view::READS_ONLY }</p> }
        </main>
    }
}

fn filters(desk: &Desk, filter: Filter) -> Html {
    let of = |kind: Kind| found(desk, |one| one.kind == kind && is_public(one)).len();
    let drafts = found(desk, |one| one.draft).len();
    let tab = |route: Route, label, count| Tab {
        route,
        label,
        count,
    };
    let all = [
        tab(Route::Home, "Open", open_incidents(&desk.facts)),
        tab(Route::Maintenance, "Maintenance", of(Kind::Maintenance)),
        tab(
            Route::Announcements,
            "Announcements",
            of(Kind::Announcement),
        ),
        tab(Route::Drafts, "Drafts", drafts + unsaved::count(desk)),
        tab(Route::Resolved, "Resolved", 0),
    ];
    let current = match filter {
        Filter::Open => Route::Home,
        Filter::Maintenance => Route::Maintenance,
        Filter::Announcements => Route::Announcements,
        Filter::Drafts => Route::Drafts,
        Filter::Resolved => Route::Resolved,
    };
    tabs(desk, "Filter", &all, &current)
}

fn found(desk: &Desk, fits: impl Fn(&IncidentView) -> bool) -> Vec<&IncidentView> {
    let all = desk.facts.incidents.iter();
    all.filter(|incident| fits(incident)).collect()
}

/// Whether it is open or planned, and no draft.
fn is_public(incident: &IncidentView) -> bool {
    incident.is_open() && !incident.draft
}

/// Whether it is maintenance that has not begun.
fn is_planned(incident: &IncidentView) -> bool {
    incident.status == Status::Scheduled
}

/// Everything that is open: by when its next update is due, then the newest first.
fn in_force(desk: &Desk, fits: impl Fn(&IncidentView) -> bool) -> Vec<&IncidentView> {
    let mut open = found(desk, |one| is_public(one) && !is_planned(one) && fits(one));
    open.sort_by_key(|incident| {
        let owed = incident.owed_at.map_or(i64::MAX, Timestamp::seconds);
        (owed, -incident.started_at.seconds())
    });
    open
}

fn planned(desk: &Desk) -> Vec<&IncidentView> {
    let mut planned = found(desk, |one| is_public(one) && is_planned(one));
    planned.sort_by_key(|incident| incident.scheduled_for);
    planned
}

fn cards(desk: &Desk, label: &'static str, open: &[&IncidentView]) -> Html {
    let now = clock::now();
    if open.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-label={label}>
            <ul class="cards">{ for open.iter().map(|incident| card(desk, incident, now)) }</ul>
        </section>
    }
}

fn open(desk: &Desk) -> Html {
    let mut over = found(desk, |one| !one.is_open() && !one.draft);
    over.truncate(RECENT);
    html! {
        <>
            if desk.facts.components.is_empty() { { first_steps(desk) } }
            { cards(desk, "Open", &in_force(desk, |_| true)) }
            { list(desk, "Scheduled", &planned(desk)) }
            { list(desk, "Resolved", &over) }
            { list(desk, "Drafts", &found(desk, |one| one.draft)) }
            <Unsaved desk={desk.clone()} />
            if desk.session.may_write() {
                <div class="buttons">
                    { begin(desk, Kind::Maintenance, "Schedule maintenance") }
                    { begin(desk, Kind::Announcement, "New announcement") }
                </div>
            }
        </>
    }
}

fn planned_work(desk: &Desk) -> Html {
    let running = in_force(desk, |one| one.kind == Kind::Maintenance);
    let planned = planned(desk);
    let warnings = planned.iter().filter_map(|incident| {
        let (from, until) = (incident.scheduled_for, incident.scheduled_until);
        let words = maintenance::outside(&desk.facts.site, from, until)?;
        Some(html! { <p class="warning">{ format!("{}: {words}", incident.title) }</p> })
    });
    html! {
        <>
            { for warnings }
            { cards(desk, "In progress", &running) }
            { list(desk, "Scheduled", &planned) }
            if running.is_empty() && planned.is_empty() { { view::empty("No maintenance is scheduled.") } }
            <Older key="maintenance" desk={desk.clone()} title="Completed" query="&kind=maintenance" />
            if desk.session.may_write() {
                <div class="buttons">{ begin(desk, Kind::Maintenance, "Schedule maintenance") }</div>
            }
        </>
    }
}

fn announcements(desk: &Desk) -> Html {
    let current = in_force(desk, |one| one.kind == Kind::Announcement);
    html! {
        <>
            { cards(desk, "Current", &current) }
            if current.is_empty() { { view::empty("No announcement is published.") } }
            <Older key="announcements" desk={desk.clone()} title="Ended" query="&kind=announcement" />
            if desk.session.may_write() {
                <div class="buttons">{ begin(desk, Kind::Announcement, "New announcement") }</div>
            }
        </>
    }
}

fn drafts(desk: &Desk) -> Html {
    let drafts = found(desk, |one| one.draft);
    html! {
        <>
            if drafts.is_empty() && unsaved::count(desk) == 0 { { view::empty("No drafts.") } }
            { list(desk, "Saved on the server", &drafts) }
            <Unsaved desk={desk.clone()} />
        </>
    }
}

fn begin(desk: &Desk, kind: Kind, label: &'static str) -> Html {
    html! { <a class="button" href={desk.href(&Route::Publish(kind, Step::What))}>{ label }</a> }
}

/// What to set up on a new site.
fn first_steps(desk: &Desk) -> Html {
    html! {
        <div class="note">
            <p>{ "This site is new. Set it up before something breaks:" }</p>
            <ul>
                <li><a href={desk.href(&Route::Components)}>{ "Add the components of your product" }</a></li>
                <li><a href={desk.href(&Route::Contacts)}>{ "Add support contacts" }</a></li>
                <li><a href={desk.href(&Route::OnCall)}>{ "Add on-call targets" }</a></li>
                <li><a href="/docs/embed">{ "Add the embed to your pages" }</a></li>
            </ul>
        </div>
    }
}

/// How many incidents are open, drills not among them. Maintenance and announcements have their own filters and counts.
fn open_incidents(facts: &Facts) -> usize {
    let all = facts.incidents.iter();
    all.filter(|one| is_public(one) && one.kind == Kind::Incident && !one.drill)
        .count()
}

fn open_heading(facts: &Facts) -> String {
    match open_incidents(facts) {
        0 => "No open incidents".to_owned(),
        1 => "1 open incident".to_owned(),
        many => format!("{many} open incidents"),
    }
}

/// When the next update is due, as a sentence and whether it is overdue.
pub fn owing(incident: &IncidentView, now: Timestamp) -> Option<(String, bool)> {
    let owed = incident.owed_at?;
    let late = now >= owed;
    let promised = incident.next_update_at.is_some();
    let stretch = clock::stretch(owed.seconds() - now.seconds());
    let words = match (late, promised) {
        (true, true) => format!(
            "Update overdue by {stretch} (promised by {})",
            clock::time(owed)
        ),
        (true, false) => format!("Update overdue by {stretch}"),
        (false, true) => format!("Next update by {}, in {stretch}", clock::time(owed)),
        (false, false) => format!("Next update due in {stretch}"),
    };
    Some((words, late))
}

fn card(desk: &Desk, incident: &IncidentView, now: Timestamp) -> Html {
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
                        <a class="button" href={to(Task::Resolve(Stage::Write))}>{ words::end(incident.kind) }</a>
                    }
                </div>
            }
        </li>
    }
}

/// A list of incidents, a line each, under a heading where there is one; nothing where it is empty.
pub fn list(desk: &Desk, title: &str, incidents: &[&IncidentView]) -> Html {
    if incidents.is_empty() {
        return Html::default();
    }
    html! {
        <section>
            if !title.is_empty() { <h2>{ title }</h2> }
            <ul class="rows">{ for incidents.iter().map(|incident| row(desk, incident)) }</ul>
        </section>
    }
}

fn row(desk: &Desk, incident: &IncidentView) -> Html {
    let href = desk.href(&Route::Incident(incident.id.clone(), Task::Read));
    html! {
        <li class={words::tone(incident)}>
            <a {href}>{ &incident.title }</a>
            <span class="soft">{ summary(incident) }</span>
        </li>
    }
}

/// What an incident is and when, in a few words.
fn summary(incident: &IncidentView) -> String {
    let what = words::severity(incident);
    if incident.draft {
        return match incident.publish_at {
            Some(at) => format!("{what} · Draft, publishes {}", clock::time(at)),
            None => format!("{what} · Draft"),
        };
    }
    match (incident.ended_at, incident.scheduled_for) {
        (Some(at), _) => ended(incident, at),
        (None, Some(from)) => {
            let until = incident.scheduled_until.map(clock::time);
            format!(
                "{what} · {} to {}",
                clock::time(from),
                until.unwrap_or_default()
            )
        }
        (None, None) => format!("{what} · Since {}", clock::time(incident.started_at)),
    }
}

/// `Resolved 4 min ago`; of maintenance and announcements also what it was.
fn ended(incident: &IncidentView, at: Timestamp) -> String {
    let when = clock::relative(at);
    let how = words::ended(incident);
    match incident.kind {
        Kind::Incident | Kind::Unknown => format!("{how} {when}"),
        kind => format!("{} · {how} {when}", words::kind(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::{open_heading, open_incidents};
    use crate::{
        desk::Facts,
        testing::{facts, incident},
    };
    use serde_json::json;

    #[test]
    fn heading_and_filter_count_open_incidents_alike() {
        let planned = json!({ "kind": "maintenance", "impact": null,
            "scheduled_for": "2026-11-22T06:00:00Z", "scheduled_until": "2026-11-22T07:00:00Z" });
        let all = [
            json!({}),
            json!({ "impact": "none" }),
            planned,
            json!({ "kind": "announcement", "impact": null }),
            json!({ "drill": true }),
            json!({ "draft": true }),
            json!({ "status": "resolved" }),
        ];
        let facts = Facts {
            incidents: all.iter().map(incident).collect(),
            ..facts()
        };
        assert_eq!(open_incidents(&facts), 2);
        assert_eq!(open_heading(&facts), "2 open incidents");
    }
}
