//! Requests about all sites, with the root token.

use std::{collections::BTreeSet, ops::Bound};

use notice::{
    body::read::read,
    limits,
    rejection::Rejection,
    wire::{ids::Slug, input::NewSite},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};
use worker::{Env, Request};

use super::{
    outcome::{log_and_answer, log_unknown_outcome},
    request::{authenticate, check_media_type, envelope},
    root_writes::{self, WriteStart},
};
use crate::{
    answer::Answer,
    cache::site_list,
    http::{
        list_query::{self, ListQuery},
        route::SitesCall,
    },
    refusal::Refusal,
    rpc::site_client::{self as rpc, Body, Envelope, SiteRequest},
    runtime::{body, request_context::RequestContext, settings, url},
};

/// Lists the sites, or creates one.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub async fn answer(
    context: &RequestContext,
    env: &Env,
    request: &mut Request,
    call: SitesCall,
) -> Result<Answer, Refusal> {
    let credential = authenticate(env, request, None)?;
    match call {
        SitesCall::List => {
            let query = list_query::parse(&url::query(request)?)?;
            let listing = site_list::refresh(context, env).await?;
            Ok(Answer::json(200, &list_page(&listing.slugs, query))?)
        }
        SitesCall::Create => {
            if let Some(problem) = settings::problem(env) {
                return Ok(problem);
            }
            check_media_type(request, &["application/json"])?;
            let bytes = body::read(request, limits::REQUEST).await?;
            let site = slug_of(&bytes)?;
            let envelope = envelope(env, request, &site, credential)?;
            create(context, env, &envelope, &bytes).await
        }
    }
}

/// Reads the slug, which selects the object, from the body; the object parses the whole body.
fn slug_of(bytes: &[u8]) -> Result<Slug, Rejection> {
    #[derive(Deserialize)]
    struct Named {
        slug: Slug,
    }
    match serde_json::from_slice::<Named>(bytes) {
        Ok(named) => Ok(named.slug),
        // Without a slug no object can be selected, so the body is rejected here.
        Err(error) => Err(read::<NewSite>(bytes)
            .err()
            .unwrap_or_else(|| Rejection::MalformedJson(error.to_string()))),
    }
}

/// Returns a page of the list. The cursor is the last slug of the previous page.
fn list_page(slugs: &BTreeSet<String>, query: ListQuery<String>) -> Value {
    let after = query.cursor.map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = slugs.range((after, Bound::Unbounded));
    let on_page: Vec<&String> = rest.by_ref().take(query.limit).collect();
    let next = rest.next().and(on_page.last());
    let items: Vec<Value> = on_page.iter().map(|slug| json!({ "slug": slug })).collect();
    json!({ "items": items, "next": next })
}

/// Creates a site. The directory handles the idempotency key, because a request with the same key
/// and another slug reaches another object.
async fn create(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<Answer, Refusal> {
    let remaining = match root_writes::begin(env, envelope, bytes).await? {
        WriteStart::Proceed { remaining, .. } => remaining,
        WriteStart::Answered(answer) => return Ok(answer),
    };
    let site_request = SiteRequest::Create(envelope.clone());
    let reply = match rpc::operate(env, &envelope.site, &site_request, Body::Bytes(bytes)).await {
        Ok(reply) => reply,
        Err(fault) => {
            if fault.has_written_nothing() {
                root_writes::release(context, env, envelope).await;
            }
            return Ok(log_and_answer(context, &fault));
        }
    };
    // The site may have been created by an earlier request that failed before it called the
    // directory; then this adds the site.
    if reply.effects.site_exists
        && let Err(fault) = site_list::add(env, &envelope.site).await
    {
        return Ok(log_unknown_outcome(context, &fault));
    }
    if reply.effects.changed_hostnames {
        site_list::invalidate();
    }
    let answer = reply.answer;
    match answer.status {
        201 => root_writes::finish(context, env, envelope, without_token(&answer)?).await,
        _ => root_writes::release(context, env, envelope).await,
    }
    Ok(root_writes::with_rate_limit(answer, remaining))
}

/// The answer for replays, without the token: a secret is shown once and never stored.
fn without_token(answer: &Answer) -> Result<Answer, serde_json::Error> {
    #[derive(Deserialize, Serialize)]
    struct Created<'a> {
        #[serde(borrow)]
        site: &'a RawValue,
        token: Option<&'a str>,
    }
    let created: Created<'_> = serde_json::from_str(&answer.body)?;
    let body = Created {
        token: None,
        ..created
    };
    Ok(Answer {
        body: serde_json::to_string(&body)?,
        ..answer.clone()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{list_page, without_token};
    use crate::{answer::Answer, http::list_query::parse};

    #[test]
    fn the_list_is_paginated_by_slug() {
        let slugs = ["a1", "b2", "c3"].map(str::to_owned).into();
        for (query, items, next) in [
            ("", json!(["a1", "b2", "c3"]), json!(null)),
            ("limit=2", json!(["a1", "b2"]), json!("b2")),
            ("limit=2&cursor=b2", json!(["c3"]), json!(null)),
            ("limit=3", json!(["a1", "b2", "c3"]), json!(null)),
            // The slug in the cursor may have been deleted.
            ("limit=1&cursor=b1", json!(["b2"]), json!("b2")),
            ("cursor=c3", json!([]), json!(null)),
        ] {
            let page = list_page(&slugs, parse(query).unwrap());
            let shown = page["items"].as_array().unwrap().iter();
            let shown: Vec<_> = shown.map(|item| item["slug"].clone()).collect();
            assert_eq!((json!(shown), &page["next"]), (items, &next), "{query}");
        }
    }

    #[test]
    fn the_stored_answer_contains_no_token() {
        let body = r#"{"site":{"slug":"acme","name":"\"token\""},"token":"ac_acme_secret"}"#;
        let answer = Answer {
            body: body.to_owned(),
            ..Answer::no_content()
        };
        let stored = without_token(&answer).unwrap().body;
        assert_eq!(stored, body.replace("\"ac_acme_secret\"", "null"));
    }
}
