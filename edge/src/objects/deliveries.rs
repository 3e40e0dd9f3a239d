//! The site object's part of the exchange with its courier: it wakes the courier when deliveries
//! are due, and gives it work. Also answers the links in messages to on-call targets.

use notice::wire::ids::Slug;
use worker::{Request, Response};

use super::{intl_formatters::IntlFormatters, site_object::Site};
use crate::{
    answer::Answer,
    fault::Fault,
    http::link_call::{LinkAction, LinkCall},
    log::{self, LogContext},
    rpc::{courier_client, outbox_call::Exchange, site_client::network},
    runtime::{respond::object_response, settings},
    site::{
        call::JobKind,
        change::timestamp,
        dispatch, due_deliveries,
        on_call::{escalate, links},
        sender::Sender,
    },
    storage::{migrations, projections},
};

/// Time after which a courier that has been woken for a delivery is woken again, in milliseconds.
const WAKE_AGAIN_MS: u64 = 5_000;

impl Site {
    /// Answers a request of the courier: stores its reports, and returns deliveries to attempt. 404
    /// if the site does not exist.
    pub(super) async fn exchange(&self, request: &mut Request) -> Result<Response, Fault> {
        let exchange: Exchange = serde_json::from_str(&request.text().await?)?;
        // Nothing is awaited from here on.
        if self.running() == Some(JobKind::Import) {
            return Err(Fault::TimedOut("the import"));
        }
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(Response::empty()?.with_status(404));
        }
        let public_url = settings::public_url(&self.env);
        let mail = settings::mail(&self.env);
        let from = Sender {
            mail_from: mail.as_ref().map(|mail| &mail.from),
            public_url: &public_url,
            network: network(settings::allows_private(&self.env)),
            keeps_links: settings::shows_outbox(&self.env),
        };
        let now_ms = self.now_ms();
        let work = dispatch::exchange(&sql, &exchange, now_ms, from, &IntlFormatters)?;
        // If a report says that an on-call target was not reached, the next target is paged at
        // once.
        match escalate::advance(&sql, now_ms) {
            Ok(true) => {
                self.wake_courier();
                self.ensure_alarm().await;
            }
            Ok(false) => {}
            Err(fault) => self.log("on_call", &fault),
        }
        object_response(Answer::json(200, &work)?)
    }

    /// Answers a link in a message to an on-call target. 404 if the site does not exist.
    pub(super) fn on_call_link(&self, call: &LinkCall) -> Result<Response, Fault> {
        let is_write = call.action == LinkAction::Press;
        if is_write && self.running() == Some(JobKind::Import) {
            return Err(Fault::TimedOut("the import"));
        }
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(Response::empty()?.with_status(404));
        }
        let public_url = settings::public_url(&self.env);
        let answer = links::answer(&sql, call, &public_url, &IntlFormatters, self.now_ms())?;
        object_response(answer)
    }

    /// Wakes the courier if a delivery is due. Does not wait for the courier, which must not delay
    /// or fail the answer; the alarm repeats a call that was lost.
    pub(super) fn wake_courier(&self) {
        match self.due_site() {
            Ok(Some(site)) => {
                let env = self.env.clone();
                self.state.wait_until(async move {
                    if let Err(fault) = courier_client::wake(&env, &site).await {
                        let context = LogContext {
                            route: "courier",
                            site: Some(site.as_str()),
                            request_id: None,
                        };
                        log::fault(context, &fault);
                    }
                });
            }
            Ok(None) => {}
            Err(fault) => self.log("courier", &fault),
        }
    }

    /// The site's slug, if a delivery is due for which the courier was not woken in the last
    /// [`WAKE_AGAIN_MS`].
    fn due_site(&self) -> Result<Option<Slug>, Fault> {
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(None);
        }
        let now_ms = self.now_ms();
        if due_deliveries::next_due(&sql)?.is_none_or(|due| due > timestamp(now_ms)) {
            return Ok(None);
        }
        let last = due_deliveries::last(&sql)?;
        let (woken_ms, woken_for) = self.woken.get();
        let is_recent = (woken_ms..woken_ms.saturating_add(WAKE_AGAIN_MS)).contains(&now_ms);
        if is_recent && woken_for == last {
            return Ok(None);
        }
        self.woken.set((now_ms, last));
        projections::slug(&sql)
    }
}
