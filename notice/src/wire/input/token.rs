//! Credentials.

use serde::{Deserialize, Serialize};

use crate::wire::words::Role;

/// `POST …/tokens`. Required: `role`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewToken {
    /// What it may do.
    pub role: Role,
    /// What it is for.
    #[serde(default)]
    pub name: Option<String>,
}

/// `POST …/invitations`. Required: `role`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewInvitation {
    /// What the invited device may do; at most what the inviter may.
    pub role: Role,
    /// Whose device it will be.
    #[serde(default)]
    pub name: Option<String>,
}

/// `POST …/invitations/read`: what an invitation gives, without using it up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvitationSecret {
    /// The secret from the link's fragment.
    pub invitation: String,
}

/// `POST …/invitations/redeem`: an invitation becomes a device's own session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redemption {
    /// The secret from the link's fragment.
    pub invitation: String,
    /// What the device is called; default: as the invitation says.
    #[serde(default)]
    pub name: Option<String>,
    /// The secret of the session's token `ac_{site}_{secret}`, 32 random bytes as base64url, made by the device itself: it
    /// has its session also where the answer is lost. Default: one is made.
    #[serde(default)]
    pub secret: Option<String>,
}
