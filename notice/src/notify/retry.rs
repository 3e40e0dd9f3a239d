//! Decides when a delivery is attempted again, and when its endpoint is disabled. The schedule is
//! that of Standard Webhooks.

use std::time::{Duration, UNIX_EPOCH};

use crate::wire::time::Timestamp;

/// Delay of each attempt after the previous one, in seconds: 0, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h.
pub const DELAYS_S: [u32; 10] = [
    0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
];
/// Delay of each attempt to reach an on-call target after the previous one, in seconds. These
/// delays are shorter than those of webhooks, because a page that arrives hours late is useless.
pub const ON_CALL_DELAYS_S: [u32; 8] = [0, 5, 30, 120, 300, 600, 1_200, 1_800];
/// Number of failed attempts after which an on-call target counts as not reached, and the next
/// target is paged. The attempts continue.
pub const UNREACHED_AFTER: usize = 3;
/// Longest time that an endpoint can ask for with `Retry-After`, in seconds: 24 h.
const RETRY_AFTER_S: i64 = 86_400;
/// Duration of uninterrupted failure after which an endpoint is disabled, in seconds: 5 days.
pub const FAILING_S: i64 = 5 * 86_400;
/// Shortest time between two failures of one message by which an endpoint is given up, in seconds: 20 min. Shorter than the delay of
/// the third retry with its jitter, longer than that of the second.
const LATE_RETRY_S: i64 = 20 * 60;
/// A delay is made longer or shorter at random, by at most the delay divided by this number.
const JITTER_DIVISOR: i64 = 10;

/// The result of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt<'a> {
    /// The endpoint answered.
    Answered {
        /// Status of the answer.
        status: u16,
        /// Value of its header `Retry-After`.
        retry_after: Option<&'a str>,
    },
    /// A mail server or provider has taken over the mail.
    Accepted,
    /// A mail server or provider has not taken over the mail, and may do so later.
    Deferred {
        /// Value of the header `Retry-After`.
        retry_after: Option<&'a str>,
    },
    /// The recipient's address takes no mail.
    Bounced,
    /// No answer: the connection or TLS failed, or the time limit has passed.
    NoAnswer,
}

/// The state of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The message was delivered.
    Delivered,
    /// The delivery is attempted again at this time.
    RetryAt(Timestamp),
    /// The last attempt has failed. An operator can send the message again.
    Dead,
    /// No attempt follows, and no other message may be sent there: the endpoint answered 410, or the mail bounced.
    Gone,
}

/// Judges an attempt to reach a webhook. `attempts` is the number of attempts so far, including
/// this one. `random` is a random number, which spreads the next attempts of many deliveries.
pub fn judge(attempt: &Attempt<'_>, attempts: usize, now: Timestamp, random: u32) -> Verdict {
    judge_by(&DELAYS_S, attempt, attempts, now, random)
}

/// Judges an attempt to reach an on-call target, see [`judge`].
pub fn judge_on_call(
    attempt: &Attempt<'_>,
    attempts: usize,
    now: Timestamp,
    random: u32,
) -> Verdict {
    judge_by(&ON_CALL_DELAYS_S, attempt, attempts, now, random)
}

fn judge_by(
    delays_s: &[u32],
    attempt: &Attempt<'_>,
    attempts: usize,
    now: Timestamp,
    random: u32,
) -> Verdict {
    let retry_after = match attempt {
        Attempt::Answered {
            status: 200..=299, ..
        }
        | Attempt::Accepted => return Verdict::Delivered,
        Attempt::Answered { status: 410, .. } | Attempt::Bounced => return Verdict::Gone,
        Attempt::Answered { retry_after, .. } | Attempt::Deferred { retry_after } => *retry_after,
        Attempt::NoAnswer => None,
    };
    let Some(delay_s) = delays_s.get(attempts) else {
        return Verdict::Dead;
    };
    let scheduled = now.plus_seconds(with_jitter(i64::from(*delay_s), random));
    let requested = retry_after.and_then(|value| retry_at(value, now));
    Verdict::RetryAt(requested.map_or(scheduled, |at| at.max(scheduled)))
}

/// Whether an endpoint has failed for so long that it is disabled, after a failed attempt. `failing_since` is the time of its first
/// failure after the last success, `previous` that of the same message's previous attempt. A first attempt and a quick retry give up
/// nothing: after weeks without an event, they fail in an outage of a few minutes too.
pub fn is_given_up(
    failing_since: Option<Timestamp>,
    previous: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    let has_passed = |since: Option<Timestamp>, duration_s: i64| {
        since.is_some_and(|since| since.plus_seconds(duration_s) <= now)
    };
    has_passed(failing_since, FAILING_S) && has_passed(previous, LATE_RETRY_S)
}

/// Changes a delay by at most a tenth.
fn with_jitter(delay_s: i64, random: u32) -> i64 {
    let most = delay_s / JITTER_DIVISOR;
    let span = 2 * most + 1;
    delay_s - most + i64::from(random) % span
}

/// The time that a `Retry-After` names, in seconds or as a date (RFC 9110), at most 24 h from now. `None` if it is malformed.
fn retry_at(value: &str, now: Timestamp) -> Option<Timestamp> {
    let value = value.trim();
    let latest = now.plus_seconds(RETRY_AFTER_S);
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        // A number that overflows an i64 is longer than 24 h.
        let seconds = value.parse().unwrap_or(RETRY_AFTER_S);
        return Some(now.plus_seconds(seconds).min(latest));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let since_1970 = date.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let seconds = i64::try_from(since_1970.as_secs()).ok()?;
    Some(Timestamp::from_seconds(seconds).min(latest))
}

#[cfg(test)]
mod tests {
    use super::{
        Attempt, DELAYS_S, FAILING_S, LATE_RETRY_S, Verdict, is_given_up, judge, judge_on_call,
    };
    use crate::wire::time::Timestamp;

    /// 2026-11-21T08:00:00Z.
    const NOW: i64 = 1_795_248_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(NOW + seconds)
    }

    fn answered(status: u16) -> Attempt<'static> {
        Attempt::Answered {
            status,
            retry_after: None,
        }
    }

    #[test]
    fn success_delivers_410_and_bounces_end_others_are_retried() {
        for (attempt, expected) in [
            (answered(200), Verdict::Delivered),
            (answered(204), Verdict::Delivered),
            (answered(299), Verdict::Delivered),
            (answered(410), Verdict::Gone),
            (answered(199), Verdict::RetryAt(at(5))),
            (answered(301), Verdict::RetryAt(at(5))),
            (answered(304), Verdict::RetryAt(at(5))),
            (answered(400), Verdict::RetryAt(at(5))),
            (answered(429), Verdict::RetryAt(at(5))),
            (answered(500), Verdict::RetryAt(at(5))),
            (Attempt::NoAnswer, Verdict::RetryAt(at(5))),
            (Attempt::Accepted, Verdict::Delivered),
            (
                Attempt::Deferred { retry_after: None },
                Verdict::RetryAt(at(5)),
            ),
            (
                Attempt::Deferred {
                    retry_after: Some("60"),
                },
                Verdict::RetryAt(at(60)),
            ),
            (Attempt::Bounced, Verdict::Gone),
        ] {
            assert_eq!(judge(&attempt, 1, at(0), 0), expected, "{attempt:?}");
        }
    }

    #[test]
    fn ten_attempts_are_spread_over_three_days() {
        let mut now = at(0);
        let mut attempts = 1;
        while let Verdict::RetryAt(next) = judge(&Attempt::NoAnswer, attempts, now, 0) {
            let delay = next.seconds() - now.seconds();
            let planned = i64::from(DELAYS_S[attempts]);
            assert!(
                (delay - planned).abs() <= planned / 10,
                "{attempts}: {delay}"
            );
            now = next;
            attempts += 1;
        }
        assert_eq!(attempts, 10);
        let hours = (now.seconds() - NOW) / 3600;
        assert!((67..=84).contains(&hours), "{hours} h");
        assert_eq!(judge(&answered(200), 10, now, 0), Verdict::Delivered);
    }

    #[test]
    fn jitter_stays_within_a_tenth() {
        let mut delays: Vec<i64> = (0..2_000)
            .map(|random| match judge(&Attempt::NoAnswer, 2, at(0), random) {
                Verdict::RetryAt(next) => next.seconds() - NOW,
                other => panic!("{other:?}"),
            })
            .collect();
        delays.sort_unstable();
        delays.dedup();
        assert_eq!((delays[0], delays[delays.len() - 1]), (270, 330));
        assert_eq!(delays.len(), 61);
        assert!(matches!(
            judge(&Attempt::NoAnswer, 9, at(0), u32::MAX),
            Verdict::RetryAt(_)
        ));
    }

    #[test]
    fn retry_after_delays_by_seconds_or_until_a_date() {
        for (retry_after, expected_s) in [
            ("120", 120),
            (" 120 ", 120),
            ("0", 5),
            ("1", 5),
            ("86400", 86_400),
            ("86401", 86_400),
            ("99999999999999999999999", 86_400),
            ("Sat, 21 Nov 2026 08:02:00 GMT", 120),
            ("Saturday, 21-Nov-26 08:02:00 GMT", 120),
            ("Sat Nov 21 08:02:00 2026", 120),
            ("Sat, 21 Nov 2026 07:00:00 GMT", 5),
            ("Thu, 21 Nov 2030 08:00:00 GMT", 86_400),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 5),
            ("-5", 5),
            ("1.5", 5),
            ("soon", 5),
            ("", 5),
        ] {
            let attempt = Attempt::Answered {
                status: 503,
                retry_after: Some(retry_after),
            };
            let verdict = judge(&attempt, 1, at(0), 0);
            assert_eq!(verdict, Verdict::RetryAt(at(expected_s)), "{retry_after}");
        }
        let gone = Attempt::Answered {
            status: 410,
            retry_after: Some("5"),
        };
        assert_eq!(judge(&gone, 1, at(0), 0), Verdict::Gone);
        let last = Attempt::Answered {
            status: 503,
            retry_after: Some("5"),
        };
        assert_eq!(judge(&last, 10, at(0), 0), Verdict::Dead);
    }

    #[test]
    fn attempts_to_reach_on_call_end_within_two_hours() {
        let mut now = at(0);
        let mut attempts = 1;
        while let Verdict::RetryAt(next) = judge_on_call(&answered(500), attempts, now, 0) {
            now = next;
            attempts += 1;
        }
        assert_eq!(attempts, 8);
        assert!(now <= at(2 * 3600), "{now}");
        let delivered = judge_on_call(&answered(202), 1, now, 0);
        assert_eq!(delivered, Verdict::Delivered);
    }

    #[test]
    fn a_late_retry_after_five_days_of_failure_gives_up() {
        let late = FAILING_S - LATE_RETRY_S;
        for (failing_since, previous, expected) in [
            (None, Some(late), false),
            (Some(1), Some(late), false),
            (Some(0), Some(late), true),
            (Some(-30 * 86_400), Some(late), true),
            // The first attempt and quick retries.
            (Some(0), None, false),
            (Some(0), Some(late + 1), false),
        ] {
            let given_up = is_given_up(failing_since.map(at), previous.map(at), at(FAILING_S));
            assert_eq!(given_up, expected, "{failing_since:?} {previous:?}");
        }
        let second_retry = i64::from(DELAYS_S[2]) + i64::from(DELAYS_S[2]) / 10;
        let third_retry = i64::from(DELAYS_S[3]) - i64::from(DELAYS_S[3]) / 10;
        assert!((second_retry + 1..=third_retry).contains(&LATE_RETRY_S));
    }
}
