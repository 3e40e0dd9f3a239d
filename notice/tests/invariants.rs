//! Property test: invariants of the state and the feed after any sequence of commands.

#![cfg(test)]

mod site;

use notice::{
    browser::{audience::PageContext, partial_all_clear},
    decide::{Command, next_due},
    state::State,
    wire::{
        enums::{ComponentStatus, Kind, Status},
        time::Timestamp,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};
use site::TestSite;

/// A command of an operator, or the passing of time in seconds.
#[derive(Clone, Debug)]
enum Step {
    Publish(Value),
    Update(usize, Value),
    Change(usize, Value),
    Withdraw(usize),
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
            "in_progress",
            "verifying",
            "completed",
            "ended",
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

fn publish_maintenance() -> impl Strategy<Value = Step> {
    (1_i64..100, 1_i64..100, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(wait, length, draft, auto_start, auto_complete)| {
            let at = |hours: i64| Timestamp::from_seconds(site::NOW + hours * 3600).to_string();
            Step::Publish(json!({
                "kind": "maintenance", "title": "t", "body": "b", "draft": draft,
                "scheduled_for": at(wait), "scheduled_until": at(wait + length),
                "auto_start": auto_start, "auto_complete": auto_complete, "components": [{ "id": "reports" }]
            }))
        },
    )
}

/// A draft with promises or an end, some of which will have passed at publication.
fn draft() -> impl Strategy<Value = Step> {
    (
        proptest::option::of(1_i64..100),
        proptest::option::of(1_i64..100),
        any::<bool>(),
    )
        .prop_map(|(publish, next, announces)| {
            let at = |hours: i64| Timestamp::from_seconds(site::NOW + hours * 3600).to_string();
            let mut body = json!({ "title": "t", "body": "b", "draft": publish.is_none() });
            if let Some(publish) = publish {
                body["publish_at"] = json!(at(publish));
            }
            let promise = if announces {
                "announce_until"
            } else {
                "next_update_at"
            };
            if let Some(next) = next {
                body[promise] = json!(at(next));
            }
            body["kind"] = json!(if announces {
                "announcement"
            } else {
                "incident"
            });
            if !announces {
                body["impact"] = json!("major");
                body["estimated_end_at"] = body[promise].clone();
            }
            Step::Publish(body)
        })
}

fn change() -> impl Strategy<Value = Step> {
    (
        any::<usize>(),
        proptest::option::of(any::<bool>()),
        proptest::option::of(word(&["minor", "critical"])),
        proptest::option::of(word(&["a", "b"])),
    )
        .prop_map(|(which, draft, impact, title)| {
            let mut body = json!({});
            if let Some(draft) = draft {
                body["draft"] = json!(draft);
            }
            if let Some(impact) = impact {
                body["impact"] = json!(impact);
            }
            if let Some(title) = title {
                body["title"] = json!(title);
            }
            Step::Change(which, body)
        })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        publish(),
        publish_maintenance(),
        draft(),
        update(),
        update(),
        change(),
        any::<usize>().prop_map(Step::Withdraw),
        (0_i64..100 * 3600).prop_map(Step::Wait)
    ];
    proptest::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn invariants_hold_after_any_sequence_of_commands(steps in steps()) {
        let mut site = TestSite::new();
        let mut ids = Vec::new();
        for step in steps {
            let before = site.state.clone();
            match step {
                // Rejections are allowed, but must not change the state.
                Step::Publish(body) => match site.try_publish(body) {
                    Ok(id) => ids.push(id),
                    Err(_) => prop_assert_eq!(&before, &site.state),
                },
                Step::Update(which, body) if !ids.is_empty() => {
                    if site.try_update(&ids[which % ids.len()].clone(), body).is_err() {
                        prop_assert_eq!(&before, &site.state);
                    }
                }
                Step::Change(which, patch) if !ids.is_empty() => {
                    if site.try_change(&ids[which % ids.len()].clone(), patch).is_err() {
                        prop_assert_eq!(&before, &site.state);
                    }
                }
                Step::Withdraw(which) if !ids.is_empty() => {
                    let input = serde_json::from_value(json!({ "reason": "r" })).unwrap();
                    let id = ids[which % ids.len()].clone();
                    site.run(Command::WithdrawIncident { id, input }).ok();
                }
                Step::Update(..) | Step::Change(..) | Step::Withdraw(..) => {}
                Step::Wait(seconds) => site.now += seconds,
            }
            site.run(Command::PassTime).unwrap();
            check(&before, &site)?;
        }
        let mut replayed = State::default();
        for (event, at) in &site.events {
            replayed.apply(event, *at);
        }
        prop_assert_eq!(replayed, site.state, "the state is the fold of its events");
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
                "updates are never lost"
            );
        }
        prop_assert_eq!(incident.ended_at.is_some(), !incident.is_open());
        for promise in [incident.next_update_at, incident.estimated_end_at] {
            let (Some(promised), Some(published)) = (promise, incident.published_at) else {
                continue;
            };
            prop_assert!(promised > published, "no promise is overdue at publication");
        }
        let times: Vec<_> = incident.updates.iter().map(|update| update.at).collect();
        prop_assert!(times.is_sorted(), "updates are in order of time");
    }
    for component in &site.state.components {
        let is_affected = site
            .state
            .incidents
            .values()
            .filter(|incident| incident.is_open() && !incident.drill && !incident.is_draft())
            .filter(|incident| incident.status != Status::Scheduled)
            .flat_map(|incident| &incident.components)
            .any(|affected| {
                affected.id == component.id && affected.status > ComponentStatus::Operational
            });
        prop_assert_eq!(component.status > ComponentStatus::Operational, is_affected);
    }
    let feed = site.feed();
    for notice in &feed.notices {
        let incident = &site.state.incidents[&notice.id];
        prop_assert_eq!(notice.drill, incident.drill, "a drill is marked as one");
        prop_assert_eq!(notice.restored.is_some(), !incident.is_open());
        for component in &notice.components {
            let page = PageContext {
                components: Some(vec![component.slug.to_string()]),
                ..PageContext::default()
            };
            let over = partial_all_clear::since(notice, &page);
            let works = component.status == ComponentStatus::Operational;
            prop_assert!(
                over.is_none() || works,
                "a partial all-clear needs a working component"
            );
            prop_assert!(over.is_none_or(|since| since == component.since && since <= site.now()));
        }
        if let Some(restored) = &notice.restored {
            prop_assert!(
                restored.expires_at.seconds() > site.now,
                "the feed has no expired all-clear"
            );
        }
    }
    for incident in site.state.incidents.values() {
        let shown = feed.notices.iter().any(|notice| notice.id == incident.id);
        prop_assert!(
            !(shown && incident.is_draft()),
            "a draft is never in the feed"
        );
        if incident.kind == Kind::Incident && incident.is_open() && !incident.is_draft() {
            prop_assert!(shown, "everything open is in the feed");
        }
    }
    prop_assert!(
        next_due(&site.state, site.now()).is_none_or(|due| due > site.now()),
        "everything due has happened"
    );
    Ok(())
}
