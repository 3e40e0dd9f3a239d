//! Which notice comes first.

use crate::{
    audience::Page,
    part_restored,
    wire::{
        feed::Notice,
        words::{Impact, NoticeKind, Status},
    },
};

/// The rank of an all-clear, behind everything else.
const RESTORED: u8 = 6;
/// The last place that [`sorted`] knows: twice the last rank, and one.
const PLACES: u8 = 2 * RESTORED + 1;

/// The place of a notice, lowest first: critical, major, maintenance in progress, minor, upcoming maintenance,
/// announcement, restored.
pub fn rank(notice: &Notice) -> u8 {
    let under_way = matches!(notice.status, Status::InProgress | Status::Verifying);
    match (notice.kind, notice.impact) {
        (NoticeKind::Incident, Impact::Critical) => 0,
        (NoticeKind::Incident, Impact::Major) => 1,
        (NoticeKind::Maintenance, _) if under_way => 2,
        (NoticeKind::Incident, _) => 3,
        (NoticeKind::Maintenance, _) => 4,
        (NoticeKind::Announcement | NoticeKind::Unknown, _) => 5,
        (NoticeKind::Restored, _) => RESTORED,
    }
}

/// Notices in order; within a rank those that name the page's components come first, then as they were. What is over for
/// the page has an all-clear's rank.
pub fn sorted<'a>(notices: &'a [Notice], page: &Page) -> Vec<&'a Notice> {
    let place = |notice: &Notice| {
        let slugs = notice
            .components
            .iter()
            .map(|component| component.slug.as_str());
        let rank = if part_restored::since(notice, page).is_some() {
            RESTORED
        } else {
            rank(notice)
        };
        rank * 2 + u8::from(!page.uses(slugs))
    };
    // Places are few; picking each in turn keeps the order within it, in a tenth of a sort's bytes.
    (0..=PLACES)
        .flat_map(|at| notices.iter().filter(move |notice| place(notice) == at))
        .collect()
}
