//! An invitation becomes this device's session, also where the answer is lost: the device makes the session's secret itself,
//! and keeps it until it has heard.

use base64ct::{Base64UrlUnpadded, Encoding};
use gloo_net::http::Method;
use notice::{
    journal::key_digest,
    wire::{
        input::{InvitationSecret, Redemption},
        words::Role,
    },
};

use crate::{
    api::{self, Failure, Given},
    documents::{ReadInvitation, Secret, TokenDocument},
    session::{Invitation, Session},
    storage::{self, Lifetime},
};

/// Said of an invitation that cannot be used any more.
pub const GONE: &str = "This invitation was used, was revoked or has expired. Ask for a new one.";

/// Uses an invitation up, or finds the session that this device made of it before.
///
/// # Errors
/// What to tell the operator.
pub async fn redeem(
    invitation: &Invitation,
    name: &str,
    lifetime: Lifetime,
) -> Result<Session, String> {
    let place = place(invitation);
    let kept = kept(&place);
    let is_repeat = kept.is_some();
    let secret = kept.or_else(new_secret);
    if let Some(secret) = &secret {
        storage::write(lifetime, &place, secret);
    }
    let mut found = ask(invitation, name, secret.clone()).await;
    if let (Err(Failure::SignedOut), true, Some(secret)) = (&found, is_repeat, &secret) {
        found = look_for(invitation, secret).await;
    }
    // A refusal says nothing about the try before it: until it is certain, the same secret is asked for again.
    if matches!(found, Ok(_) | Err(Failure::SignedOut)) {
        for lifetime in [Lifetime::Kept, Lifetime::Tab] {
            storage::remove(lifetime, &place);
        }
    }
    found.map_err(|failure| match failure {
        Failure::SignedOut => GONE.to_owned(),
        failure => failure.words(),
    })
}

/// Where the secret that this device made for an invitation is kept until it has heard.
fn place(invitation: &Invitation) -> String {
    format!("joining:{}", key_digest(&invitation.secret))
}

fn kept(place: &str) -> Option<String> {
    [Lifetime::Kept, Lifetime::Tab]
        .into_iter()
        .find_map(|lifetime| storage::read(lifetime, place))
}

/// Whether this device has tried to use an invitation and does not know whether it has.
pub fn is_begun(invitation: &Invitation) -> bool {
    kept(&place(invitation)).is_some()
}

/// Reads what an invitation gives. It stays valid.
///
/// # Errors
/// [`Failure::SignedOut`] for one that was used or revoked or has expired.
pub async fn look_at(invitation: &Invitation) -> Result<ReadInvitation, Failure> {
    let request = InvitationSecret {
        invitation: invitation.secret.clone(),
    };
    let given = Given {
        body: serde_json::to_string(&request).ok(),
        ..Given::default()
    };
    let path = format!("/v1/sites/{}/invitations/read", invitation.site);
    api::send(Method::POST, &path, None, &given).await?.read()
}

async fn ask(
    invitation: &Invitation,
    name: &str,
    secret: Option<String>,
) -> Result<Session, Failure> {
    let request = Redemption {
        invitation: invitation.secret.clone(),
        name: (!name.is_empty()).then(|| name.to_owned()),
        secret,
    };
    let given = Given {
        body: serde_json::to_string(&request).ok(),
        ..Given::default()
    };
    let path = format!("/v1/sites/{}/invitations/redeem", invitation.site);
    let made: Secret = api::send(Method::POST, &path, None, &given).await?.read()?;
    Ok(Session {
        site: invitation.site.clone(),
        token: made.token.ok_or(Failure::SignedOut)?,
        role: made.role.unwrap_or(Role::Viewer),
        name: made.name,
        is_device: true,
    })
}

/// The session that was made when the answer was lost.
async fn look_for(invitation: &Invitation, secret: &str) -> Result<Session, Failure> {
    let site = &invitation.site;
    let token = format!("ac_{site}_{secret}");
    let path = format!("/v1/sites/{site}/tokens/self");
    let answer = api::send(Method::GET, &path, Some(&token), &Given::default()).await?;
    let found: TokenDocument = answer.read()?;
    Ok(Session {
        site: site.clone(),
        token,
        role: found.role,
        name: found.name,
        is_device: true,
    })
}

/// 32 random bytes; without randomness the server makes it.
fn new_secret() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(Base64UrlUnpadded::encode_string(&bytes))
}
