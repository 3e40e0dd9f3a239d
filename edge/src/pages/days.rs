//! The last 90 days at a glance: a stroke a day, long and coloured where something was published as broken or maintained.
//! The sentence below says the same, so that the strokes are for the eye alone.

use std::collections::BTreeMap;

use ::notice::wire::{
    incident::Incident,
    words::{Impact, Kind, Status},
};
use maud::{Markup, html};

use super::{
    Context,
    clock::Shape,
    words::{Words, filled},
};

/// Days that are looked back at.
pub const DAYS: i64 = 90;
/// A site that is younger than so many days has no strokes: they would say more than is known.
const FEWEST: usize = 7;
/// Seconds in a day.
const DAY_S: i64 = 86_400;
/// Units from one stroke to the next, in the drawing's own measure.
const PITCH: usize = 8;

/// What a day can have been, each graver than the one before: its colour, and its place here.
const TONES: [&str; 4] = ["maintenance", "minor", "major", "critical"];

/// The strokes and their sentence; `None` for a new site. `incidents` are at least those that ended in these days and those
/// that go on.
pub fn days<'a>(
    context: &Context<'_>,
    incidents: impl Iterator<Item = &'a Incident>,
) -> Option<Markup> {
    let days = known(context);
    if days.len() < FEWEST {
        return None;
    }
    let key = |at| context.clock.say(at, Shape::DayKey);
    let mut worst: BTreeMap<usize, usize> = BTreeMap::new();
    for incident in incidents {
        let Some(grade) = grade(incident) else {
            continue;
        };
        let lasted = key(incident.started_at)..=key(incident.ended_at.unwrap_or(context.now));
        for (number, _) in days
            .iter()
            .enumerate()
            .filter(|(_, day)| lasted.contains(*day))
        {
            let day = worst.entry(number).or_insert(grade);
            *day = grade.max(*day);
        }
    }
    let strokes = |wanted: Option<usize>, stroke: &str| -> String {
        (0..days.len())
            .filter(|number| worst.get(number).copied() == wanted)
            .map(|number| format!("M{} {stroke}", number * PITCH + PITCH / 2))
            .collect()
    };
    Some(html! {
        div class="days" {
            svg viewBox=(format!("0 0 {} 36", days.len() * PITCH)) preserveAspectRatio="none" aria-hidden="true" {
                path class="still" d=(strokes(None, "13v10")) {}
                @for (grade, tone) in TONES.iter().enumerate() {
                    @let drawn = strokes(Some(grade), "4v28");
                    @if !drawn.is_empty() { path class=(tone) d=(drawn) {} }
                }
            }
            p class="soft" { (sentence(context.words, days.len(), &worst)) }
        }
    })
}

fn sentence(words: &Words, days: usize, worst: &BTreeMap<usize, usize>) -> String {
    let broken = worst.values().filter(|grade| **grade > 0).count();
    let maintained = worst.len() - broken;
    let [days, shown_broken, shown_maintained] =
        [days, broken, maintained].map(|count| count.to_string());
    match (broken, maintained) {
        (0, 0) => filled(words.days_quiet, &[&days]),
        (_, 0) => filled(words.days_broken, &[&days, &shown_broken]),
        (0, _) => filled(words.days_maintained, &[&days, &shown_maintained]),
        _ => filled(words.days_both, &[&days, &shown_broken, &shown_maintained]),
    }
}

/// The days of the site's time zone, oldest first, since there was a site.
fn known(context: &Context<'_>) -> Vec<String> {
    let key = |at| context.clock.say(at, Shape::DayKey);
    let first = key(context.site.created_at);
    let mut days: Vec<String> = (0..DAYS)
        .rev()
        .map(|before| key(context.now.plus_seconds(-before * DAY_S)))
        .filter(|day| *day >= first)
        .collect();
    // Where clocks are set back, a day has 25 hours.
    days.dedup();
    days
}

/// How grave it was, as a place in [`TONES`]; `None` where nothing was broken or worked on.
fn grade(incident: &Incident) -> Option<usize> {
    if incident.withdrawn.is_some() || incident.status == Status::Scheduled {
        return None;
    }
    match (incident.kind, incident.worst_impact) {
        (Kind::Maintenance, _) => Some(0),
        (Kind::Announcement, _) | (_, Impact::None) => None,
        (_, Impact::Critical) => Some(3),
        (_, Impact::Major) => Some(2),
        _ => Some(1),
    }
}
