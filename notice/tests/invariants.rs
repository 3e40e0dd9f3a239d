//! What holds after any sequence of commands.

#![cfg(test)]

mod site;

use notice::{decide::Command, state::State, wire::words::ComponentStatus};
use proptest::prelude::*;
use serde_json::{Value, json};
use site::TestSite;

/// One thing an operator, or the clock, may do.
#[derive(Clone, Debug)]
enum Step {
    Publish(Value),
    Update(usize, Value),
    Wait(i64),
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

fn component() -> impl Strategy<Value = Value> {
    let status = word(&[
        "operational",
        "degraded_performance",
        "partial_outage",
        "major_outage",
    ]);
    (
        word(&["sending", "receiving", "reports"]),
        proptest::option::of(status),
    )
        .prop_map(|(id, status)| json!({ "id": id, "status": status }))
}

fn publish() -> impl Strategy<Value = Step> {
    (
        word(&["none", "minor", "major", "critical"]),
        word(&["investigating", "identified", "monitoring", "resolved"]),
        proptest::option::of(component()),
        any::<bool>(),
    )
        .prop_map(|(impact, status, component, drill)| {
            Step::Publish(json!({
                "kind": "incident", "title": "t", "body": "b", "impact": impact, "status": status, "drill": drill,
                "components": component.into_iter().collect::<Vec<_>>()
            }))
        })
}

fn update() -> impl Strategy<Value = Step> {
    (
        any::<usize>(),
        proptest::option::of(word(&[
            "investigating",
            "identified",
            "monitoring",
            "resolved",
        ])),
        proptest::option::of(word(&["none", "minor", "major", "critical"])),
        proptest::option::of(component()),
        proptest::option::of(any::<bool>()),
    )
        .prop_map(|(which, status, impact, component, renotify)| {
            Step::Update(
                which,
                json!({
                    "body": "b", "status": status, "impact": impact, "renotify": renotify,
                    "components": component.into_iter().collect::<Vec<_>>()
                }),
            )
        })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        publish(),
        update(),
        update(),
        (0_i64..100 * 3600).prop_map(Step::Wait)
    ];
    proptest::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn any_sequence_of_commands(steps in steps()) {
        let mut site = TestSite::new();
        let mut ids = Vec::new();
        for step in steps {
            let before = site.state.clone();
            match step {
                // A rejection is fine; it must only change nothing.
                Step::Publish(body) => match site.try_publish(body) {
                    Ok(id) => ids.push(id),
                    Err(_) => prop_assert_eq!(&before, &site.state),
                },
                Step::Update(which, body) if !ids.is_empty() => {
                    if site.try_update(&ids[which % ids.len()].clone(), body).is_err() {
                        prop_assert_eq!(&before, &site.state);
                    }
                }
                Step::Update(..) => {}
                Step::Wait(seconds) => site.now += seconds,
            }
            site.run(Command::PassTime).unwrap();
            check(&before, &site)?;
        }
        let mut replayed = State::default();
        for (event, at) in &site.events {
            replayed.apply(event, *at);
        }
        prop_assert_eq!(replayed, site.state, "the state is the sum of its events");
    }
}

fn check(before: &State, site: &TestSite) -> Result<(), TestCaseError> {
    for (id, incident) in &site.state.incidents {
        if let Some(earlier) = before.incidents.get(id) {
            prop_assert!(
                incident.attention >= earlier.attention,
                "attention never falls"
            );
            prop_assert!(
                incident.updates.len() >= earlier.updates.len(),
                "nothing said is lost"
            );
        }
        prop_assert_eq!(incident.ended_at.is_some(), !incident.is_open());
        let times: Vec<_> = incident.updates.iter().map(|update| update.at).collect();
        prop_assert!(times.is_sorted(), "a timeline never runs backwards");
    }
    for component in &site.state.components {
        let worse = site
            .state
            .incidents
            .values()
            .filter(|incident| incident.is_open() && !incident.drill)
            .flat_map(|incident| &incident.components)
            .any(|touched| {
                touched.id == component.id && touched.status > ComponentStatus::Operational
            });
        prop_assert_eq!(component.status > ComponentStatus::Operational, worse);
    }
    let feed = site.feed();
    for notice in &feed.notices {
        let incident = &site.state.incidents[&notice.id];
        prop_assert_eq!(notice.drill, incident.drill, "a drill says that it is one");
        prop_assert_eq!(notice.restored.is_some(), !incident.is_open());
        if let Some(restored) = &notice.restored {
            prop_assert!(
                restored.expires_at.seconds() > site.now,
                "an expired all-clear is gone"
            );
        }
    }
    let open = site
        .state
        .incidents
        .values()
        .filter(|incident| incident.is_open())
        .count();
    let shown = feed
        .notices
        .iter()
        .filter(|notice| notice.restored.is_none())
        .count();
    prop_assert_eq!(open, shown, "everything open is in the feed");
    Ok(())
}
