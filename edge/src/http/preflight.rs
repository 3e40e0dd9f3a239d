//! CORS preflights (Fetch standard, 4.8). Monitoring tools add headers such as `traceparent` to every request of a host
//! page, the loader's among them, and a browser then asks with `OPTIONS` before it sends the request.

use super::route::{Route, parse};
use crate::answer::Answer;

/// What every public address can be asked.
pub const METHODS: &str = "GET, HEAD, OPTIONS";
/// How long a browser keeps the answer, in seconds: 2 h, the most that Chromium keeps.
const MAX_AGE_S: &str = "7200";
/// The longest list of header names that is repeated, in bytes.
const LONGEST: usize = 2_000;

/// The answer to `OPTIONS` for a public address; `None` for addresses of operators, whose pages are on this origin.
/// `asked` is the value of `Access-Control-Request-Headers`.
pub fn answer(path: &str, asked: Option<&str>) -> Option<Answer> {
    let is_operators = path == "/v1" || path.starts_with("/v1/");
    if is_operators && !matches!(parse("GET", path), Ok(Route::Feed(_))) {
        return None;
    }
    Some(
        Answer::nothing()
            .with("allow", METHODS)
            .with("access-control-allow-origin", "*")
            .with("access-control-allow-methods", METHODS)
            .with("access-control-allow-headers", allowed(asked))
            .with("access-control-max-age", MAX_AGE_S)
            .with("vary", "Access-Control-Request-Headers"),
    )
}

/// The names that were asked for, if they are names: `*` is not understood by every browser.
fn allowed(asked: Option<&str>) -> &str {
    let is_list = |list: &&str| {
        let is_name =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~, \t".contains(&byte);
        !list.trim().is_empty() && list.len() <= LONGEST && list.bytes().all(is_name)
    };
    asked.filter(is_list).unwrap_or("*")
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn public_addresses_allow_the_headers_that_are_asked_for() {
        for (asked, allowed) in [
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
                "/s/acme",
                "/embed.js",
                "/healthz",
                "/",
            ] {
                let answer = answer(path, asked).unwrap();
                assert_eq!(answer.status, 204);
                assert_eq!(answer.header("access-control-allow-headers"), Some(allowed));
                assert_eq!(answer.header("access-control-max-age"), Some("7200"));
                assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            }
        }
    }

    #[test]
    fn addresses_of_operators_have_no_preflight() {
        for path in [
            "/v1",
            "/v1/sites",
            "/v1/sites/acme",
            "/v1/sites/acme/incidents",
            "/v1/feed",
        ] {
            assert_eq!(answer(path, Some("authorization")), None, "{path}");
        }
    }
}
