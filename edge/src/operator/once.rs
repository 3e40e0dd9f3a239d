//! Root's writes happen once for each Idempotency-Key and so often a minute, whichever sites they are about, and although a
//! site that would know of it is not there yet, or no longer: the directory keeps count. Everybody else's token is of one
//! site, which keeps its own, so that their writes take one call of one object; but for the one that ends their site and
//! themselves ([`last`]).

use std::time::Duration;

use notice::{rejection::Rejection, wire::ids::Slug};
use worker::{Env, Method, Request, RequestInit};

use super::{may_have_happened, request};
use crate::{
    answer::Answer,
    fault::Fault,
    http::credential::Credential,
    object::{
        budget::Left,
        envelope::Envelope,
        operate::{Refusal, fingerprint},
        root_keys::{Admitted, KeyCall},
    },
    runtime::{deadline::within, respond::answer_of},
    storage::root_keys::Standing,
};

/// How long an operator waits for the directory.
const DEADLINE: Duration = Duration::from_secs(10);

/// What is known of a request before it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It is to be carried out.
    Go {
        /// A request like this has begun under the same key: it may have happened.
        again: bool,
        /// What is left of the minute's writes, where they are counted here.
        left: Option<Left>,
    },
    /// It has been answered: it was carried out before, or is one too many.
    Answered(Answer),
}

/// Passes a write on to its site: root's within root's bounds.
///
/// # Errors
/// The caller's mistake, or ours before the site was asked. What becomes of asking it stands inside.
pub async fn forward(
    env: &Env,
    site: &Slug,
    envelope: &Envelope,
    body: &[u8],
) -> Result<Result<Answer, Fault>, Refusal> {
    let left = match begin(env, envelope, body).await? {
        Beginning::Go { left, .. } => left,
        Beginning::Answered(answer) => return Ok(Ok(answer)),
    };
    let answer = request::forward(env, site, "/operate", envelope, body).await;
    // The site itself remembers what it has answered; here the key only stands for this request.
    if !may_have_happened(&answer) {
        release(env, envelope).await;
    }
    Ok(answer.map(|answer| counted(answer, left)))
}

/// The answer, saying what is left of the minute's writes.
pub fn counted(answer: Answer, left: Option<Left>) -> Answer {
    match left {
        Some(left) => left.on(answer),
        None => answer,
    }
}

/// Begins a write, if it is root's: under its key, if it has one.
///
/// # Errors
/// [`Rejection::IdempotencyMismatch`] when the key was used for another request; ours when the directory fails.
pub async fn begin(env: &Env, envelope: &Envelope, body: &[u8]) -> Result<Beginning, Refusal> {
    let go = |again, left| Ok(Beginning::Go { again, left });
    let is_bound = envelope.key.is_some() || envelope.write_limit > 0;
    if envelope.credential != Credential::Root || !is_bound {
        return go(false, None);
    }
    let call = KeyCall::Begin {
        key: envelope.key.clone(),
        fingerprint: fingerprint(envelope, body),
        write_limit: envelope.write_limit,
    };
    let answer = ask(env, &call).await?;
    if answer.status == 429 {
        return Ok(Beginning::Answered(answer));
    }
    let Admitted { standing, left } = serde_json::from_str(&answer.body)?;
    match standing {
        Standing::New => go(false, left),
        Standing::Begun => go(true, left),
        Standing::Done(answer) => Ok(Beginning::Answered(
            answer.with("idempotent-replayed", "true"),
        )),
        Standing::Another => Err(Rejection::IdempotencyMismatch.into()),
    }
}

/// It happened. Should this not be kept, a repeat asks the site again.
pub async fn finish(env: &Env, envelope: &Envelope, answer: Answer) {
    if let Some(key) = root_key(envelope) {
        tell(env, &KeyCall::Finish { key, answer }).await;
    }
}

/// An owner's token has ended its site, and itself: the directory keeps what a repeat is told. Should this not be kept, the
/// repeat is told that the token is unknown.
pub async fn last(env: &Env, envelope: &Envelope, answer: Answer) {
    let Some(key) = last_key(envelope) else {
        return;
    };
    let call = KeyCall::Begin {
        key: Some(key.clone()),
        fingerprint: fingerprint(envelope, &[]),
        write_limit: 0,
    };
    tell(env, &call).await;
    tell(env, &KeyCall::Finish { key, answer }).await;
}

/// What such a token was told, if this is the repeat.
///
/// # Errors
/// When the directory fails.
pub async fn told_last(env: &Env, envelope: &Envelope) -> Result<Option<Answer>, Fault> {
    let Some(key) = last_key(envelope) else {
        return Ok(None);
    };
    let fingerprint = fingerprint(envelope, &[]);
    let answer = ask(env, &KeyCall::Look { key, fingerprint }).await?;
    Ok(serde_json::from_str(&answer.body)?)
}

/// The token's digest is part of it: nobody else's key is the same.
fn last_key(envelope: &Envelope) -> Option<String> {
    match (&envelope.credential, &envelope.key) {
        (Credential::Token { digest }, Some(key)) => Some(format!("{digest} {key}")),
        _ => None,
    }
}

/// It did not happen: what the key stood for may be put right and sent again under it.
pub async fn release(env: &Env, envelope: &Envelope) {
    if let Some(key) = root_key(envelope) {
        tell(env, &KeyCall::Release { key }).await;
    }
}

fn root_key(envelope: &Envelope) -> Option<String> {
    match envelope.credential {
        Credential::Root => envelope.key.clone(),
        Credential::Token { .. } | Credential::Nobody => None,
    }
}

/// The answer stands: what is left to do must not turn it into a failure.
async fn tell(env: &Env, call: &KeyCall) {
    if let Err(fault) = ask(env, call).await {
        worker::console_error!("root's keys: {fault}");
    }
}

async fn ask(env: &Env, call: &KeyCall) -> Result<Answer, Fault> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(serde_json::to_string(call)?.into()));
    let request = Request::new_with_init("http://directory/key", &init)?;
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    within(DEADLINE, "the directory", async {
        let answer = answer_of(directory.fetch_with_request(request).await?).await?;
        match answer.status {
            200 | 204 | 429 => Ok(answer),
            _ => Err(Fault::Failed("the directory")),
        }
    })
    .await
}
