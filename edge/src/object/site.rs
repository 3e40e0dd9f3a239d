//! One site's Durable Object: load, ask, save, answer.

#![expect(
    missing_docs,
    reason = "the macro's own functions; ours are documented"
)]

use std::cell::{Cell, RefCell};

use notice::wire::{ids::Slug, input::NewSite, language::Language, time::Timestamp};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    budget::Budget,
    create::create,
    envelope::{self, Envelope},
    hostnames,
    operate::{Call, Refusal, admit, etag, operate, settle},
    page::{PageCall, page},
    passing_time,
    read_feed::read_feed,
    time_zone,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::route::{Route, SiteCall, parse},
    reads::chain::LANGUAGES_HEADER,
    runtime::{clock, respond::carry, settings, sql::ObjectSql, zone},
    storage::{
        migrations,
        projections::{self, Beside},
    },
};

/// One site: its journal and everything that follows from it.
#[durable_object(alarm)]
pub struct Site {
    state: State,
    env: Env,
    /// The moment the alarm is known to be set for, in seconds since 1970.
    armed_for: Cell<Option<i64>>,
    /// What each token has written in this minute.
    budget: RefCell<Budget>,
    /// How often the alarm has failed in a row.
    failures: Cell<u32>,
}

/// How long after a failure the alarm tries again, in milliseconds.
const RETRY_MS: i64 = 30_000;
/// How long after its time an alarm that has not rung counts as lost, in milliseconds.
const LOST_AFTER_MS: i64 = 60_000;

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            armed_for: Cell::new(None),
            budget: RefCell::new(Budget::default()),
            failures: Cell::new(0),
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
            Ok(()) => self.arm().await,
            failed => failed,
        };
        match worked {
            Ok(()) => self.failures.set(0),
            Err(fault) => {
                let failures = self.failures.get().saturating_add(1);
                self.failures.set(failures);
                worker::console_error!("alarm, failure {failures}: {fault}");
            }
        }
        Response::empty()
    }
}

impl Site {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let url = request.url()?;
        if let Some(call) = url.path().strip_prefix("/page").and_then(PageCall::parse) {
            let response = self.page(&call)?;
            self.arm().await?;
            return Ok(response);
        }
        if url.path() == "/feed" {
            let language = url
                .query_pairs()
                .find(|(name, _)| name == "lang")
                .and_then(|(_, value)| Language::parse(&value));
            let response = self.feed(language.as_ref())?;
            if let Err(fault) = self.arm().await {
                worker::console_error!("alarm: {fault}");
            }
            return Ok(response);
        }
        let envelope = request.headers().get(envelope::HEADER)?.unwrap_or_default();
        let envelope: Envelope = serde_json::from_str(&envelope)?;
        let body = request.bytes().await?;
        if let Some(refused) = self.claim(&envelope, &body, url.path()).await? {
            return carry(refused);
        }
        // From here to the answer nothing is awaited: two requests never see each other half done.
        let sql = ObjectSql::new(&self.state);
        let call = Call {
            envelope: &envelope,
            body: &body,
            now_ms: clock::now_ms(&self.env),
            budget: &self.budget,
        };
        let answer = match url.path() {
            "/create" => create(&sql, &call)?,
            _ => operate(&sql, &call)?,
        };
        // The answer stands: what is left to do must not turn it into a failure.
        if let Err(fault) = self.settle_hostnames(&envelope, &body, &answer).await {
            worker::console_error!("host names: {fault}");
        }
        if let Err(fault) = self.arm().await {
            worker::console_error!("alarm: {fault}");
        }
        carry(answer)
    }

    /// What a body asks for that the rules alone cannot judge: a time zone that the runtime must know, host names that
    /// must be free. Claims those, once it is known that the caller may change them. The answer, if it is refused.
    async fn claim(
        &self,
        envelope: &Envelope,
        body: &[u8],
        path: &str,
    ) -> Result<Option<Answer>, Fault> {
        let zone = time_zone::wanted(body);
        let names = hostnames::wanted(body);
        if zone.is_none() && names.is_none() {
            return Ok(None);
        }
        let call = Call {
            envelope,
            body,
            now_ms: clock::now_ms(&self.env),
            budget: &self.budget,
        };
        if path != "/create" {
            match admit(&ObjectSql::new(&self.state), &call) {
                Ok((_, SiteCall::Change)) => {}
                // Whatever else it is, or whoever else asks, is answered where everything is.
                _ => return Ok(None),
            }
        } else if migrations::version(&ObjectSql::new(&self.state))? > 0 {
            return Ok(None);
        }
        if let Some(refused) = zone.as_deref().and_then(time_zone::refuse) {
            return Ok(Some(Answer::rejection(&refused)));
        }
        let (Some(names), Ok(site)) = (names, self.slug(envelope, body)) else {
            return Ok(None);
        };
        let claimed = hostnames::claim(&self.env, &site, &names).await;
        match claimed {
            Ok(()) => Ok(None),
            Err(refusal) => settle(Err(refusal)).map(Some),
        }
    }

    /// The directory knows the host names that the site has in the end: not those of a change that did not come about,
    /// or that only repeated one from before; and those that came with an import.
    async fn settle_hostnames(
        &self,
        envelope: &Envelope,
        body: &[u8],
        answer: &Answer,
    ) -> Result<(), Fault> {
        let wanted = hostnames::wanted(body);
        let route = parse(&envelope.method, &envelope.path);
        let imported = matches!(route, Ok(Route::Operator(_, SiteCall::Import)));
        if wanted.is_none() && !(imported && answer.status < 300) {
            return Ok(());
        }
        let sql = ObjectSql::new(&self.state);
        let standing = match migrations::version(&sql)? {
            0 => Vec::new(),
            _ => {
                let site = projections::load(&sql, Beside::Nothing)?.state.site;
                site.map(|site| site.hostnames).unwrap_or_default()
            }
        };
        if wanted.as_ref() == Some(&standing) {
            return Ok(());
        }
        let site = self.slug(envelope, body)?;
        match hostnames::claim(&self.env, &site, &standing).await {
            Ok(()) => Ok(()),
            Err(Refusal::Fault(fault)) => Err(fault),
            // Imported names that others have by now stay theirs.
            Err(Refusal::Rejection(taken)) => {
                worker::console_error!("host names of {site}: {taken}");
                Ok(())
            }
        }
    }

    /// The site's slug: from the path, or from the body that makes it.
    fn slug(&self, envelope: &Envelope, body: &[u8]) -> Result<Slug, Fault> {
        match parse(&envelope.method, &envelope.path) {
            Ok(Route::Operator(slug, _)) => Ok(slug),
            _ => {
                let input: NewSite = serde_json::from_slice(body)?;
                Ok(input.slug)
            }
        }
    }

    fn feed(&self, language: Option<&Language>) -> Result<Response, Fault> {
        let sql = ObjectSql::new(&self.state);
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
        let sql = ObjectSql::new(&self.state);
        let public_url = settings::public_url(&self.env);
        let now_ms = clock::now_ms(&self.env);
        let Some(body) = page(&sql, call, &public_url, &zone::say, now_ms)? else {
            return Ok(Response::empty()?.with_status(404));
        };
        let etag = etag(&body);
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body,
        };
        carry(answer.with("etag", &etag))
    }

    /// The alarm's duties, each of which may be done twice.
    fn work(&self) -> Result<(), Fault> {
        let sql = ObjectSql::new(&self.state);
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

    /// Sets the alarm for what is next due, unless it is known to be set. An alarm may be lost, so that every request
    /// makes sure of it.
    async fn arm(&self) -> Result<(), Fault> {
        let sql = ObjectSql::new(&self.state);
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
