//! DNS over HTTPS (RFC 8484).

use std::time::Duration;

use worker::{Env, Fetch, Headers, Method, Request, RequestInit};

use super::{deadline::within, settings};
use crate::{
    fault::Fault,
    http::dns_message::{self, MEDIA_TYPE},
};

/// Deadline for an answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// Maximum size of an answer in bytes: that of a DNS message over TCP.
const MAX_ANSWER: usize = 65_535;

/// Reads the TXT records of a name; `None` if no resolver is set (`DOH_URL`).
///
/// # Errors
/// `Fault` if the resolver fails or misses the deadline.
pub async fn txt_records(env: &Env, name: &str) -> Result<Option<Vec<String>>, Fault> {
    let Some(url) = settings::doh_url(env) else {
        return Ok(None);
    };
    let Some(question) = dns_message::question(name) else {
        return Ok(Some(Vec::new()));
    };
    let headers = Headers::new();
    headers.set("content-type", MEDIA_TYPE)?;
    headers.set("accept", MEDIA_TYPE)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(js_sys::Uint8Array::from(question.as_slice()).into()));
    let request = Request::new_with_init(&url, &init)?;
    let failed = |detail: String| Fault::ObjectFailed {
        object: "the DNS resolver",
        detail,
    };
    let message = within(DEADLINE, "the DNS resolver", async {
        let mut response = Fetch::Request(request).send().await?;
        match response.status_code() {
            200 => Ok(response.bytes().await?),
            status => Err(failed(format!("status {status}"))),
        }
    })
    .await?;
    if message.len() > MAX_ANSWER {
        return Err(failed("the answer is too large".to_owned()));
    }
    dns_message::txt_values(&message, name)
        .map(Some)
        .map_err(failed)
}
