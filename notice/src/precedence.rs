//! Which notice comes first.

use crate::{
    audience::Page,
    part_restored,
    wire::{
        feed::Notice,
        words::{Impact, NoticeKind, Status},
    },
};

/// Maintenance that begins within this time, in seconds, is pressing: 15 min.
const SOON_S: i64 = 15 * 60;
/// How many ranks there are.
const RANKS: u8 = 8;

/// The rank of a notice on a page, lowest first: critical, major, maintenance in progress, minor, maintenance that begins
/// within 15 min, all-clear, later maintenance, announcement. What is over for the page is an all-clear.
fn rank(notice: &Notice, page: &Page, now: i64) -> u8 {
    let is_under_way = matches!(notice.status, Status::InProgress | Status::Verifying);
    let is_soon = notice.started_at.seconds() <= now.saturating_add(SOON_S);
    match (notice.kind, notice.impact) {
        (NoticeKind::Restored, _) => 5,
        _ if part_restored::since(notice, page).is_some() => 5,
        (NoticeKind::Incident, Impact::Critical) => 0,
        (NoticeKind::Incident, Impact::Major) => 1,
        (NoticeKind::Maintenance, _) if is_under_way => 2,
        (NoticeKind::Incident, _) => 3,
        (NoticeKind::Maintenance, _) if is_soon => 4,
        (NoticeKind::Maintenance, _) => 6,
        (NoticeKind::Announcement | NoticeKind::Unknown, _) => 7,
    }
}

/// Drills come after all that is real; within a rank those first that name the page's components.
fn place(notice: &Notice, page: &Page, now: i64) -> u8 {
    let slugs = notice
        .components
        .iter()
        .map(|component| component.slug.as_str());
    let is_elsewhere = !page.uses(slugs);
    (u8::from(notice.drill) * RANKS + rank(notice, page, now)) * 2 + u8::from(is_elsewhere)
}

/// Notices in the order in which a page shows them; those of one place as they were. `now` is in seconds since 1970.
pub fn sorted<'a>(notices: &'a [Notice], page: &Page, now: i64) -> Vec<&'a Notice> {
    // Places are few; picking each in turn keeps the order within it, in a tenth of a sort's bytes.
    (0..RANKS * 4)
        .flat_map(|at| {
            notices
                .iter()
                .filter(move |notice| place(notice, page, now) == at)
        })
        .collect()
}
