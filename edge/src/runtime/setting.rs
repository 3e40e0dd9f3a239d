//! The settings that are parsed: their names, parsers and error messages.

use worker::Url;

use crate::messages::mail::{
    Mailbox,
    settings::{SmtpServer, smtp_server},
};

pub struct Setting<T> {
    /// The name of the environment variable or binding.
    pub name: &'static str,
    pub parse: fn(&str) -> Option<T>,
    /// The accepted values, as the end of the sentence `NAME must be …`.
    must_be: &'static str,
    /// Whether error messages must not quote the text, because it may contain a password.
    is_secret: bool,
}

impl<T> Setting<T> {
    /// The error message for the setting's text; `None` if the text is unset or valid.
    pub fn problem(&self, text: Option<String>) -> Option<String> {
        let text = text?;
        let is_wrong = (self.parse)(&text).is_none();
        is_wrong.then(|| match self.is_secret {
            true => format!("{} must be {}.", self.name, self.must_be),
            false => format!("{} must be {}, not `{text}`.", self.name, self.must_be),
        })
    }
}

/// Limit of writes per minute and token.
pub const WRITE_LIMIT: Setting<u32> = Setting {
    name: "WRITE_LIMIT",
    parse: |text| text.parse().ok(),
    must_be: "a whole number from 0 to 4294967295",
    is_secret: false,
};

/// Offset of the clock, in seconds.
pub const CLOCK_OFFSET: Setting<i64> = Setting {
    name: "CLOCK_OFFSET",
    parse: |text| text.parse().ok(),
    must_be: "a whole number of seconds",
    is_secret: false,
};

/// Whether to trust `X-Forwarded-For`.
pub const TRUST_PROXY: Setting<bool> = Setting {
    name: "TRUST_PROXY",
    parse: |text| match text {
        "1" | "true" | "yes" => Some(true),
        "0" | "false" | "no" => Some(false),
        _ => None,
    },
    must_be: "1, true, yes, 0, false or no",
    is_secret: false,
};

/// Whether webhooks may have private addresses; for tests and development.
pub const ALLOW_PRIVATE: Setting<bool> = Setting {
    name: "ALLOW_PRIVATE",
    ..TRUST_PROXY
};

/// The URL of the DNS resolver. Resolvers publish a URI template (RFC 8484), whose variable `{?dns}` is removed.
pub const DOH_URL: Setting<Url> = Setting {
    name: "DOH_URL",
    parse: |text| {
        let url = Url::parse(text.trim_end_matches("{?dns}")).ok()?;
        let is_http = matches!(url.scheme(), "http" | "https") && text.contains("://");
        let is_plain =
            url.host_str().is_some() && text.trim() == text && !text.contains(['#', '@']);
        (is_http && is_plain).then_some(url)
    },
    must_be: "the http or https URL of a DNS resolver, such as https://cloudflare-dns.com/dns-query",
    is_secret: false,
};

/// The address of a monitor that expects a request each minute.
pub const HEARTBEAT_URL: Setting<Url> = Setting {
    name: "HEARTBEAT_URL",
    parse: |text| {
        let url = Url::parse(text).ok()?;
        let is_http = matches!(url.scheme(), "http" | "https") && text.contains("://");
        (is_http && url.host_str().is_some() && text.trim() == text).then_some(url)
    },
    must_be: "the http or https URL of a monitor, such as https://hc-ping.com/your-check",
    is_secret: false,
};

/// Whether `/dev/outbox` shows the sent messages; for development.
pub const DEV_OUTBOX: Setting<bool> = Setting {
    name: "DEV_OUTBOX",
    ..TRUST_PROXY
};

/// The origin of this deployment.
pub const PUBLIC_URL: Setting<Url> = Setting {
    name: "PUBLIC_URL",
    parse: |text| {
        let url = Url::parse(text).ok()?;
        let is_http = matches!(url.scheme(), "http" | "https") && text.contains("://");
        // Paths are appended to the URL.
        let has_extras = text.contains(['?', '#', '@']) || text.trim() != text;
        (is_http && url.host_str().is_some() && !has_extras).then_some(url)
    },
    must_be: "an http or https URL without query, fragment and user, such as https://status.example.com",
    is_secret: false,
};

/// The sender of mails.
pub const MAIL_FROM: Setting<Mailbox> = Setting {
    name: "MAIL_FROM",
    parse: Mailbox::parse,
    must_be: "an e-mail address, such as status@example.com or Acme Status <status@example.com>",
    is_secret: false,
};

/// The mail server that sends mails.
pub const SMTP_URL: Setting<SmtpServer> = Setting {
    name: "SMTP_URL",
    parse: smtp_server,
    must_be: "smtps://HOST:PORT (TLS) or smtp://HOST:PORT (STARTTLS) of a mail server, without a user name, and not with port 25",
    is_secret: true,
};

/// The user name for the mail server.
pub const SMTP_USER: Setting<String> = Setting {
    name: "SMTP_USER",
    parse: |text| (!text.contains(char::is_control)).then(|| text.to_owned()),
    must_be: "a user name without control characters",
    is_secret: true,
};

/// The password for the mail server.
pub const SMTP_PASSWORD: Setting<String> = Setting {
    name: "SMTP_PASSWORD",
    must_be: "a password without control characters",
    ..SMTP_USER
};

/// The key of an account at Resend.
pub const RESEND_API_KEY: Setting<String> = Setting {
    name: "RESEND_API_KEY",
    // The key is sent in a header.
    parse: |text| {
        let is_key = text.bytes().all(|byte| byte.is_ascii_graphic());
        is_key.then(|| text.to_owned())
    },
    must_be: "printable ASCII without spaces",
    is_secret: true,
};

/// The server token of an account at Postmark.
pub const POSTMARK_TOKEN: Setting<String> = Setting {
    name: "POSTMARK_TOKEN",
    ..RESEND_API_KEY
};

/// An origin to use in place of the origin of the provider's API; for tests.
pub const MAIL_API_URL: Setting<Url> = Setting {
    name: "MAIL_API_URL",
    ..PUBLIC_URL
};

/// The address of the mail catcher that `/dev/mail` shows; for development.
pub const DEV_MAIL_URL: Setting<Url> = Setting {
    name: "DEV_MAIL_URL",
    ..PUBLIC_URL
};

#[cfg(test)]
mod tests {
    use super::{
        CLOCK_OFFSET, DOH_URL, HEARTBEAT_URL, MAIL_FROM, PUBLIC_URL, RESEND_API_KEY, SMTP_PASSWORD,
        SMTP_URL, TRUST_PROXY, WRITE_LIMIT,
    };

    #[test]
    fn invalid_settings_have_a_message() {
        for (problem, is_wrong) in [
            (WRITE_LIMIT.problem(None), false),
            (WRITE_LIMIT.problem(Some("0".to_owned())), false),
            (WRITE_LIMIT.problem(Some("-1".to_owned())), true),
            (WRITE_LIMIT.problem(Some("6000 a minute".to_owned())), true),
            (CLOCK_OFFSET.problem(Some("-3600".to_owned())), false),
            (CLOCK_OFFSET.problem(Some("1h".to_owned())), true),
            (TRUST_PROXY.problem(Some("no".to_owned())), false),
            (TRUST_PROXY.problem(Some("maybe".to_owned())), true),
            (
                DOH_URL.problem(Some("https://dns.example/dns-query{?dns}".to_owned())),
                false,
            ),
            (DOH_URL.problem(Some("dns.example".to_owned())), true),
            (
                HEARTBEAT_URL.problem(Some("https://hc-ping.com/a?b".to_owned())),
                false,
            ),
            (
                HEARTBEAT_URL.problem(Some("hc-ping.com/a".to_owned())),
                true,
            ),
            (
                PUBLIC_URL.problem(Some("https://status.example.com/".to_owned())),
                false,
            ),
            (
                PUBLIC_URL.problem(Some("status.example.com".to_owned())),
                true,
            ),
        ] {
            assert_eq!(problem.is_some(), is_wrong, "{problem:?}");
        }
        assert!(MAIL_FROM.problem(Some("Acme".to_owned())).is_some());
        // `cargo xtask serve` and `deploy` reject the same URLs.
        for url in [
            "https://a.example?b",
            "https://a.example#b",
            "https://b@a.example",
            "https:a.example",
            "ftp://a.example",
        ] {
            assert!(PUBLIC_URL.problem(Some(url.to_owned())).is_some(), "{url}");
        }
        assert_eq!(
            WRITE_LIMIT.problem(Some("many".to_owned())).as_deref(),
            Some("WRITE_LIMIT must be a whole number from 0 to 4294967295, not `many`.")
        );
    }

    #[test]
    fn messages_contain_no_passwords() {
        for problem in [
            SMTP_URL.problem(Some("smtps://acme:secret@mail.example.com".to_owned())),
            SMTP_PASSWORD.problem(Some("secret\n".to_owned())),
            RESEND_API_KEY.problem(Some("secret key".to_owned())),
        ] {
            let problem = problem.unwrap();
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
