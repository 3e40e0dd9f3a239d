//! The timeline: updates, and whether their promises were kept.

use ::notice::{
    limits,
    project::promises_kept::{EvaluatedPromise, PromiseOutcome, promises},
    text::cut::cut,
    wire::incident::Update,
};
use maud::{Markup, html};

use super::{
    Context, ShownIncident,
    notice::{EXCERPT, read_more, time_element},
    prose::excerpt,
    texts::{fill_markup, fill_text},
};

/// The part of a timeline that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All entries, in view.
    Whole,
    /// This many entries in view and the others collapsed, together at most as many as in the feed; long entries are cut as in
    /// the feed.
    InView(usize),
    /// An excerpt of the newest entry.
    Newest,
}

impl Extent {
    /// Maximum number of entries in view, and of collapsed ones.
    fn entries(self) -> (usize, usize) {
        match self {
            Self::Whole => (usize::MAX, 0),
            Self::InView(entries) => (entries, limits::FEED_UPDATES.saturating_sub(entries)),
            Self::Newest => (1, 0),
        }
    }

    /// Maximum length of an entry, in characters.
    fn characters(self) -> usize {
        match self {
            Self::Whole => usize::MAX,
            Self::InView(_) => limits::FEED_BODY,
            Self::Newest => EXCERPT,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    update: &'a Update,
    promised: Option<EvaluatedPromise>,
    /// Whether the update's status differs from that of the previous update.
    status_changed: bool,
}

/// The timeline, newest first, with a link to the incident's page if it does not show all.
pub fn timeline(context: &Context<'_>, shown: &ShownIncident<'_>, extent: Extent) -> Markup {
    let texts = context.texts;
    let all = entries(context, shown);
    let (in_view, collapsed) = extent.entries();
    let list = |entries: &[Entry<'_>]| {
        html! {
            ol class="timeline" { @for one in entries { (entry(context, shown, one, extent)) } }
        }
    };
    let (newest, older) = all.split_at_checked(in_view).unwrap_or((&all, &[]));
    let (older, rest) = older.split_at_checked(collapsed).unwrap_or((older, &[]));
    html! {
        @if !newest.is_empty() { (list(newest)) }
        @if !older.is_empty() {
            details id=(format!("earlier-{}", shown.incident.id)) {
                summary { (fill_text(texts.earlier, &[&older.len().to_string()])) }
                (list(older))
            }
        }
        @if !rest.is_empty() {
            p class="soft" { a href=(context.link_to(shown.incident)) { (fill_text(texts.all_updates, &[&all.len().to_string()])) } }
        }
    }
}

/// All entries, newest first.
fn entries<'a>(context: &Context<'_>, shown: &ShownIncident<'a>) -> Vec<Entry<'a>> {
    let incident = shown.incident;
    let promised = promises(incident, context.site.overdue_after_s, context.now);
    let mut before = None;
    let entry = |(update, promised): (&'a Update, Option<EvaluatedPromise>)| Entry {
        update,
        promised,
        status_changed: before.replace(update.status) != Some(update.status),
    };
    let mut entries: Vec<Entry<'a>> = incident.updates.iter().zip(promised).map(entry).collect();
    entries.reverse();
    entries
}

fn entry(
    context: &Context<'_>,
    shown: &ShownIncident<'_>,
    entry: &Entry<'_>,
    extent: Extent,
) -> Markup {
    let texts = context.texts;
    let update = entry.update;
    let translated = update.text.get(context.language);
    let own = context.site.primary_language();
    let status = Some(texts.status_sentence(update.status))
        .filter(|text| entry.status_changed && !text.is_empty());
    let is_untranslated = translated.is_none() && own != *context.language;
    let (body, was_cut) = cut(translated.unwrap_or(&update.body), extent.characters());
    html! {
        li id=(update.id) {
            p class="soft" {
                (time_element(context, update.at))
                @if let Some(status) = status { " · " (status) }
                @if update.corrected_at.is_some() { " · " (texts.corrected) }
            }
            div class="prose" lang=[is_untranslated.then_some(&own)] { (excerpt(body, was_cut)) }
            // Below an excerpt of the newest entry, the link to all updates follows if there are more.
            @if was_cut && (extent != Extent::Newest || shown.incident.updates.len() == 1) {
                (read_more(context, shown.incident))
            }
            @if let Some(promised) = entry.promised { (promise(context, promised)) }
        }
    }
}

fn promise(context: &Context<'_>, promised: EvaluatedPromise) -> Markup {
    let texts = context.texts;
    let by = time_element(context, promised.by);
    html! {
        @match promised.outcome {
            PromiseOutcome::InTime => p class="soft kept" { (fill_markup(texts.kept, &[by])) },
            PromiseOutcome::Late(seconds) => {
                @let late = context.duration(seconds);
                p class="soft late" { (fill_markup(texts.late, &[html! { (late) }, by])) }
            },
            PromiseOutcome::Overdue => p class="soft late" { (fill_markup(texts.promised_overdue, &[by])) },
            // Shown above, with the other promises.
            PromiseOutcome::Due => {},
        }
    }
}
