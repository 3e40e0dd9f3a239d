//! The heading of a notice: whom it is for, or how it ended, and its title.
//!
//! What has ended always says so before its title, which is in the present tense: "Resolved: Messages are delayed · 11:05".

use ::notice::{
    outcome::{Outcome, outcome},
    wire::feed::Restored,
};
use maud::{Markup, html};

use super::{
    Context, Shown,
    icon::icon,
    notice::{moment, segments},
    words::{fill, filled, tone},
};

/// How much a heading says of the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// "Resolved: Messages are delayed · 11:05", in lists.
    Short,
    /// "Resolved: Messages are delayed · 11:05, after 1 h 40 min", with an icon.
    Long,
}

/// The content of a heading. `title` is the title as an element.
pub fn heading(context: &Context<'_>, shown: &Shown<'_>, title: Markup, length: Length) -> Markup {
    let words = context.words;
    let notice = &shown.notice;
    match (&notice.restored, outcome(notice)) {
        (Some(restored), Some(outcome)) => {
            let icon = (length == Length::Long).then(|| icon(tone(notice)));
            let label = filled(words.labelled, &[label(context, outcome)]);
            let when = when(context, restored, outcome, length);
            let parts = [
                html! { span class="outcome" { (icon.unwrap_or_default()) (label) } },
                title,
                html! { span class="when" { (when) } },
            ];
            fill(words.outcome, &parts)
        }
        _ if notice.audience.segments.is_empty() => title,
        _ => html! {
            span class="whom" { (fill(words.for_segments, &[segments(notice)])) } " " (title)
        },
    }
}

/// The outcome in a word or two.
pub fn label(context: &Context<'_>, outcome: Outcome) -> &'static str {
    let words = context.words;
    match outcome {
        Outcome::Resolved => words.resolved_label,
        Outcome::MostlyResolved => words.mostly_resolved_label,
        Outcome::Completed => words.completed_label,
        Outcome::Ended => words.ended,
        Outcome::Withdrawn => words.withdrawn,
    }
}

fn when(context: &Context<'_>, restored: &Restored, outcome: Outcome, length: Length) -> Markup {
    let at = moment(context, restored.at);
    match (length, outcome) {
        (Length::Long, Outcome::Resolved | Outcome::MostlyResolved) => {
            let took = context.took(restored.seconds);
            fill(context.words.resolved_after, &[at, html! { (took) }])
        }
        _ => at,
    }
}
