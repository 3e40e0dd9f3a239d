//! What an isolate remembers of a feed, and who asks for a newer one.
//!
//! Plain data, never a shared future: on workerd a request that awaits another's hangs or fails.

/// A snapshot so many milliseconds old is as good as new.
pub const FRESH_MS: u64 = 1000;
/// How long a ticket holds: as long as its reader waits for the source.
pub const TICKET_MS: u64 = 1000;
/// The longest pause between tickets while the source fails, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 30_000;
/// No answer comes later than this after it was asked for, with room to spare: one that seems older than what is known
/// by more is from after the clock was set back.
const LATEST_MS: u64 = 5000;

/// A feed as the source gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The exact body.
    pub body: std::rc::Rc<str>,
    /// Its entity tag, quoted.
    pub etag: String,
    /// When the source last confirmed it, in milliseconds since 1970.
    pub confirmed_ms: u64,
}

/// What a reader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Answers with the snapshot, at once.
    Serve,
    /// Asks the source; if that fails, answers with the snapshot where there is one.
    Ask,
}

/// One feed in an isolate's memory.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The newest feed known, if any.
    pub feed: Option<Feed>,
    /// Something was published here since: the snapshot is known to be old.
    outdated: bool,
    /// How often something was published here.
    publishes: u64,
    /// Somebody asks until then.
    ticket_until_ms: u64,
    /// After failures, nobody asks before then.
    pause_until_ms: u64,
    failures: u32,
}

impl Snapshot {
    /// Decides for one reader; whoever is told to ask holds the ticket.
    pub fn plan(&mut self, now_ms: u64) -> Plan {
        if self.is_paused(now_ms) || self.at_hand(now_ms).is_some() {
            return Plan::Serve;
        }
        // Where there is nothing good to serve meanwhile there is no ticket: everybody asks.
        if self.feed.is_some() && !self.outdated {
            self.ticket_until_ms = now_ms.saturating_add(TICKET_MS);
        }
        Plan::Ask
    }

    /// The feed, where it can be sent without asking anybody: it is fresh, somebody asks already, or asking failed.
    pub fn at_hand(&self, now_ms: u64) -> Option<&Feed> {
        let feed = self.feed.as_ref()?;
        // What was confirmed in the future was so before the clock was set back.
        let fresh = now_ms.abs_diff(feed.confirmed_ms) <= FRESH_MS;
        let asked = is_ahead(self.ticket_until_ms, now_ms, TICKET_MS);
        (self.is_paused(now_ms) || (!self.outdated && (fresh || asked))).then_some(feed)
    }

    fn is_paused(&self, now_ms: u64) -> bool {
        is_ahead(self.pause_until_ms, now_ms, LONGEST_PAUSE_MS)
    }

    /// What was known elsewhere, while the source does not answer.
    pub fn recall(&mut self, feed: Feed) {
        let newer = self
            .feed
            .as_ref()
            .is_none_or(|known| feed.confirmed_ms > known.confirmed_ms);
        if newer {
            self.feed = Some(feed);
        }
    }

    /// The source answered.
    pub fn confirm(&mut self, feed: Feed) {
        let newer = self.feed.as_ref().is_none_or(|known| {
            feed.confirmed_ms >= known.confirmed_ms
                || known.confirmed_ms.abs_diff(feed.confirmed_ms) > LATEST_MS
        });
        if newer {
            self.feed = Some(feed);
        }
        self.outdated = false;
        self.ticket_until_ms = 0;
        self.resume();
    }

    /// The source did not answer: the next ticket is given after 1 s, then 2, doubling to 30.
    pub fn fail(&mut self, now_ms: u64) {
        let doubled = 1000_u64.saturating_mul(1_u64 << self.failures.min(5));
        self.failures = self.failures.saturating_add(1);
        self.ticket_until_ms = 0;
        self.pause_until_ms = now_ms.saturating_add(doubled.min(LONGEST_PAUSE_MS));
    }

    /// Something was published here: the next readers ask until one is answered.
    pub fn outdate(&mut self) {
        self.outdated = true;
        self.publishes = self.publishes.saturating_add(1);
    }

    /// How often something was published here: to be read before the source is asked.
    pub fn publishes(&self) -> u64 {
        self.publishes
    }

    /// The source answered what it was asked when so much had been published here. An answer from before a publish is
    /// good for its reader, and for nobody after.
    pub fn confirm_asked_at(&mut self, feed: Feed, publishes: u64) {
        if self.publishes == publishes {
            self.confirm(feed);
        }
    }

    /// The source has answered somebody else: whoever is next need not leave it alone.
    pub fn resume(&mut self) {
        self.pause_until_ms = 0;
        self.failures = 0;
    }
}

/// Whether a moment is yet to come. One that lies further ahead than it can have been set is from before the clock was
/// set back, and is past.
fn is_ahead(until_ms: u64, now_ms: u64, most_ms: u64) -> bool {
    (1..=most_ms).contains(&until_ms.saturating_sub(now_ms))
}

#[cfg(test)]
mod tests {
    use super::{Feed, Plan, Snapshot};

    fn feed(confirmed_ms: u64) -> Feed {
        Feed {
            body: "{}".into(),
            etag: "\"e\"".to_owned(),
            confirmed_ms,
        }
    }

    #[test]
    fn one_reader_asks_while_all_others_are_served() {
        let mut snapshot = Snapshot::default();
        assert_eq!(
            snapshot.plan(0),
            Plan::Ask,
            "a cold isolate has nothing to serve"
        );
        snapshot.confirm(feed(10_000));
        assert_eq!(
            snapshot.plan(11_000),
            Plan::Serve,
            "up to a second old is fresh"
        );
        assert_eq!(
            snapshot.plan(11_001),
            Plan::Ask,
            "the first past it takes the ticket"
        );
        for _ in 0..1000 {
            assert_eq!(snapshot.plan(11_001), Plan::Serve);
        }
        assert_eq!(
            snapshot.plan(12_001),
            Plan::Ask,
            "a ticket that came to nothing runs out"
        );
    }

    #[test]
    fn a_failing_source_is_left_alone_for_longer_and_longer() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(feed(0));
        let mut now = 10_000;
        for pause in [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
            assert_eq!(snapshot.plan(now), Plan::Ask);
            snapshot.fail(now);
            assert_eq!(snapshot.plan(now + pause - 1), Plan::Serve);
            now += pause;
        }
        assert_eq!(snapshot.plan(now), Plan::Ask);
        snapshot.confirm(feed(now));
        assert_eq!(
            snapshot.plan(now + 1001),
            Plan::Ask,
            "one answer ends the pauses"
        );
    }

    #[test]
    fn after_a_publish_readers_ask_until_one_is_answered() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(feed(1000));
        snapshot.outdate();
        assert_eq!(snapshot.plan(1000), Plan::Ask);
        assert_eq!(snapshot.plan(1000), Plan::Ask);
        snapshot.confirm(feed(1001));
        assert_eq!(snapshot.plan(1001), Plan::Serve);
    }

    #[test]
    fn an_answer_from_before_a_publish_is_not_kept() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(feed(1000));
        let asked_at = snapshot.publishes();
        snapshot.outdate();
        snapshot.confirm_asked_at(feed(1500), asked_at);
        assert_eq!(snapshot.plan(1500), Plan::Ask, "still known to be old");
        let asked_at = snapshot.publishes();
        snapshot.confirm_asked_at(feed(1600), asked_at);
        assert_eq!(snapshot.at_hand(1600), Some(&feed(1600)));
    }

    #[test]
    fn a_source_that_fails_after_a_publish_is_left_alone_too() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(feed(1000));
        snapshot.outdate();
        snapshot.fail(2000);
        assert_eq!(snapshot.plan(2999), Plan::Serve);
        assert_eq!(snapshot.plan(3000), Plan::Ask);
    }

    #[test]
    fn a_source_that_took_a_publish_is_not_left_alone_any_longer() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(feed(0));
        for now in [2000, 4000, 8000] {
            snapshot.fail(now);
        }
        assert_eq!(snapshot.plan(9000), Plan::Serve);
        snapshot.outdate();
        snapshot.resume();
        assert_eq!(snapshot.plan(9000), Plan::Ask);
        snapshot.fail(9000);
        assert_eq!(snapshot.plan(10_000), Plan::Ask, "pauses begin anew");
    }

    #[test]
    fn a_cold_isolate_asks_once_and_then_makes_do_with_what_it_could_recall() {
        let mut snapshot = Snapshot::default();
        assert_eq!(snapshot.plan(10_000), Plan::Ask);
        snapshot.recall(feed(4000));
        snapshot.fail(10_000);
        assert_eq!(snapshot.at_hand(10_500), Some(&feed(4000)));
        assert_eq!(snapshot.plan(11_000), Plan::Ask);
        snapshot.recall(feed(3000));
        assert_eq!(snapshot.feed, Some(feed(4000)), "the newest is kept");
    }

    #[test]
    fn an_older_answer_that_comes_late_changes_nothing() {
        let mut snapshot = Snapshot::default();
        snapshot.confirm(feed(2000));
        snapshot.confirm(feed(1500));
        assert_eq!(snapshot.feed, Some(feed(2000)));
    }
    #[test]
    fn a_clock_that_is_set_back_hides_nothing() {
        const BACK: u64 = 3_600_000;
        let mut snapshot = Snapshot::default();
        let now = 10_000_000;
        snapshot.confirm(feed(now));
        snapshot.plan(now + 2000);
        assert_eq!(
            snapshot.plan(now - BACK),
            Plan::Ask,
            "neither what was confirmed nor a ticket holds for an hour"
        );
        snapshot.outdate();
        snapshot.confirm(feed(now - BACK));
        assert_eq!(snapshot.at_hand(now - BACK), Some(&feed(now - BACK)));
        snapshot.fail(now);
        assert_eq!(snapshot.plan(now - BACK + 2000), Plan::Ask, "nor a pause");
    }
}
