//! The sites of the measurement, `large`, `empty` and `other`, and `model`, whose one incident is copied with other ids and
//! times to make the export that `large` is imported from.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use e2e::{ROOT_TOKEN, Server, outage};
use notice::{
    journal::{FIRST_PREVIOUS, Row, link, sha256_hex},
    wire::time::Timestamp,
};
use serde_json::{Value, json};

/// Time between two incidents, in seconds: 10,000 incidents take nine years.
const EVERY_S: i64 = 8 * 3600;
/// Time from the end of the series of incidents until now, in seconds: the all-clear of the newest incident has expired.
const NEWEST_S: i64 = 4 * 86_400;

/// Creates the sites, and returns the file that the large one was imported from.
pub fn sites(server: &Server, incidents: u32) -> Vec<u8> {
    for slug in ["large", "empty", "other", "model"] {
        let site = json!({ "slug": slug, "name": slug });
        create(server, "/v1/sites", &site);
        if slug == "other" || slug == "model" {
            let component = json!({ "name": "Sending" });
            create(server, &format!("/v1/sites/{slug}/components"), &component);
        }
    }
    eprintln!("→ Making a file with {incidents} incidents …");
    let model = model(server);
    let file = export(&model, incidents, incidents);
    eprintln!("→ Importing {:.1} MB …", file.len() as f64 / 1e6);
    import(server, "large", &file);
    // The empty site is as old as the large one, so that its status page has the chart of days too.
    import(server, "empty", &export(&model, 0, incidents));
    file
}

fn create(server: &Server, path: &str, body: &Value) -> Value {
    let answer = server.post(path, ROOT_TOKEN, body);
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    answer.json
}

pub fn import(server: &Server, site: &str, file: &[u8]) {
    let answer = server
        .patient_client()
        .request("POST", &format!("/v1/sites/{site}/import"))
        .token(ROOT_TOKEN)
        .header("content-type", "application/jsonl")
        .bytes(file)
        .send()
        .expect("an answer to the import");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// The events of the site `model`, as the server wrote them: one component, and one incident that is published and resolved.
/// The incident's expiry is added, because the server would write it only after 72 h.
fn model(server: &Server) -> Vec<Value> {
    let mut incident = outage();
    incident["components"] = json!([{ "id": "sending" }]);
    let created = create(server, "/v1/sites/model/incidents", &incident);
    let updates = format!(
        "/v1/sites/model/incidents/{}/updates",
        created["id"].as_str().expect("an id")
    );
    let resolved = json!({ "body": "All messages have been delivered.", "status": "resolved" });
    create(server, &updates, &resolved);
    let file = server.get_as(ROOT_TOKEN, "/v1/sites/model/export");
    let lines = file.text();
    let mut events: Vec<Value> = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|mut line| line.get_mut("event").map(Value::take))
        .collect();
    events.push(json!({ "type": "notice.expired", "incident": created["id"] }));
    events
}

/// Generates an export of a site with `incidents` copies of the model's incident. The site's first event is as old as if
/// it had `age_in_incidents` incidents.
fn export(model: &[Value], incidents: u32, age_in_incidents: u32) -> Vec<u8> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = i64::try_from(now.expect("a clock past 1970").as_secs()).expect("a time");
    let oldest = now - NEWEST_S - i64::from(age_in_incidents) * EVERY_S;
    // The last three events are the incident's: created, resolved, expired.
    let (site_events, incident_events) = model.split_at(model.len() - 3);
    // By time, then in the order of writing.
    let mut events: BTreeMap<(i64, usize), Value> = BTreeMap::new();
    let mut add = |at: i64, event: Value| {
        let order = events.len();
        events.insert((at, order), event);
    };
    for event in site_events {
        add(oldest - 60, at_time(event, oldest - 60));
    }
    for number in 0..incidents {
        let began = oldest + i64::from(number) * EVERY_S;
        // Created, resolved, and removed from the feed after 72 h.
        for (event, after_s) in incident_events.iter().zip([0, 600, 600 + 72 * 3600]) {
            let at = began + after_s;
            let mut event = at_time(event, at);
            rename(&mut event, number);
            add(at, event);
        }
    }
    write_export(events)
}

fn time(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).to_string()
}

/// The event with all its times replaced.
fn at_time(event: &Value, seconds: i64) -> Value {
    match event {
        Value::String(text) if Timestamp::parse(text).is_some() => time(seconds).into(),
        Value::Array(values) => values.iter().map(|value| at_time(value, seconds)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), at_time(value, seconds)))
            .collect(),
        other => other.clone(),
    }
}

/// Gives an event of the model's incident the ids of another one.
fn rename(event: &mut Value, number: u32) {
    let id = json!(format!("inc_bench{number}"));
    if event["incident"].is_object() {
        event["incident"]["id"] = id;
        event["incident"]["title"] = json!(format!("Messages are delayed, number {number}"));
        for update in event["incident"]["updates"]
            .as_array_mut()
            .expect("updates")
        {
            update["id"] = json!(format!("upd_bench{number}a"));
        }
    } else {
        event["incident"] = id;
    }
    if event["update"].is_object() {
        event["update"]["id"] = json!(format!("upd_bench{number}b"));
    }
}

/// Writes the export with these events.
fn write_export(events: BTreeMap<(i64, usize), Value>) -> Vec<u8> {
    let mut file = format!(
        "{}\n",
        json!({ "format": "allclear-export", "v": 1, "site": "model" })
    );
    let mut head = FIRST_PREVIOUS.to_owned();
    let mut rows = 0_u64;
    let first = events.keys().next().map_or(0, |(at, _)| *at);
    let first_rev = u64::try_from(first).expect("a time after 1970") * 1000;
    for ((at, _), event) in events {
        rows += 1;
        let text = event.to_string();
        let row = Row {
            seq: rows,
            at: Timestamp::from_seconds(at),
            actor: "root".to_owned(),
            key: None,
            rev: first_rev + rows,
            event_type: event["type"].as_str().expect("a type").to_owned(),
            digest: sha256_hex(text.as_bytes()),
        };
        let link = link(&head, &row).expect("a row");
        let (row, hash) = (json!(link.row), json!(link.hash));
        file.push_str(&format!(
            "{{\"row\":{row},\"hash\":{hash},\"event\":{text}}}\n"
        ));
        head = link.hash;
    }
    let sha256 = sha256_hex(file.as_bytes());
    let trailer = json!({ "rows": rows, "head": head, "sha256": sha256 });
    file.push_str(&format!("{trailer}\n"));
    file.into_bytes()
}
