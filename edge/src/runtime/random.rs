//! Random ids and secrets, the only source of randomness in this crate.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::{fault::Fault, messages::signature::Secret};

/// Crockford's base32 alphabet, in lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Generates an id: a prefix and 100 random bits.
///
/// # Errors
/// `Fault::Random` if the runtime has no random bits.
fn id(prefix: &str) -> Result<String, Fault> {
    let mut bytes = [0_u8; 20];
    fill(&mut bytes)?;
    let letters = bytes.iter().map(|byte| {
        let index = usize::from(byte % 32);
        char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
    });
    Ok(prefix.chars().chain(letters).collect())
}

/// Generates an id of one type.
///
/// # Errors
/// `Fault::Random` if the runtime has no random bits.
pub fn typed_id<Id>(prefix: &str, parse: impl FnOnce(&str) -> Option<Id>) -> Result<Id, Fault> {
    let text = id(prefix)?;
    parse(&text).ok_or(Fault::Stored {
        what: "a new id",
        detail: text,
    })
}

/// Generates a token's secret: 32 random bytes as base64url.
///
/// # Errors
/// `Fault::Random` if the runtime has no random bits.
pub fn secret() -> Result<String, Fault> {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes)?;
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}

/// Generates the secret of a webhook.
///
/// # Errors
/// `Fault::Random` if the runtime has no random bits.
pub fn webhook_secret() -> Result<Secret, Fault> {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes)?;
    Ok(Secret::new(bytes))
}

/// Generates random bits that spread retries over time.
///
/// # Errors
/// `Fault::Random` if the runtime has no random bits.
pub fn jitter() -> Result<u32, Fault> {
    let mut bytes = [0_u8; 4];
    fill(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// Generates an id for a request's log lines: 48 random bits in hex, or zeros if the runtime has no random bits.
pub fn request_id() -> String {
    let mut bytes = [0_u8; 6];
    // A log line without an id is still useful.
    let _ = fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn fill(bytes: &mut [u8]) -> Result<(), Fault> {
    getrandom::fill(bytes).map_err(|error| Fault::Random(error.to_string()))
}
