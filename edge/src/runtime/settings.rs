//! Reads settings. An unset binding is `null` on workerd, and the worker crate's getters throw for it.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::Env;

use super::setting::{
    ALLOW_PRIVATE, CLOCK_OFFSET, DEV_OUTBOX, DOH_URL, HEARTBEAT_URL, PUBLIC_URL, Setting,
    TRUST_PROXY, WRITE_LIMIT,
};
use crate::{
    answer::Answer,
    http::host_name,
    log::{self, LogContext},
};

/// A setting's text; `None` if unset or empty.
fn read(env: &Env, name: &str) -> Option<String> {
    let value = Reflect::get(env.as_ref(), &JsValue::from_str(name)).ok()?;
    value.as_string().filter(|text| !text.is_empty())
}

/// The root token: an owner of every site.
pub fn root_token(env: &Env) -> Option<String> {
    read(env, "ROOT_TOKEN")
}

/// The origin of this deployment, without a slash at the end.
pub fn public_url(env: &Env) -> String {
    read(env, "PUBLIC_URL")
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned()
}

/// Whether this deployment is served over https. Reads the setting once per isolate, for the fast path.
pub fn is_https(env: &Env) -> bool {
    thread_local! {
        static IS_HTTPS: Cell<Option<bool>> = const { Cell::new(None) };
    }
    IS_HTTPS.get().unwrap_or_else(|| {
        let url = PUBLIC_URL.parse;
        let is_https = url(&public_url(env)).is_some_and(|url| url.scheme() == "https");
        IS_HTTPS.set(Some(is_https));
        is_https
    })
}

/// The host of [`public_url`], which no site can claim.
pub fn public_host(env: &Env) -> Option<String> {
    let url = worker::Url::parse(&public_url(env)).ok()?;
    url.host_str().map(host_name::normalize)
}

/// Default limit of writes per minute and token.
const DEFAULT_WRITE_LIMIT: u32 = 6000;

/// Limit of writes per minute and token; 0 means no limit.
pub fn write_limit(env: &Env) -> u32 {
    parse_setting(env, &WRITE_LIMIT).unwrap_or(DEFAULT_WRITE_LIMIT)
}

/// Whether to trust `X-Forwarded-For`: only behind a proxy that sets it.
pub fn trusts_proxy(env: &Env) -> bool {
    parse_setting(env, &TRUST_PROXY).unwrap_or(false)
}

/// Whether the operator has set `TRUST_PROXY`, to trust `X-Forwarded-For` or not.
pub fn knows_proxy(env: &Env) -> bool {
    read(env, TRUST_PROXY.name).is_some()
}

/// The URL of the DNS resolver that reads the records of host names; `None` if unset.
pub fn doh_url(env: &Env) -> Option<String> {
    parse_setting(env, &DOH_URL).map(String::from)
}

/// The address that gets a request each minute while all is well; `None` if unset.
pub fn heartbeat_url(env: &Env) -> Option<String> {
    parse_setting(env, &HEARTBEAT_URL).map(String::from)
}

/// Whether `/dev/outbox` shows the sent messages; for development.
pub fn shows_outbox(env: &Env) -> bool {
    parse_setting(env, &DEV_OUTBOX).unwrap_or(false)
}

/// Whether webhooks may have private addresses; for tests and development.
pub fn allows_private(env: &Env) -> bool {
    parse_setting(env, &ALLOW_PRIVATE).unwrap_or(false)
}

/// Offset of the clock, in seconds; for tests.
pub fn clock_offset_s(env: &Env) -> i64 {
    parse_setting(env, &CLOCK_OFFSET).unwrap_or(0)
}

fn parse_setting<T>(env: &Env, setting: &Setting<T>) -> Option<T> {
    (setting.parse)(&read(env, setting.name)?)
}

/// The error messages of all invalid settings. Reads continue with the defaults.
pub fn problems(env: &Env) -> Vec<String> {
    let text = |name: &str| read(env, name);
    [
        WRITE_LIMIT.problem(text(WRITE_LIMIT.name)),
        CLOCK_OFFSET.problem(text(CLOCK_OFFSET.name)),
        TRUST_PROXY.problem(text(TRUST_PROXY.name)),
        PUBLIC_URL.problem(text(PUBLIC_URL.name)),
        DOH_URL.problem(text(DOH_URL.name)),
        HEARTBEAT_URL.problem(text(HEARTBEAT_URL.name)),
        DEV_OUTBOX.problem(text(DEV_OUTBOX.name)),
        ALLOW_PRIVATE.problem(text(ALLOW_PRIVATE.name)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Logs invalid settings, once per isolate.
pub fn log_problems(env: &Env) {
    thread_local! {
        static IS_LOGGED: Cell<bool> = const { Cell::new(false) };
    }
    if IS_LOGGED.replace(true) {
        return;
    }
    let problems = problems(env);
    if !problems.is_empty() {
        let context = LogContext {
            route: "settings",
            ..LogContext::default()
        };
        log::error(context, &problems.join(" "));
    }
}

/// The answer to writes while a setting is invalid, because the operator's intention is unknown.
pub fn problem(env: &Env) -> Option<Answer> {
    let problems = problems(env);
    let first = problems.first()?;
    Some(Answer::unavailable("bad_setting", first))
}

pub fn version(env: &Env) -> String {
    read(env, "VERSION").unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}
