//! A wait of a test: checks a condition repeatedly, with a time limit.

use std::time::{Duration, Instant};

/// Time limit of every wait: ten times as long as the longest one takes on two busy processors.
pub(crate) const WAIT_TIMEOUT: Duration = Duration::from_secs(120);

/// Pause between two checks. Most waits end soon.
const PAUSE: Duration = Duration::from_millis(40);
/// Pause between two checks after [`LONG`]: checks take processor time from the browser and the server.
const LONG_PAUSE: Duration = Duration::from_millis(150);
/// Time after which checks become less frequent.
const LONG: Duration = Duration::from_secs(2);

/// A wait that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    begun: Instant,
}

impl Wait {
    pub(crate) fn begin() -> Self {
        Self {
            begun: Instant::now(),
        }
    }

    /// Whether the time limit has passed.
    pub(crate) fn is_over(self) -> bool {
        self.begun.elapsed() > WAIT_TIMEOUT
    }

    /// Pauses until the next check.
    pub(crate) async fn pause(self) {
        let is_long = self.begun.elapsed() > LONG;
        tokio::time::sleep(if is_long { LONG_PAUSE } else { PAUSE }).await;
    }
}
