//! Sends requests to the endpoints of webhooks and on-call targets.

use std::time::Duration;

use futures_util::{
    StreamExt,
    future::{Either, select},
};
use worker::{
    AbortController, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response,
};

use crate::{
    fault::Fault,
    messages::outgoing_request::{self, OutgoingRequest},
    rpc::outbox_call::Outcome,
};

/// Deadline for an answer.
pub const DEADLINE: Duration = Duration::from_secs(15);
/// Deadline for the body of an answer whose status is known: an endpoint that never ends it must not occupy a lane.
const BODY_DEADLINE: Duration = Duration::from_secs(2);
/// Maximum number of bytes that are kept of the body of a request or an answer: 4 KB.
const KEPT: usize = 4096;

/// Sends a request, follows no redirect, and reads the beginning of the answer. The status decides, also if the body is cut off or
/// does not end.
pub async fn send(request: &OutgoingRequest) -> Outcome {
    let controller = AbortController::default();
    let signal = controller.signal();
    let mut deadline = std::pin::pin!(Delay::from(DEADLINE));
    let head = std::pin::pin!(async {
        let request = Fetch::Request(build(request)?);
        let response = request.send_with_signal(&signal).await?;
        let retry_after = response.headers().get("retry-after")?;
        Ok::<_, Fault>((response, retry_after))
    });
    let (response, retry_after) = match select(head, deadline.as_mut()).await {
        Either::Left((Ok(head), _)) => head,
        Either::Left((Err(fault), _)) => return Outcome::Failed(reason(&fault)),
        Either::Right(_) => {
            controller.abort();
            return Outcome::TimedOut;
        }
    };
    let status = response.status_code();
    let mut body = Vec::new();
    {
        let reading = std::pin::pin!(read_beginning(response, &mut body));
        let body_deadline = select(deadline, Delay::from(BODY_DEADLINE));
        if let Either::Right(_) = select(reading, body_deadline).await {
            controller.abort();
        }
    }
    body.truncate(KEPT);
    Outcome::Answered {
        status,
        retry_after,
        body: cut(String::from_utf8_lossy(&body).into_owned()),
    }
}

/// Sends a GET request.
///
/// # Errors
/// `Fault` if the status is not 2xx, or if there is no answer within [`DEADLINE`].
pub async fn get(url: &str) -> Result<(), Fault> {
    let request = OutgoingRequest {
        method: outgoing_request::Method::Get,
        url: url.to_owned(),
        headers: Vec::new(),
        body: String::new(),
    };
    let detail = match send(&request).await {
        Outcome::Answered {
            status: 200..=299, ..
        } => return Ok(()),
        Outcome::Answered { status, .. } => format!("it answered {status}"),
        Outcome::Mailed(_) | Outcome::TimedOut => "no answer in time".to_owned(),
        Outcome::Failed(reason) => reason,
    };
    Err(Fault::ObjectFailed {
        object: "the monitor",
        detail,
    })
}

fn build(request: &OutgoingRequest) -> Result<Request, Fault> {
    let headers = Headers::new();
    headers.set("user-agent", "Allclear")?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_headers(headers)
        .with_redirect(RequestRedirect::Manual);
    match request.method {
        outgoing_request::Method::Get => init.with_method(Method::Get),
        outgoing_request::Method::Post => init
            .with_method(Method::Post)
            .with_body(Some(request.body.as_str().into())),
    };
    Ok(Request::new_with_init(&request.url, &init)?)
}

/// Reads a body until it ends, fails, or has enough bytes.
async fn read_beginning(mut response: Response, body: &mut Vec<u8>) {
    let Ok(mut stream) = response.stream() else {
        return;
    };
    while body.len() < KEPT
        && let Some(Ok(part)) = stream.next().await
    {
        body.extend_from_slice(&part);
    }
}

/// The reason of a failure, as a sentence for operators. The runtime's message is replaced, because
/// it describes the runtime's own code.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Runtime(_) => {
            "The connection failed: the host is unknown, refuses connections or has no valid certificate."
                .to_owned()
        }
        other => other.to_string(),
    }
}

/// Truncates a text to at most [`KEPT`] bytes, at the end of a character.
pub fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(KEPT));
    text
}
