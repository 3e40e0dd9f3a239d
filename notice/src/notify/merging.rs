//! Merges posts about one incident for a receiver that people read: a chat, or a subscriber's mail.
//!
//! The first post is sent at once. Posts that follow within [`WINDOW_S`] are sent together at the end of that time.

use std::collections::BTreeMap;

use crate::wire::{ids::IncidentId, time::Timestamp};

/// Time after a message in which further posts about the same incident wait, in seconds.
pub const WINDOW_S: i64 = 180;

/// A post that waits for one receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting<Key> {
    /// The caller's id of the post.
    pub key: Key,
    /// The incident that the post is about. `None`: the post is sent alone.
    pub incident: Option<IncidentId>,
}

/// The posts to send now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<Key> {
    /// The messages that are due, each with the posts that it merges, oldest first.
    pub due: Vec<Vec<Key>>,
    /// Time at which the next of the remaining posts is due. `None` if none remains.
    pub next_at: Option<Timestamp>,
}

/// Decides what to send now. `queue` holds the receiver's posts, oldest first. `sent_at` returns when the last message about an
/// incident was sent to this receiver.
pub fn plan<Key: Clone>(
    queue: &[Waiting<Key>],
    sent_at: impl Fn(&IncidentId) -> Option<Timestamp>,
    now: Timestamp,
) -> Plan<Key> {
    let mut due: Vec<Vec<Key>> = Vec::new();
    let mut next_at: Option<Timestamp> = None;
    let mut message_of: BTreeMap<&IncidentId, usize> = BTreeMap::new();
    for post in queue {
        let Some(incident) = &post.incident else {
            due.push(vec![post.key.clone()]);
            continue;
        };
        if let Some(message) = message_of
            .get(incident)
            .and_then(|index| due.get_mut(*index))
        {
            message.push(post.key.clone());
            continue;
        }
        match window_end(sent_at(incident), now) {
            Some(end) => next_at = Some(next_at.map_or(end, |earlier| earlier.min(end))),
            None => {
                message_of.insert(incident, due.len());
                due.push(vec![post.key.clone()]);
            }
        }
    }
    Plan { due, next_at }
}

/// The end of the window, if it has not passed. A clock that was set back does not make the window longer.
fn window_end(sent_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let end = sent_at?.min(now).plus_seconds(WINDOW_S);
    (end > now).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{Plan, Waiting, plan};
    use crate::wire::{ids::IncidentId, time::Timestamp};

    fn waiting(key: u32, incident: &str) -> Waiting<u32> {
        Waiting {
            key,
            incident: IncidentId::parse(incident),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_000_000 + seconds)
    }

    #[test]
    fn the_first_post_is_sent_and_later_ones_wait_together() {
        let queue = [
            waiting(1, "inc_1"),
            waiting(2, "inc_2"),
            waiting(3, "inc_1"),
            waiting(4, ""),
            waiting(5, ""),
        ];
        for (sent_1, sent_2, due, next_at) in [
            // No message was sent yet: the waiting posts about an incident are merged.
            (
                None,
                None,
                vec![vec![1, 3], vec![2], vec![4], vec![5]],
                None,
            ),
            (
                Some(-10),
                None,
                vec![vec![2], vec![4], vec![5]],
                Some(at(170)),
            ),
            (Some(-179), Some(-60), vec![vec![4], vec![5]], Some(at(1))),
            (
                Some(-180),
                Some(-60),
                vec![vec![1, 3], vec![4], vec![5]],
                Some(at(120)),
            ),
            // The clock was set back by an hour.
            (
                Some(3600),
                None,
                vec![vec![2], vec![4], vec![5]],
                Some(at(180)),
            ),
        ] {
            let sent_at = |incident: &IncidentId| {
                let sent = if incident.as_str() == "inc_1" {
                    sent_1
                } else {
                    sent_2
                };
                sent.map(at)
            };
            let expected = Plan { due, next_at };
            assert_eq!(
                plan(&queue, sent_at, at(0)),
                expected,
                "{sent_1:?} {sent_2:?}"
            );
        }
    }

    #[test]
    fn an_empty_queue_sends_nothing() {
        let expected = Plan {
            due: Vec::new(),
            next_at: None,
        };
        assert_eq!(plan::<u32>(&[], |_| Some(at(0)), at(0)), expected);
    }
}
