//! The partial all-clear of a page: all components that the page uses work again, while the incident continues for
//! others.
//!
//! A partial all-clear is for affected browsers: those that saw the notice, or were present between
//! the start of the incident and [`since`]. Other browsers on such a page show nothing. Like every
//! all-clear, it is shown until it is hidden or expires.
//!
//! # Stored values
//! An improvement does not raise the attention, so the stored attention cannot distinguish between hiding the outage
//! and hiding this all-clear. The latter is stored separately: the key `{id}:back` holds the value of [`since`] at the
//! time of hiding, in seconds since 1970. If a component breaks again, the page shows the outage, hidden or not as
//! before. Once the component is restored again, `since` is later, and the new all-clear is shown.

use crate::{
    browser::{
        audience::PageContext,
        presence::{Presence, hour_of},
        view::View,
    },
    wire::{
        enums::{ComponentStatus, Impact, Status},
        feed::{Notice, Restored},
        time::Timestamp,
    },
};

/// Time that a partial all-clear is shown as a card, in seconds: 72 h, as for any all-clear.
const CARD_S: i64 = 72 * 3600;
/// Time that a partial all-clear is shown as a pill during a maintenance, in seconds: 2 h, as after
/// a completed maintenance.
const PILL_S: i64 = 2 * 3600;

/// Returns the time from which all of the notice's components that this page declares work again, while the incident
/// continues. `None` if one of these components does not work, if the page declares none, and for notices that break
/// nothing: announcements, scheduled maintenance, an impact of `none`.
///
/// A component that only the audience names has no status, so it does not count as restored.
pub fn since(notice: &Notice, page: &PageContext) -> Option<Timestamp> {
    let is_disturbing = notice.impact != Impact::None && notice.status != Status::Scheduled;
    if notice.restored.is_some() || !is_disturbing {
        return None;
    }
    let mut since = None;
    for declared in page.components.iter().flatten() {
        let affected = notice
            .components
            .iter()
            .find(|component| component.slug.as_str() == declared);
        let is_in_audience = notice
            .audience
            .components
            .iter()
            .any(|slug| slug.as_str() == declared);
        match affected {
            Some(component) if component.status == ComponentStatus::Operational => {
                since = since.max(Some(component.since));
            }
            None if !is_in_audience => {}
            _ => return None,
        }
    }
    since
}

/// Returns the form of a partial all-clear. `hidden_at` is the value of [`since`] when the reader
/// last hid it, in seconds since 1970. During a maintenance only witnesses see it, as with the
/// all-clear of a completed maintenance.
pub fn view(
    notice: &Notice,
    since: Timestamp,
    presence: Presence<'_>,
    hidden_at: Option<i64>,
    now: i64,
) -> View {
    let since = since.seconds();
    let is_maintenance = notice.impact == Impact::Maintenance;
    let (view, shown_s) = if is_maintenance {
        (View::Pill, PILL_S)
    } else {
        (View::Card, CARD_S)
    };
    let is_affected = presence.witness
        || (!is_maintenance && presence.visited(hour_of(notice.started_at.seconds()), since));
    let hidden = hidden_at.is_some_and(|at| at >= since);
    if is_affected && !hidden && now < since.saturating_add(shown_s) {
        view
    } else {
        View::Nothing
    }
}

/// Returns the texts of a partial all-clear: the page's components as `back`, those that do not work as `still`. `None`
/// if [`since`] returns `None`.
pub fn texts(notice: &Notice, page: &PageContext) -> Option<Restored> {
    let at = since(notice, page)?;
    let mut back = Vec::new();
    let mut still = Vec::new();
    for component in &notice.components {
        if page.uses(std::iter::once(component.slug.as_str())) {
            back.push(component.name.clone());
        } else if component.status != ComponentStatus::Operational {
            still.push(component.name.clone());
        }
    }
    let lasted_s = at.seconds() - notice.started_at.seconds();
    Some(Restored {
        at,
        seconds: u64::try_from(lasted_s).unwrap_or(0),
        back,
        check: None,
        still,
        returning_until: None,
        everyone_until: None,
        expires_at: at.plus_seconds(CARD_S),
        withdrawn: None,
        postmortem: None,
    })
}
