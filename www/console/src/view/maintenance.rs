//! Planned work as a list, and whether it falls into the hours when it disturbs least.

use notice::{
    project::view::IncidentView,
    wire::{
        site::Site,
        time::Timestamp,
        words::{Kind, Status},
    },
};
use yew::{Html, component, html};

use crate::{
    clock,
    route::{Route, Step},
    view::{self, DeskProps, home},
};

/// The view.
#[component]
pub fn Maintenance(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let all: Vec<&IncidentView> = desk
        .facts
        .incidents
        .iter()
        .filter(|incident| incident.kind == Kind::Maintenance)
        .collect();
    let of = |fits: fn(&IncidentView) -> bool| -> Vec<&IncidentView> {
        let mut found: Vec<&IncidentView> = all
            .iter()
            .copied()
            .filter(|incident| fits(incident))
            .collect();
        found.sort_by_key(|incident| incident.scheduled_for);
        found
    };
    let planned = of(|incident| incident.is_open() && incident.status == Status::Scheduled);
    let running = of(|incident| incident.is_open() && incident.status != Status::Scheduled);
    let mut over = of(|incident| !incident.is_open());
    over.reverse();
    let site = &desk.facts.site;
    let warnings = planned.iter().filter_map(|incident| {
        let words = outside(site, incident.scheduled_for, incident.scheduled_until)?;
        Some(html! { <p class="warning">{ format!("{}: {words}", incident.title) }</p> })
    });
    html! {
        <main class="column">
            { view::heading("Maintenance", None) }
            { for warnings }
            if all.is_empty() { { view::empty("No work is planned.") } }
            { home::list(desk, "Under way", &running) }
            { home::list(desk, "Planned", &planned) }
            { home::list(desk, "Done", &over) }
            if desk.session.may_write() {
                { view::bar(None, html! { <a class="button primary" href={desk.href(&Route::Publish(Kind::Maintenance, Step::What))}>{ "Plan work" }</a> }) }
            }
        </main>
    }
}

/// A warning, when planned work falls outside the site's quiet hours.
pub fn outside(site: &Site, from: Option<Timestamp>, until: Option<Timestamp>) -> Option<String> {
    let hours = site.quiet_hours.as_ref()?;
    let (begins, ends) = (minutes(&hours.from)?, minutes(&hours.until)?);
    let zone = site.time_zone.as_str();
    let out = [from?, until?.plus_seconds(-60)].into_iter().any(|at| {
        clock::minute_of_day(at, zone).is_some_and(|minute| !within(minute, begins, ends))
    });
    out.then(|| {
        format!(
            "outside the quiet hours, {} to {} ({zone}). More people will be disturbed.",
            hours.from, hours.until
        )
    })
}

fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

/// Whether a minute of the day lies between two, past midnight where the second is the earlier.
fn within(minute: u32, begins: u32, ends: u32) -> bool {
    if begins <= ends {
        (begins..ends).contains(&minute)
    } else {
        minute >= begins || minute < ends
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn hours_may_pass_midnight() {
        for (minute, begins, ends, inside) in [
            (60, 0, 120, true),
            (120, 0, 120, false),
            (1380, 1320, 360, true),
            (359, 1320, 360, true),
            (600, 1320, 360, false),
        ] {
            assert_eq!(within(minute, begins, ends), inside, "{minute}");
        }
    }
}
