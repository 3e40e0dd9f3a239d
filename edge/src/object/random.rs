//! The one place that owns randomness.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::fault::Fault;

/// 32 letters and digits, none of which is taken for another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new id behind its prefix, with 100 random bits.
///
/// # Errors
/// When the runtime has no random bits.
pub fn id(prefix: &str) -> Result<String, Fault> {
    let mut bytes = [0_u8; 20];
    fill(&mut bytes)?;
    let letters = bytes.iter().map(|byte| {
        let index = usize::from(byte % 32);
        char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
    });
    Ok(prefix.chars().chain(letters).collect())
}

/// A new token's secret: 32 random bytes as base64url.
///
/// # Errors
/// When the runtime has no random bits.
pub fn secret() -> Result<String, Fault> {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes)?;
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}

fn fill(bytes: &mut [u8]) -> Result<(), Fault> {
    getrandom::fill(bytes).map_err(|error| Fault::Random(error.to_string()))
}
