//! Which webhooks are notified about the events of a command.

#![cfg(test)]

mod site;

use notice::{
    decide::Command,
    notify::{EventName, Planned, Selection, plan},
    wire::{
        ids::{ComponentId, IncidentId},
        input::Withdrawal,
    },
};
use serde_json::{Value, json};
use site::TestSite;

fn outage(impact: &str, notify: Option<bool>) -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": impact, "body": "b", "notify": notify,
        "components": [{ "id": "sending", "status": "partial_outage" }] })
}

/// Plans the messages about an action.
fn planned(site: &mut TestSite, action: impl FnOnce(&mut TestSite)) -> Vec<Planned> {
    let (before, count) = (site.state.clone(), site.events.len());
    action(site);
    let events = site.events[count..].iter().map(|(event, _)| event.clone());
    plan(&before, &events.collect::<Vec<_>>(), site.now())
}

const ALL: Selection<'_> = Selection {
    is_chat: false,
    events: &[],
    components: &[],
};
const CHAT: Selection<'_> = Selection {
    is_chat: true,
    ..ALL
};

fn reaches(planned: &[Planned], selection: Selection<'_>) -> bool {
    planned.iter().any(|one| one.reaches(selection))
}

fn withdraw(site: &mut TestSite, id: &IncidentId) {
    let input = Withdrawal {
        reason: "By mistake.".to_owned(),
    };
    let id = id.clone();
    site.run(Command::WithdrawIncident { id, input }).unwrap();
}

#[test]
fn chats_are_notified_by_notify_or_by_its_default() {
    for (impact, notify, expected) in [
        ("major", None, true),
        ("major", Some(false), false),
        ("minor", None, false),
        ("minor", Some(true), true),
    ] {
        let mut site = TestSite::new();
        let mut id = None;
        let plan = planned(&mut site, |site| {
            id = Some(site.publish(outage(impact, notify)));
        });
        assert_eq!(reaches(&plan, CHAT), expected, "{impact} {notify:?}");
        assert!(reaches(&plan, ALL), "{impact} {notify:?}");
        // The `notify` of the publication also applies to the withdrawal.
        let plan = planned(&mut site, |site| withdraw(site, &id.unwrap()));
        assert_eq!(reaches(&plan, CHAT), expected, "{impact} {notify:?}");
        assert!(reaches(&plan, ALL));
    }
}

#[test]
fn an_update_has_its_own_notify_field() {
    for (update, expected) in [
        (json!({ "body": "b" }), false),
        (json!({ "body": "b", "notify": true }), true),
        (json!({ "body": "b", "status": "identified" }), true),
        (
            json!({ "body": "b", "status": "identified", "notify": false }),
            false,
        ),
    ] {
        let mut site = TestSite::new();
        let id = site.publish(outage("major", None));
        let plan = planned(&mut site, |site| site.update(&id, update.clone()));
        assert_eq!(reaches(&plan, CHAT), expected, "{update}");
        assert!(reaches(&plan, ALL), "{update}");
    }
}

#[test]
fn a_webhook_is_limited_by_its_events_and_components() {
    let mut site = TestSite::new();
    let id_of =
        |site: &TestSite, index: usize| -> ComponentId { site.state.components[index].id.clone() };
    let (sending, reports) = (id_of(&site, 0), id_of(&site, 2));
    let plan = planned(&mut site, |site| {
        site.publish(outage("major", None));
    });
    for (events, components, expected) in [
        (vec![], vec![], true),
        (vec![EventName::IncidentPublished], vec![], true),
        (vec![EventName::ComponentStatusChanged], vec![], true),
        (vec![EventName::IncidentResolved], vec![], false),
        (vec![], vec![sending.clone()], true),
        (vec![], vec![reports.clone()], false),
        (vec![], vec![reports, sending], true),
    ] {
        let selection = Selection {
            is_chat: false,
            events: &events,
            components: &components,
        };
        assert_eq!(
            reaches(&plan, selection),
            expected,
            "{events:?} {components:?}"
        );
    }
}

#[test]
fn drafts_and_drills_without_notify_notify_nobody() {
    for (fields, expected) in [
        (json!({ "draft": true }), false),
        (json!({ "drill": true }), false),
        (json!({ "drill": true, "notify": true }), true),
        (json!({ "draft": true, "notify": true }), false),
    ] {
        let mut site = TestSite::new();
        let mut body = outage("critical", None);
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let plan = planned(&mut site, |site| {
            site.publish(body);
        });
        assert_eq!(reaches(&plan, ALL), expected, "{fields}");
        assert_eq!(reaches(&plan, CHAT), expected, "{fields}");
    }
}
