//! The last 90 days as a chart: one stroke per day, long and coloured if an incident or maintenance was published. The
//! text below has the same content, so that the chart is hidden from assistive technology.

use ::notice::project::{
    days::{DayRow, day_starts, day_table},
    severity::{Severity, Span},
};
use maud::{Markup, html};

use super::{
    Context,
    texts::{Texts, fill_text},
};
use crate::date_format::TimeFormat;

/// Number of days in the chart.
pub const DAYS: i64 = 90;
/// Minimum age of a site with a chart, in days.
const MIN_DAYS: usize = 7;
/// Distance between strokes, in units of the view box.
const PITCH: usize = 8;

/// The chart and its text; `None` for a site that is younger than 7 days. `spans` are the site's severities over time, which must
/// include those of the last [`DAYS`] days.
pub fn days(context: &Context<'_>, spans: Vec<Span>) -> Option<Markup> {
    let most = usize::try_from(DAYS).unwrap_or_default();
    let day_of = |at| context.dates.format(at, TimeFormat::DayKey);
    let starts = day_starts(context.now, most, context.site.created_at, day_of);
    if starts.len() < MIN_DAYS {
        return None;
    }
    let days = day_table(&starts, spans).site;
    let strokes = |severity: Option<Severity>, stroke: &str| -> String {
        (0..)
            .zip(&days)
            .filter(|(_, day)| **day == severity)
            .map(|(number, _): (usize, _)| format!("M{} {stroke}", number * PITCH + PITCH / 2))
            .collect()
    };
    Some(html! {
        div class="days" {
            svg viewBox=(format!("0 0 {} 36", days.len() * PITCH)) preserveAspectRatio="none" aria-hidden="true" {
                path class="still" d=(strokes(None, "13v10")) {}
                @for severity in Severity::ALL {
                    @let drawn = strokes(Some(severity), "4v28");
                    @if !drawn.is_empty() { path class=(tone(severity)) d=(drawn) {} }
                }
            }
            p class="soft" { (sentence(context.texts, &days)) }
        }
    })
}

/// The class of a severity's colour.
fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Maintenance => "maintenance",
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Critical => "critical",
    }
}

fn sentence(texts: &Texts, days: &DayRow) -> String {
    let maintained = days
        .iter()
        .filter(|day| **day == Some(Severity::Maintenance))
        .count();
    let broken = days.iter().flatten().count() - maintained;
    let [all, shown_broken, shown_maintained] =
        [days.len(), broken, maintained].map(|count| count.to_string());
    match (broken, maintained) {
        (0, 0) => fill_text(texts.days_quiet, &[&all]),
        (_, 0) => fill_text(texts.days_broken, &[&all, &shown_broken]),
        (0, _) => fill_text(texts.days_maintained, &[&all, &shown_maintained]),
        _ => fill_text(texts.days_both, &[&all, &shown_broken, &shown_maintained]),
    }
}
