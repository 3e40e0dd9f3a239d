//! Which notice comes first.

use crate::{
    audience::Page,
    wire::{
        feed::Notice,
        words::{Impact, NoticeKind, Status},
    },
};

/// The last place that [`sorted`] knows: twice the last rank, and one.
const PLACES: u8 = 13;

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
        (NoticeKind::Restored, _) => 6,
    }
}

/// Notices in order; within a rank those that name the page's components come first, then as they were.
pub fn sorted<'a>(notices: &'a [Notice], page: &Page) -> Vec<&'a Notice> {
    let place = |notice: &Notice| {
        let slugs = notice
            .components
            .iter()
            .map(|component| component.slug.as_str());
        rank(notice) * 2 + u8::from(!page.uses(slugs))
    };
    // Places are few; picking each in turn keeps the order within it, in a tenth of a sort's bytes.
    (0..=PLACES)
        .flat_map(|at| notices.iter().filter(move |notice| place(notice) == at))
        .collect()
}
