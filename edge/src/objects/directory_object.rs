//! The directory's Durable Object: the list of all sites and host names.

use std::cell::{Cell, RefCell};

use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::root_key_calls;
use crate::{
    answer::Answer,
    fault::Fault,
    http::rate_limit::RateLimiter,
    probes::Probes,
    rpc::directory_client::DirectoryRequest,
    runtime::{respond::object_response, server_clock, sql::ObjectSql},
    storage::{directory_tables, migrations},
};

/// There is one instance in a deployment.
#[durable_object(alarm)]
pub struct Directory {
    pub(super) state: State,
    pub(super) env: Env,
    /// Whether this object has set the heartbeat's alarm since it was loaded.
    pub(super) is_heartbeat_armed: Cell<bool>,
    /// The sites whose work was late when they were last asked.
    pub(super) late_sites: RefCell<Probes>,
    /// The writes with the root token in the current minute, over all sites.
    rate_limiter: RefCell<RateLimiter>,
}

impl DurableObject for Directory {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            is_heartbeat_armed: Cell::new(false),
            late_sites: RefCell::new(Probes::default()),
            rate_limiter: RefCell::new(RateLimiter::default()),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let answered = self.answer(request).await;
        self.ensure_heartbeat().await;
        match answered {
            Ok(response) => Ok(response),
            // Logged by the Worker, where the request ends.
            Err(fault) => Response::error(fault.to_string(), 500),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.beat().await;
        Response::empty()
    }
}

impl Directory {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let body = request.text().await?;
        // Nothing is awaited from here on, so that requests are isolated from each other.
        let request: DirectoryRequest = serde_json::from_str(&body)?;
        let sql = ObjectSql::new(&self.state)?;
        migrations::migrate(&sql, migrations::DIRECTORY)?;
        let answer = match request {
            DirectoryRequest::List => Answer::json(200, &directory_tables::list(&sql)?)?,
            DirectoryRequest::Add(site) => Answer::json(200, &directory_tables::add(&sql, &site)?)?,
            DirectoryRequest::Remove(site) => {
                Answer::json(200, &directory_tables::remove(&sql, &site)?)?
            }
            DirectoryRequest::Claim(site, hostnames) => {
                Answer::json(200, &directory_tables::claim(&sql, &site, &hostnames)?)?
            }
            DirectoryRequest::Confirm(site, hostname) => {
                Answer::json(200, &directory_tables::confirm(&sql, &site, &hostname)?)?
            }
            DirectoryRequest::RootKey(call) => root_key_calls::answer(
                &sql,
                &self.rate_limiter,
                &call,
                server_clock::now_ms(&self.env),
            )?,
        };
        object_response(answer)
    }
}
