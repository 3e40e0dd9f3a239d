//! The host names of a site in the directory. The directory and the site's object are two
//! databases, so a change takes three steps: it claims the new names in the directory in addition
//! to the stored ones, it is committed in the object, and then the directory's names are set to the
//! stored ones.

use notice::{rejection::Rejection, wire::ids::Slug};

use super::site_object::Site;
use crate::{
    fault::Fault,
    http::site_call::SiteCall,
    log::{self, LogContext},
    refusal::Refusal,
    rpc::{
        directory_client,
        site_client::{Effects, Envelope},
    },
    runtime::settings,
    site::{
        call::{Claim, GrantedClaim},
        mend,
    },
    storage::{migrations, projections::ExtraIncidents},
};

/// The longest time that a claim of host names can take, in milliseconds: two calls of the directory, with room to spare.
const CLAIM_MS: u64 = 10_000;

impl Site {
    /// Sets the directory's host names to the stored ones after a request that may have changed
    /// them. `before` are the names that were stored before the request, `claimed` those that the
    /// directory may have granted to it; `is_done` if the request succeeded. The request's answer
    /// is already final, so faults are only logged.
    pub(super) async fn settle_hostnames(
        &self,
        envelope: &Envelope,
        before: Option<Vec<String>>,
        claimed: Option<Vec<String>>,
        is_done: bool,
    ) -> Effects {
        let after = match self.hostnames() {
            Ok(after) => after,
            Err(fault) => {
                self.log("hostnames", &fault);
                self.claiming_until_ms.set(0);
                return Effects {
                    site_exists: is_done,
                    changed_hostnames: true,
                };
            }
        };
        let stored = after.clone().unwrap_or_default();
        if claimed.as_ref().is_some_and(|claimed| *claimed != stored) {
            self.correct_directory(&envelope.site, &stored).await;
        }
        if claimed.is_some() {
            self.claiming_until_ms.set(0);
        }
        Effects {
            site_exists: after.is_some(),
            changed_hostnames: before != after,
        }
    }

    /// Whether a request has a claim in progress. A claim whose end was not recorded counts as over
    /// after [`CLAIM_MS`].
    pub(super) fn is_claiming(&self, now_ms: u64) -> bool {
        (1..=CLAIM_MS).contains(&self.claiming_until_ms.get().saturating_sub(now_ms))
    }

    /// Records that a claim is in progress.
    pub(super) fn set_claiming(&self, now_ms: u64) {
        self.claiming_until_ms.set(now_ms.saturating_add(CLAIM_MS));
    }

    /// Claims host names in addition to the stored ones, which readers use until the commit.
    /// Returns the granted claim, and all names that the site now has in the directory. An import
    /// continues without the names that other sites have; any other request is rejected.
    pub(super) async fn claim(
        &self,
        envelope: &Envelope,
        site_call: Option<&SiteCall>,
        claim: Claim,
    ) -> Result<(GrantedClaim, Vec<String>), Refusal> {
        let drops_taken = site_call.is_some_and(SiteCall::has_large_body);
        let mut names = self.hostnames()?.unwrap_or_default();
        for name in &claim.hostnames {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let mut taken = Vec::new();
        loop {
            match self.claim_exactly(&envelope.site, &names).await {
                Err(Refusal::Rejection(Rejection::HostnameTaken(name))) if drops_taken => {
                    names.retain(|other| *other != name);
                    taken.push(name);
                }
                Err(refusal) => return Err(refusal),
                Ok(()) => return Ok((GrantedClaim { claim, taken }, names)),
            }
        }
    }

    /// Sets the directory's host names of the site to the stored ones. Errors are logged only.
    pub(super) async fn correct_directory(&self, site: &Slug, stored: &[String]) {
        if let Err(refusal) = self.claim_exactly(site, stored).await {
            log_refusal(site, refusal);
        }
    }

    /// Sets the site's host names in the directory. The deployment's own host counts as taken.
    async fn claim_exactly(&self, site: &Slug, names: &[String]) -> Result<(), Refusal> {
        let own = settings::public_host(&self.env);
        if let Some(name) = names.iter().find(|name| own.as_ref() == Some(*name)) {
            return Err(Rejection::HostnameTaken(name.clone()).into());
        }
        directory_client::claim(&self.env, site, names).await
    }

    /// The site's host names; `None` if the site does not exist.
    pub(super) fn hostnames(&self) -> Result<Option<Vec<String>>, Fault> {
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(None);
        }
        let site = mend::load(&sql, ExtraIncidents::None, self.now_ms())?
            .state
            .site;
        Ok(site.map(|site| site.hostnames))
    }
}

/// Logs why the directory did not take a site's host names.
fn log_refusal(site: &Slug, refusal: Refusal) {
    let context = LogContext {
        route: "hostnames",
        site: Some(site.as_str()),
        request_id: None,
    };
    match refusal {
        Refusal::Fault(fault) => log::fault(context, &fault),
        Refusal::Rejection(_) | Refusal::Busy(_) => log::error(context, &refusal),
    }
}
