//! Parses the `Authorization` header into a credential, without looking the token up.

use notice::{journal::sha256_hex, rejection::Rejection, wire::ids::Slug};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// Length of a token's secret in characters: 32 bytes as base64url without padding.
pub const SECRET_LENGTH: usize = 43;

/// A credential as the Worker sends it to a site's object: a digest, never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// The deployment's root token: an owner of every site.
    Root,
    /// No credential. Accepted only where the body carries an invitation.
    Nobody,
    /// A site's token, as its SHA-256 in hex.
    Token { digest: String },
}

/// Parses the `Authorization` header. `site` is `None` where only the root token is accepted.
///
/// # Errors
/// [`Rejection::Unauthorized`] without a well-formed bearer token; [`Rejection::NotFound`] for a token of another site,
/// so that its owner cannot tell whether this site exists.
pub fn read(
    header: Option<&str>,
    root_token: Option<&str>,
    site: Option<&Slug>,
) -> Result<Credential, Rejection> {
    let token = bearer(header.unwrap_or_default()).ok_or(Rejection::Unauthorized)?;
    if root_token.is_some_and(|root| equal_in_constant_time(token, root)) {
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

/// The token in an `Authorization` header with the scheme `Bearer` (RFC 6750), which is case-insensitive.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The site in `ac_{site}_{secret}`. Slugs contain no `_`; secrets may.
fn site_of(token: &str) -> Option<Slug> {
    let (site, secret) = token.strip_prefix("ac_")?.split_once('_')?;
    Slug::parse(site).filter(|_| is_secret(secret))
}

/// Whether a text has the form of a token's secret.
pub fn is_secret(text: &str) -> bool {
    text.len() == SECRET_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Compares digests in constant time, so that timing does not reveal the length or the content.
fn equal_in_constant_time(given: &str, expected: &str) -> bool {
    let given = sha256_hex(given.as_bytes());
    let expected = sha256_hex(expected.as_bytes());
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{Credential, read};
    use notice::{rejection::Rejection, wire::ids::Slug};

    #[test]
    fn a_header_gives_a_credential_for_its_own_site_only() {
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
    fn an_empty_token_is_rejected_without_a_root_token() {
        let read = read(Some("Bearer "), None, None);
        assert_eq!(read, Err(Rejection::Unauthorized));
    }
}
