//! Whom a notice is for, decided in the browser: no identity ever leaves the page.

use crate::wire::{
    feed::{FeedAudience, Segment},
    words::Undeclared,
};

/// What a page declares as its user's only segment when it will say later which ones those are. No site can have a segment
/// of that name, so that whatever names segments is held until then; everything else is not.
pub const PENDING: &str = "pending";

/// What a host page says of itself and its user. `None` is a dimension it says nothing of; an empty list is declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The segments its user belongs to.
    pub segments: Option<Vec<String>>,
    /// The slugs of the components it uses.
    pub components: Option<Vec<String>>,
    /// The slugs of the components that its slots are for. To declare one of them there is no need to declare the others.
    pub slots: Vec<String>,
    /// Where it is: the path, and the `#/route` if it has one. Never a query.
    pub paths: Vec<String>,
    /// It was opened with `#allclear-drill`.
    pub drill: bool,
}

impl Page {
    /// Whether it declares one of these components.
    pub fn uses<'a>(&self, mut slugs: impl Iterator<Item = &'a str>) -> bool {
        self.components
            .as_ref()
            .is_some_and(|own| slugs.any(|slug| own.iter().any(|name| name == slug)))
    }
}

/// Whether a page is among the audience: AND across the dimensions it names, OR within one.
pub fn matches(audience: &FeedAudience, page: &Page) -> bool {
    let segments = audience
        .segments
        .iter()
        .map(|segment| segment.slug.as_str());
    let components = audience.components.iter().map(|slug| slug.as_str());
    let shows = |own: Option<Undeclared>| own.unwrap_or(audience.undeclared) != Undeclared::Hide;
    let on_undeclared = (
        shows(audience.undeclared_segments),
        shows(audience.undeclared_components),
    );
    let in_slot = || components.clone().any(|name| has(&page.slots, name));
    one_of(segments, page.segments.as_deref(), on_undeclared.0)
        && (in_slot()
            || one_of(
                components.clone(),
                page.components.as_deref(),
                on_undeclared.1,
            ))
        && on_path(&audience.paths, &page.paths)
}

/// One dimension: nothing named matches all, nothing declared is left to `undeclared`.
fn one_of<'a>(
    mut named: impl ExactSizeIterator<Item = &'a str>,
    declared: Option<&[String]>,
    undeclared: bool,
) -> bool {
    named.len() == 0
        || match declared {
            Some(own) => named.any(|name| has(own, name)),
            None => undeclared,
        }
}

fn has(slugs: &[String], name: &str) -> bool {
    slugs.iter().any(|slug| slug == name)
}

/// The labels of the segments that a notice is for, where the page does not say which ones its user belongs to: they
/// stand before its title, since the reader may belong to none of them.
pub fn segments_to_name<'a>(audience: &'a FeedAudience, page: &Page) -> &'a [Segment] {
    match page.segments {
        Some(_) => &[],
        None => &audience.segments,
    }
}

fn on_path(patterns: &[String], paths: &[String]) -> bool {
    patterns.is_empty()
        || patterns
            .iter()
            .any(|pattern| paths.iter().any(|path| path_matches(pattern, path)))
}

/// Whether a pattern is the whole of a path: `*` stands for anything within a segment, `**` across segments.
/// Case-sensitive.
pub fn path_matches(pattern: &str, path: &str) -> bool {
    // One row of the classic table, `reachable` for each end of `path`, so that no pattern can take exponential time.
    let path = path.as_bytes();
    let mut reachable = vec![false; path.len() + 1];
    if let Some(start) = reachable.first_mut() {
        *start = true;
    }
    let mut rest = pattern.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let across = rest.starts_with(b"**");
        rest = if across {
            after.split_first().map_or(after, |(_, tail)| tail)
        } else {
            after
        };
        let mut before = false;
        for (index, cell) in reachable.iter_mut().enumerate() {
            let step = index
                .checked_sub(1)
                .and_then(|last| path.get(last))
                .copied();
            let here = *cell;
            *cell = match first {
                // `before` is this row's own last cell: a star goes on for as long as it may.
                b'*' => here || (before && (across || step != Some(b'/'))),
                literal => before && step == Some(literal),
            };
            before = if first == b'*' { *cell } else { here };
        }
    }
    reachable.last().copied().unwrap_or(false)
}
