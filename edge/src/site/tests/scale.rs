//! Cost on a site with many past incidents, in operations of SQLite's virtual machine, which are the same on every machine.

use std::sync::OnceLock;

use notice::{
    state::State,
    wire::{enums::Status, ids::IncidentId, incident::Incident, time::Timestamp},
};

use super::{days::status_page, *};
use crate::{
    http::page_call::{PageCall, PageHost, PageName},
    site::page::render_page,
    storage::{
        journal::{self, Entry},
        projections::{self, ExtraIncidents},
    },
};

/// A resolved incident whose all-clear has expired; its id and title contain its number. It lasted ten minutes.
pub fn ended(number: u32) -> Incident {
    static MODEL: OnceLock<Incident> = OnceLock::new();
    let model = MODEL.get_or_init(|| {
        let database = acme();
        assert_eq!(post("/incidents", outage()).ok(&database).0, 201);
        let stored = projections::load(&database, ExtraIncidents::None).unwrap();
        stored.state.incidents.into_values().next().unwrap()
    });
    Incident {
        id: IncidentId::parse(&format!("inc_n{number}")).unwrap(),
        title: format!("Number {number}"),
        status: Status::Resolved,
        ended_at: Some(model.started_at.plus_seconds(600)),
        expired: true,
        ..model.clone()
    }
}

/// Writes incidents into the projections, in this order.
pub fn save_all(database: &Database, incidents: &[Incident]) {
    database
        .transaction(|| {
            incidents.iter().try_for_each(|incident| {
                name_in_journal(database, &incident.id);
                let mut after = State::default();
                after
                    .incidents
                    .insert(incident.id.clone(), incident.clone());
                projections::save(database, &State::default(), &after, 1)
            })
        })
        .unwrap();
}

/// Adds a row about an incident to the journal. Its sequence number becomes the incident's `number`.
pub(crate) fn name_in_journal(database: &Database, id: &IncidentId) {
    let event = serde_json::json!({ "type": "incident.deleted", "incident": id }).to_string();
    let (seq, _) = journal::head(database).unwrap();
    let row = notice::journal::Row {
        seq: seq + 1,
        at: Timestamp::from_millis(i64::try_from(NOW_MS).unwrap()),
        actor: "root".to_owned(),
        key: None,
        rev: 1,
        event_type: "incident.deleted".to_owned(),
        digest: String::new(),
    };
    let link = notice::journal::link("", &row).unwrap();
    journal::insert(database, "journal", seq + 1, &Entry { link, event }).unwrap();
}

/// A site with an incident every eight hours, the newest one ten minutes before now, and an open one.
fn site_with_past(count: u32) -> Database {
    let database = acme();
    let incidents: Vec<Incident> = (0..count)
        .map(|number| {
            let age_s = i64::from(count - number) * 8 * 3600;
            let model = ended(number);
            Incident {
                started_at: model.started_at.plus_seconds(-age_s),
                ended_at: model.ended_at.map(|end| end.plus_seconds(-age_s)),
                ..model
            }
        })
        .collect();
    save_all(&database, &incidents);
    assert_eq!(post("/incidents", outage()).ok(&database).0, 201);
    // The first page fills the cache of severities.
    status_page(&database, NOW_MS).unwrap();
    database
}

/// Renders a page, which must exist.
fn page(database: &Database, name: PageName, query: &str) {
    let call = PageCall::parse(name, query, PageHost::Deployment).unwrap();
    let page = render_page(database, &call, database.page_tools(), NOW_MS);
    assert!(page.unwrap().is_some());
}

fn list(database: &Database, query: &'static str) {
    let request = Request {
        query,
        ..get("/incidents")
    };
    assert_eq!(request.ok(database).0, 200, "{query}");
}

/// A call: its name, and the function that makes it.
type Call = (&'static str, fn(&Database));

const CALLS: &[Call] = &[
    ("feed", |database| drop(feed(database, NOW_MS))),
    ("publish", |database| {
        assert_eq!(post("/incidents", outage()).ok(database).0, 201);
    }),
    ("status page", |database| {
        page(database, PageName::Status, "")
    }),
    ("history", |database| {
        page(database, PageName::History(None), "")
    }),
    ("a month", |database| {
        page(database, PageName::History(None), "month=2026-10");
    }),
    ("a month without incidents", |database| {
        let call = PageCall::parse(PageName::History(None), "month=1999-01", PageHost::Site);
        let page = render_page(database, &call.unwrap(), database.page_tools(), NOW_MS);
        assert_eq!(page.unwrap(), None);
    }),
    ("list", |database| list(database, "")),
    ("list after a write", |database| {
        list(database, "");
        let template = serde_json::json!({ "name": "Late" });
        assert_eq!(post("/templates", template).ok(database).0, 201);
        list(database, "");
    }),
    ("the end of the list", |database| list(database, "cursor=9")),
    ("open", |database| list(database, "open=true")),
    ("a status", |database| list(database, "status=resolved")),
    ("a rare status", |database| {
        list(database, "status=monitoring")
    }),
    ("a kind", |database| list(database, "kind=incident")),
    ("a rare kind", |database| list(database, "kind=maintenance")),
    ("a kind and a status", |database| {
        list(database, "kind=incident&status=resolved&cursor=250");
    }),
    ("a rare pair", |database| {
        list(database, "kind=incident&status=monitoring");
    }),
];

#[test]
fn calls_cost_the_same_with_ten_times_the_past_incidents() {
    let (small, large) = (site_with_past(300), site_with_past(3000));
    for (name, call) in CALLS {
        let [few, many] = [&small, &large].map(|database| {
            database.lists.take();
            database.recent.take();
            let before = database.operations.get();
            call(database);
            database.operations.get() - before
        });
        // Deeper index trees take no more operations; a tenth more is allowed, because the rows
        // differ.
        assert!(
            many <= few + few / 10,
            "{name}: {few} operations, then {many}"
        );
    }
}
