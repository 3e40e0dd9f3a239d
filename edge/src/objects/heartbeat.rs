//! The heartbeat: the directory's object sends a request to `HEARTBEAT_URL` each minute while no site's work is late. A monitor that
//! expects it notices when this server or its alarms fail, which this server could not report itself.

use futures_util::{StreamExt, stream};
use notice::{duration::exact_text, wire::ids::Slug};

use super::{directory_object::Directory, outgoing};
use crate::{
    fault::Fault,
    log::{self, LogContext},
    probes::Probes,
    rpc::site_client,
    runtime::{settings, sql::ObjectSql},
    storage::directory_tables,
};

/// Time between two requests, in milliseconds.
const EVERY_MS: i64 = 60_000;
/// Delay above which a site's work is late, in seconds: 5 min.
const LATE_S: u64 = 5 * 60;
/// Number of sites that are asked at once.
const AT_ONCE: usize = 4;

impl Directory {
    /// Sets the first alarm, if there is an address for the heartbeat.
    pub(super) async fn ensure_heartbeat(&self) {
        if self.is_heartbeat_armed.get() || settings::heartbeat_url(&self.env).is_none() {
            return;
        }
        self.is_heartbeat_armed.set(true);
        let storage = self.state.storage();
        let armed = match storage.get_alarm().await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => storage.set_alarm(0).await,
            Err(error) => Err(error),
        };
        if let Err(error) = armed {
            self.is_heartbeat_armed.set(false);
            log_fault(&error.into());
        }
    }

    /// Sends the heartbeat, unless a site is late, and sets the next alarm.
    pub(super) async fn beat(&self) {
        let Some(url) = settings::heartbeat_url(&self.env) else {
            // The setting was removed.
            self.is_heartbeat_armed.set(false);
            return;
        };
        self.is_heartbeat_armed.set(true);
        if let Err(error) = self.state.storage().set_alarm(EVERY_MS).await {
            log_fault(&error.into());
        }
        let sent = match self.is_on_time().await {
            Ok(true) => outgoing::get(&url).await,
            Ok(false) => Ok(()),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = sent {
            log_fault(&fault);
        }
    }

    /// Asks some sites for their delay: the next ones in turn, and those that were late before.
    /// Returns whether no site is late.
    async fn is_on_time(&self) -> Result<bool, Fault> {
        let sql = ObjectSql::new(&self.state)?;
        let slugs = directory_tables::list(&sql)?.slugs;
        let next = self.late_sites.borrow_mut().next(&slugs);
        let asked = next.iter().filter_map(|slug| Slug::parse(slug));
        let delays = stream::iter(asked).map(|site| async move {
            let delay = site_client::alarm_delay(&self.env, &site).await;
            (site, delay)
        });
        let delays: Vec<_> = delays.buffer_unordered(AT_ONCE).collect().await;
        let delays = delays.into_iter().map(|(site, delay)| match delay {
            Ok(delay_s) => {
                if is_late(delay_s) {
                    log_late(&site, delay_s);
                }
                (site, Some(delay_s))
            }
            Err(fault) => {
                log_fault(&fault);
                (site, None)
            }
        });
        Ok(record(&mut self.late_sites.borrow_mut(), delays))
    }
}

fn is_late(delay_s: u64) -> bool {
    delay_s > LATE_S
}

/// Records the delays of the sites that were asked, in seconds; returns whether no site is late.
/// `None` is the delay of a site that did not answer; such a site counts as late.
fn record(late: &mut Probes, delays: impl IntoIterator<Item = (Slug, Option<u64>)>) -> bool {
    for (site, delay_s) in delays {
        let is_on_time = delay_s.is_some_and(|delay_s| !is_late(delay_s));
        late.record(site.as_str(), is_on_time);
    }
    late.failing_count() == 0
}

fn log_late(site: &Slug, delay_s: u64) {
    let context = LogContext {
        route: "heartbeat",
        site: Some(site.as_str()),
        request_id: None,
    };
    let late = exact_text(delay_s);
    let error = format!("the site's work is {late} late, so no heartbeat is sent");
    log::error(context, &error);
}

fn log_fault(fault: &Fault) {
    let context = LogContext {
        route: "heartbeat",
        ..LogContext::default()
    };
    log::fault(context, fault);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use notice::wire::ids::Slug;

    use super::record;
    use crate::probes::Probes;

    fn site(slug: &str, delay_s: Option<u64>) -> (Slug, Option<u64>) {
        (Slug::parse(slug).unwrap(), delay_s)
    }

    #[test]
    fn a_site_is_late_after_more_than_5_minutes() {
        for (delay_s, is_sent) in [
            (Some(0), true),
            (Some(5 * 60), true),
            (Some(5 * 60 + 1), false),
            (None, false),
        ] {
            let sent = record(&mut Probes::default(), [site("acme", delay_s)]);
            assert_eq!(sent, is_sent, "{delay_s:?}");
        }
        assert!(record(&mut Probes::default(), []), "no site yet");
    }

    #[test]
    fn one_late_site_stops_the_heartbeat_until_it_is_on_time() {
        let slugs: BTreeSet<String> = (0..50).map(|number| format!("s{number:02}")).collect();
        let mut late = Probes::default();
        let mut beat = |delay_of_s07: Option<u64>| {
            let asked = late.next(&slugs).into_iter().map(|slug| {
                let delay_s = if slug == "s07" { delay_of_s07 } else { Some(1) };
                site(&slug, delay_s)
            });
            let asked: Vec<_> = asked.collect();
            record(&mut late, asked)
        };
        assert!(!beat(Some(301)));
        // A late site is asked each minute, not only when its turn comes.
        for _ in 0..5 {
            assert!(!beat(Some(3600)));
        }
        assert!(beat(Some(300)));
        assert!(beat(Some(300)));
    }
}
