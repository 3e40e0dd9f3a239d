//! One entry of the cache: the newest known document, the lease of the reader who fetches a newer one, and the backoff after
//! failures.
//!
//! Plain data, never a shared future: on workerd a request that awaits another request's future hangs or fails.

/// Time for which a document is fresh, in milliseconds.
pub const FRESH_MS: u64 = 1000;
/// Duration of a lease, in milliseconds: as long as its reader waits for the source.
pub const LEASE_MS: u64 = 1000;
/// Maximum backoff, in milliseconds.
const MAX_BACKOFF_MS: u64 = 30_000;
/// A source's answer that is older than the known document by at most this many milliseconds is a late answer, and is
/// ignored; if it is older by more, the clock was set back. Well above 1 s,
/// the deadline of a fetch.
const MAX_FETCH_MS: u64 = 5000;

/// A feed or page as the source returned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub body: std::rc::Rc<str>,
    /// Its entity tag, quoted.
    pub etag: String,
    /// Time at which the source last confirmed it, in milliseconds since 1970.
    pub confirmed_ms: u64,
}

/// The way in which a reader is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheAction {
    /// From the cache, without a fetch.
    Serve,
    /// From the source, or from the cache if the fetch fails.
    Fetch,
}

/// One entry of the cache.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The newest known document, if any.
    pub document: Option<Document>,
    /// Whether a publish through this isolate has outdated the document.
    is_invalid: bool,
    /// The end of the lease of the reader who fetches.
    lease_until_ms: u64,
    /// The end of the backoff.
    backoff_until_ms: u64,
    failures: u32,
}

impl Snapshot {
    /// Decides how one reader is answered. [`CacheAction::Fetch`] gives the reader the lease.
    pub fn decide(&mut self, now_ms: u64) -> CacheAction {
        if self.is_backing_off(now_ms) || self.ready(now_ms).is_some() {
            return CacheAction::Serve;
        }
        // Without a valid document for other readers there is no lease: every reader fetches.
        if self.document.is_some() && !self.is_invalid {
            self.lease_until_ms = now_ms.saturating_add(LEASE_MS);
        }
        CacheAction::Fetch
    }

    /// The document, if it can be served without a fetch: it is fresh, another reader holds the lease, or a backoff
    /// runs.
    pub fn ready(&self, now_ms: u64) -> Option<&Document> {
        let document = self.document.as_ref()?;
        // A confirmation in the future dates from before the clock was set back.
        let fresh = now_ms.abs_diff(document.confirmed_ms) <= FRESH_MS;
        let leased = is_ahead(self.lease_until_ms, now_ms, LEASE_MS);
        let may_serve = self.is_backing_off(now_ms) || (!self.is_invalid && (fresh || leased));
        may_serve.then_some(document)
    }

    fn is_backing_off(&self, now_ms: u64) -> bool {
        is_ahead(self.backoff_until_ms, now_ms, MAX_BACKOFF_MS)
    }

    /// Stores a document from KV, if it is newer.
    pub fn load(&mut self, document: Document) {
        let is_newer = self
            .document
            .as_ref()
            .is_none_or(|known| document.confirmed_ms > known.confirmed_ms);
        if is_newer {
            self.document = Some(document);
        }
    }

    /// Stores the source's answer, and ends lease and backoff.
    pub fn confirm(&mut self, document: Document) {
        let is_newer = self.document.as_ref().is_none_or(|known| {
            document.confirmed_ms >= known.confirmed_ms
                || known.confirmed_ms.abs_diff(document.confirmed_ms) > MAX_FETCH_MS
        });
        if is_newer {
            self.document = Some(document);
        }
        self.is_invalid = false;
        self.lease_until_ms = 0;
        self.reset_backoff();
    }

    /// Backs off after a failure of the source: 1 s, then 2 s, doubling to 30 s.
    pub fn fail(&mut self, now_ms: u64) {
        let doubled = 1000_u64.saturating_mul(1_u64 << self.failures.min(5));
        self.failures = self.failures.saturating_add(1);
        self.lease_until_ms = 0;
        self.backoff_until_ms = now_ms.saturating_add(doubled.min(MAX_BACKOFF_MS));
    }

    /// Invalidates the document: all readers fetch, until one of them gets an answer.
    pub fn invalidate(&mut self) {
        self.is_invalid = true;
    }

    /// Resets the backoff, because the source has answered another request.
    pub fn reset_backoff(&mut self) {
        self.backoff_until_ms = 0;
        self.failures = 0;
    }
}

/// Whether a time is in the future by at most `max_ms`. A time further ahead was set before the clock was set back, and
/// counts as past.
fn is_ahead(until_ms: u64, now_ms: u64, max_ms: u64) -> bool {
    (1..=max_ms).contains(&until_ms.saturating_sub(now_ms))
}

#[cfg(test)]
mod tests {
    use super::{CacheAction, Document, Snapshot};

    fn document(confirmed_ms: u64) -> Document {
        Document {
            body: "{}".into(),
            etag: "\"e\"".to_owned(),
            confirmed_ms,
        }
    }

    #[test]
    fn one_reader_fetches_while_all_others_are_served() {
        let mut snapshot = Snapshot::default();
        assert_eq!(
            snapshot.decide(0),
            CacheAction::Fetch,
            "a cold isolate has nothing to serve"
        );
        snapshot.confirm(document(10_000));
        assert_eq!(
            snapshot.decide(11_000),
            CacheAction::Serve,
            "up to a second old is fresh"
        );
        assert_eq!(
            snapshot.decide(11_001),
            CacheAction::Fetch,
            "the first reader after 1 s takes the lease"
        );
        for _ in 0..1000 {
            assert_eq!(snapshot.decide(11_001), CacheAction::Serve);
        }
        assert_eq!(
            snapshot.decide(12_001),
            CacheAction::Fetch,
            "a lease without an answer expires"
        );
    }

    #[test]
    fn failures_back_off_up_to_30_s() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(document(0));
        let mut now = 10_000;
        for pause in [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
            assert_eq!(snapshot.decide(now), CacheAction::Fetch);
            snapshot.fail(now);
            assert_eq!(snapshot.decide(now + pause - 1), CacheAction::Serve);
            now += pause;
        }
        assert_eq!(snapshot.decide(now), CacheAction::Fetch);
        snapshot.confirm(document(now));
        assert_eq!(
            snapshot.decide(now + 1001),
            CacheAction::Fetch,
            "one answer ends the backoff"
        );
    }

    #[test]
    fn after_a_publish_readers_fetch_until_one_is_answered() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(document(1000));
        snapshot.invalidate();
        assert_eq!(snapshot.decide(1000), CacheAction::Fetch);
        assert_eq!(snapshot.decide(1000), CacheAction::Fetch);
        snapshot.confirm(document(1001));
        assert_eq!(snapshot.decide(1001), CacheAction::Serve);
    }

    #[test]
    fn a_failure_after_a_publish_backs_off_too() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(document(1000));
        snapshot.invalidate();
        snapshot.fail(2000);
        assert_eq!(snapshot.decide(2999), CacheAction::Serve);
        assert_eq!(snapshot.decide(3000), CacheAction::Fetch);
    }

    #[test]
    fn a_publish_ends_the_backoff() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(document(0));
        for now in [2000, 4000, 8000] {
            snapshot.fail(now);
        }
        assert_eq!(snapshot.decide(9000), CacheAction::Serve);
        snapshot.invalidate();
        snapshot.reset_backoff();
        assert_eq!(snapshot.decide(9000), CacheAction::Fetch);
        snapshot.fail(9000);
        assert_eq!(
            snapshot.decide(10_000),
            CacheAction::Fetch,
            "the backoff starts at 1 s again"
        );
    }

    #[test]
    fn a_cold_isolate_serves_the_kv_document_after_a_failure() {
        let mut snapshot = Snapshot::default();
        assert_eq!(snapshot.decide(10_000), CacheAction::Fetch);
        snapshot.load(document(4000));
        snapshot.fail(10_000);
        assert_eq!(snapshot.ready(10_500), Some(&document(4000)));
        assert_eq!(snapshot.decide(11_000), CacheAction::Fetch);
        snapshot.load(document(3000));
        assert_eq!(
            snapshot.document,
            Some(document(4000)),
            "the newer document is kept"
        );
    }

    #[test]
    fn a_late_older_answer_is_ignored() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(document(2000));
        snapshot.confirm(document(1500));
        assert_eq!(snapshot.document, Some(document(2000)));
    }

    #[test]
    fn a_clock_that_is_set_back_extends_no_lease_or_backoff() {
        const BACK: u64 = 3_600_000;
        let mut snapshot = Snapshot::default();
        let now = 10_000_000;
        snapshot.confirm(document(now));
        snapshot.decide(now + 2000);
        assert_eq!(
            snapshot.decide(now - BACK),
            CacheAction::Fetch,
            "freshness and lease are bounded"
        );
        snapshot.invalidate();
        snapshot.confirm(document(now - BACK));
        assert_eq!(snapshot.ready(now - BACK), Some(&document(now - BACK)));
        snapshot.fail(now);
        assert_eq!(
            snapshot.decide(now - BACK + 2000),
            CacheAction::Fetch,
            "the backoff is bounded"
        );
    }
}
