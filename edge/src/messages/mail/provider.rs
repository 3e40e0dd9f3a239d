//! Providers that send mail by an HTTP API: Resend (<https://resend.com/docs/api-reference/emails/send-email>) and Postmark
//! (<https://postmarkapp.com/developer/api/email-api>).

use notice::journal::sha256_hex;
use serde_json::{Map, Value, json};

use super::{
    Mail, Mailbox,
    outcome::{MailAnswer, Verdict},
    settings::Provider,
};
use crate::messages::outgoing_request::OutgoingRequest;

/// Error code of Postmark for an address that has bounced or complained before.
const POSTMARK_INACTIVE: u64 = 406;

/// Number of hexadecimal digits of the text's digest in an `Idempotency-Key`.
const DIGEST: usize = 16;

/// The request to Resend. If a request with the same `Idempotency-Key` was sent in the last 24 h, Resend sends no second mail, and
/// refuses the request if its content differs. The key contains a digest of the text, because each attempt to page an on-call
/// target has different links.
pub fn resend(provider: &Provider, mail: &Mail) -> OutgoingRequest {
    let fields: Map<String, Value> = headers(mail)
        .map(|(name, value)| (name.to_owned(), Value::String(value)))
        .collect();
    let mut body = json!({
        "from": mailbox(&mail.from),
        "to": [mail.to.address],
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": fields,
    });
    let mut digest = sha256_hex(mail.text.as_bytes());
    digest.truncate(DIGEST);
    if let (Some(reply_to), Some(fields)) = (&mail.reply_to, body.as_object_mut()) {
        fields.insert("reply_to".to_owned(), json!(mailbox(reply_to)));
    }
    OutgoingRequest::post_json(&format!("{}/emails", provider.api), body.to_string())
        .with("authorization", &format!("Bearer {}", provider.key))
        .with("idempotency-key", &format!("{}/{digest}", mail.id))
}

/// The request to Postmark, with tracking of opens and clicks turned off.
pub fn postmark(provider: &Provider, mail: &Mail) -> OutgoingRequest {
    let headers: Vec<Value> = headers(mail)
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    let mut body = json!({
        "From": mailbox(&mail.from),
        "To": mail.to.address,
        "Subject": mail.subject,
        "TextBody": mail.text,
        "HtmlBody": mail.html,
        "Headers": headers,
        "TrackOpens": false,
        "TrackLinks": "None",
    });
    if let (Some(reply_to), Some(fields)) = (&mail.reply_to, body.as_object_mut()) {
        fields.insert("ReplyTo".to_owned(), json!(mailbox(reply_to)));
    }
    OutgoingRequest::post_json(&format!("{}/email", provider.api), body.to_string())
        .with("accept", "application/json")
        .with("x-postmark-server-token", &provider.key)
}

/// Maps an answer of Resend to an outcome. Most bounces are not in the answer: Resend reports them later, by its own webhook.
pub fn resend_answer(status: u16, retry_after: Option<String>, body: String) -> MailAnswer {
    let error: Option<Value> = serde_json::from_str(&body).ok();
    let message = error
        .as_ref()
        .and_then(|error| error.get("message")?.as_str());
    // `to` is the only field of our request that is about the recipient.
    let is_about_recipient = message.is_some_and(|message| message.contains("`to`"));
    let is_bounce = status == 422 && is_about_recipient;
    answer(is_bounce, status, retry_after, body)
}

/// Maps an answer of Postmark to an outcome.
pub fn postmark_answer(status: u16, retry_after: Option<String>, body: String) -> MailAnswer {
    let error: Option<Value> = serde_json::from_str(&body).ok();
    let code = error
        .as_ref()
        .and_then(|error| error.get("ErrorCode")?.as_u64());
    let is_bounce = status == 422 && code == Some(POSTMARK_INACTIVE);
    answer(is_bounce, status, retry_after, body)
}

fn answer(is_bounce: bool, status: u16, retry_after: Option<String>, text: String) -> MailAnswer {
    let verdict = match status {
        200..=299 => Verdict::Sent,
        _ if is_bounce => Verdict::Bounced,
        // Also 401 and 403, until an operator corrects the key or the sender's domain.
        _ => Verdict::Temporary,
    };
    MailAnswer {
        verdict,
        status,
        retry_after,
        text,
    }
}

/// The headers that the APIs have no field for.
fn headers(mail: &Mail) -> impl Iterator<Item = (&'static str, String)> {
    let id = |id: &String| format!("<{id}>");
    let references: Vec<String> = mail.references.iter().map(id).collect();
    let list = mail.list.as_ref();
    [
        Some(("Message-ID", id(&mail.id))),
        (!references.is_empty()).then(|| ("References", references.join(" "))),
        Some(("Auto-Submitted", "auto-generated".to_owned())),
        list.map(|list| ("List-Id", id(&list.id))),
        list.map(|list| ("List-Unsubscribe", id(&list.unsubscribe_url))),
        list.map(|_| {
            let one_click = "List-Unsubscribe=One-Click".to_owned();
            ("List-Unsubscribe-Post", one_click)
        }),
    ]
    .into_iter()
    .flatten()
}

/// A mailbox in a field of JSON. The provider encodes the name for the header.
fn mailbox(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("\"{name}\" <{}>", mailbox.address),
        None => mailbox.address.clone(),
    }
}
