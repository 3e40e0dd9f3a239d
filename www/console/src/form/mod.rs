//! What forms hold, and the requests they become.

mod own;
mod publish;
mod say;
mod times;
mod words;

use notice::wire::{
    component::Component,
    ids::ComponentId,
    input::{ComponentName, NamedComponent},
    site::Site,
    time::Timestamp,
    words::ComponentStatus,
};
use serde::{Deserialize, Serialize};

pub use own::{HOUR_S, MINUTE_S, Own, Row, amount, minutes_s, seconds};
pub use publish::Publish;
pub use say::Say;
pub use times::Times;
pub use words::{Words, filled, lines, restored, translations};

use crate::clock;

/// When the next word will come, as it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Promise {
    /// As often as the site owes it.
    #[default]
    Usual,
    /// So many minutes from now.
    In(u32),
    /// At a moment, as a date-and-time input has it.
    At(String),
    /// None.
    Nothing,
}

/// Promises are kept to round minutes: people read them from a clock.
const ROUND_S: i64 = 5 * 60;

impl Promise {
    /// The moment it means, rounded up to five minutes where it was given as a stretch.
    pub fn moment(&self, usual_s: u32, now: Timestamp) -> Option<Timestamp> {
        let after = |seconds: i64| {
            let at = now.seconds() + seconds;
            Timestamp::from_seconds((at + ROUND_S - 1).div_euclid(ROUND_S) * ROUND_S)
        };
        match self {
            Self::Usual => Some(after(i64::from(usual_s))),
            Self::In(minutes) => Some(after(i64::from(*minutes) * 60)),
            Self::At(text) => clock::from_input(text),
            Self::Nothing => None,
        }
    }
}

/// How often a word is owed for these components, in seconds: by the most important of them.
pub fn usual_s(site: &Site, components: &[Component], picked: &[ComponentId]) -> u32 {
    let tier = components
        .iter()
        .filter(|component| picked.contains(&component.id))
        .map(|component| component.tier)
        .min()
        .unwrap_or(2);
    site.cadence.of(tier)
}

/// A component that was picked, and how it does; `None`: by how bad the whole is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// Which.
    pub id: ComponentId,
    /// How it does.
    pub status: Option<ComponentStatus>,
}

/// Lets go of parts that are no more: no view shows them, and with them nothing could be sent.
pub fn forget_gone(picked: &mut Vec<Picked>, all: &[Component]) {
    picked.retain(|picked| all.iter().any(|one| one.id == picked.id));
}

fn named(picked: &[Picked]) -> Vec<NamedComponent> {
    picked
        .iter()
        .map(|picked| NamedComponent {
            id: ComponentName::Id(picked.id.clone()),
            status: picked.status,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Promise, Publish, Say, lines};
    use notice::wire::{time::Timestamp, words::Kind};
    use serde_json::json;

    #[test]
    fn promises_are_round() {
        let now = Timestamp::from_seconds(1_000_000_201);
        for (promise, expected) in [
            (Promise::Usual, Some(1_000_002_300)),
            (Promise::In(15), Some(1_000_001_400)),
            (Promise::Nothing, None),
        ] {
            let moment = promise.moment(1800, now).map(Timestamp::seconds);
            assert_eq!(moment, expected, "{promise:?}");
            assert!(moment.is_none_or(|at| at % 300 == 0));
        }
    }

    #[test]
    fn a_list_has_a_line_for_each() {
        assert_eq!(lines(" one \n\n two"), ["one", "two"]);
        assert!(lines("  \n").is_empty());
    }

    #[test]
    fn what_was_typed_before_a_deployment_is_read_after_it() {
        let kept: Publish = serde_json::from_value(json!({
            "kind": "maintenance", "words": { "title": "New machines" }, "own": { "cadence": "20" }
        }))
        .unwrap();
        assert_eq!(kept.kind, Kind::Maintenance);
        assert_eq!(kept.words.title, "New machines");
        assert_eq!(kept.own.cadence, "20");
        let kept: Say = serde_json::from_value(json!({ "body": "Still at it." })).unwrap();
        assert_eq!(kept.body, "Still at it.");
    }
}
