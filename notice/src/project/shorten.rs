//! Shortens a feed whose notices exceed a limit: first drops older updates, then cuts long texts and lists, then drops
//! the least pressing notices. Never drops the most pressing one.

use std::cmp::Reverse;

use crate::{
    limits,
    text::cut::cut,
    wire::feed::{Feed, Notice},
};

/// Size from which the texts of a notice are cut, in bytes.
const LONG: usize = 1024;
/// Maximum length of a cut text, in characters.
const TEXT: usize = 500;
/// Maximum length of a cut list.
const LIST: usize = 5;
/// Maximum length of a cut list of components.
const COMPONENTS: usize = 20;
/// Maximum length of a cut list of contacts.
const CONTACTS: usize = 3;

/// Serialises the feed in at most [`limits::FEED`] bytes. `None` if it cannot be serialised, which does not happen.
pub fn fit(mut feed: Feed) -> Option<String> {
    let notices = std::mem::take(&mut feed.notices);
    // The size without the brackets of the empty list, which belong to the size of the list of notices.
    let envelope = serde_json::to_string(&feed).ok()?.len().saturating_sub(2);
    feed.notices = notices;
    shorten(&mut feed, limits::FEED.saturating_sub(envelope), str::len);
    serde_json::to_string(&feed).ok()
}

/// The result of [`shorten`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// The notices are within the limit, and unchanged.
    Whole,
    /// The notices are within the limit, after something was dropped or cut.
    Shortened,
    /// The most pressing notice alone exceeds the limit.
    Exceeds,
}

/// Shortens a feed until its list of notices is at most `limit` long. `measure` returns the length
/// of a piece of JSON, in the unit of `limit`.
pub fn shorten(feed: &mut Feed, limit: usize, measure: fn(&str) -> usize) -> Length {
    let mut measured = Measured::of(std::mem::take(&mut feed.notices), measure);
    let mut length = Length::Whole;
    while measured.size() > limit {
        length = match measured.shorten() {
            true => Length::Shortened,
            false => Length::Exceeds,
        };
        if length == Length::Exceeds {
            break;
        }
    }
    feed.notices = measured.notices;
    length
}

/// Notices with their sizes. Each step measures only the notice that it changes: a site may have thousands.
struct Measured {
    notices: Vec<Notice>,
    /// The size of each notice, by `measure`.
    sizes: Vec<usize>,
    /// Whether each notice has been [squeezed](squeeze).
    squeezed: Vec<bool>,
    /// The sum of the sizes.
    total: usize,
    measure: fn(&str) -> usize,
}

impl Measured {
    fn of(notices: Vec<Notice>, measure: fn(&str) -> usize) -> Self {
        let sizes = notices.iter().map(|notice| size(notice, measure));
        let sizes: Vec<usize> = sizes.collect();
        Self {
            squeezed: vec![false; notices.len()],
            total: sizes.iter().sum(),
            sizes,
            notices,
            measure,
        }
    }

    /// The size of the list, with its brackets and commas.
    fn size(&self) -> usize {
        let commas = self.notices.len().saturating_sub(1);
        self.total.saturating_add(commas).saturating_add(2)
    }

    /// Does one step of shortening. `false` if there is nothing left to shorten.
    fn shorten(&mut self) -> bool {
        let timelines = self.notices.iter().enumerate();
        let longest = timelines
            .filter(|(_, notice)| notice.updates.len() > 1)
            .max_by_key(|(_, notice)| notice.updates.len());
        if let Some((index, _)) = longest {
            self.change(index, |notice| {
                notice.updates.pop();
                notice.updates_more = notice.updates_more.saturating_add(1);
            });
            return true;
        }
        let unsqueezed = self.sizes.iter().zip(&mut self.squeezed).enumerate();
        let largest = unsqueezed
            .filter(|(_, (size, squeezed))| **size > LONG && !**squeezed)
            .max_by_key(|(_, (size, _))| **size);
        if let Some((index, (_, squeezed))) = largest {
            *squeezed = true;
            self.change(index, squeeze);
            return true;
        }
        // Without the first, most pressing notice the feed would report that nothing is wrong.
        if self.notices.len() < 2 {
            return false;
        }
        self.notices.pop();
        self.squeezed.pop();
        self.total = self.total.saturating_sub(self.sizes.pop().unwrap_or(0));
        true
    }

    fn change(&mut self, index: usize, change: impl FnOnce(&mut Notice)) {
        let (Some(notice), Some(known)) = (self.notices.get_mut(index), self.sizes.get_mut(index))
        else {
            return;
        };
        change(notice);
        self.total = self.total.saturating_sub(*known);
        *known = size(notice, self.measure);
        self.total = self.total.saturating_add(*known);
    }
}

fn size(notice: &Notice, measure: fn(&str) -> usize) -> usize {
    serde_json::to_string(notice).map_or(0, |text| measure(&text))
}

/// Cuts the texts and lists of a notice. Keeps its audience whole.
fn squeeze(notice: &mut Notice) {
    for update in &mut notice.updates {
        let (short, was_cut) = cut(&update.body, TEXT);
        update.truncated |= was_cut;
        update.body = short.to_owned();
    }
    shorten_text(&mut notice.advice);
    notice.works.truncate(LIST);
    notice.broken.truncate(LIST);
    // Components that do not work are kept longest: without them, pages that use them would show a partial all-clear.
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
