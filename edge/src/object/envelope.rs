//! What the Worker tells a site's object beside the request's own body.

use serde::{Deserialize, Serialize};

use crate::http::credential::Credential;

/// The header that carries it, as JSON. Only the Worker can reach an object, and it makes the request anew, so nobody
/// else can set it.
pub const HEADER: &str = "allclear-envelope";

/// An operator's request as the Worker has read it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Who asks.
    pub credential: Credential,
    /// The method, in upper case.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// The `Idempotency-Key`.
    pub key: Option<String>,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// Where this deployment is reached, without a slash at the end.
    pub public_url: String,
    /// Writes a minute and token; 0: as many as they like.
    pub write_limit: u32,
}
