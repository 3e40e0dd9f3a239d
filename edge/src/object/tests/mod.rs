//! The object's work on a real SQLite, as it runs on workerd.

use std::cell::RefCell;

use notice::journal::sha256_hex;
use rusqlite::{Connection, types::ValueRef};
use serde_json::{Value as Json, json};

use super::{
    budget::Budget,
    create::create,
    envelope::Envelope,
    operate::{Call, operate},
    read_feed::read_feed,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::credential::Credential,
    storage::sql::{Row, Sql, Value},
};

const NOW_MS: u64 = 1_795_248_000_000;
const HOUR_MS: u64 = 3_600_000;

/// SQLite, with writes that can be made to fail.
struct Database {
    connection: Connection,
    /// The next statement that contains this fails; it is not run.
    fail_on: RefCell<Option<&'static str>>,
    /// The next statement that contains this runs, and then reports an error. With `COMMIT` the transaction is committed
    /// before its caller gets the error.
    fail_after: RefCell<Option<&'static str>>,
}

impl Database {
    fn new() -> Self {
        Self {
            connection: Connection::open_in_memory().unwrap(),
            fail_on: RefCell::new(None),
            fail_after: RefCell::new(None),
        }
    }

    /// Takes the fault that is planted for a statement, if one is.
    fn planted(fault: &RefCell<Option<&'static str>>, statement: &str) -> Result<(), Fault> {
        let fails = fault.borrow().is_some_and(|part| statement.contains(part));
        if fails {
            fault.replace(None);
            return Err(Fault::Sql("disk full, says the test".to_owned()));
        }
        Ok(())
    }

    fn count(&self, table: &str) -> u64 {
        let rows = self.run(&format!("SELECT count(*) FROM {table}"), &[]);
        rows.unwrap().remove(0).number("count").unwrap()
    }
}

fn refused(error: &rusqlite::Error) -> Fault {
    Fault::Sql(error.to_string())
}

impl Sql for Database {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        Self::planted(&self.fail_on, statement)?;
        let mut prepared = self
            .connection
            .prepare(statement)
            .map_err(|error| refused(&error))?;
        let width = prepared.column_count();
        let parameters = values.iter().map(|value| match value {
            Value::Null => rusqlite::types::Value::Null,
            Value::Integer(number) => rusqlite::types::Value::Integer(*number),
            Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
        });
        let rows = prepared
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                let columns: Result<Vec<Value>, rusqlite::Error> = (0..width)
                    .map(|index| {
                        Ok(match row.get_ref(index)? {
                            ValueRef::Integer(number) => Value::Integer(number),
                            ValueRef::Text(text) => {
                                String::from_utf8_lossy(text).into_owned().into()
                            }
                            _ => Value::Null,
                        })
                    })
                    .collect();
                columns.map(Row::new)
            })
            .map_err(|error| refused(&error))?;
        let rows = rows
            .collect::<Result<Vec<Row>, _>>()
            .map_err(|error| refused(&error))?;
        Self::planted(&self.fail_after, statement)?;
        Ok(rows)
    }

    fn script(&self, statements: &str) -> Result<(), Fault> {
        self.connection
            .execute_batch(statements)
            .map_err(|error| refused(&error))
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        self.script("BEGIN")?;
        let done = work();
        self.script(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        if done.is_ok() {
            Self::planted(&self.fail_after, "COMMIT")?;
        }
        done
    }
}

struct Request {
    method: &'static str,
    path: String,
    key: Option<&'static str>,
    body: Json,
    now_ms: u64,
    credential: Credential,
    if_match: Option<String>,
    query: &'static str,
}

fn post(path: &str, body: Json) -> Request {
    Request {
        method: "POST",
        path: format!("/v1/sites/acme{path}"),
        key: None,
        body,
        now_ms: NOW_MS,
        credential: Credential::Root,
        if_match: None,
        query: "",
    }
}

fn get(path: &str) -> Request {
    Request {
        method: "GET",
        ..post(path, Json::Null)
    }
}

impl Request {
    fn key(self, key: &'static str) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    fn at(self, now_ms: u64) -> Self {
        Self { now_ms, ..self }
    }

    fn envelope(&self) -> Envelope {
        Envelope {
            credential: self.credential.clone(),
            method: self.method.to_owned(),
            path: self.path.clone(),
            key: self.key.map(str::to_owned),
            public_url: "https://status.example.com".to_owned(),
            query: self.query.to_owned(),
            if_match: self.if_match.clone(),
            write_limit: 0,
        }
    }

    fn send(&self, database: &Database) -> Result<Answer, Fault> {
        let envelope = self.envelope();
        let body = match &self.body {
            Json::String(text) => text.clone(),
            body => body.to_string(),
        };
        let call = Call {
            envelope: &envelope,
            body: body.as_bytes(),
            now_ms: self.now_ms,
            budget: &RefCell::new(Budget::default()),
            taken: &[],
        };
        if self.path == "/v1/sites" {
            create(database, &call)
        } else {
            operate(database, &call)
        }
    }

    fn ok(&self, database: &Database) -> (u16, Json) {
        let answer = self.send(database).unwrap();
        let body = serde_json::from_str(&answer.body).unwrap();
        if answer.status >= 400 {
            assert_sentences(&body);
        }
        (answer.status, body)
    }
}

/// Asserts that every text of a problem is a sentence.
fn assert_sentences(problem: &Json) {
    let errors = problem["errors"].as_array().into_iter().flatten();
    for error in errors.chain([problem]) {
        let detail = error["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(char::is_uppercase) && detail.ends_with('.'),
            "not a sentence: {detail}"
        );
    }
}

fn new_site() -> Request {
    Request {
        path: "/v1/sites".to_owned(),
        ..post("", json!({ "slug": "acme", "name": "Acme SMS" }))
    }
}

fn acme() -> Database {
    let database = Database::new();
    assert_eq!(new_site().ok(&database).0, 201);
    let component = json!({ "name": "Sending" });
    assert_eq!(post("/components", component).ok(&database).0, 201);
    database
}

fn outage() -> Json {
    json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "We are looking into it.", "components": [{ "id": "sending" }]
    })
}

/// The request as one of the site's tokens sends it.
fn as_token(token: &str, request: Request) -> Request {
    Request {
        credential: Credential::Token {
            digest: sha256_hex(token.as_bytes()),
        },
        ..request
    }
}

/// A new token's id and secret.
fn token(database: &Database, role: &str) -> (String, String) {
    let (status, made) = post("/tokens", json!({ "role": role, "name": "CI" })).ok(database);
    assert_eq!(status, 201, "{made}");
    (
        made["id"].as_str().unwrap().to_owned(),
        made["token"].as_str().unwrap().to_owned(),
    )
}

fn feed(database: &Database, now_ms: u64) -> Json {
    let (body, _) = read_feed(database, None, "https://status.example.com", now_ms)
        .unwrap()
        .unwrap();
    serde_json::from_str(&body).unwrap()
}

mod archive;
mod clocks;
mod conditions;
mod credentials;
mod erase;
mod faults;
mod forge;
mod golden;
mod import;
mod invitations;
mod migrations;
mod passing_time;
mod redaction;
mod rehearse;
mod repair;
mod root_keys;
mod size;
mod stories;
