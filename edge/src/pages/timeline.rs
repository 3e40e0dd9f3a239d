//! What was said, and whether what was promised with it was kept.

use ::notice::{
    kept::{Kept, Promised, promises},
    wire::incident::Update,
};
use maud::{Markup, html};

use super::{
    Context, Shown,
    notice::moment,
    prose::prose,
    words::{fill, filled},
};

/// The timeline, newest first. Past so many entries, the older ones are folded away.
pub fn timeline(context: &Context<'_>, shown: &Shown<'_>, unfolded: usize) -> Markup {
    let incident = shown.incident;
    let promised = promises(incident, context.site.overdue_after_s, context.now);
    let entries: Vec<(&Update, Option<Promised>)> =
        incident.updates.iter().zip(promised).rev().collect();
    let (newest, older) = entries
        .split_at_checked(unfolded)
        .unwrap_or((&entries, &[]));
    html! {
        @if !newest.is_empty() {
            ol class="timeline" {
                @for (update, promised) in newest { (entry(context, update, *promised)) }
            }
        }
        @if !older.is_empty() {
            details id=(format!("earlier-{}", incident.id)) {
                summary { (filled(context.words.earlier, &[&older.len().to_string()])) }
                ol class="timeline" {
                    @for (update, promised) in older { (entry(context, update, *promised)) }
                }
            }
        }
    }
}

fn entry(context: &Context<'_>, update: &Update, promised: Option<Promised>) -> Markup {
    let words = context.words;
    let translated = update.text.get(context.language);
    let own = context.site.own_language();
    let said = words.standing(update.status);
    let fallback = translated.is_none() && own != *context.language;
    html! {
        li id=(update.id) {
            p class="soft" {
                (moment(context, update.at))
                @if !said.is_empty() { " · " (said) }
                @if update.corrected_at.is_some() { " · " (words.corrected) }
            }
            div class="prose" lang=[fallback.then_some(&own)] { (prose(translated.unwrap_or(&update.body))) }
            @if let Some(promised) = promised { (promise(context, promised)) }
        }
    }
}

fn promise(context: &Context<'_>, promised: Promised) -> Markup {
    let words = context.words;
    let by = moment(context, promised.by);
    html! {
        @match promised.kept {
            Kept::InTime => p class="soft kept" { (fill(words.kept, &[by])) },
            Kept::Late(seconds) => {
                @let late = words.duration(seconds);
                p class="soft late" { (fill(words.late, &[by, html! { (late) }])) }
            },
            Kept::Overdue => p class="soft late" { (fill(words.promised_overdue, &[by])) },
            // It stands above, with everything else that is promised.
            Kept::Due => {},
        }
    }
}
