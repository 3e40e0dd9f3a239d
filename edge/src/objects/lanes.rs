//! The attempts that a courier has in progress, the assignments that wait for a free lane, and the
//! results that are not yet reported. A lane is the right to one attempt at a time. All this is
//! kept over several runs of the alarm: an attempt that hangs goes on while the next run begins.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::poll_fn,
    task::{Poll, Waker},
};

use crate::rpc::outbox_call::{Assignment, Exchange, Receiver, Report, Work};

/// Maximum number of concurrent attempts.
const LANES: usize = 4;
/// Maximum number of concurrent attempts to endpoints of webhooks, so that one lane is left for on-call targets.
const LANES_FOR_WEBHOOKS: usize = 3;
/// Maximum number of concurrent attempts to endpoints that hung at the last attempt, so that the others get the remaining lanes.
const LANES_FOR_HANGING: usize = 1;
/// Maximum number of assignments to webhooks that wait in the queue, so that not every attempt
/// needs an exchange with the site's object.
const QUEUE: usize = 8;

/// Nothing borrows a cell across an await.
#[derive(Debug, Default)]
pub struct Lanes {
    busy: RefCell<Vec<Busy>>,
    queue: RefCell<VecDeque<Assignment>>,
    reports: RefCell<Vec<Report>>,
    /// Whether the site has reported that deliveries are due, and no exchange has begun since.
    is_woken: Cell<bool>,
    /// Whether an attempt has ended, or the site has woken the courier, since [`Lanes::changed`]
    /// last returned.
    has_changed: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A lane with an attempt in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Busy {
    receiver: Receiver,
    /// Whether the endpoint missed the deadline of the previous attempt.
    is_hanging: bool,
}

/// The numbers of webhooks and of on-call targets among these receivers.
fn count<'a>(receivers: impl Iterator<Item = &'a Receiver>) -> (usize, usize) {
    receivers.fold((0, 0), |(webhooks, on_call), receiver| match receiver {
        Receiver::Webhook(_) => (webhooks.saturating_add(1), on_call),
        Receiver::OnCall(_) => (webhooks, on_call.saturating_add(1)),
    })
}

impl Lanes {
    /// Records that the site has deliveries that are due.
    pub fn wake(&self) {
        self.is_woken.set(true);
        self.notify();
    }

    pub fn is_woken(&self) -> bool {
        self.is_woken.get()
    }

    /// Whether there is nothing to do, to wait for or to report.
    pub fn is_idle(&self) -> bool {
        self.busy.borrow().is_empty()
            && self.queue.borrow().is_empty()
            && self.reports.borrow().is_empty()
            && !self.is_woken.get()
    }

    /// Whether to ask the site for work: it has woken the courier, or a lane of webhooks is free
    /// and no queued assignment may take it. The queue need not be empty then: assignments to
    /// endpoints that hang may wait for a long time.
    pub fn wants_exchange(&self) -> bool {
        let (webhooks, _) = self.busy_counts();
        self.is_woken.get() || (webhooks < LANES_FOR_WEBHOOKS && self.next_index().is_none())
    }

    /// The numbers of webhooks and of on-call targets with an attempt in progress.
    fn busy_counts(&self) -> (usize, usize) {
        count(self.busy.borrow().iter().map(|one| &one.receiver))
    }

    /// The index in the queue of the next assignment for which a lane is free. Assignments to
    /// on-call targets come first.
    fn next_index(&self) -> Option<usize> {
        let busy = self.busy.borrow();
        if busy.len() >= LANES {
            return None;
        }
        let queue = self.queue.borrow();
        let is_on_call = |one: &Assignment| one.target.receiver.on_call().is_some();
        if let Some(index) = queue.iter().position(is_on_call) {
            return Some(index);
        }
        let (webhooks, _) = self.busy_counts();
        if webhooks >= LANES_FOR_WEBHOOKS {
            return None;
        }
        let hanging = busy.iter().filter(|one| one.is_hanging).count();
        // An endpoint that hung before gets a lane only if another webhook lane stays free: other endpoints may begin to hang
        // too.
        let has_spare = webhooks.saturating_add(1) < LANES_FOR_WEBHOOKS;
        let is_free =
            |one: &Assignment| !one.is_hanging || (hanging < LANES_FOR_HANGING && has_spare);
        queue.iter().position(is_free)
    }

    /// Begins an exchange with the site's object: takes the reports out; [`Lanes::fail_exchange`] puts them back. Drops waiting
    /// assignments to endpoints that hang: they may wait for long, and their signatures are valid for 5 minutes only. The site
    /// assigns them again.
    pub fn begin_exchange(&self) -> Exchange {
        self.is_woken.set(false);
        self.queue.borrow_mut().retain(|one| !one.is_hanging);
        let busy = self.busy.borrow();
        let queue = self.queue.borrow();
        let queued = queue.iter().map(|one| &one.target.receiver);
        let receivers = busy.iter().map(|one| &one.receiver).chain(queued);
        let (webhooks, on_call) = count(receivers.clone());
        let hanging = busy.iter().filter(|one| one.is_hanging).count();
        let room = |most: usize, used: usize| u32::try_from(most.saturating_sub(used)).unwrap_or(0);
        Exchange {
            busy: receivers.cloned().collect(),
            reports: self.reports.take(),
            room: room(LANES_FOR_WEBHOOKS + QUEUE, webhooks),
            room_for_hanging: room(LANES_FOR_HANGING, hanging),
            room_for_on_call: room(LANES, on_call),
        }
    }

    /// Ends an exchange: queues the assignments that the site's object has returned.
    pub fn end_exchange(&self, work: Work) {
        self.queue.borrow_mut().extend(work.assignments);
    }

    /// Puts the reports of a failed exchange back, before newer ones.
    pub fn fail_exchange(&self, exchange: Exchange) {
        self.reports.borrow_mut().splice(0..0, exchange.reports);
    }

    /// Takes the next assignment for which a lane is free.
    pub fn begin_attempt(&self) -> Option<Assignment> {
        let index = self.next_index()?;
        let assignment = self.queue.borrow_mut().remove(index)?;
        self.busy.borrow_mut().push(Busy {
            receiver: assignment.target.receiver.clone(),
            is_hanging: assignment.is_hanging,
        });
        Some(assignment)
    }

    /// Frees the lane of an attempt, and keeps its report for the next exchange.
    pub fn end_attempt(&self, report: Report) {
        let receiver = &report.target.receiver;
        self.busy
            .borrow_mut()
            .retain(|one| one.receiver != *receiver);
        self.reports.borrow_mut().push(report);
        self.notify();
    }

    /// Drops the queue and the reports, for a site that was deleted. Attempts in progress are not
    /// cancelled.
    pub fn clear(&self) {
        self.queue.borrow_mut().clear();
        self.reports.borrow_mut().clear();
        self.is_woken.set(false);
    }

    /// Waits until an attempt has ended or the site has woken the courier.
    pub async fn changed(&self) {
        poll_fn(|context| {
            if self.has_changed.replace(false) {
                return Poll::Ready(());
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    fn notify(&self) {
        self.has_changed.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::ids::{MessageId, WebhookId};

    use super::Lanes;
    use crate::{
        messages::outgoing_request::OutgoingRequest,
        rpc::outbox_call::{Assignment, Outcome, Part, Payload, Receiver, Report, Target, Work},
    };

    fn assignment(number: u64, is_hanging: bool) -> Assignment {
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
            is_hanging,
            payload: Payload::Request(OutgoingRequest::post_json(
                "https://example.com",
                String::new(),
            )),
        }
    }

    fn on_call(number: u64) -> Assignment {
        let mut assignment = assignment(number, false);
        assignment.target.receiver = Receiver::OnCall(number.to_string());
        assignment
    }

    fn report(assignment: &Assignment) -> Report {
        Report {
            target: assignment.target.clone(),
            request: String::new(),
            duration_ms: 1,
            outcome: Outcome::TimedOut,
        }
    }

    /// Begins attempts until no lane is free for the queue; returns the numbers of their
    /// deliveries.
    fn begin(lanes: &Lanes) -> Vec<u64> {
        std::iter::from_fn(|| lanes.begin_attempt())
            .map(|assignment| assignment.target.deliveries[0].delivery)
            .collect()
    }

    #[test]
    fn hanging_endpoints_get_one_of_three_lanes() {
        let lanes = Lanes::default();
        let assignments = (1..=6).map(|number| assignment(number, number <= 3));
        lanes.end_exchange(Work {
            assignments: assignments.collect(),
            next_due_in_ms: None,
        });
        assert_eq!(begin(&lanes), [1, 4, 5]);
        lanes.end_attempt(report(&assignment(4, false)));
        assert_eq!(
            begin(&lanes),
            [6],
            "2 and 3 hang too, and wait for the lane of 1"
        );
        lanes.end_attempt(report(&assignment(1, true)));
        assert!(begin(&lanes).is_empty(), "one lane stays free");
        lanes.end_attempt(report(&assignment(5, false)));
        assert_eq!(begin(&lanes), [2]);
        let exchange = lanes.begin_exchange();
        assert_eq!((exchange.room, exchange.room_for_hanging), (9, 0));
        assert_eq!(exchange.busy.len(), 2, "in progress");
    }

    #[test]
    fn one_lane_is_kept_for_on_call_and_on_call_comes_first() {
        let lanes = Lanes::default();
        let webhooks = (1..=5).map(|number| assignment(number, false));
        lanes.end_exchange(Work {
            assignments: webhooks.collect(),
            next_due_in_ms: None,
        });
        assert_eq!(begin(&lanes), [1, 2, 3], "three of four lanes");
        let exchange = lanes.begin_exchange();
        assert_eq!((exchange.room, exchange.room_for_on_call), (6, 4));
        lanes.end_exchange(Work {
            assignments: vec![on_call(11), on_call(12)],
            next_due_in_ms: None,
        });
        assert_eq!(begin(&lanes), [11], "the fourth lane");
        lanes.end_attempt(report(&assignment(1, false)));
        assert_eq!(begin(&lanes), [12], "before the webhooks 4 and 5");
        lanes.end_attempt(report(&on_call(11)));
        assert_eq!(begin(&lanes), [4]);
        assert_eq!(lanes.begin_exchange().room_for_on_call, 3);
    }

    #[test]
    fn a_hanging_endpoint_does_not_stop_exchanges() {
        let lanes = Lanes::default();
        lanes.end_exchange(Work {
            assignments: vec![
                assignment(1, false),
                assignment(2, false),
                assignment(3, true),
            ],
            next_due_in_ms: None,
        });
        assert_eq!(begin(&lanes), [1, 2], "3 waits for a spare lane");
        assert!(lanes.wants_exchange(), "the third lane is free for others");
        lanes.end_exchange(Work {
            assignments: vec![assignment(4, false)],
            next_due_in_ms: None,
        });
        assert!(!lanes.wants_exchange(), "4 may begin");
        assert_eq!(begin(&lanes), [4]);
        assert!(!lanes.wants_exchange(), "all lanes are busy");
        lanes.end_attempt(report(&assignment(1, false)));
        lanes.end_attempt(report(&assignment(2, false)));
        assert_eq!(begin(&lanes), [3]);
    }

    #[test]
    fn a_waiting_assignment_to_a_hanging_endpoint_is_renewed() {
        let lanes = Lanes::default();
        let work = |assignments: Vec<Assignment>| Work {
            assignments,
            next_due_in_ms: None,
        };
        lanes.end_exchange(work(vec![
            assignment(1, false),
            assignment(2, false),
            assignment(3, true),
        ]));
        assert_eq!(begin(&lanes), [1, 2]);
        let exchange = lanes.begin_exchange();
        assert_eq!((exchange.room_for_hanging, exchange.busy.len()), (1, 2));
        let mut renewed = assignment(3, true);
        renewed.target.deliveries[0].delivery = 33;
        lanes.end_exchange(work(vec![renewed]));
        lanes.end_attempt(report(&assignment(1, false)));
        assert_eq!(begin(&lanes), [33]);
    }

    #[test]
    fn reports_of_a_failed_exchange_are_sent_again_in_order() {
        let lanes = Lanes::default();
        for number in 1..=2 {
            lanes.end_attempt(report(&assignment(number, false)));
        }
        let exchange = lanes.begin_exchange();
        lanes.end_attempt(report(&assignment(3, false)));
        lanes.fail_exchange(exchange);
        let numbers: Vec<u64> = lanes
            .begin_exchange()
            .reports
            .iter()
            .map(|report| report.target.deliveries[0].delivery)
            .collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(lanes.is_idle());
        lanes.wake();
        assert!(!lanes.is_idle() && lanes.wants_exchange());
    }
}
