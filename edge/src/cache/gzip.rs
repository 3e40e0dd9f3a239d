//! Compressed copies of feeds and pages, made once for each content. On workerd only: Cloudflare compresses at its edge.

use std::{cell::RefCell, collections::BTreeMap, io::Write, rc::Rc};

use flate2::{Compression, write::GzEncoder};

use crate::http::content_coding;

/// Maximum size of all copies in bytes. Above it all are dropped, and made again when they are needed.
const MAX_BYTES: usize = 8 * 1024 * 1024;

thread_local! {
    static COPIES: RefCell<Copies> = RefCell::new(Copies::default());
}

/// The compressed copies, by entity tag.
#[derive(Debug, Default)]
struct Copies {
    /// `None` for a body whose copy would not be smaller.
    by_etag: BTreeMap<String, Option<Rc<[u8]>>>,
    bytes: usize,
}

impl Copies {
    fn find_or_make(&mut self, etag: &str, body: &str) -> Option<Rc<[u8]>> {
        if let Some(copy) = self.by_etag.get(etag) {
            return copy.clone();
        }
        let copy = compress(body.as_bytes());
        // The tag counts too, so that the number of copies is bounded.
        let size = etag
            .len()
            .saturating_add(copy.as_ref().map_or(0, |copy| copy.len()));
        if self.bytes.saturating_add(size) > MAX_BYTES {
            *self = Self::default();
        }
        self.bytes = self.bytes.saturating_add(size);
        self.by_etag.insert(etag.to_owned(), copy.clone());
        copy
    }
}

/// Whether a client prefers gzip to plain bytes.
pub fn is_accepted(accept_encoding: Option<&str>) -> bool {
    accept_encoding.is_some_and(|accepted| content_coding::choose(accepted, &["gzip"]).is_some())
}

/// The compressed copy of a body with this entity tag; `None` if it would not be smaller.
pub fn copy_of(etag: &str, body: &str) -> Option<Rc<[u8]>> {
    COPIES.with_borrow_mut(|copies| copies.find_or_make(etag, body))
}

/// The entity tag of the compressed copy: weak, since the plain bytes have the same tag.
pub fn weak_etag(etag: &str) -> String {
    match etag.starts_with("W/") {
        true => etag.to_owned(),
        false => format!("W/{etag}"),
    }
}

/// Compresses a body; `None` if that would not be smaller.
pub fn compress(body: &[u8]) -> Option<Rc<[u8]>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < body.len()).then(|| packed.into())
}

#[cfg(test)]
mod tests {
    use std::{io::Read, rc::Rc};

    use flate2::read::GzDecoder;

    use super::{Copies, MAX_BYTES, weak_etag};

    #[test]
    fn equal_content_is_compressed_once() {
        let mut copies = Copies::default();
        let body = "{\"notices\":[]}".repeat(100);
        let first = copies.find_or_make("\"a\"", &body).unwrap();
        let mut plain = String::new();
        GzDecoder::new(&*first).read_to_string(&mut plain).unwrap();
        assert_eq!(plain, body);
        let again = copies.find_or_make("\"a\"", "not read").unwrap();
        assert!(Rc::ptr_eq(&first, &again));
        assert_eq!(copies.find_or_make("\"b\"", "{}"), None, "not smaller");
        assert_eq!(copies.by_etag.len(), 2);
    }

    #[test]
    fn copies_are_bounded() {
        let mut copies = Copies::default();
        for number in 0..300_000 {
            copies.find_or_make(&format!("\"{number:032}\""), "{}");
        }
        assert!(copies.bytes <= MAX_BYTES);
        assert!(copies.by_etag.len() < 300_000);
    }

    #[test]
    fn a_copy_has_a_weak_entity_tag() {
        assert_eq!(weak_etag("\"a\""), "W/\"a\"");
        assert_eq!(weak_etag("W/\"a\""), "W/\"a\"");
    }
}
