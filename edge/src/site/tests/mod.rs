//! Tests of the site's logic on a real SQLite.

use std::cell::{Cell, RefCell};

use notice::{journal::sha256_hex, wire::ids::Slug};
use rusqlite::{Connection, StatementStatus, types::ValueRef};
use serde_json::{Value as Json, json};

use super::{
    call::{Call, GrantedClaim, JobKind, Upload},
    create::create,
    feed::read_feed,
    idempotency::fingerprint,
    import::{BodyUse, admit_body},
    importer::{Importer, Staged},
    list_cache::ListCache,
    operate::operate,
    page::PageTools,
    recent_cache::RecentCache,
    step::{Resumption, Step},
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::Credential,
        rate_limit::RateLimiter,
        route::{Route, SitesCall, parse},
    },
    refusal::{Refusal, answer_rejection},
    rpc::site_client::Envelope,
    storage::sql::{Row, Sql, Value},
};

/// 2026-11-21T08:00:00Z in milliseconds since 1970.
const NOW_MS: u64 = 1_795_248_000_000;
const HOUR_MS: u64 = 3_600_000;

/// SQLite with fault injection.
pub(crate) struct Database {
    connection: Connection,
    /// The next statement that contains this text fails and is not run.
    fail_on: RefCell<Option<&'static str>>,
    /// The next statement that contains this text runs, and then reports an error. With `COMMIT` the transaction is
    /// committed before the error.
    fail_after: RefCell<Option<&'static str>>,
    /// The work that all statements so far have caused, in operations of SQLite's virtual machine.
    operations: Cell<i64>,
    /// The object's caches.
    lists: RefCell<ListCache>,
    recent: RefCell<RecentCache>,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self::of(Connection::open_in_memory().unwrap())
    }

    fn of(connection: Connection) -> Self {
        Self {
            connection,
            fail_on: RefCell::new(None),
            fail_after: RefCell::new(None),
            operations: Cell::new(0),
            lists: RefCell::default(),
            recent: RefCell::default(),
        }
    }

    /// Returns the injected fault for a statement, if any, and removes it.
    fn take_fault(fault: &RefCell<Option<&'static str>>, statement: &str) -> Result<(), Fault> {
        let fails = fault.borrow().is_some_and(|part| statement.contains(part));
        if fails {
            fault.replace(None);
            return Err(Fault::Sql("disk full, injected by the test".to_owned()));
        }
        Ok(())
    }

    fn page_tools(&self) -> PageTools<'_, days::Utc> {
        PageTools {
            public_url: "https://status.example.com",
            formatters: &days::Utc,
            recent: &self.recent,
        }
    }

    /// The number of rows in a table. `table` may have a condition: `incident WHERE in_force = 1`.
    fn count(&self, table: &str) -> u64 {
        let rows = self.run(&format!("SELECT count(*) FROM {table}"), &[]);
        rows.unwrap().remove(0).number("count").unwrap()
    }
}

fn sql_fault(error: &rusqlite::Error) -> Fault {
    Fault::Sql(error.to_string())
}

impl Sql for Database {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        Self::take_fault(&self.fail_on, statement)?;
        let mut prepared = self
            .connection
            .prepare(statement)
            .map_err(|error| sql_fault(&error))?;
        let width = prepared.column_count();
        let parameters = values.iter().map(|value| match value {
            Value::Null | Value::Unreadable => rusqlite::types::Value::Null,
            Value::Integer(number) => rusqlite::types::Value::Integer(*number),
            Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
        });
        let rows = prepared
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                let columns: Result<Vec<Value>, rusqlite::Error> = (0..width)
                    .map(|index| {
                        Ok(match row.get_ref(index)? {
                            ValueRef::Null => Value::Null,
                            // On workerd, integers pass through JavaScript, which has no larger
                            // ones exactly.
                            ValueRef::Integer(number) if number.abs() < 1 << 53 => {
                                Value::Integer(number)
                            }
                            ValueRef::Text(text) => {
                                String::from_utf8_lossy(text).into_owned().into()
                            }
                            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                                Value::Unreadable
                            }
                        })
                    })
                    .collect();
                columns.map(Row::new)
            })
            .map_err(|error| sql_fault(&error))?;
        let rows = rows
            .collect::<Result<Vec<Row>, _>>()
            .map_err(|error| sql_fault(&error))?;
        let steps = prepared.get_status(StatementStatus::VmStep);
        self.operations
            .set(self.operations.get() + i64::from(steps));
        Self::take_fault(&self.fail_after, statement)?;
        Ok(rows)
    }

    fn script(&self, statements: &str) -> Result<(), Fault> {
        self.connection
            .execute_batch(statements)
            .map_err(|error| sql_fault(&error))
    }

    fn size(&self) -> Result<u64, Fault> {
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let size: i64 = self
            .connection
            .query_row(size, [], |row| row.get(0))
            .map_err(|error| sql_fault(&error))?;
        Ok(u64::try_from(size).unwrap())
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        self.script("BEGIN")?;
        let done = work();
        self.script(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        if done.is_ok() {
            Self::take_fault(&self.fail_after, "COMMIT")?;
        }
        done
    }
}

/// A request to the API. By default with the root token, at [`NOW_MS`].
struct Request {
    method: &'static str,
    path: String,
    /// The `Idempotency-Key` header.
    key: Option<&'static str>,
    body: Json,
    now_ms: u64,
    credential: Credential,
    if_match: Option<String>,
    query: &'static str,
}

/// A `POST`. `path` follows that of the site `acme`.
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
            site: Slug::parse("acme").unwrap(),
            credential: self.credential.clone(),
            method: self.method.to_owned(),
            path: self.path.clone(),
            key: self.key.map(str::to_owned),
            public_url: "https://status.example.com".to_owned(),
            query: self.query.to_owned(),
            if_match: self.if_match.clone(),
            write_limit: 0,
            allows_private: false,
            sends_mail: false,
        }
    }

    /// Runs one step of the request.
    fn step(&self, database: &Database, resumed: Option<Resumption>) -> Result<Step, Refusal> {
        self.step_while(database, resumed, None)
    }

    /// Runs one step of the request, while another request has the job `running` in progress.
    fn step_while(
        &self,
        database: &Database,
        resumed: Option<Resumption>,
        running: Option<JobKind>,
    ) -> Result<Step, Refusal> {
        let envelope = self.envelope();
        let body = match &self.body {
            Json::String(text) => text.clone(),
            body => body.to_string(),
        };
        let call = Call {
            envelope: &envelope,
            body: body.as_bytes(),
            now_ms: self.now_ms,
            rate_limiter: &RefCell::new(RateLimiter::default()),
            lists: &database.lists,
            running,
            is_time_zone: &is_time_zone,
        };
        match (parse(self.method, &self.path)?, resumed) {
            (Route::Sites(SitesCall::Create), Some(Resumption::Claim(claimed))) => {
                create(database, &call, Some(*claimed))
            }
            (Route::Sites(SitesCall::Create), _) => create(database, &call, None),
            (Route::Operator(_, site_call), None) if site_call.has_large_body() => {
                let staged = match admit_body(database, &call, &site_call)? {
                    BodyUse::Stage => Some(Box::new(stage(database, &call)?)),
                    BodyUse::Fingerprint => None,
                };
                let fingerprint = fingerprint(&envelope, call.body);
                let upload = Resumption::Import(Upload {
                    fingerprint,
                    staged,
                });
                operate(database, &call, &site_call, Some(upload))
            }
            (Route::Operator(_, site_call), resumed) => {
                operate(database, &call, &site_call, resumed)
            }
            (route, _) => panic!("{route:?} is not an operator's"),
        }
    }

    /// Runs all steps of the request, with a directory in which the host names `taken` belong to
    /// other sites. Calls `between` between two slices of a job.
    fn send_with(
        &self,
        database: &Database,
        taken: &[&str],
        mut between: impl FnMut(),
    ) -> Result<Answer, Fault> {
        let mut resumed = None;
        loop {
            match self.step(database, resumed.take()) {
                Ok(Step::Done(answer)) => return Ok(answer),
                Ok(Step::Slice(job)) => {
                    between();
                    resumed = Some(Resumption::Job(job));
                }
                Ok(Step::Export(mut export)) => {
                    let mut answer = export.answer();
                    while let Some(part) = export.next_part(database)? {
                        answer.body.push_str(&part);
                    }
                    return Ok(answer);
                }
                Ok(Step::Claim(claim)) => {
                    let is_taken = |name: &&String| taken.contains(&name.as_str());
                    let taken = claim.hostnames.iter().filter(is_taken).cloned().collect();
                    resumed = Some(Resumption::Claim(Box::new(GrantedClaim { claim, taken })));
                }
                Err(refusal) => return answer_rejection(Err(refusal)),
            }
        }
    }

    fn send_with_taken(&self, database: &Database, taken: &[&str]) -> Result<Answer, Fault> {
        self.send_with(database, taken, || ())
    }

    fn send(&self, database: &Database) -> Result<Answer, Fault> {
        self.send_with_taken(database, &[])
    }

    /// Sends the request; returns status and body of the answer, which need not be a success. Fails
    /// if the server does.
    fn ok(&self, database: &Database) -> (u16, Json) {
        let answer = self.send(database).unwrap();
        let body = serde_json::from_str(&answer.body).unwrap();
        if answer.status >= 400 {
            assert_sentences(&body);
        }
        (answer.status, body)
    }
}

fn is_time_zone(zone: &str) -> bool {
    zone != "Nowhere/Land"
}

/// Stages a file as the object does, and drops the staging tables if the file is rejected.
fn stage(database: &Database, call: &Call<'_>) -> Result<Staged, Refusal> {
    let mut importer = Importer::begin(database, call.now_ms, is_time_zone)?;
    let staged = || -> Result<Staged, Refusal> {
        for part in call.body.chunks(1000) {
            importer.push(part);
            while importer.step(database)? {}
        }
        while importer.step_after_end(database)? {}
        Ok(importer.finish()?)
    }();
    if staged.is_err() {
        crate::storage::table_copy::drop_all(database)?;
    }
    staged
}

/// Asserts that all texts of a problem are sentences.
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

/// The request that creates the site `acme`.
fn new_site() -> Request {
    Request {
        path: "/v1/sites".to_owned(),
        ..post("", json!({ "slug": "acme", "name": "Acme SMS" }))
    }
}

/// The database of a site with the component `sending`.
fn acme() -> Database {
    let database = Database::new();
    assert_eq!(new_site().ok(&database).0, 201);
    let component = json!({ "name": "Sending" });
    assert_eq!(post("/components", component).ok(&database).0, 201);
    database
}

/// The body of a request that creates a major incident of the component `sending`.
fn outage() -> Json {
    json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "We are looking into it.", "components": [{ "id": "sending" }]
    })
}

/// The request with a site's token.
fn as_token(token: &str, request: Request) -> Request {
    Request {
        credential: Credential::Token {
            digest: sha256_hex(token.as_bytes()),
        },
        ..request
    }
}

/// Creates a token; returns its id and secret.
fn token(database: &Database, role: &str) -> (String, String) {
    let (status, created) = post("/tokens", json!({ "role": role, "name": "CI" })).ok(database);
    assert_eq!(status, 201, "{created}");
    (
        created["id"].as_str().unwrap().to_owned(),
        created["token"].as_str().unwrap().to_owned(),
    )
}

/// The feed in the site's primary language. Applies scheduled transitions that are due.
fn feed(database: &Database, now_ms: u64) -> Json {
    let (body, _) = read_feed(database, None, "https://status.example.com", now_ms)
        .unwrap()
        .unwrap();
    serde_json::from_str(&body).unwrap()
}

mod alarm;
mod backup;
mod clocks;
mod conditions;
mod credentials;
mod days;
mod directory_tables;
mod erase;
mod faults;
mod forge;
mod golden;
mod history;
mod import;
mod import_rules;
mod invitations;
mod jobs;
mod kept_rows;
mod list_cache;
mod mend;
mod migrations;
mod on_call;
mod on_call_links;
mod on_call_mail;
mod redaction;
mod remains;
mod repair;
pub(crate) mod scale;
mod settings;
mod size;
mod stories;
mod verification;
mod webhook_reports;
mod webhook_settings;
mod webhooks;
