//! Selects the sites for a check of all sites: a few in turn, and those that failed before.

use std::{collections::BTreeSet, ops::Bound};

/// Number of sites in one check: those that failed before, and the next ones in turn.
const SITES_PER_CHECK: usize = 20;

/// The results of earlier checks.
#[derive(Debug, Default)]
pub struct Probes {
    failing: BTreeSet<String>,
    /// The site at which the last check ended.
    last: String,
}

impl Probes {
    /// The sites to check now. At most half of them failed before.
    pub fn next(&mut self, slugs: &BTreeSet<String>) -> Vec<String> {
        self.failing.retain(|slug| slugs.contains(slug));
        let mut chosen: BTreeSet<String> = self
            .failing
            .iter()
            .take(SITES_PER_CHECK / 2)
            .cloned()
            .collect();
        let after = (Bound::Excluded(self.last.clone()), Bound::Unbounded);
        let before = (Bound::Unbounded, Bound::Included(self.last.clone()));
        let in_turn = slugs.range(after).chain(slugs.range(before));
        for slug in in_turn {
            if chosen.len() >= SITES_PER_CHECK {
                break;
            }
            self.last.clone_from(slug);
            chosen.insert(slug.clone());
        }
        chosen.into_iter().collect()
    }

    pub fn record(&mut self, slug: &str, is_fine: bool) {
        if is_fine {
            self.failing.remove(slug);
        } else {
            self.failing.insert(slug.to_owned());
        }
    }

    /// Number of sites that failed when they were last checked.
    pub fn failing_count(&self) -> usize {
        self.failing.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Probes, SITES_PER_CHECK};

    #[test]
    fn checks_read_all_sites_in_turn() {
        let slugs: BTreeSet<String> = (0..50).map(|number| format!("s{number:02}")).collect();
        let mut probes = Probes::default();
        let mut seen = BTreeSet::new();
        for _ in 0..3 {
            let next = probes.next(&slugs);
            assert_eq!(next.len(), SITES_PER_CHECK);
            seen.extend(next);
        }
        assert_eq!(seen, slugs);
        let few = slugs.iter().take(3).cloned().collect();
        for _ in 0..3 {
            assert_eq!(probes.next(&few).len(), 3);
        }
        assert!(probes.next(&BTreeSet::new()).is_empty());
    }

    #[test]
    fn failing_sites_are_checked_again_each_time() {
        let slugs: BTreeSet<String> = (0..100).map(|number| format!("s{number:02}")).collect();
        let mut probes = Probes::default();
        for slug in &slugs {
            probes.record(slug, slug != "s07" && slug != "s99");
        }
        for _ in 0..5 {
            let next = probes.next(&slugs);
            assert!(next.contains(&"s07".to_owned()) && next.contains(&"s99".to_owned()));
            assert_eq!(next.len(), SITES_PER_CHECK);
        }
        probes.record("s07", true);
        assert_eq!(probes.failing_count(), 1);
        // Deleted.
        probes.next(&BTreeSet::new());
        assert!(probes.failing_count() == 0);
    }
}
