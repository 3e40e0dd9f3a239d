//! The list of incidents, maintenance and announcements, with filters. Incidents that an outage of the service delayed come first, then overdue updates, drafts last.

mod past;
mod rows;
mod unsaved;

use notice::{
    project::view::IncidentView,
    wire::{
        enums::{Impact, Kind, Status},
        time::Timestamp,
    },
};
use yew::{Html, classes, component, html};

use crate::{
    context::{Context, Snapshot},
    route::{Route, Step, Task, UpdateStep},
    rules::quiet_hours,
    text::{due, labels},
    time::clock,
    ui::{
        self,
        tabs::{Tab, tabs},
    },
    view::{
        fields::notify::{KnownWebhooks, use_webhooks},
        incident::missed,
        incidents::{past::PastIncidents, unsaved::Unsaved},
    },
};

/// Number of ended incidents that are listed after the open ones.
const RECENT: usize = 3;

/// Which entries are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Everything that is open or scheduled, and drafts.
    Open,
    /// Maintenance, with a list of completed work.
    Maintenance,
    /// Announcements, with a list of those that have ended.
    Announcements,
    Drafts,
    /// Everything that has ended.
    Resolved,
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub filter: Filter,
}

#[component]
pub fn Incidents(props: &Props) -> Html {
    clock::use_passing_time();
    let Props { context, filter } = props;
    let webhooks = use_webhooks(context, missed::of_site(context).next().is_some());
    let (heading, content) = match filter {
        Filter::Open => (open_heading(&context.snapshot), open(context, &webhooks)),
        Filter::Maintenance => ("Maintenance".to_owned(), maintenance(context, &webhooks)),
        Filter::Announcements => (
            "Announcements".to_owned(),
            announcements(context, &webhooks),
        ),
        Filter::Drafts => ("Drafts".to_owned(), drafts(context, &webhooks)),
        Filter::Resolved => (
            "Resolved".to_owned(),
            html! { <PastIncidents key="resolved" context={context.clone()} empty="Nothing has been resolved yet." /> },
        ),
    };
    html! {
        <main class="column">
            { ui::heading(&heading, None) }
            { filters(context, *filter) }
            { content }
            if !context.session.may_write() { <p class="soft">{ ui::WRITE_ACCESS }</p> }
        </main>
    }
}

fn filters(context: &Context, filter: Filter) -> Html {
    let of = |kind: Kind| incidents_where(context, |one| one.kind == kind && is_public(one)).len();
    let drafts = incidents_where(context, |one| one.draft).len();
    let tab = |route: Route, label, count| Tab {
        route,
        label,
        count,
    };
    let all = [
        tab(Route::Home, "Open", count_open(&context.snapshot)),
        tab(Route::Maintenance, "Maintenance", of(Kind::Maintenance)),
        tab(
            Route::Announcements,
            "Announcements",
            of(Kind::Announcement),
        ),
        tab(Route::Drafts, "Drafts", drafts + unsaved::count(context)),
        tab(Route::Resolved, "Resolved", 0),
    ];
    let current = match filter {
        Filter::Open => Route::Home,
        Filter::Maintenance => Route::Maintenance,
        Filter::Announcements => Route::Announcements,
        Filter::Drafts => Route::Drafts,
        Filter::Resolved => Route::Resolved,
    };
    tabs(context, "Filter", &all, &current)
}

fn incidents_where(
    context: &Context,
    is_wanted: impl Fn(&IncidentView) -> bool,
) -> Vec<&IncidentView> {
    let all = context.snapshot.incidents.iter();
    all.filter(|incident| is_wanted(incident)).collect()
}

/// Returns whether an incident is open or scheduled, not a draft, and does not wait for an operator to publish it.
fn is_public(incident: &IncidentView) -> bool {
    incident.is_open() && !incident.draft && incident.missed_at.is_none()
}

/// Returns whether an incident is a draft that is not listed as missed.
fn is_draft(incident: &IncidentView) -> bool {
    incident.draft && incident.missed_at.is_none()
}

/// Returns whether an incident is maintenance that has not started.
fn is_scheduled(incident: &IncidentView) -> bool {
    incident.status == Status::Scheduled
}

/// Returns the open incidents that have started, ordered by the time of their next update, then newest first.
fn started(context: &Context, is_wanted: impl Fn(&IncidentView) -> bool) -> Vec<&IncidentView> {
    let mut open = incidents_where(context, |one| {
        is_public(one) && !is_scheduled(one) && is_wanted(one)
    });
    open.sort_by_key(|incident| {
        let due = incident.owed_at.map_or(i64::MAX, Timestamp::seconds);
        (due, -incident.started_at.seconds())
    });
    open
}

fn scheduled(context: &Context) -> Vec<&IncidentView> {
    let mut scheduled = incidents_where(context, |one| is_public(one) && is_scheduled(one));
    scheduled.sort_by_key(|incident| incident.scheduled_for);
    scheduled
}

fn cards(context: &Context, label: &'static str, incidents: &[&IncidentView]) -> Html {
    let now = clock::now();
    if incidents.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-label={label}>
            <ul class="cards">{ for incidents.iter().map(|incident| card(context, incident, now)) }</ul>
        </section>
    }
}

fn open(context: &Context, webhooks: &KnownWebhooks) -> Html {
    let mut ended = incidents_where(context, |one| !one.is_open() && !one.draft);
    ended.truncate(RECENT);
    html! {
        <>
            if context.snapshot.components.is_empty() { { first_steps(context) } }
            { missed::list(context, webhooks) }
            { cards(context, "Open", &started(context, |_| true)) }
            { rows::list(context, "Scheduled", &scheduled(context)) }
            { rows::list(context, "Resolved", &ended) }
            { rows::list(context, "Drafts", &incidents_where(context, is_draft)) }
            <Unsaved context={context.clone()} />
            if context.session.may_write() {
                <div class="buttons">
                    { new_button(context, Kind::Maintenance, "Schedule maintenance") }
                    { new_button(context, Kind::Announcement, "New announcement") }
                </div>
            }
        </>
    }
}

fn maintenance(context: &Context, webhooks: &KnownWebhooks) -> Html {
    let running = started(context, |one| one.kind == Kind::Maintenance);
    let scheduled = scheduled(context);
    let warnings = scheduled.iter().filter_map(|incident| {
        let (from, until) = (incident.scheduled_for, incident.scheduled_until);
        let warning = quiet_hours::warning(&context.snapshot.site, from, until)?;
        Some(html! { <p class="warning">{ format!("{}: {warning}", incident.title) }</p> })
    });
    html! {
        <>
            { missed::list(context, webhooks) }
            { for warnings }
            { cards(context, "In progress", &running) }
            { rows::list(context, "Scheduled", &scheduled) }
            if running.is_empty() && scheduled.is_empty() { { ui::empty("No maintenance is scheduled.") } }
            <PastIncidents key="maintenance" context={context.clone()} title="Completed" query="&kind=maintenance" />
            if context.session.may_write() {
                <div class="buttons">{ new_button(context, Kind::Maintenance, "Schedule maintenance") }</div>
            }
        </>
    }
}

fn announcements(context: &Context, webhooks: &KnownWebhooks) -> Html {
    let current = started(context, |one| one.kind == Kind::Announcement);
    html! {
        <>
            { missed::list(context, webhooks) }
            { cards(context, "Current", &current) }
            if current.is_empty() { { ui::empty("No announcement is published.") } }
            <PastIncidents key="announcements" context={context.clone()} title="Ended" query="&kind=announcement" />
            if context.session.may_write() {
                <div class="buttons">{ new_button(context, Kind::Announcement, "New announcement") }</div>
            }
        </>
    }
}

fn drafts(context: &Context, webhooks: &KnownWebhooks) -> Html {
    let drafts = incidents_where(context, is_draft);
    html! {
        <>
            { missed::list(context, webhooks) }
            if drafts.is_empty() && unsaved::count(context) == 0 { { ui::empty("No drafts.") } }
            { rows::list(context, "Saved on the server", &drafts) }
            <Unsaved context={context.clone()} />
        </>
    }
}

fn new_button(context: &Context, kind: Kind, label: &'static str) -> Html {
    html! { <a class="button" href={context.href(&Route::Publish(kind, Step::Scope))}>{ label }</a> }
}

/// Renders the steps to set up a new site.
fn first_steps(context: &Context) -> Html {
    html! {
        <div class="note">
            <p>{ "This site is new. Set it up before something breaks:" }</p>
            <ul>
                <li><a href={context.href(&Route::Components)}>{ "Add the components of your product" }</a></li>
                <li><a href={context.href(&Route::Contacts)}>{ "Add support contacts" }</a></li>
                <li><a href={context.href(&Route::OnCall)}>{ "Add on-call targets" }</a></li>
                <li><a href="/docs/embed">{ "Add the embed to your pages" }</a></li>
            </ul>
        </div>
    }
}

/// Counts the open incidents without drills. Maintenance and announcements have their own filters and counts.
fn count_open(snapshot: &Snapshot) -> usize {
    let all = snapshot.incidents.iter();
    all.filter(|one| is_public(one) && one.kind == Kind::Incident && !one.drill)
        .count()
}

fn open_heading(snapshot: &Snapshot) -> String {
    match count_open(snapshot) {
        0 => "No open incidents".to_owned(),
        1 => "1 open incident".to_owned(),
        many => format!("{many} open incidents"),
    }
}

fn card(context: &Context, incident: &IncidentView, now: Timestamp) -> Html {
    let to = |task| context.href(&Route::Incident(incident.id.clone(), task));
    let next_update = due::next_update(incident, now);
    html! {
        <li class={classes!("card", labels::tone(incident))}>
            <p class="severity">
                { labels::severity(incident) }{ " · " }{ labels::status(incident.status) }
                if incident.drill { <span class="badge">{ "Drill" }</span> }
            </p>
            <h2><a href={to(Task::Read)}>{ &incident.title }</a></h2>
            if let Some((sentence, is_overdue)) = next_update {
                <p class={classes!("owing", is_overdue.then_some("late"))}>{ sentence }</p>
            }
            if context.session.may_write() {
                <div class="buttons">
                    <a class="button" href={to(Task::Update(UpdateStep::Write))}>{ "Post an update" }</a>
                    if incident.kind == Kind::Incident && incident.impact != Impact::Unknown {
                        <a class="button" href={to(Task::Resolve(UpdateStep::Write))}>{ labels::end_action(incident.kind) }</a>
                    }
                </div>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::{count_open, open_heading};
    use crate::{
        context::Snapshot,
        testing::{incident, snapshot},
    };
    use serde_json::json;

    #[test]
    fn the_heading_counts_open_incidents_without_drills() {
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
        let snapshot = Snapshot {
            incidents: all.iter().map(incident).collect(),
            ..snapshot()
        };
        assert_eq!(count_open(&snapshot), 2);
        assert_eq!(open_heading(&snapshot), "2 open incidents");
    }
}
