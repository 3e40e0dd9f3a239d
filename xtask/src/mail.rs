//! The mail settings.

use crate::settings;

/// The values of the environment variables; `None` if unset. The Worker checks whether they belong together.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// `MAIL_FROM`: the sender.
    pub from: Option<String>,
    /// `SMTP_URL`: the mail server.
    pub smtp_url: Option<String>,
    pub smtp_user: Option<String>,
    pub smtp_password: Option<String>,
    pub resend_api_key: Option<String>,
    pub postmark_token: Option<String>,
    /// `MAIL_API_URL`: another origin for the provider's API. For tests.
    pub api_url: Option<String>,
    /// `DEV_MAIL_URL`: the page of a mail catcher, for `cargo xtask dev`.
    pub catcher_url: Option<String>,
    /// A certificate in PEM that connections trust in addition to those that browsers trust. For a
    /// mail catcher with TLS.
    pub trusted_certificate: Option<String>,
}

impl Mail {
    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// When a value is not valid.
    pub fn read() -> anyhow::Result<Self> {
        Ok(Self {
            from: settings::read("MAIL_FROM")?,
            smtp_url: settings::read("SMTP_URL")?,
            smtp_user: settings::read("SMTP_USER")?,
            smtp_password: settings::read("SMTP_PASSWORD")?,
            resend_api_key: settings::read("RESEND_API_KEY")?,
            postmark_token: settings::read("POSTMARK_TOKEN")?,
            api_url: settings::read("MAIL_API_URL")?,
            catcher_url: None,
            trusted_certificate: None,
        })
    }

    /// Whether a variable that selects a transport is set.
    pub fn has_transport(&self) -> bool {
        let transports = [&self.smtp_url, &self.resend_api_key, &self.postmark_token];
        transports.iter().any(|one| one.is_some())
    }

    /// The settings as environment variables.
    pub fn environment(&self) -> [(&'static str, Option<String>); 8] {
        [
            ("MAIL_FROM", self.from.clone()),
            ("SMTP_URL", self.smtp_url.clone()),
            ("SMTP_USER", self.smtp_user.clone()),
            ("SMTP_PASSWORD", self.smtp_password.clone()),
            ("RESEND_API_KEY", self.resend_api_key.clone()),
            ("POSTMARK_TOKEN", self.postmark_token.clone()),
            ("MAIL_API_URL", self.api_url.clone()),
            ("DEV_MAIL_URL", self.catcher_url.clone()),
        ]
    }
}
