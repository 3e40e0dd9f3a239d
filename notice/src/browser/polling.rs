//! Decides when to poll the feed, and from which origin: a state machine without a clock, a timer or a network.
//!
//! The caller reports each event with the time and a random number to [`Polling::on`], and executes the returned step.
//!
//! One visible tab per origin, the leader, polls for all of them and shares the outcome. The followers treat this
//! outcome as their own ([`Event::Polled`]), and schedule their next poll after the leader's latest possible one. As long as the leader
//! polls, followers do not; if it stops, one of them takes over. A follower that becomes the leader
//! because it got the leader's lock ([`Event::Lead`]) polls without this delay.

/// Minimum and maximum of the pause that a server can ask for, in seconds.
const PAUSE_S: (u32, u32) = (1, 3600);
/// Initial backoff after every origin has failed once, in milliseconds. Doubles after each further round.
const BACKOFF_MS: f64 = 5_000.0;
/// Maximum backoff, in milliseconds.
const BACKOFF_MAX_MS: f64 = 300_000.0;
/// Maximum delay before the next origin is tried, in milliseconds.
const NEXT_ORIGIN_MS: f64 = 1_000.0;
/// Maximum delay after a page becomes visible or the browser goes online, in milliseconds. A leader usually shares an
/// answer within it, which saves the request.
const SOON_MS: f64 = 2_000.0;
/// Extra delay before a follower polls, after the leader's latest possible poll, in milliseconds.
const GRACE_MS: f64 = 8_000.0;
/// Maximum random delay on top of [`GRACE_MS`], in milliseconds, so that the followers do not all poll at once.
const GRACE_SPREAD_MS: f64 = 2_000.0;
/// Number of answers from another origin after which the first origin is tried again.
const AWAY: u32 = 10;

/// An event that changes the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The timer fired. An early timer does no harm.
    Timer,
    /// The request of this tab succeeded.
    Answered {
        /// The feed's `poll_after_s`, clamped to 1 s to 1 h.
        poll_after_s: u32,
    },
    /// The request of this tab failed.
    Failed {
        /// The server's `Retry-After`, in seconds; 0 if there is none.
        retry_after_s: u32,
    },
    /// Another tab shared the outcome of its request.
    Polled {
        /// Index of the origin that the other tab requested.
        origin: u32,
        /// The other tab's number of consecutive failures; 0 after a success.
        failures: u32,
        /// The feed's `poll_after_s`, or the server's `Retry-After`.
        seconds: u32,
    },
    /// This tab became the leader.
    Lead,
    /// The page became hidden.
    Hidden,
    /// The page became visible.
    Visible,
    /// The browser went online.
    Online,
    /// The host page requested a poll.
    Refresh,
}

/// The next action. It replaces the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Request the feed from an origin.
    Ask {
        /// Index of the origin to request.
        origin: u32,
    },
    /// Set the timer, and replace the previous one.
    Wait {
        /// Delay until the timer fires.
        milliseconds: u32,
    },
    /// Set no timer: a request is in flight, or the page is hidden.
    Rest,
}

/// The schedule of one tab. Times are milliseconds of a monotonic clock such as `performance.now()`: if the wall clock
/// is set back, polling must not stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Polling {
    origins: u32,
    origin: u32,
    failures: u32,
    /// Consecutive answers from an origin other than the first.
    away: u32,
    /// Time before which the server does not want a poll.
    earliest: f64,
    /// Time of the next poll.
    due: f64,
    in_flight: bool,
    visible: bool,
}

impl Polling {
    /// Continues the schedule of another poller: its current origin, its number of consecutive failures, and the time
    /// of its next poll.
    pub fn resume(origins: u32, origin: u32, failures: u32, due: f64) -> Self {
        let origins = origins.max(1);
        Self {
            origins,
            origin: origin % origins,
            failures,
            away: 0,
            earliest: due,
            due,
            in_flight: false,
            visible: true,
        }
    }

    /// Number of consecutive failures.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Processes an event at the time `now`. `random` is at least 0 and less than 1.
    pub fn on(&mut self, event: Event, now: f64, random: f64) -> Step {
        match event {
            // A late or duplicate response: no request is in flight.
            Event::Answered { .. } | Event::Failed { .. } if !self.in_flight => {}
            Event::Answered { poll_after_s } => {
                self.in_flight = false;
                self.schedule_after_answer(poll_after_s, now, random);
            }
            Event::Failed { retry_after_s } => {
                self.in_flight = false;
                self.schedule_after_failure(retry_after_s, now, random);
            }
            Event::Polled {
                origin,
                failures,
                seconds,
            } => self.follow(origin, failures, seconds, now, random),
            Event::Timer => {}
            Event::Lead => self.due = self.earliest,
            Event::Hidden => self.visible = false,
            Event::Visible => {
                self.visible = true;
                self.schedule_soon(now, random);
            }
            Event::Online => self.schedule_soon(now, random),
            Event::Refresh => {
                // A refresh overrides the usual pause, but not Retry-After or backoff.
                if self.failures == 0 {
                    self.earliest = now;
                }
                self.due = self.earliest;
            }
        }
        if self.in_flight || !self.visible {
            Step::Rest
        } else if now >= self.due {
            self.in_flight = true;
            Step::Ask {
                origin: self.origin,
            }
        } else {
            Step::Wait {
                milliseconds: whole(self.due - now),
            }
        }
    }

    fn schedule_after_answer(&mut self, poll_after_s: u32, now: f64, random: f64) {
        self.failures = 0;
        let (least, most) = PAUSE_S;
        self.earliest = now + f64::from(poll_after_s.clamp(least, most)) * 1000.0;
        // The pause is up to a fifth longer, never shorter: this spreads the requests of pages that were opened together.
        self.due = now + (self.earliest - now) * (1.0 + random / 5.0);
        self.away = if self.origin == 0 { 0 } else { self.away + 1 };
        if self.away >= AWAY {
            self.away = 0;
            self.origin = 0;
        }
    }

    fn schedule_after_failure(&mut self, retry_after_s: u32, now: f64, random: f64) {
        self.failures = self.failures.saturating_add(1);
        self.away = 0;
        self.origin = (self.origin + 1) % self.origins;
        let rounds = self.failures / self.origins;
        if !self.failures.is_multiple_of(self.origins) {
            self.earliest = now;
            self.due = now + NEXT_ORIGIN_MS * random;
            return;
        }
        let (least, most) = PAUSE_S;
        let requested = f64::from(retry_after_s.clamp(least, most)) * 1000.0;
        let doubled = BACKOFF_MS * f64::from(1_u32 << (rounds - 1).min(10));
        self.earliest = now + requested;
        self.due = now + requested.max(doubled.min(BACKOFF_MAX_MS)) * (1.0 + random / 2.0);
    }

    /// Schedules the next poll after another tab's request: later than the latest time at which that tab can poll next.
    fn follow(&mut self, origin: u32, failures: u32, seconds: u32, now: f64, random: f64) {
        self.origin = origin % self.origins;
        if failures > 0 {
            self.failures = failures - 1;
            self.schedule_after_failure(seconds, now, 1.0);
        } else {
            // This tab has not polled, so its own earliest time still applies.
            let earliest = self.earliest;
            self.schedule_after_answer(seconds, now, 1.0);
            self.earliest = earliest;
        }
        self.due = (self.due + GRACE_MS + GRACE_SPREAD_MS * random).max(self.earliest);
    }

    fn schedule_soon(&mut self, now: f64, random: f64) {
        self.due = self.earliest.max(now + SOON_MS * random);
    }
}

/// Rounds up to whole milliseconds, because an early timer would only be set again.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pauses are positive and at most an hour and a half; a float cast saturates"
)]
fn whole(milliseconds: f64) -> u32 {
    milliseconds.ceil() as u32
}
