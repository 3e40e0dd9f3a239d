//! The part of a subscriber that is encrypted.

use notice::wire::ids::Slug;
use serde::{Deserialize, Serialize};

use crate::{fault::Fault, sealing::Sealer};

/// The address of a subscriber or request, with the secret of its links.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub address: String,
    /// Stored, because each mail has the link. It is found by its digest.
    pub secret: String,
}

/// An address is in no log.
impl std::fmt::Debug for Contact {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Contact")
    }
}

impl Contact {
    /// Encrypts it. A copy in another site, or in the row of another address, cannot be opened.
    ///
    /// # Errors
    /// `Fault` if it cannot be encrypted.
    pub fn seal(&self, sealer: &Sealer, site: &Slug, look_up: &str) -> Result<String, Fault> {
        sealer.seal(&context(site, look_up), &serde_json::to_string(self)?)
    }

    /// Decrypts it.
    ///
    /// # Errors
    /// [`Fault::Stored`] if no key of the deployment has sealed it.
    pub fn open(sealer: &Sealer, site: &Slug, look_up: &str, sealed: &str) -> Result<Self, Fault> {
        let text = sealer.open(&context(site, look_up), sealed)?;
        serde_json::from_str(&text).map_err(|_| Fault::Stored {
            what: "a sealed address",
            detail: "not an address with a secret".to_owned(),
        })
    }
}

fn context(site: &Slug, look_up: &str) -> String {
    format!("{site} {look_up}")
}
