//! Answers become responses of the runtime.

use js_sys::Date as JsDate;
use wasm_bindgen::JsValue;
use worker::{Headers, Response};

use crate::{answer::Answer, fault::Fault};

/// The response for an answer. `Date` is ours: raw workerd sends none, and a widget sets its clock by it.
///
/// # Errors
/// When the runtime refuses a header.
pub fn respond(answer: Answer, is_head: bool, now_ms: u64) -> Result<Response, Fault> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    headers.set("date", &http_date(now_ms))?;
    headers.set("x-content-type-options", "nosniff")?;
    let no_body = is_head || matches!(answer.status, 204 | 304);
    let response = if no_body {
        Response::empty()?
    } else {
        Response::from_bytes(answer.body.into_bytes())?
    };
    Ok(response.with_status(answer.status).with_headers(headers))
}

/// The answer in a response of an object of ours.
///
/// # Errors
/// When its body cannot be read.
pub async fn answer_of(mut response: Response) -> Result<Answer, Fault> {
    Ok(Answer {
        status: response.status_code(),
        headers: response.headers().entries().collect(),
        body: response.text().await?,
    })
}

/// An object's answer on its way to the Worker, which adds what every response has.
///
/// # Errors
/// When the runtime refuses a header.
pub fn carry(answer: Answer) -> Result<Response, Fault> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    let response = Response::from_bytes(answer.body.into_bytes())?;
    Ok(response.with_status(answer.status).with_headers(headers))
}

/// A moment as HTTP writes it (RFC 9110, IMF-fixdate).
pub fn http_date(now_ms: u64) -> String {
    // Milliseconds of this era are exact in a double.
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
    let moment = JsDate::new(&JsValue::from_f64(now_ms as f64));
    moment.to_utc_string().into()
}
