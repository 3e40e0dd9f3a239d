//! Settings from environment variables. An invalid value is rejected at startup, with an error that names the variable.

use anyhow::{bail, ensure};
use ureq::http::Uri;

/// A setting; an unset and an empty variable are both absent.
///
/// # Errors
/// When the value is not UTF-8 or not valid for this setting.
pub fn read(name: &str) -> anyhow::Result<Option<String>> {
    let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    match value.into_string() {
        Ok(value) => checked(name, value).map(Some),
        Err(_) => bail!("{name} must be UTF-8"),
    }
}

fn checked(name: &str, value: String) -> anyhow::Result<String> {
    match name {
        "ROOT_TOKEN" => ensure!(
            value.bytes().all(|byte| byte.is_ascii_graphic()),
            "ROOT_TOKEN must be printable ASCII without spaces, because it is sent in an HTTP header"
        ),
        "PUBLIC_URL" => ensure!(
            is_address(&value),
            "PUBLIC_URL must be the URL that links start with, such as https://status.example.com, but is {value}"
        ),
        "WRITE_LIMIT" => ensure!(
            value.parse::<u32>().is_ok(),
            "WRITE_LIMIT must be a number of writes per minute (0: no limit), but is {value}"
        ),
        "TRUST_PROXY" => ensure!(
            matches!(value.as_str(), "1" | "true" | "yes" | "0" | "false" | "no"),
            "TRUST_PROXY must be 1 (trust the proxy) or 0, but is {value}"
        ),
        _ => {}
    }
    Ok(value)
}

/// What a path can be put behind.
fn is_address(value: &str) -> bool {
    value.parse::<Uri>().is_ok_and(|url| {
        matches!(url.scheme_str(), Some("http" | "https")) && !value.contains(['?', '#', '@'])
    })
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn what_could_not_work_is_refused() {
        for (name, value, fits) in [
            ("ROOT_TOKEN", "root_token", true),
            ("ROOT_TOKEN", " ", false),
            ("ROOT_TOKEN", "two words", false),
            ("ROOT_TOKEN", "schlüssel", false),
            ("PUBLIC_URL", "https://status.example.com", true),
            ("PUBLIC_URL", "https://status.example.com/", true),
            ("PUBLIC_URL", "http://127.0.0.1:8787", true),
            ("PUBLIC_URL", "http://[::1]:8787", true),
            ("PUBLIC_URL", "status.example.com", false),
            ("PUBLIC_URL", "ftp://status.example.com", false),
            ("PUBLIC_URL", "https://status.example.com/?a", false),
            ("PUBLIC_URL", "https://status.example.com#a", false),
            ("PUBLIC_URL", "https://a@status.example.com", false),
            ("PUBLIC_URL", "not an address", false),
            ("WRITE_LIMIT", "0", true),
            ("WRITE_LIMIT", "-1", false),
            ("WRITE_LIMIT", "many", false),
            ("TRUST_PROXY", "1", true),
            ("TRUST_PROXY", "yes", true),
            ("TRUST_PROXY", "perhaps", false),
        ] {
            let checked = checked(name, value.to_owned());
            assert_eq!(checked.is_ok(), fits, "{name}={value}");
            if let Err(error) = checked {
                assert!(error.to_string().starts_with(name), "{error}");
            }
        }
    }
}
