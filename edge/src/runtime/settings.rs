//! Reads settings. An unset binding is `null` on workerd, and the worker crate's getters throw for it.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::Env;

use super::{
    assets,
    setting::{
        ALLOW_PRIVATE, CLOCK_OFFSET, DEV_MAIL_URL, DEV_OUTBOX, DOH_URL, HEARTBEAT_URL,
        MAIL_API_URL, MAIL_FROM, POSTMARK_TOKEN, PUBLIC_URL, RESEND_API_KEY, SMTP_PASSWORD,
        SMTP_URL, SMTP_USER, Setting, TRUST_PROXY, WRITE_LIMIT,
    },
};
use crate::{
    answer::Answer,
    http::host_name,
    log::{self, LogContext},
    messages::mail::settings::{self as mail_settings, MailSettings, Security, Transport},
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

/// Whether to trust `X-Forwarded-For` and `X-Forwarded-Proto`: only behind a proxy that sets them. Reads the setting once per
/// isolate, for the fast path.
pub fn trusts_proxy(env: &Env) -> bool {
    thread_local! {
        static TRUSTS_PROXY: Cell<Option<bool>> = const { Cell::new(None) };
    }
    TRUSTS_PROXY.get().unwrap_or_else(|| {
        let trusts = parse_setting(env, &TRUST_PROXY).unwrap_or(false);
        TRUSTS_PROXY.set(Some(trusts));
        trusts
    })
}

/// Whether the operator has set `TRUST_PROXY`, to trust `X-Forwarded-For` or not.
pub fn knows_proxy(env: &Env) -> bool {
    read(env, TRUST_PROXY.name).is_some()
}

/// The URL of the DNS resolver that reads the records of host names; `None` if unset.
pub fn doh_url(env: &Env) -> Option<String> {
    parse_setting(env, &DOH_URL).map(String::from)
}

/// The URL of a monitor, to which a request is sent each minute while the deployment is healthy; `None` if unset.
pub fn heartbeat_url(env: &Env) -> Option<String> {
    parse_setting(env, &HEARTBEAT_URL).map(String::from)
}

/// How this deployment sends mail; `None` if it sends none, or if a setting is invalid.
pub fn mail(env: &Env) -> Option<MailSettings> {
    match mail_problem(env) {
        None => mail_settings::combine(mail_parts(env)).ok().flatten(),
        Some(_) => None,
    }
}

fn mail_parts(env: &Env) -> mail_settings::Parts {
    mail_settings::Parts {
        from: parse_setting(env, &MAIL_FROM),
        smtp: parse_setting(env, &SMTP_URL),
        smtp_user: parse_setting(env, &SMTP_USER),
        smtp_password: parse_setting(env, &SMTP_PASSWORD),
        resend_api_key: parse_setting(env, &RESEND_API_KEY),
        postmark_token: parse_setting(env, &POSTMARK_TOKEN),
        api: parse_setting(env, &MAIL_API_URL),
    }
}

/// The error message of the first invalid setting of mail.
fn mail_problem(env: &Env) -> Option<String> {
    let text = |name: &str| read(env, name);
    let invalid = [
        MAIL_FROM.problem(text(MAIL_FROM.name)),
        SMTP_URL.problem(text(SMTP_URL.name)),
        SMTP_USER.problem(text(SMTP_USER.name)),
        SMTP_PASSWORD.problem(text(SMTP_PASSWORD.name)),
        RESEND_API_KEY.problem(text(RESEND_API_KEY.name)),
        POSTMARK_TOKEN.problem(text(POSTMARK_TOKEN.name)),
        MAIL_API_URL.problem(text(MAIL_API_URL.name)),
    ];
    // An invalid part must not be reported as missing.
    let first = invalid.into_iter().flatten().next();
    first.or_else(|| mail_settings::combine(mail_parts(env)).err())
}

/// The address of the mail catcher; for development.
pub fn dev_mail_url(env: &Env) -> Option<String> {
    parse_setting(env, &DEV_MAIL_URL).map(String::from)
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
        mail_problem(env),
        DEV_OUTBOX.problem(text(DEV_OUTBOX.name)),
        DEV_MAIL_URL.problem(text(DEV_MAIL_URL.name)),
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

/// Logs a warning once per isolate if mail is sent with STARTTLS on Cloudflare: it works on workerd, but is reported to fail on
/// Cloudflare with some mail servers (<https://github.com/cloudflare/workerd/issues/2712>).
pub fn log_starttls(env: &Env) {
    thread_local! {
        static IS_CHECKED: Cell<bool> = const { Cell::new(false) };
    }
    if IS_CHECKED.replace(true) || assets::is_on_workerd(env) {
        return;
    }
    let transport = mail(env).map(|mail| mail.transport);
    if let Some(Transport::Smtp(server)) = transport
        && server.security == Security::StartTls
    {
        let context = LogContext {
            route: "settings",
            ..LogContext::default()
        };
        let warning = "SMTP_URL begins with smtp:// (STARTTLS), which is untested on Cloudflare: prefer smtps://.";
        log::error(context, &warning);
    }
}

/// The answer to writes while a setting is invalid: they are refused, because the operator's intention is unknown. `None` if all
/// settings are valid.
pub fn problem(env: &Env) -> Option<Answer> {
    let problems = problems(env);
    let first = problems.first()?;
    Some(Answer::unavailable("bad_setting", first))
}

pub fn version(env: &Env) -> String {
    read(env, "VERSION").unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}
