//! The settings of mail: the sender, and one transport.

use worker::Url;

use super::Mailbox;

/// The port of SMTP with implicit TLS (RFC 8314).
const TLS_PORT: u16 = 465;
/// The port of mail submission, with STARTTLS (RFC 6409).
const STARTTLS_PORT: u16 = 587;
/// The port between mail servers, which is not for submission. Clouds block it, and its TLS is optional.
const RELAY_PORT: u16 = 25;

/// How this deployment sends mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    pub from: Mailbox,
    pub transport: Transport,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    Smtp(SmtpServer),
    Resend(Provider),
    Postmark(Provider),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: Option<Login>,
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after the command STARTTLS. A server without STARTTLS gets no mail.
    StartTls,
    /// No encryption. Allowed only for a server on this machine.
    Plain,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub password: String,
}

/// Leaves out the user name and the password, so that they are in no log.
impl std::fmt::Debug for Login {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Login")
    }
}

/// An account at a provider with an HTTP API.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// The API's origin, without a slash at the end.
    pub api: String,
    pub key: String,
}

/// Leaves out the key, so that it is in no log.
impl std::fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.api)
    }
}

/// Parses `SMTP_URL`: `smtps://host` for implicit TLS, `smtp://host` for STARTTLS, each with an optional port, or
/// `smtp+plain://127.0.0.1:1025` for development. `None` for other schemes, and for a URL with a user name, a path, a query or
/// port 25.
pub fn smtp_server(text: &str) -> Option<SmtpServer> {
    let url = Url::parse(text).ok()?;
    let (security, default_port) = match url.scheme() {
        "smtps" => (Security::Tls, Some(TLS_PORT)),
        "smtp" => (Security::StartTls, Some(STARTTLS_PORT)),
        "smtp+plain" => (Security::Plain, None),
        _ => return None,
    };
    let host = url.host_str()?.to_ascii_lowercase();
    let is_name = |host: &str| {
        host.bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"-.".contains(&c))
    };
    let is_host = !host.is_empty() && (host.starts_with('[') || is_name(&host));
    let port = url.port().or(default_port)?;
    let is_local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let has_extras = text.contains(['@', '?', '#']) || !matches!(url.path(), "" | "/");
    let is_valid = is_host
        && !has_extras
        && !matches!(port, 0 | RELAY_PORT)
        && (security != Security::Plain || is_local);
    is_valid.then_some(SmtpServer {
        host,
        port,
        security,
        login: None,
    })
}

/// The parsed settings of mail. `None` for each one that is not set.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub from: Option<Mailbox>,
    pub smtp: Option<SmtpServer>,
    pub smtp_user: Option<String>,
    pub smtp_password: Option<String>,
    pub resend_api_key: Option<String>,
    pub postmark_token: Option<String>,
    /// An origin to use in place of the origin of the provider's API.
    pub api: Option<Url>,
}

/// Combines the settings. `None` if this deployment sends no mail.
///
/// # Errors
/// A sentence that names the settings that are missing or contradict each other.
pub fn combine(parts: Parts) -> Result<Option<MailSettings>, String> {
    let api = |own: &str| {
        let other = parts.api.as_ref().map(|url| url.as_str());
        other.unwrap_or(own).trim_end_matches('/').to_owned()
    };
    let has_login = parts.smtp_user.is_some() || parts.smtp_password.is_some();
    if has_login && parts.smtp.is_none() {
        return Err("SMTP_USER and SMTP_PASSWORD need SMTP_URL.".to_owned());
    }
    let login = match (&parts.smtp_user, &parts.smtp_password) {
        (Some(user), Some(password)) => Some(Login {
            user: user.clone(),
            password: password.clone(),
        }),
        (None, None) => None,
        _ => return Err("SMTP_USER and SMTP_PASSWORD must both be set, or none.".to_owned()),
    };
    let smtp = parts.smtp.clone().map(|server| {
        Transport::Smtp(SmtpServer {
            login: login.clone(),
            ..server
        })
    });
    if let Some(Transport::Smtp(server)) = &smtp
        && server.security == Security::Plain
        && login.is_some()
    {
        return Err(
            "SMTP_USER and SMTP_PASSWORD are not sent without TLS: use smtps:// or smtp:// in SMTP_URL."
                .to_owned(),
        );
    }
    let resend = parts.resend_api_key.clone().map(|key| {
        Transport::Resend(Provider {
            api: api("https://api.resend.com"),
            key,
        })
    });
    let postmark = parts.postmark_token.clone().map(|key| {
        Transport::Postmark(Provider {
            api: api("https://api.postmarkapp.com"),
            key,
        })
    });
    let mut transports = [smtp, resend, postmark].into_iter().flatten();
    match (parts.from.clone(), transports.next(), transports.next()) {
        (_, Some(_), Some(_)) => {
            Err("Only one of SMTP_URL, RESEND_API_KEY and POSTMARK_TOKEN may be set.".to_owned())
        }
        (Some(from), Some(transport), None) => Ok(Some(MailSettings { from, transport })),
        (None, Some(_), None) => {
            Err("MAIL_FROM must be set, such as status@example.com: mail needs a sender.".to_owned())
        }
        (Some(_), None, _) => Err(
            "MAIL_FROM needs one of SMTP_URL, RESEND_API_KEY and POSTMARK_TOKEN, which sends the mail."
                .to_owned(),
        ),
        (None, None, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Mailbox, Parts, Security, Transport, combine, smtp_server};

    #[test]
    fn the_scheme_of_an_smtp_url_selects_the_security() {
        for (text, expected) in [
            ("smtps://mail.example.com", Some((Security::Tls, 465))),
            (
                "smtps://mail.example.com:8465/",
                Some((Security::Tls, 8465)),
            ),
            ("smtp://mail.example.com", Some((Security::StartTls, 587))),
            (
                "smtp://mail.example.com:2525",
                Some((Security::StartTls, 2525)),
            ),
            ("smtps://192.0.2.1", Some((Security::Tls, 465))),
            ("smtps://[::1]:465", Some((Security::Tls, 465))),
            ("smtp+plain://127.0.0.1:1025", Some((Security::Plain, 1025))),
            ("smtp+plain://localhost:1025", Some((Security::Plain, 1025))),
            ("smtp+plain://127.0.0.1", None),
            ("smtp+plain://mail.example.com:1025", None),
            ("smtp+plain://localhost.example.com:1025", None),
            ("smtp://mail.example.com:25", None),
            ("smtps://mail.example.com:25", None),
            ("smtps://mail.example.com:0", None),
            ("smtps://user:secret@mail.example.com", None),
            ("smtps://mail.example.com/path", None),
            ("smtps://mail.example.com?tls=off", None),
            ("smtps://mail example.com", None),
            ("smtps://mail%0aexample.com", None),
            ("https://mail.example.com", None),
            ("mail.example.com", None),
        ] {
            let server = smtp_server(text);
            let found = server.map(|server| (server.security, server.port));
            assert_eq!(found, expected, "{text}");
        }
        let server = smtp_server("smtps://MAIL.example.com").unwrap();
        assert_eq!(server.host, "mail.example.com");
    }

    fn parts() -> Parts {
        Parts {
            from: Mailbox::parse("status@acme.example"),
            ..Parts::default()
        }
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn one_transport_and_a_sender_are_valid_settings() {
        assert_eq!(combine(Parts::default()), Ok(None));
        let smtp = combine(Parts {
            smtp: smtp_server("smtp://mail.example.com"),
            smtp_user: text("acme"),
            smtp_password: text("secret"),
            ..parts()
        });
        let Ok(Some(settings)) = smtp else {
            panic!("{smtp:?}")
        };
        let Transport::Smtp(server) = &settings.transport else {
            panic!("{settings:?}")
        };
        let login = server.login.as_ref().unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_str()),
            ("acme", "secret")
        );
        assert!(!format!("{settings:?}").contains("secret"), "{settings:?}");
        let resend = combine(Parts {
            resend_api_key: text("re_secret"),
            ..parts()
        });
        let Ok(Some(settings)) = resend else {
            panic!("{resend:?}")
        };
        let Transport::Resend(provider) = &settings.transport else {
            panic!("{settings:?}")
        };
        assert_eq!(provider.api, "https://api.resend.com");
        assert!(!format!("{settings:?}").contains("secret"), "{settings:?}");
    }

    #[test]
    fn missing_and_conflicting_settings_are_named_in_the_error() {
        for (parts, expected) in [
            (parts(), "MAIL_FROM needs one of"),
            (
                Parts {
                    postmark_token: text("t"),
                    ..Parts::default()
                },
                "MAIL_FROM must be set",
            ),
            (
                Parts {
                    postmark_token: text("t"),
                    resend_api_key: text("r"),
                    ..parts()
                },
                "Only one of",
            ),
            (
                Parts {
                    smtp: smtp_server("smtp://mail.example.com"),
                    smtp_user: text("acme"),
                    ..parts()
                },
                "must both be set",
            ),
            (
                Parts {
                    smtp_user: text("acme"),
                    smtp_password: text("secret"),
                    postmark_token: text("t"),
                    ..parts()
                },
                "need SMTP_URL",
            ),
            (
                Parts {
                    smtp: smtp_server("smtp+plain://127.0.0.1:1025"),
                    smtp_user: text("acme"),
                    smtp_password: text("secret"),
                    ..parts()
                },
                "not sent without TLS",
            ),
        ] {
            let error = combine(parts).unwrap_err();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
