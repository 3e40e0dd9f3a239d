//! The directory's Durable Object: the list of all sites.

#![expect(
    missing_docs,
    reason = "the macro's own functions; ours are documented"
)]

use notice::wire::ids::Slug;
use worker::{DurableObject, Env, Method, Request, Response, State, durable_object};

use crate::{
    answer::Answer,
    fault::Fault,
    runtime::{respond::carry, sql::ObjectSql},
    storage::{directory, migrations},
};

/// The list of all sites; there is one.
#[durable_object]
pub struct Directory {
    state: State,
}

impl DurableObject for Directory {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        match self.answer(&request) {
            Ok(response) => Ok(response),
            Err(fault) => {
                worker::console_error!("directory: {fault}");
                Response::error("fault", 500)
            }
        }
    }
}

impl Directory {
    fn answer(&self, request: &Request) -> Result<Response, Fault> {
        let sql = ObjectSql::new(&self.state);
        migrations::migrate(&sql, migrations::DIRECTORY)?;
        let path = request.path();
        match (request.method(), path.strip_prefix("/add/")) {
            (Method::Post, Some(slug)) => match Slug::parse(slug) {
                Some(slug) => {
                    directory::add(&sql, &slug)?;
                    Ok(Response::empty()?.with_status(204))
                }
                None => Ok(Response::empty()?.with_status(404)),
            },
            _ => carry(Answer::json(200, &directory::slugs(&sql)?)?),
        }
    }
}
