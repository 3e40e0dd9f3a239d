//! Lists of incidents, one line each.

use notice::{
    project::view::IncidentView,
    wire::{enums::Kind, time::Timestamp},
};
use yew::{Html, html};

use crate::{
    context::Context,
    route::{Route, Task},
    text::labels,
    time::format,
};

/// Renders a list of incidents, one line each, with an optional heading. Renders nothing for an empty list.
pub fn list(context: &Context, title: &str, incidents: &[&IncidentView]) -> Html {
    if incidents.is_empty() {
        return Html::default();
    }
    html! {
        <section>
            if !title.is_empty() { <h2>{ title }</h2> }
            <ul class="rows">{ for incidents.iter().map(|incident| row(context, incident)) }</ul>
        </section>
    }
}

fn row(context: &Context, incident: &IncidentView) -> Html {
    let href = context.href(&Route::Incident(incident.id.clone(), Task::Read));
    html! {
        <li class={labels::tone(incident)}>
            <a {href}>{ &incident.title }</a>
            <span class="soft">{ summary(incident) }</span>
        </li>
    }
}

/// Returns an incident's kind, severity and times in a few words.
fn summary(incident: &IncidentView) -> String {
    let severity = labels::severity(incident);
    if incident.draft {
        return match incident.publish_at {
            Some(at) => format!("{severity} · Draft, publishes {}", format::time(at)),
            None => format!("{severity} · Draft"),
        };
    }
    match (incident.ended_at, incident.scheduled_for) {
        (Some(at), _) => ending(incident, at),
        (None, Some(from)) => {
            let until = incident.scheduled_until.map(format::time);
            format!(
                "{severity} · {} to {}",
                format::time(from),
                until.unwrap_or_default()
            )
        }
        (None, None) => format!("{severity} · Since {}", format::time(incident.started_at)),
    }
}

/// `Resolved 4 min ago`; for maintenance and announcements with their kind.
fn ending(incident: &IncidentView, at: Timestamp) -> String {
    let when = format::relative(at);
    let how = labels::ending(incident);
    match incident.kind {
        Kind::Incident | Kind::Unknown => format!("{how} {when}"),
        kind => format!("{} · {how} {when}", labels::kind(kind)),
    }
}
