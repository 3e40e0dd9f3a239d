//! One run of a courier's alarm: how many attempts it makes, and when the next run begins.

use super::lanes::Lanes;
use crate::rpc::outbox_call::Assignment;

/// Maximum number of attempts in one run of the alarm, because the runtime limits the requests of one event.
const ATTEMPTS_PER_RUN: u32 = 40;
/// Shortest delay until the next alarm, in milliseconds. Prevents a busy loop while the site does not assign a delivery that is due.
const MIN_DELAY_MS: u64 = 200;

/// A run in progress.
#[derive(Debug)]
pub struct Run {
    /// Number of attempts that the run may still make.
    left: u32,
}

/// The time of the next alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    AfterMs(u64),
    /// No alarm: the site wakes the courier when there is work.
    Never,
}

impl Run {
    pub fn begin() -> Self {
        Self {
            left: ATTEMPTS_PER_RUN,
        }
    }

    /// Takes the next assignment for which a lane is free, unless the run has made all its attempts.
    pub fn begin_attempt(&mut self, lanes: &Lanes) -> Option<Assignment> {
        let left = self.left.checked_sub(1)?;
        let assignment = lanes.begin_attempt()?;
        self.left = left;
        Some(assignment)
    }

    /// The time of the next alarm, if the run is over: nothing is left to do, or the run has made
    /// all its attempts. `None` if the run goes on. `next_due_in_ms` is the time until the next
    /// delivery is due, `None` without one.
    pub fn next_alarm(&self, lanes: &Lanes, next_due_in_ms: Option<u64>) -> Option<Next> {
        match next_due_in_ms {
            Some(wait_ms) if lanes.is_idle() => Some(Next::AfterMs(wait_ms.max(MIN_DELAY_MS))),
            None if lanes.is_idle() => Some(Next::Never),
            _ if self.left == 0 => Some(Next::AfterMs(0)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::ids::{MessageId, WebhookId};

    use super::{Next, Run};
    use crate::{
        messages::outgoing_request::OutgoingRequest,
        objects::lanes::Lanes,
        rpc::outbox_call::{Assignment, Outcome, Part, Payload, Receiver, Report, Target, Work},
    };

    fn assignment(number: u64) -> Assignment {
        Assignment {
            target: Target {
                receiver: Receiver::Webhook(WebhookId::parse(&format!("whk_{number}")).unwrap()),
                url: "https://example.com".to_owned(),
                deliveries: vec![Part {
                    delivery: number,
                    message: MessageId::parse("msg_1").unwrap(),
                    attempts: 0,
                }],
            },
            is_hanging: false,
            payload: Payload::Request(OutgoingRequest::post_json(
                "https://example.com",
                String::new(),
            )),
        }
    }

    /// Makes attempts to endpoints with these numbers, one after the other, until the run makes no
    /// more; returns the number of attempts.
    fn make_attempts(run: &mut Run, lanes: &Lanes, numbers: std::ops::Range<u64>) -> usize {
        lanes.end_exchange(Work {
            assignments: numbers.map(assignment).collect(),
            next_due_in_ms: None,
        });
        let mut made = 0;
        while let Some(assignment) = run.begin_attempt(lanes) {
            made += 1;
            lanes.end_attempt(Report {
                target: assignment.target,
                request: String::new(),
                duration_ms: 1,
                outcome: Outcome::TimedOut,
            });
        }
        made
    }

    #[test]
    fn after_40_attempts_the_next_alarm_goes_off_at_once() {
        let (lanes, mut run) = (Lanes::default(), Run::begin());
        assert_eq!(make_attempts(&mut run, &lanes, 0..39), 39);
        assert_eq!(
            run.next_alarm(&lanes, None),
            None,
            "the run goes on, because its reports are not sent yet"
        );
        assert_eq!(make_attempts(&mut run, &lanes, 39..50), 1);
        assert_eq!(run.next_alarm(&lanes, Some(60_000)), Some(Next::AfterMs(0)));
        // The next run makes the attempts that were queued.
        let mut next = Run::begin();
        assert_eq!(make_attempts(&mut next, &lanes, 50..50), 10);
    }

    #[test]
    fn an_idle_run_waits_for_the_next_due_delivery() {
        let (lanes, run) = (Lanes::default(), Run::begin());
        for (next_due_in_ms, expected) in [
            (None, Next::Never),
            (Some(0), Next::AfterMs(200)),
            (Some(60_000), Next::AfterMs(60_000)),
        ] {
            assert_eq!(run.next_alarm(&lanes, next_due_in_ms), Some(expected));
        }
        lanes.wake();
        assert_eq!(run.next_alarm(&lanes, None), None, "woken meanwhile");
    }
}
