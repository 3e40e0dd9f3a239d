//! A site's courier: the Durable Object that sends the messages of the site's outbox. It is an
//! object of its own, so that an endpoint that hangs does not delay the requests and the alarm of
//! the site's object. The courier stores only the site's slug. The deliveries are in the site's
//! database; a delivery whose result was lost is attempted again.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use notice::wire::ids::Slug;
use worker::{Delay, DurableObject, Env, Request, Response, State, durable_object};

use super::{
    attempt,
    courier_run::{Next, Run},
    lanes::Lanes,
};
use crate::{
    fault::Fault,
    log::{self, LogContext},
    rpc::{courier_client::CourierRequest, site_client},
};

/// Delay before the alarm is retried after a failure or a crash, in milliseconds.
const RETRY_MS: i64 = 15_000;
/// Longest wait for the end of an attempt, which has a shorter deadline of its own.
const WAIT: Duration = Duration::from_secs(20);
/// The key of the site's slug in the object's storage.
const SITE: &str = "site";

/// One instance per site, with the site's slug as its name.
#[durable_object(alarm)]
pub struct Courier {
    state: State,
    env: Env,
    lanes: Rc<Lanes>,
    /// The site, once it is read from the storage.
    site: RefCell<Option<Slug>>,
    /// Whether a run of the alarm is in progress.
    is_running: Cell<bool>,
}

impl DurableObject for Courier {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            lanes: Rc::new(Lanes::default()),
            site: RefCell::new(None),
            is_running: Cell::new(false),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        match self.answer(request).await {
            Ok(()) => Ok(Response::empty()?.with_status(204)),
            // Logged by the caller.
            Err(fault) => Response::error(fault.to_string(), 500),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.is_running.set(true);
        // Sets the retry first, in case this run is cut off.
        let armed = self.state.storage().set_alarm(RETRY_MS).await;
        if let Err(error) = armed {
            self.log(&error.into());
        }
        let next = self.run().await;
        self.is_running.set(false);
        let rearmed = match next {
            Ok(Next::AfterMs(wait_ms)) => {
                let wait_ms = i64::try_from(wait_ms).unwrap_or(i64::MAX);
                self.state.storage().set_alarm(wait_ms).await
            }
            Ok(Next::Never) => self.state.storage().delete_alarm().await,
            Err(fault) => {
                self.log(&fault);
                Ok(())
            }
        };
        if let Err(error) = rearmed {
            self.log(&error.into());
        }
        Response::empty()
    }
}

impl Courier {
    fn log(&self, fault: &Fault) {
        let site = self.site.borrow();
        let context = LogContext {
            route: "courier",
            site: site.as_ref().map(Slug::as_str),
            request_id: None,
        };
        log::fault(context, fault);
    }

    async fn answer(&self, mut request: Request) -> Result<(), Fault> {
        match serde_json::from_str(&request.text().await?)? {
            CourierRequest::Wake(site) => {
                if self.site.borrow().as_ref() != Some(&site) {
                    self.state.storage().put(SITE, &site).await?;
                    self.site.replace(Some(site));
                }
                self.lanes.wake();
                if !self.is_running.get() {
                    self.state.storage().set_alarm(0).await?;
                }
                Ok(())
            }
        }
    }

    /// Forgets a site that was deleted.
    async fn forget(&self) -> Result<(), Fault> {
        self.lanes.clear();
        self.site.replace(None);
        self.state.storage().delete_alarm().await?;
        Ok(self.state.storage().delete_all().await?)
    }

    /// The site's slug, which is read from the storage once. `None` before the first wake-up.
    async fn site(&self) -> Result<Option<Slug>, Fault> {
        let known = self.site.borrow().clone();
        if known.is_some() {
            return Ok(known);
        }
        let stored: Option<Slug> = self.state.storage().get(SITE).await?;
        self.site.replace(stored.clone());
        Ok(stored)
    }

    /// Makes attempts until no delivery is due and no attempt is in progress, or until the run has
    /// reached its maximum number of attempts. Returns the time of the next alarm.
    async fn run(&self) -> Result<Next, Fault> {
        let Some(site) = self.site().await? else {
            return Ok(Next::Never);
        };
        let mut run = Run::begin();
        let mut next_due_in_ms = None;
        loop {
            if self.lanes.wants_exchange() {
                let exchange = self.lanes.begin_exchange();
                match site_client::exchange(&self.env, &site, &exchange).await {
                    Ok(Some(work)) => {
                        next_due_in_ms = work.next_due_in_ms;
                        self.lanes.end_exchange(work);
                    }
                    Ok(None) => {
                        self.forget().await?;
                        return Ok(Next::Never);
                    }
                    Err(fault) => {
                        self.lanes.fail_exchange(exchange);
                        return Err(fault);
                    }
                }
            }
            while let Some(assignment) = run.begin_attempt(&self.lanes) {
                let (lanes, env) = (Rc::clone(&self.lanes), self.env.clone());
                self.state.wait_until(async move {
                    lanes.end_attempt(attempt::make(&env, assignment).await);
                });
            }
            if let Some(next) = run.next_alarm(&self.lanes, next_due_in_ms) {
                return Ok(next);
            }
            let changed = std::pin::pin!(self.lanes.changed());
            futures_util::future::select(changed, Delay::from(WAIT)).await;
        }
    }
}
