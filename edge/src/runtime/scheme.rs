//! The scheme by which a client has reached this deployment.

use worker::Env;

use super::settings;

/// Whether a request came by https. `url` is its URL; `forwarded` reads its `X-Forwarded-Proto`, which is asked for only if the
/// settings trust the proxy.
pub fn is_https(env: &Env, url: &str, forwarded: impl FnOnce() -> Option<String>) -> bool {
    let forwarded = match settings::trusts_proxy(env) {
        true => forwarded(),
        false => None,
    };
    is_secure(url, forwarded.as_deref())
}

/// The last entry of the header was added by the trusted proxy. Without the header, the URL decides.
fn is_secure(url: &str, forwarded: Option<&str>) -> bool {
    let forwarded = forwarded.and_then(|list| list.rsplit(',').next());
    match forwarded.map(str::trim).filter(|entry| !entry.is_empty()) {
        Some(scheme) => scheme.eq_ignore_ascii_case("https"),
        None => url.starts_with("https:"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_secure;

    #[test]
    fn the_trusted_proxy_knows_the_scheme_else_the_url() {
        for (url, forwarded, expected) in [
            ("http://a.example/", None, false),
            ("https://a.example/", None, true),
            ("http://https:/", None, false),
            ("http://a.example/", Some("https"), true),
            ("http://a.example/", Some("HTTPS"), true),
            ("http://a.example/", Some("http, https"), true),
            ("http://a.example/", Some("https, http"), false),
            ("https://a.example/", Some("http"), false),
            ("https://a.example/", Some(""), true),
            ("http://a.example/", Some("https://"), false),
        ] {
            assert_eq!(is_secure(url, forwarded), expected, "{url} {forwarded:?}");
        }
    }
}
