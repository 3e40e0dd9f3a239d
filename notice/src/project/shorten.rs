//! How a feed that is too large gives way: older updates first, then long words, then lesser notices; the most pressing
//! one never.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{
    limits,
    text::cut,
    wire::{
        feed::{Feed, Notice},
        ids::IncidentId,
    },
};

/// A notice larger than this, in bytes, may have words to spare: shorter words are better than a notice less.
const LONG: usize = 1024;
/// Characters that a long text keeps.
const TEXT: usize = 500;
/// Entries that a long list keeps.
const LIST: usize = 5;
/// Components that a long list keeps.
const COMPONENTS: usize = 20;
/// Contacts that a long list keeps.
const CONTACTS: usize = 3;

/// The feed's exact body, at most [`limits::FEED`] bytes. `None` when it cannot be written as JSON, which no feed is
/// known to.
pub fn fit(mut feed: Feed) -> Option<String> {
    let mut squeezed = BTreeSet::new();
    loop {
        let body = serde_json::to_string(&feed).ok()?;
        if body.len() <= limits::FEED || !shorten(&mut feed, &mut squeezed) {
            return Some(body);
        }
    }
}

/// Takes one thing away; `false` when nothing is left to take.
fn shorten(feed: &mut Feed, squeezed: &mut BTreeSet<IncidentId>) -> bool {
    let timelines = feed.notices.iter_mut();
    let longest = timelines
        .filter(|notice| notice.updates.len() > 1)
        .max_by_key(|notice| notice.updates.len());
    if let Some(notice) = longest {
        notice.updates.pop();
        notice.updates_more = notice.updates_more.saturating_add(1);
        return true;
    }
    let largest = feed
        .notices
        .iter_mut()
        .filter(|notice| !squeezed.contains(&notice.id))
        .map(|notice| (size(notice), notice))
        .filter(|(size, _)| *size > LONG)
        .max_by_key(|(size, _)| *size);
    if let Some((_, notice)) = largest {
        squeezed.insert(notice.id.clone());
        squeeze(notice);
        return true;
    }
    // The first is the most pressing: losing it would say that all is well.
    feed.notices.len() > 1 && feed.notices.pop().is_some()
}

fn size(notice: &Notice) -> usize {
    serde_json::to_string(notice).map_or(0, |text| text.len())
}

/// Keeps what a stressed reader needs; whom it is for stays whole, and the rest stands behind the link.
fn squeeze(notice: &mut Notice) {
    for update in &mut notice.updates {
        let (short, was_cut) = cut(&update.body, TEXT);
        update.truncated |= was_cut;
        update.body = short.to_owned();
    }
    shorten_text(&mut notice.advice);
    notice.works.truncate(LIST);
    notice.broken.truncate(LIST);
    // What is still broken stays: else a page could take its part to be over.
    notice
        .components
        .sort_by_key(|component| Reverse(component.status));
    notice.components.truncate(COMPONENTS);
    notice.contacts.truncate(CONTACTS);
    if let Some(restored) = &mut notice.restored {
        restored.back.truncate(LIST);
        restored.still.truncate(LIST);
        shorten_text(&mut restored.check);
        if let Some(postmortem) = &mut restored.postmortem {
            for text in [&mut postmortem.root_cause, &mut postmortem.remedy] {
                *text = cut(text, TEXT).0.to_owned();
            }
            postmortem.prevention.truncate(LIST);
            for step in &mut postmortem.prevention {
                *step = cut(step, limits::LIST_ENTRY).0.to_owned();
            }
        }
    }
}

fn shorten_text(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = cut(text, TEXT).0.to_owned();
    }
}
