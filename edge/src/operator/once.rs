//! Root's own requests happen once for each Idempotency-Key, although the site that would know of it is not there yet, or
//! no longer: the directory keeps these keys.

use std::time::Duration;

use notice::rejection::Rejection;
use worker::{Env, Method, Request, RequestInit};

use crate::{
    answer::Answer,
    fault::Fault,
    http::credential::Credential,
    object::{
        envelope::Envelope,
        operate::{Refusal, fingerprint},
        root_keys::KeyCall,
    },
    runtime::{deadline::within, respond::answer_of},
    storage::root_keys::Standing,
};

/// How long an operator waits for the directory.
const DEADLINE: Duration = Duration::from_secs(10);

/// What is known of a request before it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It is to be carried out; `again`: it may have been before.
    Go {
        /// Whether a request like this has begun under the same key.
        again: bool,
    },
    /// It has been carried out, and was answered so.
    Replay(Answer),
}

/// Begins a request under its key, if it is root's and has one.
///
/// # Errors
/// [`Rejection::IdempotencyMismatch`] when the key was used for another request; ours when the directory fails.
pub async fn begin(env: &Env, envelope: &Envelope, body: &[u8]) -> Result<Beginning, Refusal> {
    let Some(key) = root_key(envelope) else {
        return Ok(Beginning::Go { again: false });
    };
    let call = KeyCall::Begin {
        key,
        fingerprint: fingerprint(envelope, body),
    };
    let answer = ask(env, &call).await?;
    match serde_json::from_str(&answer.body)? {
        Standing::New => Ok(Beginning::Go { again: false }),
        Standing::Begun => Ok(Beginning::Go { again: true }),
        Standing::Done(answer) => Ok(Beginning::Replay(
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
            200 | 204 => Ok(answer),
            _ => Err(Fault::Failed("the directory")),
        }
    })
    .await
}
