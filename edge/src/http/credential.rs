//! Who is asking: a bearer token becomes a credential, without looking anything up.

use notice::{journal::sha256_hex, rejection::Rejection, wire::ids::Slug};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// Characters of a token's secret: 32 bytes as base64url without padding.
pub const SECRET_LENGTH: usize = 43;

/// A credential as it travels from the Worker to a site's object: never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// The deployment's own: an owner everywhere.
    Root,
    /// None: good only where the body carries one.
    Nobody,
    /// A site's token, as the hex of its SHA-256.
    Token {
        /// The digest.
        digest: String,
    },
}

/// Reads the `Authorization` header for a site; `site` is `None` where only the root token will do.
///
/// # Errors
/// [`Rejection::Unauthorized`] without a bearer token or with one of no known shape; [`Rejection::NotFound`] for
/// another site's token, so that it learns nothing of this one.
pub fn read(
    header: Option<&str>,
    root_token: Option<&str>,
    site: Option<&Slug>,
) -> Result<Credential, Rejection> {
    let token = bearer(header.unwrap_or_default()).ok_or(Rejection::Unauthorized)?;
    if root_token.is_some_and(|root| same(token, root)) {
        return Ok(Credential::Root);
    }
    let owner = site_of(token).ok_or(Rejection::Unauthorized)?;
    match site {
        Some(site) if *site == owner => Ok(Credential::Token {
            digest: sha256_hex(token.as_bytes()),
        }),
        Some(_) => Err(Rejection::NotFound),
        None => Err(Rejection::Unauthorized),
    }
}

/// RFC 6750: the scheme's name in any case, then the token.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The site in `ac_{site}_{secret}`. Slugs have no `_`, secrets may.
fn site_of(token: &str) -> Option<Slug> {
    let (site, secret) = token.strip_prefix("ac_")?.split_once('_')?;
    Slug::parse(site).filter(|_| is_secret(secret))
}

/// Whether a token's secret may look like this.
pub fn is_secret(text: &str) -> bool {
    text.len() == SECRET_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Compared by digest, in constant time, so that neither length nor content shows in how long it takes.
fn same(given: &str, expected: &str) -> bool {
    let given = sha256_hex(given.as_bytes());
    let expected = sha256_hex(expected.as_bytes());
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{Credential, read};
    use notice::{rejection::Rejection, wire::ids::Slug};

    #[test]
    fn a_header_opens_only_what_it_should() {
        let secret = "A".repeat(43);
        let token = format!("Bearer ac_acme_{secret}");
        let underscored = format!("bearer ac_acme_{}_", "B".repeat(42));
        let unknown = Err(Rejection::Unauthorized);
        for (header, site, expected) in [
            (None, Some("acme"), unknown.clone()),
            (Some("Basic abc"), Some("acme"), unknown.clone()),
            (Some("Bearer "), Some("acme"), unknown.clone()),
            (Some("Bearer nonsense"), Some("acme"), unknown.clone()),
            (Some("Bearer ac_acme_short"), Some("acme"), unknown.clone()),
            (
                Some("Bearer root-secret"),
                Some("acme"),
                Ok(Credential::Root),
            ),
            (Some("BEARER root-secret"), None, Ok(Credential::Root)),
            (Some(token.as_str()), None, unknown),
            (
                Some(token.as_str()),
                Some("other"),
                Err(Rejection::NotFound),
            ),
        ] {
            let site = site.and_then(Slug::parse);
            let read = read(header, Some("root-secret"), site.as_ref());
            assert_eq!(read, expected, "{header:?}");
        }
        let acme = Slug::parse("acme");
        for header in [&token, &underscored] {
            let read = read(Some(header), None, acme.as_ref());
            assert!(matches!(read, Ok(Credential::Token { .. })), "{header}");
        }
    }

    #[test]
    fn without_a_root_token_nothing_is_root() {
        let read = read(Some("Bearer "), None, None);
        assert_eq!(read, Err(Rejection::Unauthorized));
    }
}
