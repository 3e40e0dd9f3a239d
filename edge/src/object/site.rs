//! One site's Durable Object: load, ask, save, answer.

#![expect(
    missing_docs,
    reason = "the macro's own functions; ours are documented"
)]

use std::cell::{Cell, RefCell};

use notice::wire::{language::Language, time::Timestamp};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    budget::Budget,
    create::create,
    envelope::{self, Envelope},
    operate::{Call, admit, etag, operate, settle},
    page::{Clocks, page},
    passing_time,
    read_feed::read_feed,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::page_call::PageCall,
    pages::clock::Clock,
    reads::source::LANGUAGES_HEADER,
    runtime::{clock, respond::carry, settings, sql::ObjectSql, zone::ZoneClock},
    storage::{
        migrations,
        projections::{self, Beside},
    },
};

/// One site: its journal and everything that follows from it.
#[durable_object(alarm)]
pub struct Site {
    state: State,
    pub(super) env: Env,
    /// The moment the alarm is known to be set for, in seconds since 1970.
    armed_for: Cell<Option<i64>>,
    /// What each token has written in this minute.
    pub(super) budget: RefCell<Budget>,
    /// How often the alarm has failed in a row.
    failures: Cell<u32>,
    /// The database has the newest schema, or none.
    is_upgraded: Cell<bool>,
}

/// How long after a failure the alarm tries again, in milliseconds.
const RETRY_MS: i64 = 30_000;
/// How long after its time an alarm that has not rung counts as lost, in milliseconds.
const LOST_AFTER_MS: i64 = 60_000;

/// Time zones as the runtime knows them.
struct RuntimeClocks;

impl Clocks for RuntimeClocks {
    fn with<T>(&self, zone: &str, language: &Language, work: impl FnOnce(&dyn Clock) -> T) -> T {
        work(&ZoneClock::new(zone, language))
    }
}

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            armed_for: Cell::new(None),
            budget: RefCell::new(Budget::default()),
            failures: Cell::new(0),
            is_upgraded: Cell::new(false),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        match self.answer(request).await {
            Ok(response) => Ok(response),
            Err(fault) => {
                worker::console_error!("site: {fault}");
                Response::error("fault", 500)
            }
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.armed_for.set(None);
        // The next one first: were this one to end halfway, it would be tried again.
        let armed = self.state.storage().set_alarm(RETRY_MS).await;
        if let Err(error) = armed {
            worker::console_error!("alarm: {error}");
        }
        let worked = match self.work() {
            Ok(()) => {
                self.failures.set(0);
                self.arm().await
            }
            failed => failed,
        };
        if let Err(fault) = worked {
            let failures = self.failures.get().saturating_add(1);
            self.failures.set(failures);
            worker::console_error!("alarm, failure {failures}: {fault}");
        }
        Response::empty()
    }
}

impl Site {
    /// The database, brought to the newest schema where a site is in it. One that was never made stays without tables.
    pub(super) fn sql(&self) -> Result<ObjectSql<'_>, Fault> {
        let sql = ObjectSql::new(&self.state);
        if !self.is_upgraded.get() {
            if migrations::version(&sql)? > 0 {
                migrations::migrate(&sql, migrations::SITE)?;
            }
            self.is_upgraded.set(true);
        }
        Ok(sql)
    }

    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let url = request.url()?;
        if let Some(call) = PageCall::of_key(url.path(), url.query().unwrap_or_default()) {
            let response = self.page(&call)?;
            self.make_sure_of_the_alarm().await;
            return Ok(response);
        }
        if url.path() == "/feed" {
            let language = url
                .query_pairs()
                .find(|(name, _)| name == "lang")
                .and_then(|(_, value)| Language::parse(&value));
            let response = self.feed(language.as_ref())?;
            self.make_sure_of_the_alarm().await;
            return Ok(response);
        }
        let envelope = request.headers().get(envelope::HEADER)?.unwrap_or_default();
        let envelope: Envelope = serde_json::from_str(&envelope)?;
        let body = request.bytes().await?;
        if url.path() != "/admit"
            && let Some(refused) = self.claim(&envelope, &body).await?
        {
            return carry(refused);
        }
        let taken = match url.path() {
            "/operate" => self.claim_imported(&envelope, &body).await?,
            _ => Vec::new(),
        };
        // From here to the answer nothing is awaited: two requests never see each other half done.
        let sql = self.sql()?;
        let call = Call {
            envelope: &envelope,
            body: &body,
            now_ms: clock::now_ms(&self.env),
            budget: &self.budget,
            taken: &taken,
        };
        let answer = match url.path() {
            "/create" => create(&sql, &call)?,
            "/admit" => return carry(settle(admit(&sql, &call).map(|_| Answer::nothing()))?),
            _ => operate(&sql, &call)?,
        };
        // The answer stands: what is left to do must not turn it into a failure.
        if let Err(fault) = self.settle_hostnames(&envelope, &body).await {
            worker::console_error!("host names: {fault}");
        }
        self.make_sure_of_the_alarm().await;
        carry(answer)
    }

    fn feed(&self, language: Option<&Language>) -> Result<Response, Fault> {
        let sql = self.sql()?;
        let public_url = settings::public_url(&self.env);
        let now_ms = clock::now_ms(&self.env);
        let Some((body, stored)) = read_feed(&sql, language, &public_url, now_ms)? else {
            return Ok(Response::empty()?.with_status(404));
        };
        let languages: Vec<&str> = stored
            .state
            .site
            .iter()
            .flat_map(|site| site.languages.iter().map(Language::as_str))
            .collect();
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body,
        };
        let etag = etag(&answer.body);
        carry(
            answer
                .with("etag", &etag)
                .with(LANGUAGES_HEADER, &languages.join(",")),
        )
    }

    fn page(&self, call: &PageCall) -> Result<Response, Fault> {
        let sql = self.sql()?;
        let public_url = settings::public_url(&self.env);
        let now_ms = clock::now_ms(&self.env);
        let Some(rendered) = page(&sql, call, &public_url, &RuntimeClocks, now_ms)? else {
            return Ok(Response::empty()?.with_status(404));
        };
        let etag = etag(&rendered.body);
        let languages: Vec<&str> = rendered.languages.iter().map(Language::as_str).collect();
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: rendered.body,
        };
        carry(
            answer
                .with("etag", &etag)
                .with(LANGUAGES_HEADER, &languages.join(",")),
        )
    }

    /// The alarm's duties, each of which may be done twice.
    fn work(&self) -> Result<(), Fault> {
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(());
        }
        let now_ms = clock::now_ms(&self.env);
        let stored = passing_time::catch_up(&sql, now_ms)?;
        let verified = passing_time::verify_nightly(&sql, &stored, now_ms)?;
        if let Some(difference) = verified.and_then(|found| found.first_difference) {
            worker::console_error!("verify: the journal and its projections differ: {difference}");
        }
        Ok(())
    }

    /// An alarm that cannot be set spoils no answer: the next request tries again.
    async fn make_sure_of_the_alarm(&self) {
        if let Err(fault) = self.arm().await {
            worker::console_error!("alarm: {fault}");
        }
    }

    /// Sets the alarm for what is next due, unless it is known to be set. An alarm may be lost, so that every request
    /// makes sure of it.
    async fn arm(&self) -> Result<(), Fault> {
        let sql = self.sql()?;
        let due = match migrations::version(&sql)? {
            0 => None,
            _ => passing_time::next_due(&sql, &projections::load(&sql, Beside::Nothing)?)?,
        };
        let Some(due) = due.map(Timestamp::seconds) else {
            // The site is gone, and with it everything that was to come. One that never was has no alarm either.
            if migrations::buried_rev(&sql)? > 0 {
                self.state.storage().delete_alarm().await?;
            }
            self.armed_for.set(None);
            return Ok(());
        };
        let now_ms = i64::try_from(clock::now_ms(&self.env)).unwrap_or(i64::MAX);
        // An offset from now, as the runtime wants it.
        let wait_ms = due.saturating_mul(1000).saturating_sub(now_ms);
        // An alarm that should have rung long ago is lost.
        if self.armed_for.get() == Some(due) && wait_ms > -LOST_AFTER_MS {
            return Ok(());
        }
        // What failed is not tried again at once, however many requests make sure of it.
        let least_ms = if self.failures.get() > 0 { RETRY_MS } else { 0 };
        self.state
            .storage()
            .set_alarm(wait_ms.max(least_ms))
            .await?;
        self.armed_for.set(Some(due));
        Ok(())
    }
}
