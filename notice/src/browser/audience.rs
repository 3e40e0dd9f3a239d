//! Matches audiences. This happens in the browser, so that no identity leaves the page.

use crate::wire::{
    enums::Undeclared,
    feed::{FeedAudience, Segment},
};

/// Placeholder that a page declares as its only segment while its user's segments are unknown. No site can have a
/// segment of that name, so that notices for segments stay hidden until the page declares the real ones.
pub const PENDING: &str = "pending";

/// The declarations of a host page about itself and its user. `None` is undeclared; an empty list is a declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageContext {
    /// Segments of the user.
    pub segments: Option<Vec<String>>,
    /// Slugs of the components that the page uses.
    pub components: Option<Vec<String>>,
    /// Slugs of the components of the page's slots. They count as used, but the other components stay undeclared.
    pub slots: Vec<String>,
    /// The path of the page, and its `#/route` if it has one. Without query.
    pub paths: Vec<String>,
    /// Whether the page was opened with `#allclear-drill`.
    pub drill: bool,
}

impl PageContext {
    /// Whether the page declares one of these components.
    pub fn uses<'a>(&self, mut slugs: impl Iterator<Item = &'a str>) -> bool {
        self.components
            .as_ref()
            .is_some_and(|own| slugs.any(|slug| own.iter().any(|name| name == slug)))
    }
}

/// Whether a page belongs to the audience. The page must match every dimension that the audience
/// names (AND), by at least one value of the dimension (OR).
pub fn matches(audience: &FeedAudience, page: &PageContext) -> bool {
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
    let in_slot = || components.clone().any(|name| contains(&page.slots, name));
    one_of(segments, page.segments.as_deref(), on_undeclared.0)
        && (in_slot()
            || one_of(
                components.clone(),
                page.components.as_deref(),
                on_undeclared.1,
            ))
        && on_path(&audience.paths, &page.paths)
}

/// Matches one dimension. If the audience names no value, every page matches. `undeclared` is the
/// result for a page that does not declare the dimension.
fn one_of<'a>(
    mut named: impl ExactSizeIterator<Item = &'a str>,
    declared: Option<&[String]>,
    undeclared: bool,
) -> bool {
    named.len() == 0
        || match declared {
            Some(own) => named.any(|name| contains(own, name)),
            None => undeclared,
        }
}

fn contains(slugs: &[String], name: &str) -> bool {
    slugs.iter().any(|slug| slug == name)
}

/// Returns the segments whose labels precede the title: those of the audience, if the page declares no segments. The
/// reader may belong to none of them.
pub fn segments_to_name<'a>(audience: &'a FeedAudience, page: &PageContext) -> &'a [Segment] {
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

/// Whether a pattern matches a whole path: `*` matches within a path segment, `**` across segments. Case-sensitive.
pub fn path_matches(pattern: &str, path: &str) -> bool {
    // Dynamic programming over the prefixes of `path`: no pattern takes exponential time.
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
                // `before` is the previous cell of this row: the star also matches one more byte.
                b'*' => here || (before && (across || step != Some(b'/'))),
                literal => before && step == Some(literal),
            };
            before = if first == b'*' { *cell } else { here };
        }
    }
    reachable.last().copied().unwrap_or(false)
}
