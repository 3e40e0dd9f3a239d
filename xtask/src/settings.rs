//! Settings from environment variables. An invalid value is rejected at startup, with an error that names the variable.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use jsonc_parser::ParseOptions;
use ureq::http::Uri;

/// Reads a setting. An empty variable counts as unset.
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

/// Reads the `vars` of a wrangler configuration (JSON with comments), and checks them as `serve` checks environment variables.
///
/// # Errors
/// When the file is not JSON with comments, or a variable is not valid for its setting.
pub fn vars(configuration: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let parsed: Option<serde_json::Value> =
        jsonc_parser::parse_to_serde_value(configuration, &ParseOptions::default())?;
    let vars = parsed.as_ref().and_then(|parsed| parsed.get("vars"));
    let mut checked_vars = BTreeMap::new();
    for (name, value) in vars.and_then(|vars| vars.as_object()).into_iter().flatten() {
        let Some(value) = value.as_str() else {
            bail!("{name} must be a string in `vars`, but is {value}");
        };
        checked_vars.insert(name.clone(), checked(name, value.to_owned())?);
    }
    Ok(checked_vars)
}

/// Returns the value if it is valid for the setting.
fn checked(name: &str, value: String) -> anyhow::Result<String> {
    match name {
        "ROOT_TOKEN" => ensure!(
            value.bytes().all(|byte| byte.is_ascii_graphic()),
            "ROOT_TOKEN must be printable ASCII without spaces, because it is sent in an HTTP header"
        ),
        "PUBLIC_URL" => ensure!(
            is_base_url(&value),
            "PUBLIC_URL must be the URL that links start with, such as https://status.example.com, but is {value}"
        ),
        "DOH_URL" => ensure!(
            is_base_url(value.trim_end_matches("{?dns}")),
            "DOH_URL must be the http or https URL of a DNS resolver (RFC 8484), but is {value}"
        ),
        "HEARTBEAT_URL" => ensure!(
            is_url(&value),
            "HEARTBEAT_URL must be the http or https URL of a monitor, but is {value}"
        ),
        "MAIL_FROM" => ensure!(
            value.contains('@') && !value.contains(char::is_control),
            "MAIL_FROM must be an e-mail address, such as status@example.com or Acme Status <status@example.com>, but is {value}"
        ),
        // The error does not repeat the value, which may contain a password.
        "SMTP_URL" => ensure!(
            is_smtp_url(&value),
            "SMTP_URL must be smtps://HOST:PORT (TLS) or smtp://HOST:PORT (STARTTLS) of a mail server, without a user name, \
             and not with port 25"
        ),
        "RESEND_API_KEY" | "POSTMARK_TOKEN" => ensure!(
            value.bytes().all(|byte| byte.is_ascii_graphic()),
            "{name} must be printable ASCII without spaces, because it is sent in an HTTP header"
        ),
        "MAIL_API_URL" => ensure!(
            is_base_url(&value),
            "MAIL_API_URL must be the http or https URL of a provider's API, but is {value}"
        ),
        "WRITE_LIMIT" => ensure!(
            value.parse::<u32>().is_ok(),
            "WRITE_LIMIT must be a number of writes per minute (0: no limit), but is {value}"
        ),
        "TRUST_PROXY" => ensure!(
            matches!(value.as_str(), "1" | "true" | "yes" | "0" | "false" | "no"),
            "TRUST_PROXY must be 1 (trust the proxy) or 0, but is {value}"
        ),
        "CLOCK_OFFSET" => ensure!(
            value.parse::<i64>().is_ok(),
            "CLOCK_OFFSET must be a whole number of seconds, but is {value}"
        ),
        _ => {}
    }
    Ok(value)
}

/// Whether this is the URL of a mail server. The Worker checks the host.
fn is_smtp_url(value: &str) -> bool {
    let schemes = ["smtps://", "smtp://", "smtp+plain://"];
    let mut rests = schemes
        .iter()
        .filter_map(|scheme| value.strip_prefix(scheme));
    rests.next().is_some_and(|rest| {
        let server = rest.strip_suffix('/').unwrap_or(rest);
        !server.is_empty() && !server.contains(['@', '/', '?', '#']) && !server.ends_with(":25")
    })
}

/// Whether a path can be appended to this URL.
fn is_base_url(value: &str) -> bool {
    is_url(value) && !value.contains(['?', '#', '@'])
}

fn is_url(value: &str) -> bool {
    value
        .parse::<Uri>()
        .is_ok_and(|url| matches!(url.scheme_str(), Some("http" | "https")))
}

#[cfg(test)]
mod tests {
    use super::{checked, vars};

    #[test]
    fn invalid_values_are_rejected() {
        for (name, value, is_valid) in [
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
            ("DOH_URL", "https://dns.example/dns-query{?dns}", true),
            ("DOH_URL", "dns.example", false),
            ("HEARTBEAT_URL", "https://hc-ping.com/a?b=c", true),
            ("HEARTBEAT_URL", "hc-ping.com/a", false),
            ("MAIL_FROM", "Acme Status <status@example.com>", true),
            ("MAIL_FROM", "status", false),
            ("SMTP_URL", "smtps://mail.example.com:465", true),
            ("SMTP_URL", "smtp://mail.example.com", true),
            ("SMTP_URL", "smtp+plain://127.0.0.1:1025", true),
            ("SMTP_URL", "smtps://acme:secret@mail.example.com", false),
            ("SMTP_URL", "smtp://mail.example.com:25", false),
            ("SMTP_URL", "mail.example.com", false),
            ("POSTMARK_TOKEN", "two words", false),
            ("MAIL_API_URL", "api.example.com", false),
            ("WRITE_LIMIT", "0", true),
            ("WRITE_LIMIT", "-1", false),
            ("WRITE_LIMIT", "many", false),
            ("TRUST_PROXY", "1", true),
            ("TRUST_PROXY", "yes", true),
            ("TRUST_PROXY", "perhaps", false),
            ("CLOCK_OFFSET", "-3600", true),
            ("CLOCK_OFFSET", "1h", false),
        ] {
            let checked = checked(name, value.to_owned());
            assert_eq!(checked.is_ok(), is_valid, "{name}={value}");
            if let Err(error) = checked {
                let error = error.to_string();
                assert!(error.starts_with(name), "{error}");
                assert!(!error.contains("secret"), "{error}");
            }
        }
    }

    #[test]
    fn vars_of_a_deployment_are_checked_like_variables() {
        for (text, expected) in [
            ("", None),
            (
                r#""vars": { "PUBLIC_URL": "https://status.example.com" }"#,
                None,
            ),
            (r#""vars": { "OTHER": "x" } // a comment"#, None),
            (
                r#""vars": { "WRITE_LIMIT": "many" }"#,
                Some("WRITE_LIMIT must be"),
            ),
            (
                r#""vars": { "WRITE_LIMIT": 6000 }"#,
                Some("WRITE_LIMIT must be a string"),
            ),
        ] {
            let checked = vars(&format!("{{ {text}\n }}"));
            match (checked, expected) {
                (Ok(_), None) => {}
                (Err(error), Some(begin)) => {
                    assert!(error.to_string().starts_with(begin), "{error}");
                }
                (checked, _) => panic!("{text}: {checked:?}"),
            }
        }
        vars(include_str!("../../edge/wrangler.jsonc")).unwrap();
        let vars = vars(r#"{ "vars": { "PUBLIC_URL": "https://status.example.com" } }"#).unwrap();
        assert_eq!(vars["PUBLIC_URL"], "https://status.example.com");
    }
}
