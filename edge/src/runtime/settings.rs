//! Settings, read in one place. An unset binding is `null` on workerd and throws when it is asked for the usual way.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::Env;

use crate::http::host_name;

/// A setting's text; unset and empty are absent.
fn read(env: &Env, name: &str) -> Option<String> {
    let value = Reflect::get(env.as_ref(), &JsValue::from_str(name)).ok()?;
    value.as_string().filter(|text| !text.is_empty())
}

/// The deployment's own token: an owner everywhere.
pub fn root_token(env: &Env) -> Option<String> {
    read(env, "ROOT_TOKEN")
}

/// Where this deployment is reached, without a slash at the end.
pub fn public_url(env: &Env) -> String {
    read(env, "PUBLIC_URL")
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned()
}

/// The host of [`public_url`], which no site can claim.
pub fn public_host(env: &Env) -> Option<String> {
    let url = worker::Url::parse(&public_url(env)).ok()?;
    url.host_str().map(host_name::normal)
}

/// Writes a minute and token, unless said otherwise.
const WRITE_LIMIT: u32 = 6000;

/// Writes a minute and token; 0: as many as they like.
pub fn write_limit(env: &Env) -> u32 {
    read(env, "WRITE_LIMIT")
        .and_then(|text| text.parse().ok())
        .unwrap_or(WRITE_LIMIT)
}

/// Whether `X-Forwarded-For` is believed: only behind a proxy that sets it.
pub fn trusts_proxy(env: &Env) -> bool {
    read(env, "TRUST_PROXY").is_some_and(|text| matches!(text.as_str(), "1" | "true" | "yes"))
}

/// Seconds that the clock is moved by; for tests.
pub fn clock_offset_s(env: &Env) -> i64 {
    read(env, "CLOCK_OFFSET")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

/// What is running.
pub fn version(env: &Env) -> String {
    read(env, "VERSION").unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}
