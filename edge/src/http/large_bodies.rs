//! How many large bodies are read at a time: all requests of an isolate share its 128 MB.

use std::cell::RefCell;

/// Large bodies that are held at a time.
const MOST: usize = 2;
/// How long one counts, in milliseconds. A client that goes away ends its request without a word, so that a place is not
/// always given back.
const LONGEST_MS: u64 = 120_000;

thread_local! {
    static HELD: RefCell<Held> = const { RefCell::new(Held { next: 0, since: Vec::new() }) };
}

/// The places that are taken.
#[derive(Debug, Default)]
struct Held {
    next: u64,
    /// Which, and since when.
    since: Vec<(u64, u64)>,
}

impl Held {
    fn take(&mut self, now_ms: u64) -> Option<u64> {
        self.since
            .retain(|(_, since)| now_ms.saturating_sub(*since) < LONGEST_MS);
        if self.since.len() >= MOST {
            return None;
        }
        let id = self.next;
        self.next = self.next.saturating_add(1);
        self.since.push((id, now_ms));
        Some(id)
    }

    fn give_back(&mut self, id: u64) {
        self.since.retain(|(taken, _)| *taken != id);
    }
}

/// Room for one large body, until it is dropped.
#[derive(Debug)]
pub struct Place(u64);

/// Room for one large body; `None` where there is none just now.
pub fn place(now_ms: u64) -> Option<Place> {
    HELD.with_borrow_mut(|held| held.take(now_ms)).map(Place)
}

impl Drop for Place {
    fn drop(&mut self) {
        HELD.with_borrow_mut(|held| held.give_back(self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MS, place};

    #[test]
    fn a_third_waits_until_one_is_done_or_long_gone() {
        let first = place(0).unwrap();
        let second = place(1).unwrap();
        assert!(place(2).is_none());
        drop(first);
        let third = place(3).unwrap();
        assert!(place(4).is_none());
        // Nobody ever said that these two had ended.
        std::mem::forget((second, third));
        assert!(place(LONGEST_MS).is_none(), "the third is still at it");
        let fourth = place(LONGEST_MS + 1).expect("the second's");
        assert!(place(LONGEST_MS + 1).is_none());
        drop(fourth);
    }
}
