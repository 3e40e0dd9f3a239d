//! Which notice comes first.

use crate::{
    audience::Page,
    wire::{
        feed::Notice,
        words::{Impact, NoticeKind, Status},
    },
};

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

/// Puts notices in order; within a rank those that name the page's components come first, then as they were.
pub fn sort(notices: &mut [&Notice], page: &Page) {
    notices.sort_by_key(|notice| {
        let slugs = notice
            .components
            .iter()
            .map(|component| component.slug.as_str());
        (rank(notice), !page.uses(slugs))
    });
}
