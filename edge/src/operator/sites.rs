//! Requests about all sites: root's.

use std::{collections::BTreeSet, ops::Bound};

use notice::{limits, read::read, wire::input::NewSite};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};
use worker::{Env, Request};

use super::{
    failed,
    once::{self, Beginning},
    outcome_unknown,
    request::{authenticate, envelope, forward, of_type},
};
use crate::{
    answer::Answer,
    http::{
        query::{self, Page},
        route::SitesCall,
    },
    object::{envelope::Envelope, operate::Refusal},
    reads::directory,
    runtime::{body, host::Host, url},
};

/// Lists the sites, or makes one.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn answer(
    host: &Host,
    env: &Env,
    request: &mut Request,
    call: SitesCall,
) -> Result<Answer, Refusal> {
    let credential = authenticate(env, request, None)?;
    match call {
        SitesCall::List => {
            let page = query::page(&url::query_of(request)?)?;
            let listing = directory::refresh(host, env).await?;
            Ok(Answer::json(200, &part(&listing.slugs, page))?)
        }
        SitesCall::Create => {
            of_type(request, &["application/json"])?;
            let bytes = body::read(request, limits::REQUEST).await?;
            let envelope = envelope(env, request, credential)?;
            create(env, &envelope, &bytes).await
        }
    }
}

/// One part of the list; the cursor is the last slug of the part before.
fn part(slugs: &BTreeSet<String>, page: Page<String>) -> Value {
    let after = page.cursor.map_or(Bound::Unbounded, Bound::Excluded);
    let mut left = slugs.range((after, Bound::Unbounded));
    let shown: Vec<&String> = left.by_ref().take(page.limit).collect();
    let next = left.next().and(shown.last());
    let items: Vec<Value> = shown.iter().map(|slug| json!({ "slug": slug })).collect();
    json!({ "items": items, "next": next })
}

/// Makes a site, once for each key: under another slug it would be another object's, which knows nothing of the key.
async fn create(env: &Env, envelope: &Envelope, bytes: &[u8]) -> Result<Answer, Refusal> {
    let left = match once::begin(env, envelope, bytes).await? {
        Beginning::Go { left, .. } => left,
        Beginning::Answered(answer) => return Ok(answer),
    };
    let input: NewSite = match read(bytes) {
        Ok(input) => input,
        Err(rejection) => {
            once::release(env, envelope).await;
            return Err(rejection.into());
        }
    };
    let answer = match forward(env, &input.slug, "/create", envelope, bytes).await {
        Ok(answer) => answer,
        Err(fault) => {
            if fault.has_written_nothing() {
                once::release(env, envelope).await;
            }
            return Ok(failed(&input.slug, &fault));
        }
    };
    // Taken, but perhaps by a request that died before it reached the directory: adding it again heals that.
    if matches!(answer.status, 201 | 409) && !is_hostname_taken(&answer) {
        if let Err(fault) = directory::add(env, &input.slug).await {
            return Ok(outcome_unknown(&input.slug, &fault));
        }
        if !input.hostnames.is_empty() {
            directory::outdate();
        }
    }
    match answer.status {
        201 => once::finish(env, envelope, without_token(&answer)?).await,
        _ => once::release(env, envelope).await,
    }
    Ok(once::counted(answer, left))
}

fn is_hostname_taken(answer: &Answer) -> bool {
    answer.body.contains("\"code\":\"hostname_taken\"")
}

/// What a repeat is told of a new site: secrets are shown once, and kept nowhere.
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

    use super::{part, without_token};
    use crate::{answer::Answer, http::query::page};

    #[test]
    fn the_list_comes_in_parts() {
        let slugs = ["a1", "b2", "c3"].map(str::to_owned).into();
        for (query, items, next) in [
            ("", json!(["a1", "b2", "c3"]), json!(null)),
            ("limit=2", json!(["a1", "b2"]), json!("b2")),
            ("limit=2&cursor=b2", json!(["c3"]), json!(null)),
            ("limit=3", json!(["a1", "b2", "c3"]), json!(null)),
            // The site that it names may be gone by now.
            ("limit=1&cursor=b1", json!(["b2"]), json!("b2")),
            ("cursor=c3", json!([]), json!(null)),
        ] {
            let part = part(&slugs, page(query).unwrap());
            let shown = part["items"].as_array().unwrap().iter();
            let shown: Vec<_> = shown.map(|item| item["slug"].clone()).collect();
            assert_eq!((json!(shown), &part["next"]), (items, &next), "{query}");
        }
    }

    #[test]
    fn no_token_is_kept() {
        let body = r#"{"site":{"slug":"acme","name":"\"token\""},"token":"ac_acme_secret"}"#;
        let answer = Answer {
            body: body.to_owned(),
            ..Answer::nothing()
        };
        let kept = without_token(&answer).unwrap().body;
        assert_eq!(kept, body.replace("\"ac_acme_secret\"", "null"));
    }
}
