//! Signatures of webhooks as specified by Standard Webhooks, <https://github.com/standard-webhooks/standard-webhooks>.

use base64ct::{Base64, Encoding};
use notice::wire::time::Timestamp;
use serde::{Deserialize, Serialize};
use standardwebhooks::Webhook;

use super::outgoing_request::OutgoingRequest;
use crate::fault::Fault;

/// Prefix of a secret.
const PREFIX: &str = "whsec_";

/// The key with which a webhook's messages are signed, in the form that the webhook's owner gets: `whsec_` and Base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Creates a secret from random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", Base64::encode_string(&random)))
    }

    /// Reads a stored secret.
    ///
    /// # Errors
    /// `Fault` if it is malformed.
    pub fn stored(text: String) -> Result<Self, Fault> {
        let secret = Self(text);
        secret.key()?;
        Ok(secret)
    }

    /// The secret itself. Shown to its owner once, and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn key(&self) -> Result<Webhook, Fault> {
        Webhook::new(&self.0).map_err(|error| fault(&error))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

fn fault(error: &standardwebhooks::WebhookError) -> Fault {
    Fault::Stored {
        what: "the secret of a webhook",
        detail: error.to_string(),
    }
}

/// Adds the headers of Standard Webhooks: the message's id, the time of this attempt, and one signature for each secret. During
/// a rotation there are several secrets, the newest first.
///
/// # Errors
/// `Fault` if a secret is malformed.
pub fn sign(
    request: OutgoingRequest,
    secrets: &[Secret],
    id: &str,
    at: Timestamp,
) -> Result<OutgoingRequest, Fault> {
    let mut signatures = Vec::new();
    for secret in secrets {
        let signature = secret
            .key()?
            .sign(id, at.seconds(), request.body.as_bytes());
        signatures.push(signature.map_err(|error| fault(&error))?);
    }
    Ok(request
        .with(standardwebhooks::HEADER_WEBHOOK_ID, id)
        .with(
            standardwebhooks::HEADER_WEBHOOK_TIMESTAMP,
            &at.seconds().to_string(),
        )
        .with(
            standardwebhooks::HEADER_WEBHOOK_SIGNATURE,
            &signatures.join(" "),
        ))
}
