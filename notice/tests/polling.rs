//! Property tests of the polling schedule, over random sequences of events.

#![cfg(test)]

use notice::browser::polling::{Event, Polling, Step};
use proptest::prelude::*;

/// A random event, valid in any state.
fn random_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(Event::Timer),
        1 => Just(Event::Hidden),
        1 => Just(Event::Visible),
        1 => Just(Event::Online),
        1 => Just(Event::Lead),
        2 => (0..3_u32, 0..9_u32, 0..90_u32).prop_map(|(origin, failures, seconds)| Event::Polled { origin, failures, seconds }),
        // Late or duplicate responses, unless a request is in flight.
        1 => (0..90_u32).prop_map(|poll_after_s| Event::Answered { poll_after_s }),
        1 => (0..90_u32).prop_map(|retry_after_s| Event::Failed { retry_after_s }),
    ]
}

/// A sequence of events, each with the delay before it in milliseconds and a random number.
fn random_events() -> impl Strategy<Value = Vec<(f64, Event, f64)>> {
    let delay = prop_oneof![Just(0.0), 0.0..20_000.0, Just(400_000.0)];
    prop::collection::vec((delay, random_event(), 0.0..1.0), 1..200)
}

proptest! {
    #[test]
    fn requests_are_serial_and_never_before_the_allowed_time(origins in 1..4_u32, events in random_events()) {
        let mut polling = Polling::resume(origins, 0, 0, 0.0);
        let (mut now, mut in_flight, mut visible, mut earliest) = (0.0, false, true, 0.0);
        for (later, event, random) in events {
            now += later;
            let before = polling.failures();
            let step = polling.on(event, now, random);
            match event {
                Event::Answered { poll_after_s } if in_flight => {
                    in_flight = false;
                    earliest = now + f64::from(poll_after_s.clamp(1, 3600)) * 1000.0;
                    prop_assert_eq!(polling.failures(), 0);
                }
                Event::Failed { retry_after_s } if in_flight => {
                    in_flight = false;
                    prop_assert_eq!(polling.failures(), before + 1);
                    // Retry-After applies once each origin has failed.
                    earliest = if polling.failures().is_multiple_of(origins) {
                        now + f64::from(retry_after_s.clamp(1, 3600)) * 1000.0
                    } else {
                        now
                    };
                }
                Event::Answered { .. } | Event::Failed { .. } => {
                    prop_assert_eq!(polling.failures(), before, "late or duplicate response");
                }
                Event::Polled { failures, seconds, .. } => {
                    earliest = match failures {
                        // Another tab's success does not delay this tab's requests.
                        0 => earliest,
                        last if last.is_multiple_of(origins) => {
                            now + f64::from(seconds.clamp(1, 3600)) * 1000.0
                        }
                        _ => now,
                    };
                    prop_assert_eq!(polling.failures(), failures);
                }
                Event::Hidden => visible = false,
                Event::Visible => visible = true,
                _ => {}
            }
            match step {
                Step::Ask { origin } => {
                    prop_assert!(!in_flight, "one request at a time");
                    prop_assert!(visible, "hidden tabs are silent");
                    prop_assert!(now >= earliest, "{now} is sooner than {earliest}");
                    prop_assert!(origin < origins);
                    in_flight = true;
                }
                Step::Wait { milliseconds } => {
                    prop_assert!(visible && !in_flight);
                    prop_assert!(now + f64::from(milliseconds) >= earliest);
                    // One hour, at most half of it as jitter, and the extra delay of followers.
                    prop_assert!(f64::from(milliseconds) <= 3_600_000.0 * 1.5 + 10_000.0);
                }
                Step::Rest => prop_assert!(in_flight || !visible),
            }
        }
    }

    #[test]
    fn late_and_duplicate_responses_are_ignored(events in random_events(), seconds in 0..90_u32) {
        let mut polling = Polling::resume(2, 0, 0, 0.0);
        let mut now = 0.0;
        for (later, event, random) in events {
            now += later;
            if matches!(polling.on(event, now, random), Step::Wait { .. }) {
                let before = polling.clone();
                for event in [Event::Answered { poll_after_s: seconds }, Event::Failed { retry_after_s: seconds }] {
                    polling.on(event, now, random);
                    prop_assert_eq!(&polling, &before);
                }
            }
        }
    }

    #[test]
    fn polling_recovers_after_any_number_of_failures(
        origins in 1..4_u32, events in random_events(), failed_requests in 0..60_usize, random in 0.0..1.0
    ) {
        let mut polling = Polling::resume(origins, 0, 0, 0.0);
        let mut now = 0.0;
        for (later, event, random) in events {
            now += later;
            polling.on(event, now, random);
        }
        let answer = |polling: &mut Polling, now: &mut f64, event: Event| {
            let mut step = polling.on(event, *now, random);
            while let Step::Wait { milliseconds } = step {
                *now += f64::from(milliseconds);
                step = polling.on(Event::Timer, *now, random);
            }
            step
        };
        answer(&mut polling, &mut now, Event::Visible);
        for _ in 0..failed_requests {
            let step = answer(&mut polling, &mut now, Event::Failed { retry_after_s: 0 });
            prop_assert!(matches!(step, Step::Ask { .. }), "{step:?}");
        }
        let began = now;
        answer(&mut polling, &mut now, Event::Failed { retry_after_s: 0 });
        prop_assert!(now - began <= 450_000.0, "seven and a half minutes at most: {}", now - began);
        let step = polling.on(Event::Answered { poll_after_s: 10 }, now, random);
        let usual = (10_000.0..=12_001.0).contains(&match step {
            Step::Wait { milliseconds } => f64::from(milliseconds),
            _ => 0.0,
        });
        prop_assert!(usual && polling.failures() == 0, "{step:?}");
    }

    #[test]
    fn jitter_is_within_its_bounds(seconds in 1..3600_u32, random in 0.0..1.0) {
        let wait = |event, random| {
            let mut polling = Polling::resume(1, 0, 0, 0.0);
            polling.on(Event::Timer, 0.0, random);
            match polling.on(event, 0.0, random) {
                Step::Wait { milliseconds } => f64::from(milliseconds),
                step => panic!("{step:?}"),
            }
        };
        let pause = f64::from(seconds) * 1000.0;
        let answered = wait(Event::Answered { poll_after_s: seconds }, random);
        prop_assert!((pause..=pause * 1.2 + 1.0).contains(&answered));
        let failed = wait(Event::Failed { retry_after_s: seconds }, random);
        let backoff = pause.max(5_000.0);
        prop_assert!((backoff..=backoff * 1.5 + 1.0).contains(&failed));
        // A follower polls 8 to 10 s after the leader's latest possible poll.
        let mut follower = Polling::resume(1, 0, 0, 0.0);
        let step = follower.on(Event::Polled { origin: 0, failures: 0, seconds }, 0.0, random);
        let Step::Wait { milliseconds } = step else { panic!("{step:?}") };
        prop_assert!((pause * 1.2 + 8_000.0..=pause * 1.2 + 10_001.0).contains(&f64::from(milliseconds)));
    }
}
