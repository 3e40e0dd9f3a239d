//! A page's own all-clear: what it uses works again, while the incident goes on elsewhere.
//!
//! It is for those who were hit: who saw the notice, or was here between its beginning and [`since`]. For anybody else on
//! such a page nothing is broken, and nothing is said. Like every all-clear it is shown until hidden, or for its time.
//!
//! # What the browser remembers
//! Improvement raises no attention, so that the outage's own place among what is hidden would hold this back from those
//! who hid the outage, or hold the outage back from those who hid this. Hence a second place beside it: under `{id}:back`
//! stand the seconds since 1970 of [`since`] when its reader hid it. Breaking and coming back anew moves `since`, and so
//! shows it anew; meanwhile the notice is the outage again, hidden or not as that was.

use crate::{
    all_clear::{Presence, hour_of},
    audience::Page,
    showing::View,
    wire::{
        feed::{Notice, Restored},
        time::Timestamp,
        words::{ComponentStatus, Impact, Status},
    },
};

/// How long it is shown as a card: 72 h, as long as any all-clear.
const CARD_S: i64 = 72 * 3600;
/// How long a part of planned work is shown as a pill: 2 h, as its end is.
const PILL_S: i64 = 2 * 3600;

/// Since when everything works again that this page declares and the notice names, although the incident goes on;
/// `None` while any of it does not, where the page declares none of it, and of what breaks nothing (announcements,
/// planned work before it begins, an impact of none).
///
/// What the audience alone names has no status. Somebody aimed the notice at it, so that it is not known to be back.
pub fn since(notice: &Notice, page: &Page) -> Option<Timestamp> {
    let breaks = notice.impact != Impact::None && notice.status != Status::Scheduled;
    if notice.restored.is_some() || !breaks {
        return None;
    }
    let mut since = None;
    for declared in page.components.iter().flatten() {
        let touched = notice
            .components
            .iter()
            .find(|component| component.slug.as_str() == declared);
        let aimed_at = notice
            .audience
            .components
            .iter()
            .any(|slug| slug.as_str() == declared);
        match touched {
            Some(component) if component.status == ComponentStatus::Operational => {
                since = since.max(Some(component.since));
            }
            None if !aimed_at => {}
            _ => return None,
        }
    }
    since
}

/// How much of it is shown, to a browser with this presence that hid an all-clear of this notice whose [`since`] was
/// `hidden_at`, in seconds since 1970. Of planned work only those who saw the notice hear, as of its end.
pub fn view(
    notice: &Notice,
    since: Timestamp,
    presence: Presence<'_>,
    hidden_at: Option<i64>,
    now: i64,
) -> View {
    let since = since.seconds();
    let planned = notice.impact == Impact::Maintenance;
    let (view, shown_s) = if planned {
        (View::Pill, PILL_S)
    } else {
        (View::Card, CARD_S)
    };
    let was_hit = presence.witness
        || (!planned && presence.visited(hour_of(notice.started_at.seconds()), since));
    let hidden = hidden_at.is_some_and(|at| at >= since);
    if was_hit && !hidden && now < since.saturating_add(shown_s) {
        view
    } else {
        View::Nothing
    }
}

/// The words of it: as `back` what the page uses, as `still` what else is not yet right. `None` where [`since`] is.
pub fn words(notice: &Notice, page: &Page) -> Option<Restored> {
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
