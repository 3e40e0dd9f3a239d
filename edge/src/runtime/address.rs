//! Where a request comes from.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::{Env, Request};

use super::settings;

/// The client's address: the runtime's own word for it, else Cloudflare's; a proxy's only where the setting trusts it,
/// since anybody can send that header.
pub fn of(env: &Env, request: &Request) -> String {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    if settings::trusts_proxy(env) {
        let forwarded = header("x-forwarded-for").unwrap_or_default();
        // The last entry is the one that our own proxy added.
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

/// workerd's `request.cf.clientIp`, as `ip:port`; the port changes with each connection.
fn client_ip(request: &Request) -> Option<String> {
    let cf = Reflect::get(request.inner(), &JsValue::from_str("cf")).ok()?;
    let address = Reflect::get(&cf, &JsValue::from_str("clientIp")).ok()?;
    let address = address.as_string()?;
    Some(without_port(&address).to_owned())
}

/// `192.0.2.1:80` and `[2001:db8::1]:80` lose their port; an IPv6 address on its own, which has colons too, stays whole.
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
    fn a_port_is_no_part_of_an_address() {
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
