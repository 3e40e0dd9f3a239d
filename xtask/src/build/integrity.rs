//! Hashes for Subresource Integrity (<https://www.w3.org/TR/SRI/>).

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// The value of the `integrity` attribute for a file: its SHA-256 in base64.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::integrity;

    /// The example in section 3.1 of the specification, with SHA-256.
    #[test]
    fn the_hash_equals_the_example_of_the_specification() {
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }
}
