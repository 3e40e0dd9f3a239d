//! When to ask for the feed, and whom: a state machine without a clock, a timer or a network.
//!
//! The caller reports what happens, with the time and a random number, and does what [`Polling::on`] answers.
//!
//! One tab asks for all tabs of an origin that are in view, and says what came of it. Who hears that ([`Event::Told`])
//! takes it for an answer of its own, but waits a while longer than the asker can for the next one.
//! So whoever asked last goes on asking, and when no more word comes, whyever, another tab asks in its place. A tab that
//! is handed the lead ([`Event::Lead`]) need not wait for that.

/// The shortest and longest pause, in seconds, that a server can ask for.
const PAUSE_S: (u32, u32) = (1, 3600);
/// The first pause after every origin has failed once, in milliseconds. It doubles.
const BACKOFF_MS: f64 = 5_000.0;
/// The longest such pause, in milliseconds.
const BACKOFF_MAX_MS: f64 = 300_000.0;
/// Going to the next origin, in milliseconds at most.
const NEXT_ORIGIN_MS: f64 = 1_000.0;
/// After coming back to a page or to the network, in milliseconds at most. A tab that leads answers at once, which spares
/// most of us the request.
const SOON_MS: f64 = 2_000.0;
/// How much longer than the asker can whoever was told waits for the next word, in milliseconds: at least,
const GRACE_MS: f64 = 8_000.0;
/// and so much more at most, so that not all of them ask when none comes.
const GRACE_SPREAD_MS: f64 = 2_000.0;
/// After so many answers from another origin the first is tried again.
const AWAY: u32 = 10;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The pause is over, or may be: an early timer does no harm.
    Timer,
    /// A feed came, and says when the next poll is welcome.
    Answered {
        /// Seconds until then.
        poll_after_s: u32,
    },
    /// No feed came, for whatever reason.
    Failed {
        /// The server's `Retry-After`, in seconds; 0 when it said nothing.
        retry_after_s: u32,
    },
    /// Another tab asked.
    Told {
        /// Whom, counted from 0.
        origin: u32,
        /// How often in a row it has failed; 0 when a feed came.
        failures: u32,
        /// The feed's `poll_after_s`, or the server's `Retry-After`.
        seconds: u32,
    },
    /// It is for us to ask from now on.
    Lead,
    /// The page was hidden.
    Hidden,
    /// The page is visible again.
    Visible,
    /// The browser is online again.
    Online,
    /// The host page asks for a poll now.
    Refresh,
}

/// What to do next. It replaces whatever was to be done before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this origin, counted from 0.
    Ask {
        /// Which.
        origin: u32,
    },
    /// Set the one timer to go off in so many milliseconds.
    Wait {
        /// How many.
        milliseconds: u32,
    },
    /// Set no timer: an answer, or the page's return, will say more.
    Rest,
}

/// Where polling stands. Times are milliseconds by a clock that nobody sets, such as `performance.now()`: a computer whose
/// clock is put back by hours must not be silent for hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Polling {
    origins: u32,
    origin: u32,
    failures: u32,
    away: u32,
    earliest: f64,
    due: f64,
    in_flight: bool,
    visible: bool,
}

impl Polling {
    /// Takes over from another poller, which stood at `origin` after so many failures in a row and whose next poll was
    /// due at `due`.
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

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Takes in what happened at `now`; `random` is from 0 up to 1.
    pub fn on(&mut self, event: Event, now: f64, random: f64) -> Step {
        match event {
            // Late or doubled: what it answers has been answered.
            Event::Answered { .. } | Event::Failed { .. } if !self.in_flight => {}
            Event::Answered { poll_after_s } => {
                self.in_flight = false;
                self.answered(poll_after_s, now, random);
            }
            Event::Failed { retry_after_s } => {
                self.in_flight = false;
                self.failed(retry_after_s, now, random);
            }
            Event::Told {
                origin,
                failures,
                seconds,
            } => self.told(origin, failures, seconds, now, random),
            Event::Timer => {}
            Event::Lead => self.due = self.earliest,
            Event::Hidden => self.visible = false,
            Event::Visible => {
                self.visible = true;
                self.soon(now, random);
            }
            Event::Online => self.soon(now, random),
            Event::Refresh => {
                // A host's wish beats the usual pause, not a server's plea to be left alone.
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

    fn answered(&mut self, poll_after_s: u32, now: f64, random: f64) {
        self.failures = 0;
        let (least, most) = PAUSE_S;
        self.earliest = now + f64::from(poll_after_s.clamp(least, most)) * 1000.0;
        // Up to a fifth later, never sooner, so that pages that opened together drift apart.
        self.due = now + (self.earliest - now) * (1.0 + random / 5.0);
        self.away = if self.origin == 0 { 0 } else { self.away + 1 };
        if self.away >= AWAY {
            self.away = 0;
            self.origin = 0;
        }
    }

    fn failed(&mut self, retry_after_s: u32, now: f64, random: f64) {
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
        let plea = f64::from(retry_after_s.clamp(least, most)) * 1000.0;
        let doubled = BACKOFF_MS * f64::from(1_u32 << (rounds - 1).min(10));
        self.earliest = now + plea;
        self.due = now + plea.max(doubled.min(BACKOFF_MAX_MS)) * (1.0 + random / 2.0);
    }

    /// The asker may be as late as it can and goes first all the same.
    fn told(&mut self, origin: u32, failures: u32, seconds: u32, now: f64, random: f64) {
        self.origin = origin % self.origins;
        if failures > 0 {
            self.failures = failures - 1;
            self.failed(seconds, now, 1.0);
        } else {
            // We ourselves have not asked, and may when nobody else does.
            let earliest = self.earliest;
            self.answered(seconds, now, 1.0);
            self.earliest = earliest;
        }
        self.due = (self.due + GRACE_MS + GRACE_SPREAD_MS * random).max(self.earliest);
    }

    fn soon(&mut self, now: f64, random: f64) {
        self.due = self.earliest.max(now + SOON_MS * random);
    }
}

/// Whole milliseconds, rounded up: a timer that goes off early would only be set again.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pauses are positive and at most an hour and a half; a float cast saturates"
)]
fn whole(milliseconds: f64) -> u32 {
    milliseconds.ceil() as u32
}
