//! An invitation becomes this device's session, also where the answer is lost: the device makes the session's secret itself,
//! and keeps it until it has heard.

use base64ct::{Base64UrlUnpadded, Encoding};
use gloo_net::http::Method;
use notice::{
    journal::key_digest,
    wire::{input::Redemption, words::Role},
};

use crate::{
    api::{self, Failure, Given},
    documents::{Secret, TokenDocument},
    session::{Invitation, Session},
    storage::{self, Lifetime},
};

/// Uses an invitation up, or finds that it is this device that has.
///
/// # Errors
/// What to tell the operator.
pub async fn redeem(
    invitation: &Invitation,
    name: &str,
    lifetime: Lifetime,
) -> Result<Session, String> {
    let place = format!("joining:{}", key_digest(&invitation.secret));
    let kept = [Lifetime::Kept, Lifetime::Tab]
        .into_iter()
        .find_map(|lifetime| storage::read::<String>(lifetime, &place));
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
        Failure::SignedOut => {
            "This invitation has been used or has run out. Ask for another one.".to_owned()
        }
        failure => failure.words(),
    })
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
