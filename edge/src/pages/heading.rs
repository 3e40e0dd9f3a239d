//! The heading of a notice: its segments or its outcome, and its title.
//!
//! The outcome comes before the title, which is in the present tense: "Resolved: Messages are delayed · 11:05".

use ::notice::{
    browser::outcome::{Outcome, outcome},
    wire::feed::Restored,
};
use maud::{Markup, html};

use super::{
    Context, ShownIncident,
    icon::icon,
    notice::{segments, time_element},
    texts::{fill_markup, fill_text, tone},
};

/// The amount of detail about the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingLength {
    /// "Resolved: Messages are delayed · 11:05", in lists.
    Short,
    /// "Resolved: Messages are delayed · 11:05, after 1 h 40 min", with an icon.
    Long,
}

/// The content of a heading. `title` is the title's element.
pub fn heading(
    context: &Context<'_>,
    shown: &ShownIncident<'_>,
    title: Markup,
    length: HeadingLength,
) -> Markup {
    let texts = context.texts;
    let notice = &shown.notice;
    match (&notice.restored, outcome(notice)) {
        (Some(restored), Some(outcome)) => {
            let icon = (length == HeadingLength::Long).then(|| icon(tone(notice)));
            let label = fill_text(texts.labelled, &[label(context, outcome)]);
            let when = when(context, restored, outcome, length);
            let parts = [
                html! { span class="outcome" { (icon.unwrap_or_default()) (label) } },
                title,
                html! { span class="when" { (when) } },
            ];
            fill_markup(texts.outcome, &parts)
        }
        _ if notice.audience.segments.is_empty() => title,
        _ => html! {
            span class="whom" { (fill_markup(texts.for_segments, &[segments(notice)])) } " " (title)
        },
    }
}

/// The label of an outcome.
pub fn label(context: &Context<'_>, outcome: Outcome) -> &'static str {
    let texts = context.texts;
    match outcome {
        Outcome::Resolved => texts.resolved_label,
        Outcome::MostlyResolved => texts.mostly_resolved_label,
        Outcome::Completed => texts.completed_label,
        Outcome::Ended => texts.ended,
        Outcome::Withdrawn => texts.withdrawn,
    }
}

fn when(
    context: &Context<'_>,
    restored: &Restored,
    outcome: Outcome,
    length: HeadingLength,
) -> Markup {
    let at = time_element(context, restored.at);
    match (length, outcome) {
        (HeadingLength::Long, Outcome::Resolved | Outcome::MostlyResolved) => {
            let took = context.duration(restored.seconds);
            fill_markup(context.texts.resolved_after, &[at, html! { (took) }])
        }
        _ => at,
    }
}
