//! Encrypts the addresses of subscribers, under keys that are derived from `SECRET_KEY`.
//!
//! A sealed text is `{key id}.{base64url of nonce and ciphertext}`, by AES-256-GCM with a random nonce. Addresses are found by an
//! HMAC-SHA-256, so that a copy of the database does not tell whether an address is in it. `SECRET_KEY_PREVIOUS` opens and finds what
//! an earlier key has sealed.

use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use notice::wire::ids::Slug;
use sha2::Sha256;

use crate::{fault::Fault, runtime::random};

/// Bytes of a nonce of AES-GCM.
const NONCE: usize = 12;
/// Hexadecimal digits of a key's id.
const KEY_ID: usize = 8;

/// The keys of a deployment.
#[derive(Clone)]
pub struct Sealer {
    current: Keys,
    previous: Option<Keys>,
}

/// Keys are in no log.
impl std::fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealer")
    }
}

/// The keys that are derived from one secret.
#[derive(Clone)]
struct Keys {
    /// Names the secret, and says nothing about it.
    id: String,
    encryption: [u8; 32],
    look_up: [u8; 32],
}

impl Keys {
    fn of(secret: &str) -> Self {
        let mut id = hex(&derived(secret, "key id"));
        id.truncate(KEY_ID);
        Self {
            id,
            encryption: derived(secret, "address encryption"),
            look_up: derived(secret, "address look-up"),
        }
    }
}

/// Derives a key by HKDF-Expand with one block (RFC 5869). The secret has enough entropy to be used as the pseudorandom key.
fn derived(secret: &str, purpose: &str) -> [u8; 32] {
    let info = format!("allclear {purpose}");
    mac(secret.as_bytes(), &[info.as_bytes(), &[1]].concat())
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // An HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Sealer {
    /// The keys of `SECRET_KEY` and `SECRET_KEY_PREVIOUS`.
    pub fn new(secret: &str, previous: Option<&str>) -> Self {
        Self {
            current: Keys::of(secret),
            previous: previous.map(Keys::of),
        }
    }

    /// The HMAC by which an address is found in a site, in hex: by the current key first, then by the previous one. Spellings with
    /// capital letters are one address. Two sites have different ones for one address.
    pub fn look_ups(&self, site: &Slug, address: &str) -> Vec<String> {
        let message = format!("{site} {}", address.to_lowercase());
        let keys = [Some(&self.current), self.previous.as_ref()];
        keys.into_iter()
            .flatten()
            .map(|keys| hex(&mac(&keys.look_up, message.as_bytes())))
            .collect()
    }

    /// The HMAC of an address by the current key.
    pub fn look_up(&self, site: &Slug, address: &str) -> String {
        let found = self.look_ups(site, address).into_iter().next();
        found.unwrap_or_default()
    }

    /// Encrypts a text. `context` must be the same when it is opened.
    ///
    /// # Errors
    /// `Fault::Random` if the runtime has no random bits, [`Fault::Stored`] if the text is too long for AES-GCM.
    pub fn seal(&self, context: &str, text: &str) -> Result<String, Fault> {
        let nonce = random::nonce()?;
        let payload = Payload {
            msg: text.as_bytes(),
            aad: context.as_bytes(),
        };
        let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&self.current.encryption));
        let encrypted = cipher.encrypt(Nonce::from_slice(&nonce), payload);
        let encrypted = encrypted.map_err(|error| stored(&error.to_string()))?;
        let bytes = [nonce.as_slice(), &encrypted].concat();
        let encoded = Base64UrlUnpadded::encode_string(&bytes);
        Ok(format!("{}.{encoded}", self.current.id))
    }

    /// Decrypts a sealed text.
    ///
    /// # Errors
    /// [`Fault::Stored`] if its key is unknown, or if it was changed. The text is in no message.
    pub fn open(&self, context: &str, sealed: &str) -> Result<String, Fault> {
        let (id, encoded) = sealed.split_once('.').ok_or_else(|| stored("no key id"))?;
        let keys = [Some(&self.current), self.previous.as_ref()];
        let mut keys = keys.into_iter().flatten();
        let keys = keys
            .find(|keys| keys.id == id)
            .ok_or_else(|| stored("sealed by an unknown key"))?;
        let bytes = Base64UrlUnpadded::decode_vec(encoded).map_err(|_| stored("no base64url"))?;
        let (nonce, encrypted) = bytes
            .split_at_checked(NONCE)
            .ok_or_else(|| stored("too short"))?;
        let payload = Payload {
            msg: encrypted,
            aad: context.as_bytes(),
        };
        let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&keys.encryption));
        let text = cipher.decrypt(Nonce::from_slice(nonce), payload);
        let text = text.map_err(|_| stored("changed since it was sealed"))?;
        String::from_utf8(text).map_err(|_| stored("not UTF-8"))
    }

    /// The beginning of all texts that the current key has sealed.
    pub fn current_prefix(&self) -> String {
        format!("{}.", self.current.id)
    }
}

fn stored(detail: &str) -> Fault {
    Fault::Stored {
        what: "a sealed address",
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::ids::Slug;

    use super::Sealer;

    const FIRST: &str = "first secret of at least 32 characters";
    const SECOND: &str = "second secret of at least 32 characters";

    fn site(slug: &str) -> Slug {
        Slug::parse(slug).unwrap()
    }

    #[test]
    fn a_sealed_text_is_opened_in_its_context_only() {
        let sealer = Sealer::new(FIRST, None);
        let sealed = sealer.seal("acme", "ada@example.com").unwrap();
        assert!(!sealed.contains("ada"), "{sealed}");
        assert!(sealed.starts_with(&sealer.current_prefix()), "{sealed}");
        assert_eq!(sealer.open("acme", &sealed).unwrap(), "ada@example.com");
        assert!(sealer.open("other", &sealed).is_err());
        let again = sealer.seal("acme", "ada@example.com").unwrap();
        assert_ne!(sealed, again, "the nonce is random");
    }

    #[test]
    fn a_changed_or_malformed_text_is_not_opened() {
        let sealer = Sealer::new(FIRST, None);
        let sealed = sealer.seal("acme", "ada@example.com").unwrap();
        let (id, encoded) = sealed.split_once('.').unwrap();
        let first = if encoded.starts_with('A') { "B" } else { "A" };
        for damaged in [
            String::new(),
            id.to_owned(),
            format!("{id}."),
            format!("{id}.AAAA"),
            format!("{id}.%%%%"),
            format!("{id}.{first}{}", &encoded[1..]),
            format!("00000000.{encoded}"),
        ] {
            let error = sealer.open("acme", &damaged).unwrap_err();
            assert!(!error.to_string().contains("ada"), "{error}");
        }
    }

    #[test]
    fn the_previous_key_opens_and_finds_but_seals_nothing() {
        let before = Sealer::new(FIRST, None);
        let sealed = before.seal("acme", "ada@example.com").unwrap();
        let rotated = Sealer::new(SECOND, Some(FIRST));
        assert_eq!(rotated.open("acme", &sealed).unwrap(), "ada@example.com");
        assert!(!sealed.starts_with(&rotated.current_prefix()));
        let look_ups = rotated.look_ups(&site("acme"), "ada@example.com");
        assert_eq!(
            look_ups[1],
            before.look_up(&site("acme"), "ada@example.com")
        );
        assert_ne!(look_ups[0], look_ups[1]);
        assert!(Sealer::new(SECOND, None).open("acme", &sealed).is_err());
    }

    #[test]
    fn capital_letters_do_not_make_another_address() {
        let sealer = Sealer::new(FIRST, None);
        let of = |slug: &str, address: &str| sealer.look_up(&site(slug), address);
        assert_eq!(of("acme", "Ada@Example.com"), of("acme", "ada@example.com"));
        assert_ne!(of("acme", "ada@example.com"), of("acme", "bob@example.com"));
        // Two sites cannot tell that they share a subscriber.
        assert_ne!(
            of("acme", "ada@example.com"),
            of("other", "ada@example.com")
        );
        assert_eq!(of("acme", "ada@example.com").len(), 64);
    }

    #[test]
    fn keys_are_in_no_debug_output() {
        assert_eq!(format!("{:?}", Sealer::new(FIRST, Some(SECOND))), "Sealer");
    }
}
