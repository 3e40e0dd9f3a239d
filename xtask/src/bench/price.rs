//! Computes the price of a month on Cloudflare by the model that docs/performance.md describes. Needs no server.
//!
//! Prices of the Workers Paid plan, as of 2026-11-21:
//! <https://developers.cloudflare.com/workers/platform/pricing/> and
//! <https://developers.cloudflare.com/durable-objects/platform/pricing/>.

use std::fmt::{self, Display, Formatter};

use crate::serve;

/// Price of the plan, in dollars per month.
const PLAN: f64 = 5.0;

/// A price per unit of use.
struct Rate {
    /// In dollars per million units.
    price: f64,
    /// Units per month that the plan includes, in millions.
    included: f64,
}

/// Requests to the Worker. Includes answers from Workers Cache; static assets are free.
const REQUESTS: Rate = Rate {
    price: 0.30,
    included: 10.0,
};
/// Requests to Durable Objects.
const OBJECT_REQUESTS: Rate = Rate {
    price: 0.15,
    included: 1.0,
};
/// The Worker's processor time, in milliseconds.
const CPU_MS: Rate = Rate {
    price: 0.02,
    included: 30.0,
};

/// Processor time of a read that Workers Cache does not answer, in milliseconds: measured for the
/// whole workerd process, including HTTP.
const CPU_MS_PER_READ: f64 = 0.1;
/// Mean pause between two requests of a page in view while no incident is open, in seconds:
/// `poll_after_s` plus 0 to 20 %.
const QUIET_POLL_S: f64 = 33.0;
/// The same pause while an incident is open, in seconds.
const OPEN_POLL_S: f64 = 11.0;
/// A month of 730 hours, in seconds.
const MONTH_S: f64 = 730.0 * 3600.0;
/// Time per month during which an incident is open, in seconds.
const OUTAGE_S: f64 = 2.0 * 3600.0;
/// Page views per second during the outage, relative to other times.
const OUTAGE_TRAFFIC: f64 = 3.0;
/// Time for which Workers Cache answers without the Worker, in seconds: the `max-age` of `CDN-Cache-Control`.
const CACHED_S: f64 = 5.0;
/// Number of isolates that traffic is spread over.
const ISOLATES: f64 = 150.0;
/// Time for which an isolate answers from its memory, in seconds.
const FRESH_S: f64 = 1.0;

/// Page views per month, in millions.
const PAGE_VIEWS: [f64; 3] = [1.0, 10.0, 100.0];

/// The assumptions about the use of pages.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Share of page views whose browser has an answer that is not older than `poll_after_s`, from 0 to 1.
    pub fresh: f64,
    /// Share of page views whose browser has no answer at all, from 0 to 1.
    pub first: f64,
    /// Time that a page is in view, in seconds.
    pub in_view_s: f64,
}

/// The script tag that pages use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    /// `/embed.js`, a static asset, and the feed.
    General,
    /// `/s/{site}/embed.js`, which contains the notices, and the feed.
    Site,
}

/// The cache that answers reads before a Durable Object does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cache {
    /// Cloudflare's cache in front of the Worker.
    Workers,
    /// The memory of isolates only.
    Memory,
}

/// The use of a month. In millions: of requests, and of milliseconds of processor time.
#[derive(Clone, Copy, Debug)]
struct Month {
    requests: f64,
    object_requests: f64,
    cpu_ms: f64,
}

/// Prints the table.
///
/// # Errors
/// When the shares or the time in view are out of range.
pub fn print(usage: Usage) -> anyhow::Result<()> {
    let Usage { fresh, first, .. } = usage;
    anyhow::ensure!(
        fresh >= 0.0 && first >= 0.0 && fresh + first <= 1.0,
        "--fresh and --first are shares of the same page views: each is at least 0, and both together are at most 1"
    );
    anyhow::ensure!(usage.in_view_s >= 0.0, "--in-view is at least 0");
    serve::print(&Table(usage).to_string())
}

struct Table(Usage);

impl Display for Table {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Usage {
            fresh,
            first,
            in_view_s,
        } = self.0;
        writeln!(
            formatter,
            "{:.0} % of page views within poll_after_s, {:.0} % first visits, {in_view_s:.0} s in view",
            fresh * 100.0,
            first * 100.0
        )?;
        writeln!(
            formatter,
            "| page views | tag | cache | requests M | object requests M | requests $ | object $ | CPU $ | sum $ | bill $ | \
             $ / M page views |"
        )?;
        write!(formatter, "|{}", "---|".repeat(11))?;
        for (cache, cache_name) in [(Cache::Workers, "Workers Cache"), (Cache::Memory, "memory")] {
            for (tag, tag_name) in [(Tag::General, "general"), (Tag::Site, "site")] {
                for views in PAGE_VIEWS {
                    let month = Month::of(views, tag, cache, self.0);
                    let [requests, objects, cpu] = month.prices();
                    let sum = month.sum();
                    write!(
                        formatter,
                        "\n| {views} M | {tag_name} | {cache_name} | {:.2} | {:.2} | {requests:.2} | {objects:.2} | \
                         {cpu:.3} | {sum:.2} | {:.2} | {:.3} |",
                        month.requests,
                        month.object_requests,
                        month.bill(),
                        sum / views,
                    )?;
                }
            }
        }
        Ok(())
    }
}

impl Month {
    /// The use of a month with this number of page views, in millions.
    fn of(views: f64, tag: Tag, cache: Cache, usage: Usage) -> Self {
        let outage = OUTAGE_S * OUTAGE_TRAFFIC / (MONTH_S - OUTAGE_S + OUTAGE_S * OUTAGE_TRAFFIC);
        let polls = usage.in_view_s * ((1.0 - outage) / QUIET_POLL_S + outage / OPEN_POLL_S);
        let later = 1.0 - usage.fresh - usage.first;
        // Reads per page view, for each document that has its own cache entry.
        let documents = match tag {
            Tag::General => vec![usage.first + later + polls],
            // A later visit revalidates the browser's old copy of the loader, and requests the feed.
            Tag::Site => vec![later + polls, usage.first + later],
        };
        let seconds = MONTH_S / 1e6;
        let (mut requests, mut executed, mut object_requests) = (0.0, 0.0, 0.0);
        for reads in documents.iter().map(|reads| reads * views) {
            let per_s = reads / seconds;
            let executed_per_s = match cache {
                Cache::Workers => refreshes(per_s, CACHED_S),
                Cache::Memory => per_s,
            };
            // With Workers Cache, one isolate gets nearly all remaining requests.
            let isolates = match cache {
                Cache::Workers => 1.0,
                Cache::Memory => ISOLATES,
            };
            let object_per_s = isolates * refreshes(executed_per_s / isolates, FRESH_S);
            requests += reads;
            executed += executed_per_s * seconds;
            object_requests += object_per_s * seconds;
        }
        Self {
            requests,
            object_requests,
            cpu_ms: executed * CPU_MS_PER_READ,
        }
    }

    /// The amounts of use, each with its rate.
    fn rated(&self) -> [(f64, Rate); 3] {
        [
            (self.requests, REQUESTS),
            (self.object_requests, OBJECT_REQUESTS),
            (self.cpu_ms, CPU_MS),
        ]
    }

    /// Prices of requests, object requests and processor time without plan and allowances, in dollars.
    fn prices(&self) -> [f64; 3] {
        self.rated().map(|(amount, rate)| amount * rate.price)
    }

    fn sum(&self) -> f64 {
        self.prices().iter().sum()
    }

    /// The price of the plan and of the use beyond its allowances, in dollars.
    fn bill(&self) -> f64 {
        let beyond = |(amount, rate): (f64, Rate)| (amount - rate.included).max(0.0) * rate.price;
        PLAN + self.rated().map(beyond).iter().sum::<f64>()
    }
}

/// Reads per second that a cache passes on, if `per_s` reads arrive at random times and an answer
/// is kept for `kept_s` seconds.
fn refreshes(per_s: f64, kept_s: f64) -> f64 {
    per_s / (1.0 + per_s * kept_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(fresh: f64, first: f64) -> Usage {
        Usage {
            fresh,
            first,
            in_view_s: 60.0,
        }
    }

    #[track_caller]
    fn assert_near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 0.005, "{value}, not {expected}");
    }

    #[test]
    fn the_general_tag_sends_one_request_unless_it_is_fresh() {
        let requests =
            |fresh| Month::of(1.0, Tag::General, Cache::Workers, usage(fresh, 0.1)).requests;
        // 60 s in view: 1.85 polls on average.
        assert_near(requests(0.0), 1.0 + 1.85);
        assert_near(requests(0.75), 0.25 + 1.85);
    }

    #[test]
    fn the_site_tag_sends_one_request_first_and_two_later() {
        let requests =
            |fresh, first| Month::of(1.0, Tag::Site, Cache::Workers, usage(fresh, first)).requests;
        assert_near(requests(0.0, 1.0), 1.0 + 1.85);
        assert_near(requests(0.0, 0.0), 2.0 + 1.85);
        assert_near(requests(1.0, 0.0), 1.85);
    }

    #[test]
    fn workers_cache_bounds_the_object_requests_of_a_document() {
        let month = |cache| Month::of(100.0, Tag::General, cache, usage(0.0, 0.0));
        // Less than one request in 5 s, in millions per month.
        let most = MONTH_S / CACHED_S / 1e6;
        assert!(month(Cache::Workers).object_requests < most);
        assert!(month(Cache::Memory).object_requests > 100.0 * most);
    }

    #[test]
    fn a_bill_is_the_plan_while_use_is_within_its_allowances() {
        let month = |requests| Month {
            requests,
            object_requests: 0.5,
            cpu_ms: 1.0,
        };
        assert_near(month(9.0).bill(), 5.0);
        assert_near(month(20.0).bill(), 8.0);
        assert_near(month(20.0).sum(), 6.0 + 0.075 + 0.02);
    }

    #[test]
    fn shares_above_one_are_refused() {
        assert!(print(usage(0.7, 0.4)).is_err());
        assert!(print(usage(-0.1, 0.4)).is_err());
    }
}
