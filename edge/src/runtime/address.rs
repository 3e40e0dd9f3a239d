//! The client's address.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::{Env, Request};

use super::{assets, settings};
use crate::log::{self, LogContext};

const IGNORED_PROXY: &str = "A request has X-Forwarded-For, but TRUST_PROXY is not set: all clients behind the proxy \
     count as one. Set TRUST_PROXY=1 if your own proxy sets that header, else TRUST_PROXY=0.";

/// The client's address: from the runtime, else from Cloudflare's header. `X-Forwarded-For` is used only if `TRUST_PROXY` is
/// set, because any client can send that header.
pub fn client_address(env: &Env, request: &Request) -> String {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    if settings::trusts_proxy(env) {
        let forwarded = header("x-forwarded-for").unwrap_or_default();
        // The last entry was added by the trusted proxy.
        if let Some(address) = forwarded.rsplit(',').next().map(str::trim)
            && !address.is_empty()
        {
            return address.to_owned();
        }
    }
    client_ip(request)
        .or_else(|| header("cf-connecting-ip"))
        .unwrap_or_default()
}

/// Logs once that `X-Forwarded-For` is ignored, because `TRUST_PROXY` is unset. Does nothing on Cloudflare, where the
/// platform knows the client's address.
pub fn log_ignored_proxy(env: &Env, request: &Request) {
    thread_local! {
        static IS_LOGGED: Cell<bool> = const { Cell::new(false) };
    }
    if IS_LOGGED.get() || settings::knows_proxy(env) || !assets::is_on_workerd(env) {
        return;
    }
    let header = request.headers().get("x-forwarded-for").ok().flatten();
    if header.is_some() {
        IS_LOGGED.set(true);
        let context = LogContext {
            route: "settings",
            ..LogContext::default()
        };
        log::error(context, &IGNORED_PROXY);
    }
}

/// workerd's `request.cf.clientIp` without its port, which differs between connections.
fn client_ip(request: &Request) -> Option<String> {
    let cf = Reflect::get(request.inner(), &JsValue::from_str("cf")).ok()?;
    let address = Reflect::get(&cf, &JsValue::from_str("clientIp")).ok()?;
    let address = address.as_string()?;
    Some(without_port(&address).to_owned())
}

/// Removes the port of `192.0.2.1:80` and `[2001:db8::1]:80`; a bare IPv6 address, which has colons too, is unchanged.
fn without_port(address: &str) -> &str {
    match address.rsplit_once(':') {
        Some((ip, port))
            if port.bytes().all(|byte| byte.is_ascii_digit())
                && (ip.ends_with(']') || !ip.contains(':')) =>
        {
            ip
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn ports_are_removed_from_addresses() {
        for (given, expected) in [
            ("192.0.2.1:80", "192.0.2.1"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:db8::1]:80", "[2001:db8::1]"),
            ("2001:db8::1", "2001:db8::1"),
            ("unix:", "unix"),
            ("", ""),
        ] {
            assert_eq!(without_port(given), expected);
        }
    }
}
