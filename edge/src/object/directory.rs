//! The directory's Durable Object: the list of all sites.

#![expect(
    missing_docs,
    reason = "the macro's own functions; ours are documented"
)]

use std::cell::RefCell;

use notice::wire::ids::Slug;
use worker::{DurableObject, Env, Method, Request, Response, State, durable_object};

use super::{budget::Budget, root_keys};
use crate::{
    answer::Answer,
    fault::Fault,
    runtime::{clock, respond::carry, sql::ObjectSql},
    storage::{directory, migrations},
};

/// The list of all sites; there is one.
#[durable_object]
pub struct Directory {
    state: State,
    env: Env,
    /// What root has written in this minute, wherever.
    budget: RefCell<Budget>,
}

impl DurableObject for Directory {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            budget: RefCell::new(Budget::default()),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        match self.answer(request).await {
            Ok(response) => Ok(response),
            Err(fault) => {
                worker::console_error!("directory: {fault}");
                Response::error("fault", 500)
            }
        }
    }
}

impl Directory {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let body = request.text().await?;
        // From here on nothing is awaited: two requests never see each other half done.
        let sql = ObjectSql::new(&self.state);
        migrations::migrate(&sql, migrations::DIRECTORY)?;
        let url = request.url()?;
        let mut segments = url.path().trim_start_matches('/').split('/');
        let call = (segments.next(), segments.next().and_then(Slug::parse));
        match (request.method(), call) {
            (Method::Post, (Some("add"), Some(slug))) => directory::add(&sql, &slug)?,
            (Method::Post, (Some("remove"), Some(slug))) => directory::remove(&sql, &slug)?,
            (Method::Post, (Some("claim"), Some(slug))) => {
                let names: Vec<String> = url
                    .query_pairs()
                    .filter(|(field, _)| field == "name")
                    .map(|(_, name)| name.into_owned())
                    .collect();
                if let Err(taken) = directory::claim(&sql, &slug, &names)? {
                    return carry(Answer::json(409, &taken)?);
                }
            }
            (Method::Post, (Some("key"), None)) => {
                let call = serde_json::from_str(&body)?;
                let now_ms = clock::now_ms(&self.env);
                return carry(root_keys::answer(&sql, &self.budget, &call, now_ms)?);
            }
            (Method::Get, (Some("list"), None)) => {
                return carry(Answer::json(200, &directory::list(&sql)?)?);
            }
            _ => return Ok(Response::empty()?.with_status(404)),
        }
        Ok(Response::empty()?.with_status(204))
    }
}
