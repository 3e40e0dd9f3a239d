//! The order of a form's times.

use notice::wire::time::Timestamp;

use crate::api::FieldError;

/// The times that a form holds; absent ones are not typed yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Start of maintenance.
    pub start: Option<Timestamp>,
    /// End of maintenance.
    pub end: Option<Timestamp>,
    /// Time from which users see it.
    pub visible_from: Option<Timestamp>,
    /// Time until which users see an announcement.
    pub visible_until: Option<Timestamp>,
    /// Time of publication.
    pub publish_at: Option<Timestamp>,
    /// Promised time of the next update.
    pub next_update: Option<Timestamp>,
    /// Expected end.
    pub estimated_end: Option<Timestamp>,
}

impl Times {
    /// The errors of the times, each at its field. Times that are as in `stood` may lie in the past.
    pub fn wrong(&self, stood: &Self, now: Timestamp) -> Vec<FieldError> {
        let mut found = Vec::new();
        let mut say = |pointer: &str, detail: &str| {
            found.push(FieldError {
                pointer: pointer.to_owned(),
                detail: detail.to_owned(),
            });
        };
        let is_not_after = |at: Option<Timestamp>, other: Option<Timestamp>| {
            at.zip(other).is_some_and(|(at, other)| at <= other)
        };
        if is_not_after(self.end, self.start) {
            say("/scheduled_until", "End must be after start.");
        }
        if self
            .visible_from
            .zip(self.start)
            .is_some_and(|(from, start)| from > start)
        {
            say("/announce_from", "Choose a time before the start.");
        }
        if is_not_after(self.visible_until, self.visible_from) {
            say("/announce_until", "Choose a time after it becomes visible.");
        }
        for (pointer, at, stood) in [
            ("/scheduled_until", self.end, stood.end),
            ("/announce_until", self.visible_until, stood.visible_until),
            ("/publish_at", self.publish_at, stood.publish_at),
            ("/next_update_at", self.next_update, stood.next_update),
            ("/estimated_end_at", self.estimated_end, stood.estimated_end),
        ] {
            if at != stood && is_not_after(at, Some(now)) {
                say(pointer, "Choose a time in the future.");
            } else if pointer != "/publish_at" && is_not_after(at, self.publish_at) {
                say(pointer, "Choose a time after it is published.");
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Times;
    use notice::wire::time::Timestamp;

    const NOW: i64 = 1_000_000;

    fn at(hours: i64) -> Option<Timestamp> {
        Some(Timestamp::from_seconds(NOW + hours * 3600))
    }

    fn wrong(times: Times, stood: Times) -> Vec<String> {
        let found = times.wrong(&stood, Timestamp::from_seconds(NOW));
        found.into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn times_out_of_order_are_found_at_their_fields() {
        let none = Times::default();
        for (times, expected) in [
            (
                Times {
                    start: at(2),
                    end: at(3),
                    ..none
                },
                vec![],
            ),
            (
                Times {
                    start: at(2),
                    end: at(2),
                    ..none
                },
                vec!["/scheduled_until"],
            ),
            (
                Times {
                    start: at(-2),
                    end: at(-1),
                    ..none
                },
                vec!["/scheduled_until"],
            ),
            (
                Times {
                    start: at(2),
                    end: at(3),
                    visible_from: at(4),
                    ..none
                },
                vec!["/announce_from"],
            ),
            (
                Times {
                    visible_from: at(2),
                    visible_until: at(1),
                    ..none
                },
                vec!["/announce_until"],
            ),
            (
                Times {
                    publish_at: at(-1),
                    ..none
                },
                vec!["/publish_at"],
            ),
            (
                Times {
                    publish_at: at(2),
                    next_update: at(1),
                    ..none
                },
                vec!["/next_update_at"],
            ),
            (
                Times {
                    publish_at: at(2),
                    estimated_end: at(3),
                    ..none
                },
                vec![],
            ),
            (
                Times {
                    estimated_end: at(0),
                    ..none
                },
                vec!["/estimated_end_at"],
            ),
            (Times { end: at(1), ..none }, vec![]),
        ] {
            assert_eq!(wrong(times, none), expected, "{times:?}");
        }
    }

    #[test]
    fn a_time_that_stood_may_have_passed() {
        let stood = Times {
            estimated_end: at(-1),
            ..Times::default()
        };
        assert!(wrong(stood, stood).is_empty());
    }
}
