//! Checks that the times of a form are in order.

use notice::wire::time::Timestamp;

use crate::server::failure::FieldError;

/// The times of a form. `None`: not typed yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Start of the maintenance.
    pub start: Option<Timestamp>,
    /// End of the maintenance.
    pub end: Option<Timestamp>,
    pub visible_from: Option<Timestamp>,
    pub visible_until: Option<Timestamp>,
    pub publish_at: Option<Timestamp>,
    /// The promised time of the next update.
    pub next_update: Option<Timestamp>,
    pub estimated_end: Option<Timestamp>,
}

impl Times {
    /// Returns the errors of the times. A time that is unchanged since `base` may lie in the past.
    pub fn errors(&self, base: &Self, now: Timestamp) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut add = |pointer: &str, detail: &str| {
            errors.push(FieldError {
                pointer: pointer.to_owned(),
                detail: detail.to_owned(),
            });
        };
        let is_not_after = |at: Option<Timestamp>, other: Option<Timestamp>| {
            at.zip(other).is_some_and(|(at, other)| at <= other)
        };
        if is_not_after(self.end, self.start) {
            add("/scheduled_until", "End must be after start.");
        }
        if self
            .visible_from
            .zip(self.start)
            .is_some_and(|(from, start)| from > start)
        {
            add("/announce_from", "Choose a time before the start.");
        }
        if is_not_after(self.visible_until, self.visible_from) {
            add("/announce_until", "Choose a time after it becomes visible.");
        }
        for (pointer, at, base) in [
            ("/scheduled_until", self.end, base.end),
            ("/announce_until", self.visible_until, base.visible_until),
            ("/publish_at", self.publish_at, base.publish_at),
            ("/next_update_at", self.next_update, base.next_update),
            ("/estimated_end_at", self.estimated_end, base.estimated_end),
        ] {
            if at != base && is_not_after(at, Some(now)) {
                add(pointer, "Choose a time in the future.");
            } else if pointer != "/publish_at" && is_not_after(at, self.publish_at) {
                add(pointer, "Choose a time after it is published.");
            }
        }
        errors
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

    fn pointers(times: Times, base: Times) -> Vec<String> {
        let errors = times.errors(&base, Timestamp::from_seconds(NOW));
        errors.into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn times_out_of_order_are_errors_of_their_fields() {
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
            assert_eq!(pointers(times, none), expected, "{times:?}");
        }
    }

    #[test]
    fn an_unchanged_time_may_lie_in_the_past() {
        let base = Times {
            estimated_end: at(-1),
            ..Times::default()
        };
        assert!(pointers(base, base).is_empty());
    }
}
