//! Rate limits of requests for mail, per network and site. In memory only: a restart allows at most one more period's requests.

use std::collections::BTreeMap;

use notice::limits;

use super::network::Network;

/// Period in which the requests of a network are counted, in milliseconds: 10 min.
const NETWORK_MS: u64 = 600_000;
/// Period in which the requests of a site are counted, in milliseconds: 1 min.
const SITE_MS: u64 = 60_000;
/// Maximum number of counted networks; above it no further one is accepted in the period.
const MAX_NETWORKS: usize = 20_000;

#[derive(Debug, Default)]
pub struct AskLimit {
    network_period: u64,
    networks: BTreeMap<Network, u32>,
    site_period: u64,
    site: u32,
}

impl AskLimit {
    /// Counts one request.
    ///
    /// # Errors
    /// Seconds until the next one is accepted, if a limit is reached.
    pub fn count(&mut self, network: &Network, now_ms: u64) -> Result<(), u64> {
        if self.network_period != now_ms / NETWORK_MS {
            self.network_period = now_ms / NETWORK_MS;
            self.networks.clear();
        }
        if self.site_period != now_ms / SITE_MS {
            self.site_period = now_ms / SITE_MS;
            self.site = 0;
        }
        let left_s = |period_ms: u64| (period_ms - now_ms % period_ms).div_ceil(1000);
        let is_full = self.networks.len() >= MAX_NETWORKS && !self.networks.contains_key(network);
        if self.site >= limits::SUBSCRIPTIONS_PER_SITE || is_full {
            return Err(left_s(SITE_MS));
        }
        let count = self.networks.entry(network.clone()).or_default();
        if *count >= limits::SUBSCRIPTIONS_PER_NETWORK {
            return Err(left_s(NETWORK_MS));
        }
        *count = count.saturating_add(1);
        self.site = self.site.saturating_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use notice::limits;

    use super::{AskLimit, NETWORK_MS, SITE_MS};
    use crate::http::network::Network;

    #[test]
    fn a_network_has_a_limit_of_its_own() {
        let mut limit = AskLimit::default();
        let (one, other) = (Network::of("192.0.2.1"), Network::of("192.0.2.2"));
        for _ in 0..limits::SUBSCRIPTIONS_PER_NETWORK {
            assert_eq!(limit.count(&one, 60_000), Ok(()));
        }
        assert_eq!(limit.count(&one, 60_000), Err(540));
        assert_eq!(limit.count(&other, 60_000), Ok(()));
        assert_eq!(limit.count(&one, NETWORK_MS), Ok(()));
    }

    #[test]
    fn a_site_has_a_limit_for_all_networks() {
        let mut limit = AskLimit::default();
        let network = |number: u32| Network::of(&format!("192.0.2.{number}"));
        let networks = limits::SUBSCRIPTIONS_PER_SITE / limits::SUBSCRIPTIONS_PER_NETWORK;
        for number in 0..networks {
            for _ in 0..limits::SUBSCRIPTIONS_PER_NETWORK {
                assert_eq!(limit.count(&network(number), 0), Ok(()));
            }
        }
        assert_eq!(limit.count(&network(200), 1), Err(60));
        assert_eq!(limit.count(&network(200), SITE_MS), Ok(()));
    }
}
