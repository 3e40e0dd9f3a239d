//! The request to a webhook, in the webhook's format.

use notice::wire::time::Timestamp;

use super::{
    chat_card::ChatCard,
    discord,
    format::Format,
    message::Message,
    outgoing_request::OutgoingRequest,
    signature::{Secret, sign},
    slack, standard, teams,
};
use crate::fault::Fault;

/// A webhook's settings that a request depends on.
#[derive(Clone, Debug)]
pub struct Endpoint<'a> {
    pub url: &'a str,
    pub format: Format,
    /// The current secret first; during a rotation the former ones as well. Chats do not check signatures.
    pub secrets: &'a [Secret],
}

/// Returns the request, signed with the time of this attempt. `None` if there is no message.
///
/// Several messages must be posts about one incident, oldest first. A chat gets them merged into one message. In the format
/// `standard`, only the last one is sent.
///
/// # Errors
/// `Fault` if a secret is malformed.
pub fn request(
    endpoint: &Endpoint<'_>,
    messages: &[&Message],
    at: Timestamp,
) -> Result<Option<OutgoingRequest>, Fault> {
    let (Some(last), Some(card)) = (messages.last(), ChatCard::new(messages)) else {
        return Ok(None);
    };
    let body = match endpoint.format {
        Format::Standard => standard::body(last)?,
        Format::Slack => slack::body(&card).to_string(),
        Format::Teams => teams::body(&card).to_string(),
        Format::Discord => discord::body(&card).to_string(),
    };
    let request = OutgoingRequest::post_json(endpoint.url, body);
    let request = match endpoint.format {
        Format::Standard => sign(request, endpoint.secrets, &last.id, at)?,
        Format::Slack | Format::Teams | Format::Discord => request,
    };
    Ok(Some(request))
}
