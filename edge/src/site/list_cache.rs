//! The last lists of incidents that operators read. A list is valid until the journal has another row.

use std::collections::VecDeque;

/// Maximum number of lists.
const LISTS: usize = 4;
/// Maximum size of a list, in bytes.
const BYTES: usize = 256 * 1024;

/// Rendered lists. Rendering 50 incidents takes longer than the rest of the request.
#[derive(Debug, Default)]
pub struct ListCache {
    /// The journal's last hash when the lists were rendered.
    head: String,
    /// Keys and bodies, the oldest first.
    lists: VecDeque<(String, String)>,
}

impl ListCache {
    /// The body of the list with this key, if it was rendered at this hash. Drops the lists of any other hash, so that no redacted
    /// text stays.
    pub fn find(&mut self, head: &str, key: &str) -> Option<String> {
        if self.head != head {
            self.lists.clear();
            head.clone_into(&mut self.head);
        }
        let found = self.lists.iter().find(|(known, _)| known == key);
        found.map(|(_, body)| body.clone())
    }

    /// Adds a list that was rendered at the hash of the last [`ListCache::find`].
    pub fn add(&mut self, key: String, body: &str) {
        if body.len() > BYTES {
            return;
        }
        if self.lists.len() >= LISTS {
            self.lists.pop_front();
        }
        self.lists.push_back((key, body.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, LISTS, ListCache};

    #[test]
    fn a_list_is_found_until_the_journal_has_another_row() {
        let mut cache = ListCache::default();
        assert_eq!(cache.find("one", "open=true"), None);
        cache.add("open=true".to_owned(), "[]");
        assert_eq!(cache.find("one", "open=true").as_deref(), Some("[]"));
        assert_eq!(cache.find("one", "open=false"), None);
        assert_eq!(cache.find("two", "open=true"), None);
        assert_eq!(cache.find("one", "open=true"), None, "it was dropped");
    }

    #[test]
    fn the_oldest_list_is_dropped_and_a_large_one_not_kept() {
        let mut cache = ListCache::default();
        cache.find("one", "0");
        for number in 0..=LISTS {
            cache.add(number.to_string(), "[]");
        }
        cache.add("large".to_owned(), &"x".repeat(BYTES + 1));
        assert_eq!(cache.find("one", "0"), None);
        assert_eq!(cache.find("one", "large"), None);
        assert!(cache.find("one", &LISTS.to_string()).is_some());
    }
}
