//! Requests about all sites: root's.

use notice::{limits, read::read, wire::input::NewSite};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use worker::{Env, Request};

use super::{
    failed,
    once::{self, Beginning},
    outcome_unknown,
    request::{authenticate, envelope, forward, of_type},
};
use crate::{
    answer::Answer,
    http::route::SitesCall,
    object::{envelope::Envelope, operate::Refusal},
    reads::directory,
    runtime::{body, clock},
};

/// Lists the sites, or makes one.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn answer(env: &Env, request: &mut Request, call: SitesCall) -> Result<Answer, Refusal> {
    let credential = authenticate(env, request, None)?;
    match call {
        SitesCall::List => {
            let listing = directory::refresh(env, clock::now_ms(env)).await?;
            let items: Vec<_> = listing
                .slugs
                .iter()
                .map(|slug| serde_json::json!({ "slug": slug }))
                .collect();
            let list = serde_json::json!({ "items": items, "next": null });
            Ok(Answer::json(200, &list)?)
        }
        SitesCall::Create => {
            of_type(request, &["application/json"])?;
            let bytes = body::read(request, limits::REQUEST).await?;
            let envelope = envelope(env, request, credential)?;
            create(env, &envelope, &bytes).await
        }
    }
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
    use super::without_token;
    use crate::answer::Answer;

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
