//! One site's Durable Object: load, ask, save, answer.

#![expect(
    missing_docs,
    reason = "the macro's own functions; ours are documented"
)]

use std::cell::Cell;

use notice::wire::language::Language;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    create::create,
    envelope::{self, Envelope},
    operate::{Call, etag, operate},
    passing_time,
    read_feed::read_feed,
};
use crate::{
    answer::Answer,
    fault::Fault,
    reads::chain::LANGUAGES_HEADER,
    runtime::{clock, respond::carry, settings, sql::ObjectSql},
    storage::{migrations, projections},
};

/// One site: its journal and everything that follows from it.
#[durable_object(alarm)]
pub struct Site {
    state: State,
    env: Env,
    /// The moment the alarm is known to be set for, in seconds since 1970.
    armed_for: Cell<Option<i64>>,
}

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            armed_for: Cell::new(None),
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
        let worked = self.catch_up();
        if let Err(fault) = &worked {
            worker::console_error!("alarm: {fault}");
        }
        // Failing tells the runtime to try again.
        worked.map_err(|fault| worker::Error::RustError(fault.to_string()))?;
        self.arm()
            .await
            .map_err(|fault| worker::Error::RustError(fault.to_string()))?;
        Response::empty()
    }
}

impl Site {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let url = request.url()?;
        if url.path() == "/feed" {
            let language = url
                .query_pairs()
                .find(|(name, _)| name == "lang")
                .and_then(|(_, value)| Language::parse(&value));
            let response = self.feed(language.as_ref())?;
            self.arm().await?;
            return Ok(response);
        }
        let envelope = request.headers().get(envelope::HEADER)?.unwrap_or_default();
        let envelope: Envelope = serde_json::from_str(&envelope)?;
        let body = request.bytes().await?;
        // From here to the answer nothing is awaited: two requests never see each other half done.
        let sql = ObjectSql::new(&self.state);
        let call = Call {
            envelope: &envelope,
            body: &body,
            now_ms: clock::now_ms(&self.env),
        };
        let answer = match url.path() {
            "/create" => create(&sql, &call)?,
            _ => operate(&sql, &call)?,
        };
        if answer.status < 300 {
            self.arm().await?;
        }
        carry(answer)
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

    fn catch_up(&self) -> Result<(), Fault> {
        let sql = ObjectSql::new(&self.state);
        if migrations::version(&sql)? > 0 {
            passing_time::catch_up(&sql, clock::now_ms(&self.env))?;
        }
        Ok(())
    }

    /// Sets the alarm for what is next due, unless it is known to be set. An alarm may be lost, so that every request
    /// makes sure of it.
    async fn arm(&self) -> Result<(), Fault> {
        let sql = ObjectSql::new(&self.state);
        if migrations::version(&sql)? == 0 {
            return Ok(());
        }
        let stored = projections::load(&sql, None)?;
        let due = passing_time::next_due(&stored).map(notice::wire::time::Timestamp::seconds);
        if due == self.armed_for.get() {
            return Ok(());
        }
        if let Some(due) = due {
            let now_ms = i64::try_from(clock::now_ms(&self.env)).unwrap_or(i64::MAX);
            // An offset from now, as the runtime wants it.
            let wait_ms = due.saturating_mul(1000).saturating_sub(now_ms).max(0);
            self.state.storage().set_alarm(wait_ms).await?;
        }
        self.armed_for.set(due);
        Ok(())
    }
}
