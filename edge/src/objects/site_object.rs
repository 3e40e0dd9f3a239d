//! A site's Durable Object: parses requests, runs `site` on its database, and sets the alarm.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use notice::wire::{
    ids::Slug,
    language::{Language, LanguageTag},
    time::Timestamp,
};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    intl_formatters::IntlFormatters,
    jobs::{Jobs, Lease, Queue},
    outcome::{Outcome, answer_rejected_outcome},
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        ask_limit::AskLimit,
        etag::etag,
        page_call::PageCall,
        rate_limit::RateLimiter,
        site_call::{JournalCall, SiteCall},
    },
    log::{self, LogContext},
    refusal::{Refusal, answer_rejection},
    rpc::site_client::{self as rpc, Effects, Envelope, SiteRequest},
    runtime::{respond::object_response, server_clock, settings, sql::ObjectSql, time_zone},
    site::{
        access::authenticate,
        alarm,
        call::{Call, JobKind},
        change::timestamp,
        create::create,
        feed::read_feed,
        job,
        list_cache::ListCache,
        mend,
        on_call::escalate,
        operate::operate,
        page::{PageTools, render_page},
        recent_cache::RecentCache,
        step::{Resumption, Step},
    },
    storage::{migrations, projections::ExtraIncidents, table_copy},
};

/// One instance per site.
#[durable_object(alarm)]
pub struct Site {
    pub(super) state: State,
    pub(super) env: Env,
    /// The time that the alarm is set for, in seconds since 1970.
    alarm_set_for: Cell<Option<i64>>,
    /// Whether `alarm_set_for` is up to date. Otherwise the runtime may have an alarm that an
    /// earlier instance of the object set.
    knows_alarm: Cell<bool>,
    /// The writes of each token in the current minute.
    rate_limiter: RefCell<RateLimiter>,
    /// The requests for mail of the current minutes.
    pub(super) ask_limit: RefCell<AskLimit>,
    lists: RefCell<ListCache>,
    recent: RefCell<RecentCache>,
    /// Number of consecutive failures of the alarm.
    failures: Cell<u32>,
    /// Whether the database is known to have the latest schema, or no tables.
    is_migrated: Cell<bool>,
    /// The job in progress.
    pub(super) jobs: Rc<Jobs>,
    /// Whether there may be copies of tables, which are dropped once no job is in progress.
    pub(super) has_copies: Cell<bool>,
    /// The time after which the last claim of host names counts as over even if its end was not
    /// recorded, in milliseconds since 1970; 0 if no claim is in progress.
    pub(super) claiming_until_ms: Cell<u64>,
    /// The time at which the courier was last woken, in milliseconds since 1970, and the value of
    /// [`due_deliveries::last`](crate::site::due_deliveries::last) at that time.
    pub(super) woken: Cell<(u64, u64)>,
}

/// Delay before the alarm is retried after a failure, in milliseconds.
const RETRY_MS: i64 = 30_000;
/// Time after which an alarm that did not fire counts as lost, in milliseconds.
const ALARM_LOST_MS: i64 = 60_000;

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            alarm_set_for: Cell::new(None),
            knows_alarm: Cell::new(false),
            rate_limiter: RefCell::new(RateLimiter::default()),
            ask_limit: RefCell::new(AskLimit::default()),
            lists: RefCell::new(ListCache::default()),
            recent: RefCell::new(RecentCache::default()),
            failures: Cell::new(0),
            is_migrated: Cell::new(false),
            jobs: Rc::new(Jobs::default()),
            // A crash may have left copies.
            has_copies: Cell::new(true),
            claiming_until_ms: Cell::new(0),
            woken: Cell::new((0, 0)),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        match self.answer(request).await {
            Ok(response) => Ok(response),
            // Logged by the Worker, where the request ends.
            Err(fault) => Response::error(fault.to_string(), 500),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.alarm_set_for.set(None);
        self.knows_alarm.set(true);
        // Sets the retry first, in case this run is cut off.
        let armed = self.state.storage().set_alarm(RETRY_MS).await;
        if let Err(error) = armed {
            self.log("alarm", &error.into());
        }
        let worked = match self.run_alarm().await {
            Ok(stored_hostnames) => {
                self.failures.set(0);
                if let Some((site, hostnames)) = stored_hostnames {
                    self.correct_directory(&site, &hostnames).await;
                }
                self.set_alarm().await
            }
            Err(fault) => Err(fault),
        };
        if let Err(fault) = worked {
            let failures = self.failures.get().saturating_add(1);
            self.failures.set(failures);
            self.log("alarm", &fault);
        }
        Response::empty()
    }
}

impl Site {
    /// Logs a fault of background work.
    pub(super) fn log(&self, route: &str, fault: &Fault) {
        let name = self.state.id().name();
        let context = LogContext {
            route,
            site: name.as_deref(),
            request_id: None,
        };
        log::fault(context, fault);
    }

    /// Opens the database, and migrates it if it holds a site. Otherwise no tables are created.
    pub(super) fn sql(&self) -> Result<ObjectSql<'_>, Fault> {
        let sql = ObjectSql::new(&self.state)?;
        if self.has_copies.get() && self.running().is_none() {
            table_copy::drop_all(&sql)?;
            self.has_copies.set(false);
        }
        if !self.is_migrated.get() {
            if migrations::version(&sql)? > 0 {
                migrations::migrate(&sql, migrations::SITE)?;
            }
            self.is_migrated.set(true);
        }
        Ok(sql)
    }

    /// The current time in milliseconds since 1970.
    pub(super) fn now_ms(&self) -> u64 {
        server_clock::now_ms(&self.env)
    }

    /// The kind of the job in progress.
    pub(super) fn running(&self) -> Option<JobKind> {
        self.jobs.running(self.now_ms())
    }

    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let header = request.headers().get(rpc::REQUEST)?.unwrap_or_default();
        let response = match serde_json::from_str(&header)? {
            SiteRequest::Outbox => return self.exchange(&mut request).await,
            SiteRequest::Feed(tag) => self.feed(tag.as_ref())?,
            SiteRequest::Page(call) => self.page(&call)?,
            SiteRequest::OnCallLink(call) => self.on_call_link(&call)?,
            SiteRequest::Ask(call) => self.ask_for_mail(&call)?,
            SiteRequest::SubscriberLink(call) => self.subscriber_link(&call)?,
            SiteRequest::AlarmDelay => self.alarm_delay().await?,
            SiteRequest::Sent => self.sent()?,
            SiteRequest::Authenticate(credential) => {
                let now_ms = server_clock::now_ms(&self.env);
                let known = authenticate(&self.sql()?, &credential, timestamp(now_ms));
                let answer = known.map(|_| Answer::no_content());
                object_response(answer_rejection(answer)?)?
            }
            SiteRequest::Create(envelope) => {
                let body = request.bytes().await?;
                self.answer_operator(&envelope, &body, None).await?
            }
            SiteRequest::Operate(call, envelope) if call.has_large_body() => {
                match self.upload(&mut request, &call, &envelope).await {
                    Ok((upload, lease)) => {
                        let resumed = Some(Resumption::Import(upload));
                        self.resume(&envelope, &[], Some(&call), (resumed, lease))
                            .await?
                    }
                    Err(refusal) => object_response(answer_rejection(Err(refusal))?)?,
                }
            }
            SiteRequest::Operate(call, envelope) => {
                let body = request.bytes().await?;
                self.answer_operator(&envelope, &body, Some(&call)).await?
            }
        };
        self.wake_courier();
        self.ensure_alarm().await;
        Ok(response)
    }

    /// The [`Call`] of a request that does not hold the lease of a job.
    pub(super) fn call<'a>(&'a self, envelope: &'a Envelope, body: &'a [u8]) -> Call<'a> {
        Call {
            envelope,
            body,
            now_ms: self.now_ms(),
            running: self.running(),
            rate_limiter: &self.rate_limiter,
            lists: &self.lists,
            is_time_zone: &time_zone::is_known,
        }
    }

    /// Answers an operator's request. A request without a `site_call` creates the site.
    async fn answer_operator(
        &self,
        envelope: &Envelope,
        body: &[u8],
        site_call: Option<&SiteCall>,
    ) -> Result<Response, Fault> {
        self.resume(envelope, body, site_call, (None, None)).await
    }

    /// Answers an operator's request. If the request has already begun, `begun` has the input with
    /// which it continues and the lease of its job.
    async fn resume(
        &self,
        envelope: &Envelope,
        body: &[u8],
        site_call: Option<&SiteCall>,
        begun: (Option<Resumption>, Option<Lease>),
    ) -> Result<Response, Fault> {
        let may_change_hostnames = site_call.is_none_or(SiteCall::may_change_hostnames);
        let before = if may_change_hostnames {
            self.hostnames()?
        } else {
            None
        };
        let (result, claimed) = self.run_steps(envelope, body, site_call, begun).await;
        let result = match answer_rejected_outcome(result)? {
            Outcome::Answer(answer) => answer,
            Outcome::Export(export, lease) => return self.send_export(envelope, *export, lease),
        };
        let is_done = result.status < 300;
        if is_done && site_call == Some(&SiteCall::Journal(JournalCall::Delete)) {
            self.free_storage().await;
        }
        let effects = if may_change_hostnames || claimed.is_some() {
            self.settle_hostnames(envelope, before, claimed, is_done)
                .await
        } else {
            Effects::default()
        };
        let effects = serde_json::to_string(&effects).unwrap_or_default();
        object_response(result.with(rpc::EFFECTS, &effects))
    }

    /// Runs the steps of an operator's request. Returns the outcome, and the host names that the
    /// directory may have granted to the request.
    async fn run_steps(
        &self,
        envelope: &Envelope,
        body: &[u8],
        site_call: Option<&SiteCall>,
        (mut resumed, mut lease): (Option<Resumption>, Option<Lease>),
    ) -> (Result<Outcome, Refusal>, Option<Vec<String>>) {
        let mut claimed = None;
        let mut queue = Queue::default();
        loop {
            if let Some(lease) = &lease
                && let Err(refusal) = lease.keep(self.now_ms())
            {
                return (Err(refusal), claimed);
            }
            let claim = match self.step(envelope, body, site_call, resumed.take(), lease.is_some())
            {
                Ok(Step::Done(answer)) => return (Ok(Outcome::Answer(answer)), claimed),
                Ok(Step::Slice(job)) => {
                    if let Err(refusal) = self.pause(&mut lease, job.work.kind()).await {
                        return (Err(refusal), claimed);
                    }
                    resumed = Some(Resumption::Job(job));
                    continue;
                }
                Ok(Step::Export(export)) => {
                    return (Ok(Outcome::Export(export, lease)), claimed);
                }
                Ok(Step::Claim(claim)) => claim,
                Err(Refusal::Rejection(job::BUSY)) if queue.wait().await => continue,
                Err(refusal) => return (Err(refusal), claimed),
            };
            // Only one claim at a time: two concurrent claims could reach the directory in one
            // order and be committed in the other.
            let now_ms = self.now_ms();
            if claimed.is_none() && self.is_claiming(now_ms) {
                let refusal = Refusal::Busy(
                    "Another change of host names is in progress; try again in a moment.",
                );
                return (Err(refusal), None);
            }
            self.set_claiming(now_ms);
            claimed = Some(claim.hostnames.clone());
            match self.claim(envelope, site_call, claim).await {
                Ok((granted, names)) => {
                    claimed = Some(names);
                    resumed = Some(Resumption::Claim(Box::new(granted)));
                }
                Err(refusal) => return (Err(refusal), claimed),
            }
        }
    }

    /// Runs one step. Nothing is awaited in it, so that requests are isolated from each other.
    fn step(
        &self,
        envelope: &Envelope,
        body: &[u8],
        site_call: Option<&SiteCall>,
        resumed: Option<Resumption>,
        has_lease: bool,
    ) -> Result<Step, Refusal> {
        let sql = self.sql()?;
        let mut call = self.call(envelope, body);
        if has_lease {
            // The running job is this request's own.
            call.running = None;
        }
        match (site_call, resumed) {
            (None, Some(Resumption::Claim(claimed))) => create(&sql, &call, Some(*claimed)),
            (None, _) => create(&sql, &call, None),
            (Some(site_call), resumed) => operate(&sql, &call, site_call, resumed),
        }
    }

    fn feed(&self, tag: Option<&LanguageTag>) -> Result<Response, Fault> {
        let sql = self.sql()?;
        let public_url = settings::public_url(&self.env);
        let now_ms = server_clock::now_ms(&self.env);
        let Some((body, stored)) = read_feed(&sql, tag, &public_url, now_ms)? else {
            return Ok(Response::empty()?.with_status(404));
        };
        let languages: Vec<&str> = stored
            .state
            .site
            .iter()
            .flat_map(|site| site.languages.iter().map(Language::as_str))
            .collect();
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body,
        };
        let etag = etag(&answer.body);
        object_response(
            answer
                .with("etag", &etag)
                .with(rpc::LANGUAGES, &languages.join(",")),
        )
    }

    fn page(&self, call: &PageCall) -> Result<Response, Fault> {
        let sql = self.sql()?;
        let public_url = settings::public_url(&self.env);
        let now_ms = server_clock::now_ms(&self.env);
        let tools = PageTools {
            public_url: &public_url,
            formatters: &IntlFormatters,
            recent: &self.recent,
            has_mail: settings::has_subscriptions(&self.env),
        };
        let Some(rendered) = render_page(&sql, call, tools, now_ms)? else {
            return Ok(Response::empty()?.with_status(404));
        };
        let etag = etag(&rendered.body);
        let languages: Vec<&str> = rendered.languages.iter().map(Language::as_str).collect();
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: rendered.body,
        };
        object_response(
            answer
                .with("etag", &etag)
                .with(rpc::LANGUAGES, &languages.join(",")),
        )
    }

    /// Runs the alarm's tasks, which are idempotent. Returns the site's host names once a night, so that the directory can be
    /// corrected if a request ended between its claim and its commit.
    async fn run_alarm(&self) -> Result<Option<(Slug, Vec<String>)>, Fault> {
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(None);
        }
        let now_ms = self.now_ms();
        // A site that cannot be read is verified too, so that the on-call target gets a message.
        let caught_up = alarm::catch_up(&sql, now_ms);
        if caught_up.is_ok() {
            escalate::advance(&sql, now_ms)?;
            self.keep_subscriptions(&sql)?;
        }
        // Before the verification, which may take long.
        self.wake_courier();
        let nightly = alarm::verify_nightly(&sql, caught_up.as_ref().ok(), now_ms)?;
        let is_nightly = nightly.is_some();
        if let Some(verifier) = nightly {
            self.verify(verifier).await?;
        }
        let site = caught_up?.state.site.filter(|_| is_nightly);
        Ok(site.map(|site| (site.slug, site.hostnames)))
    }

    /// Sets the alarm. A failure does not affect the answer: the next request retries.
    pub(super) async fn ensure_alarm(&self) {
        if let Err(fault) = self.set_alarm().await {
            self.log("alarm", &fault);
        }
    }

    /// Sets the alarm for the next due time, unless it is set for that time or an earlier one. Called on every request, because
    /// an alarm may be lost.
    async fn set_alarm(&self) -> Result<(), Fault> {
        let sql = self.sql()?;
        let now_ms = server_clock::now_ms(&self.env);
        let due = match migrations::version(&sql)? {
            0 => None,
            _ => {
                let stored = mend::load(&sql, ExtraIncidents::None, now_ms)?;
                Some(alarm::next_due(&sql, &stored, now_ms)?)
            }
        };
        let Some(due) = due.map(Timestamp::seconds) else {
            // Only a deleted site, which leaves a tombstone, may still have an alarm to delete.
            if migrations::tombstone_rev(&sql)? > 0 {
                self.state.storage().delete_alarm().await?;
            }
            self.alarm_set_for.set(None);
            return Ok(());
        };
        let now_ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
        if !self.knows_alarm.get() {
            let set_ms = self.state.storage().get_alarm().await?;
            self.knows_alarm.set(true);
            let set_ms = set_ms.map(|at_ms| server_clock::from_runtime_ms(&self.env, at_ms));
            self.alarm_set_for
                .set(set_ms.map(|at_ms| at_ms.div_euclid(1000)));
        }
        // The runtime takes an offset from now.
        let wait = |at: i64| at.saturating_mul(1000).saturating_sub(now_ms);
        // An alarm that is long overdue counts as lost.
        let is_set = |at: i64| at <= due && wait(at) > -ALARM_LOST_MS;
        if self.alarm_set_for.get().is_some_and(is_set) {
            return Ok(());
        }
        let wait_ms = wait(due);
        // Requests must not retry a failed alarm at once.
        let least_ms = if self.failures.get() > 0 { RETRY_MS } else { 0 };
        self.state
            .storage()
            .set_alarm(wait_ms.max(least_ms))
            .await?;
        self.alarm_set_for.set(Some(due));
        Ok(())
    }
}
