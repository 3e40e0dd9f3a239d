//! What was said, and whether what was promised with it was kept.

use ::notice::{
    kept::{Kept, Promised, promises},
    limits,
    text::cut,
    wire::incident::Update,
};
use maud::{Markup, html};

use super::{
    Context, Shown,
    notice::{BEGINNING, moment, read_on},
    prose::beginning,
    words::{fill, filled},
};

/// How much of a timeline is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it, in view.
    Whole,
    /// So many entries in view and as many as the feed has in all, the others a tap away; long ones cut as in the feed.
    InView(usize),
    /// The beginning of the newest.
    Newest,
}

impl Extent {
    /// Entries in view, and those that are folded away.
    fn entries(self) -> (usize, usize) {
        match self {
            Self::Whole => (usize::MAX, 0),
            Self::InView(entries) => (entries, limits::FEED_UPDATES.saturating_sub(entries)),
            Self::Newest => (1, 0),
        }
    }

    /// Characters of one entry.
    fn characters(self) -> usize {
        match self {
            Self::Whole => usize::MAX,
            Self::InView(_) => limits::FEED_BODY,
            Self::Newest => BEGINNING,
        }
    }
}

/// One entry.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    update: &'a Update,
    promised: Option<Promised>,
    /// It stands elsewhere than before.
    moved: bool,
}

/// The timeline, newest first. What does not stand here stands on the incident's own page.
pub fn timeline(context: &Context<'_>, shown: &Shown<'_>, extent: Extent) -> Markup {
    let words = context.words;
    let all = entries(context, shown);
    let (in_view, folded) = extent.entries();
    let list = |entries: &[Entry<'_>]| {
        html! {
            ol class="timeline" { @for one in entries { (entry(context, shown, one, extent)) } }
        }
    };
    let (newest, older) = all.split_at_checked(in_view).unwrap_or((&all, &[]));
    let (older, rest) = older.split_at_checked(folded).unwrap_or((older, &[]));
    html! {
        @if !newest.is_empty() { (list(newest)) }
        @if !older.is_empty() {
            details id=(format!("earlier-{}", shown.incident.id)) {
                summary { (filled(words.earlier, &[&older.len().to_string()])) }
                (list(older))
            }
        }
        @if !rest.is_empty() {
            p class="soft" { a href=(context.link_to(shown.incident)) { (filled(words.all_updates, &[&all.len().to_string()])) } }
        }
    }
}

/// All entries, newest first.
fn entries<'a>(context: &Context<'_>, shown: &Shown<'a>) -> Vec<Entry<'a>> {
    let incident = shown.incident;
    let promised = promises(incident, context.site.overdue_after_s, context.now);
    let mut before = None;
    let entry = |(update, promised): (&'a Update, Option<Promised>)| Entry {
        update,
        promised,
        moved: before.replace(update.status) != Some(update.status),
    };
    let mut entries: Vec<Entry<'a>> = incident.updates.iter().zip(promised).map(entry).collect();
    entries.reverse();
    entries
}

fn entry(context: &Context<'_>, shown: &Shown<'_>, entry: &Entry<'_>, extent: Extent) -> Markup {
    let words = context.words;
    let update = entry.update;
    let translated = update.text.get(context.language);
    let own = context.site.own_language();
    let said = Some(words.standing(update.status)).filter(|said| entry.moved && !said.is_empty());
    let fallback = translated.is_none() && own != *context.language;
    let (body, was_cut) = cut(translated.unwrap_or(&update.body), extent.characters());
    html! {
        li id=(update.id) {
            p class="soft" {
                (moment(context, update.at))
                @if let Some(said) = said { " · " (said) }
                @if update.corrected_at.is_some() { " · " (words.corrected) }
            }
            div class="prose" lang=[fallback.then_some(&own)] { (beginning(body, was_cut)) }
            // Where only the newest begins, what stands below it leads to all of them.
            @if was_cut && (extent != Extent::Newest || shown.incident.updates.len() == 1) {
                (read_on(context, shown.incident))
            }
            @if let Some(promised) = entry.promised { (promise(context, promised)) }
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
                @let late = context.took(seconds);
                p class="soft late" { (fill(words.late, &[html! { (late) }, by])) }
            },
            Kept::Overdue => p class="soft late" { (fill(words.promised_overdue, &[by])) },
            // It stands above, with everything else that is promised.
            Kept::Due => {},
        }
    }
}
