//! Sorts the notices of a page.

use crate::{
    browser::{audience::PageContext, partial_all_clear},
    wire::{
        enums::{Impact, NoticeKind, Status},
        feed::Notice,
    },
};

/// Time before its start from which a maintenance counts as imminent, in seconds: 15 min.
const SOON_S: i64 = 15 * 60;
/// Number of ranks, see [`rank`].
const RANKS: u8 = 8;

/// Returns the rank of a notice, lowest first: critical, major, maintenance in progress, minor, imminent maintenance,
/// all-clear, later maintenance, announcement. A partial all-clear counts as an all-clear.
fn rank(notice: &Notice, page: &PageContext, now: i64) -> u8 {
    let is_under_way = matches!(notice.status, Status::InProgress | Status::Verifying);
    let is_soon = notice.started_at.seconds() <= now.saturating_add(SOON_S);
    match (notice.kind, notice.impact) {
        (NoticeKind::Restored, _) => 5,
        _ if partial_all_clear::since(notice, page).is_some() => 5,
        (NoticeKind::Incident, Impact::Critical) => 0,
        (NoticeKind::Incident, Impact::Major) => 1,
        (NoticeKind::Maintenance, _) if is_under_way => 2,
        (NoticeKind::Incident, _) => 3,
        (NoticeKind::Maintenance, _) if is_soon => 4,
        (NoticeKind::Maintenance, _) => 6,
        (NoticeKind::Announcement | NoticeKind::Unknown, _) => 7,
    }
}

/// Returns the sort key: real notices before drills, then by rank, then notices that affect the
/// page's components first.
fn sort_key(notice: &Notice, page: &PageContext, now: i64) -> u8 {
    let slugs = notice
        .components
        .iter()
        .map(|component| component.slug.as_str());
    let is_elsewhere = !page.uses(slugs);
    (u8::from(notice.drill) * RANKS + rank(notice, page, now)) * 2 + u8::from(is_elsewhere)
}

/// Returns the notices in the order in which a page shows them. Stable. `now` is in seconds since 1970.
pub fn sorted<'a>(notices: &'a [Notice], page: &PageContext, now: i64) -> Vec<&'a Notice> {
    // A bucket sort over the few keys: it is stable, and takes a tenth of the wasm of the standard library's sort.
    (0..RANKS * 4)
        .flat_map(|key| {
            notices
                .iter()
                .filter(move |notice| sort_key(notice, page, now) == key)
        })
        .collect()
}
