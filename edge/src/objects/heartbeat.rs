//! The heartbeat: the directory's object sends a request to `HEARTBEAT_URL` each minute while no site's work is late. A monitor that
//! expects it notices when this server or its alarms fail, which this server could not report itself.

use futures_util::{StreamExt, stream};
use notice::wire::ids::Slug;

use super::{directory_object::Directory, outgoing};
use crate::{
    fault::Fault,
    log::{self, LogContext},
    rpc::site_client,
    runtime::{settings, sql::ObjectSql},
    storage::directory_tables,
};

/// Time between two requests, in milliseconds.
const EVERY_MS: i64 = 60_000;
/// Delay from which a site's work counts as late, in seconds: 5 min.
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

    /// Asks the next sites, and those that were late before. A site that does not answer is late.
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
        let mut probes = self.late_sites.borrow_mut();
        for (site, delay) in delays {
            let is_on_time = match delay {
                Ok(delay_s) => delay_s <= LATE_S,
                Err(fault) => {
                    log_fault(&fault);
                    false
                }
            };
            probes.record(site.as_str(), is_on_time);
        }
        Ok(probes.failing() == 0)
    }
}

fn log_fault(fault: &Fault) {
    let context = LogContext {
        route: "heartbeat",
        ..LogContext::default()
    };
    log::fault(context, fault);
}
