//! CORS preflights (Fetch standard, 4.8). Monitoring tools add headers such as `traceparent` to every request of a host
//! page, including the loader's, so that browsers send `OPTIONS` first.

use super::{
    canonical_path::canonical,
    route::{Route, parse, table::PUBLIC_METHODS},
};
use crate::answer::Answer;

/// Time for which a browser caches the answer, in seconds: 2 h, Chromium's maximum.
const MAX_AGE_S: &str = "7200";
/// Maximum length of a list of header names that is echoed, in bytes.
const MAX_LIST_LENGTH: usize = 2_000;

/// The answer to `OPTIONS` for a public address, in every spelling that redirects to it: a redirected preflight has failed. `None`
/// for operators' addresses, which are used from this origin only. `requested` is the value of `Access-Control-Request-Headers`.
pub fn answer(path: &str, requested: Option<&str>) -> Option<Answer> {
    let path = canonical(path);
    let is_operators = path == "/v1" || path.starts_with("/v1/");
    if is_operators && !matches!(parse("GET", &path), Ok(Route::Feed(_))) {
        return None;
    }
    Some(
        Answer::no_content()
            .with("allow", PUBLIC_METHODS)
            .with("access-control-allow-origin", "*")
            .with("access-control-allow-methods", PUBLIC_METHODS)
            .with("access-control-allow-headers", allowed_headers(requested))
            .with("access-control-max-age", MAX_AGE_S)
            .with("vary", "Access-Control-Request-Headers"),
    )
}

/// Echoes the requested names if they are well-formed, because not every browser understands `*`.
fn allowed_headers(requested: Option<&str>) -> &str {
    let is_list = |list: &&str| {
        let is_name =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~, \t".contains(&byte);
        !list.trim().is_empty() && list.len() <= MAX_LIST_LENGTH && list.bytes().all(is_name)
    };
    requested.filter(is_list).unwrap_or("*")
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn public_addresses_allow_the_requested_headers() {
        for (requested, allowed) in [
            (Some("baggage,traceparent"), "baggage,traceparent"),
            (
                Some("X-Request-Id, sentry-trace"),
                "X-Request-Id, sentry-trace",
            ),
            (Some("a\r\nset-cookie: b"), "*"),
            (Some(" "), "*"),
            (None, "*"),
        ] {
            for path in [
                "/v1/sites/acme/feed",
                "/v1/sites/ACME/feed",
                "//V1/sites//acme/Feed/",
                "/s/acme",
                "/s/acme/embed.js",
                "/embed.js",
                "/healthz",
                "/",
            ] {
                let answer = answer(path, requested).unwrap();
                assert_eq!(answer.status, 204);
                assert_eq!(answer.header("access-control-allow-headers"), Some(allowed));
                assert_eq!(answer.header("access-control-max-age"), Some("7200"));
                assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            }
        }
    }

    #[test]
    fn operator_addresses_have_no_preflight() {
        for path in [
            "/v1",
            "/v1/sites",
            "/v1/sites/acme",
            "/v1/sites/acme/incidents",
            "/v1/feed",
            "/V1/Sites/",
            "//v1/sites/acme/incidents",
        ] {
            assert_eq!(answer(path, Some("authorization")), None, "{path}");
        }
    }
}
