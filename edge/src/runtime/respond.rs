//! Converts answers to and from responses of the runtime.

use js_sys::{Date as JsDate, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use worker::{Headers, Response, ResponseBody, worker_sys::web_sys};

use crate::{answer::Answer, fault::Fault};

/// A header of all answers to requests by https, after which browsers use only https for a year (RFC 6797).
pub const HSTS: (&str, &str) = ("strict-transport-security", "max-age=31536000");

/// Converts an answer into a response. Adds `Date`: workerd sends none, and the widget sets its clock by it. To HEAD, the length is that
/// of the body, unless the answer states another.
///
/// # Errors
/// `Fault::Runtime` if the runtime rejects a header.
pub fn respond(answer: Answer, is_head: bool, now_ms: u64) -> Result<Response, Fault> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    headers.set("date", &http_date(now_ms))?;
    headers.set("x-content-type-options", "nosniff")?;
    let no_body = is_head || matches!(answer.status, 204 | 304);
    let has_length = answer.header("content-length").is_some();
    if is_head && !has_length && !matches!(answer.status, 204 | 304) {
        headers.set("content-length", &answer.body.len().to_string())?;
    }
    let response = if no_body {
        Response::empty()?
    } else {
        Response::from_bytes(answer.body.into_bytes())?
    };
    Ok(response.with_status(answer.status).with_headers(headers))
}

/// Converts an answer whose body is a stream into a response.
///
/// # Errors
/// `Fault::Runtime` if the runtime rejects a header.
pub fn respond_with_file(
    answer: Answer,
    file: ResponseBody,
    is_head: bool,
    now_ms: u64,
) -> Result<Response, Fault> {
    let response = respond(answer, is_head, now_ms)?;
    if is_head {
        return Ok(response);
    }
    let headers = response.headers().clone();
    Ok(Response::from_body(file)?
        .with_status(response.status_code())
        .with_headers(headers))
}

/// Reads the answer in a Durable Object's response.
///
/// # Errors
/// `Fault::Runtime` if the body cannot be read.
pub async fn read_answer(response: Response) -> Result<Answer, Fault> {
    Ok(Answer {
        status: response.status_code(),
        headers: response.headers().entries().collect(),
        body: read_text(response).await?,
    })
}

/// Reads a body as a whole. The worker crate reads bodies in pieces of 4 kB, which takes longer than rendering a list.
///
/// # Errors
/// `Fault::Runtime` if the body cannot be read, or is not UTF-8.
pub async fn read_text(response: Response) -> Result<String, Fault> {
    let response: web_sys::Response = response.into();
    let buffer = response.array_buffer().map_err(worker::Error::from)?;
    let buffer = JsFuture::from(buffer).await.map_err(worker::Error::from)?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let text = String::from_utf8(bytes);
    Ok(text.map_err(|error| worker::Error::RustError(error.to_string()))?)
}

/// Converts a Durable Object's answer into a response to the Worker, which adds the common headers.
///
/// # Errors
/// `Fault::Runtime` if the runtime rejects a header.
pub fn object_response(answer: Answer) -> Result<Response, Fault> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    let response = Response::from_bytes(answer.body.into_bytes())?;
    Ok(response.with_status(answer.status).with_headers(headers))
}

/// Formats a time as in HTTP headers (RFC 9110, IMF-fixdate).
pub fn http_date(now_ms: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are exact to 2^53")]
    let moment = JsDate::new(&JsValue::from_f64(now_ms as f64));
    moment.to_utc_string().into()
}
