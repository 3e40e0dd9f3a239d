//! The result of an attempt to send a mail.

use serde::{Deserialize, Serialize};

/// The answer of a mail server or provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailAnswer {
    pub verdict: Verdict,
    /// Code of the SMTP reply, or status of the HTTP answer.
    pub status: u16,
    /// The header `Retry-After` of an HTTP answer.
    pub retry_after: Option<String>,
    /// Text of the reply, or body of the answer.
    pub text: String,
}

/// The meaning of an answer for the mail and for the recipient's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The server has taken over the mail.
    Sent,
    /// The mail was not sent, but another attempt may succeed: the server is busy, or something is wrong with our account or
    /// settings.
    Temporary,
    /// The address does not accept mail, so no further mail may be sent to it.
    Bounced,
}
