//! Redeems an invitation for a session of this device. The device generates the session's secret and stores it until it has the
//! answer, so that an answer lost on the way does not use up the invitation.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use gloo_net::http::Method;
use notice::{
    journal::key_digest,
    wire::{
        enums::Role,
        input::{InvitationSecret, Redemption},
    },
};

use super::{
    documents::{ReadInvitation, Secret, TokenDocument},
    failure::Failure,
    invitation::Invitation,
    request::{self, Payload},
    session::Session,
};
use crate::browser::storage::{self, Lifetime};

/// The reason why an invitation gave no session. Its `Display` text is for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedeemError {
    /// The invitation was used or revoked, or has expired.
    Invalid,
    /// The request failed; the invitation may still be valid.
    Failed(Failure),
}

impl From<Failure> for RedeemError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::SignedOut => Self::Invalid,
            other => Self::Failed(other),
        }
    }
}

impl fmt::Display for RedeemError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => formatter.write_str(
                "This invitation was used, was revoked or has expired. Ask for a new one.",
            ),
            Self::Failed(failure) => formatter.write_str(&failure.message()),
        }
    }
}

/// Redeems an invitation, or finds the session that an earlier attempt of this device created.
///
/// # Errors
/// See [`RedeemError`]. After `Failed` another attempt uses the same secret.
pub async fn redeem(
    invitation: &Invitation,
    name: &str,
    lifetime: Lifetime,
) -> Result<Session, RedeemError> {
    let key = storage_key(invitation);
    let stored = stored_secret(&key);
    let is_repeat = stored.is_some();
    let secret = stored.or_else(new_secret);
    if let Some(secret) = &secret {
        storage::write(lifetime, &key, secret);
    }
    let mut session = exchange(invitation, name, secret.clone()).await;
    if let (Err(Failure::SignedOut), true, Some(secret)) = (&session, is_repeat, &secret) {
        session = existing_session(invitation, secret).await;
    }
    // Any other failure leaves open whether the invitation was used; the next attempt needs the same secret.
    if matches!(session, Ok(_) | Err(Failure::SignedOut)) {
        for lifetime in [Lifetime::Permanent, Lifetime::Tab] {
            storage::remove(lifetime, &key);
        }
    }
    Ok(session?)
}

/// The name under which the secret for an invitation is stored.
fn storage_key(invitation: &Invitation) -> String {
    format!("joining:{}", key_digest(&invitation.secret))
}

fn stored_secret(key: &str) -> Option<String> {
    [Lifetime::Permanent, Lifetime::Tab]
        .into_iter()
        .find_map(|lifetime| storage::read(lifetime, key))
}

/// Returns whether this device has tried to redeem an invitation and does not know the outcome.
pub fn is_in_doubt(invitation: &Invitation) -> bool {
    stored_secret(&storage_key(invitation)).is_some()
}

/// Reads the site and the role of an invitation without using it up.
///
/// # Errors
/// [`RedeemError::Invalid`] if it cannot be used any more.
pub async fn read(invitation: &Invitation) -> Result<ReadInvitation, RedeemError> {
    let payload = Payload::json(&InvitationSecret {
        invitation: invitation.secret.clone(),
    })?;
    let path = format!("/v1/sites/{}/invitations/read", invitation.site);
    let answer = request::send(Method::POST, &path, None, &payload).await?;
    Ok(answer.read()?)
}

async fn exchange(
    invitation: &Invitation,
    name: &str,
    secret: Option<String>,
) -> Result<Session, Failure> {
    let payload = Payload::json(&Redemption {
        invitation: invitation.secret.clone(),
        name: (!name.is_empty()).then(|| name.to_owned()),
        secret,
    })?;
    let path = format!("/v1/sites/{}/invitations/redeem", invitation.site);
    let answer = request::send(Method::POST, &path, None, &payload).await?;
    let created: Secret = answer.read()?;
    Ok(Session {
        site: invitation.site.clone(),
        token: created.token.ok_or(Failure::SignedOut)?,
        role: created.role.unwrap_or(Role::Viewer),
        name: created.name,
        is_device: true,
    })
}

/// Reads the session that an earlier attempt with this secret created.
async fn existing_session(invitation: &Invitation, secret: &str) -> Result<Session, Failure> {
    let site = &invitation.site;
    let token = format!("ac_{site}_{secret}");
    let path = format!("/v1/sites/{site}/tokens/self");
    let answer = request::send(Method::GET, &path, Some(&token), &Payload::default()).await?;
    let document: TokenDocument = answer.read()?;
    Ok(Session {
        site: site.clone(),
        token,
        role: document.role,
        name: document.name,
        is_device: true,
    })
}

/// Returns 32 random bytes in Base64. Without a source of randomness the server generates the secret.
fn new_secret() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(Base64UrlUnpadded::encode_string(&bytes))
}

#[cfg(test)]
mod tests {
    use super::RedeemError;
    use crate::server::failure::Failure;

    #[test]
    fn signed_out_becomes_an_invalid_invitation() {
        assert_eq!(RedeemError::from(Failure::SignedOut), RedeemError::Invalid);
        let failed = RedeemError::from(Failure::Unreadable);
        assert_eq!(failed, RedeemError::Failed(Failure::Unreadable));
        assert_eq!(failed.to_string(), Failure::Unreadable.message());
    }
}
