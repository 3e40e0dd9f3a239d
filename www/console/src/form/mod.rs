//! Forms: their values, the requests they become, and sending them.

mod amount;
mod contradiction;
pub mod draft;
mod overrides;
mod publish;
pub mod sending;
pub mod submit;
mod texts;
mod times;
pub mod unfinished;
mod update;

use notice::wire::{
    component::Component,
    enums::ComponentStatus,
    ids::ComponentId,
    input::{ComponentName, NamedComponent},
    site::Site,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

pub use amount::{HOUR_S, MINUTE_S, amount, minutes_s, seconds};
pub use overrides::{Overrides, Row};
pub use publish::PublishForm;
pub use texts::{Texts, lines, non_blank, restored, translations};
pub use times::Times;
pub use update::UpdateForm;

use crate::time::date_field;

/// The chosen time of the next update. Stored drafts use these variant names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Promise {
    /// After the update interval of the components.
    #[default]
    Usual,
    /// After this many minutes.
    In(u32),
    /// At a time, as the text of a date field.
    At(String),
    /// No time is promised.
    Nothing,
}

/// Promised times are rounded up to this many seconds, because people read them from a clock.
const ROUND_S: i64 = 5 * 60;

impl Promise {
    /// Returns the promised time, if any. `interval_s` is the update interval, in seconds.
    pub fn time(&self, interval_s: u32, now: Timestamp) -> Option<Timestamp> {
        let after = |seconds: i64| {
            let at = now.seconds() + seconds;
            Timestamp::from_seconds((at + ROUND_S - 1).div_euclid(ROUND_S) * ROUND_S)
        };
        match self {
            Self::Usual => Some(after(i64::from(interval_s))),
            Self::In(minutes) => Some(after(i64::from(*minutes) * 60)),
            Self::At(text) => date_field::parse(text),
            Self::Nothing => None,
        }
    }
}

/// Returns the update interval of the most important of the selected components, in seconds.
pub fn interval_s(site: &Site, components: &[Component], selected: &[ComponentId]) -> u32 {
    let tier = components
        .iter()
        .filter(|component| selected.contains(&component.id))
        .map(|component| component.tier)
        .min()
        .unwrap_or(2);
    site.cadence.of(tier)
}

/// A selected component. Stored drafts use these field names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedComponent {
    pub id: ComponentId,
    /// `None`: by the incident's severity.
    pub status: Option<ComponentStatus>,
}

/// Removes deleted components from a selection: the server would refuse them, and no view shows them.
pub fn remove_deleted(selected: &mut Vec<SelectedComponent>, all: &[Component]) {
    selected.retain(|selected| all.iter().any(|one| one.id == selected.id));
}

fn named_components(selected: &[SelectedComponent]) -> Vec<NamedComponent> {
    selected
        .iter()
        .map(|component| NamedComponent {
            id: ComponentName::Id(component.id.clone()),
            status: component.status,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Promise, PublishForm, UpdateForm, lines};
    use notice::wire::{
        enums::{Impact, Kind},
        time::Timestamp,
    };
    use serde_json::json;

    #[test]
    fn promised_times_are_rounded_up_to_five_minutes() {
        let now = Timestamp::from_seconds(1_000_000_201);
        for (promise, expected) in [
            (Promise::Usual, Some(1_000_002_300)),
            (Promise::In(15), Some(1_000_001_400)),
            (Promise::Nothing, None),
        ] {
            let time = promise.time(1800, now).map(Timestamp::seconds);
            assert_eq!(time, expected, "{promise:?}");
            assert!(time.is_none_or(|at| at % 300 == 0));
        }
    }

    #[test]
    fn lines_are_trimmed_and_blank_ones_dropped() {
        assert_eq!(lines(" one \n\n two"), ["one", "two"]);
        assert!(lines("  \n").is_empty());
    }

    #[test]
    fn drafts_of_earlier_builds_are_read() {
        let stored: PublishForm = serde_json::from_value(json!({
            "kind": "maintenance", "words": { "title": "New machines" }, "own": { "cadence": "20" }, "held": true
        }))
        .unwrap();
        assert_eq!(stored.kind, Kind::Maintenance);
        assert_eq!(stored.texts.title, "New machines");
        assert_eq!(stored.overrides.cadence, "20");
        assert!(stored.is_draft);
        assert_eq!(stored.notify, None);
        let stored: UpdateForm = serde_json::from_value(json!({ "body": "Still at it." })).unwrap();
        assert_eq!(stored.body, "Still at it.");
        assert_eq!(stored.notify, None);
    }

    #[test]
    fn the_default_of_notify_follows_kind_and_severity() {
        for (kind, impact, is_drill, expected) in [
            (Kind::Incident, None, false, None),
            (Kind::Incident, Some(Impact::Minor), false, Some(false)),
            (Kind::Incident, Some(Impact::Major), false, Some(true)),
            (Kind::Incident, Some(Impact::Major), true, Some(false)),
            (Kind::Maintenance, None, false, Some(true)),
            (Kind::Announcement, None, false, Some(true)),
        ] {
            let mut form = PublishForm {
                impact,
                drill: is_drill,
                ..PublishForm::new(kind)
            };
            assert_eq!(form.notifies(), expected, "{kind:?} {impact:?}");
            form.notify = Some(true);
            assert_eq!(form.notifies(), Some(true), "{kind:?} {impact:?}");
        }
    }
}
