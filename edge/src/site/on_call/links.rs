//! The links in messages to on-call targets: their pages, and the actions of their buttons.

use notice::{
    journal::sha256_hex,
    notify::{
        escalation::{acknowledgement_event, is_owed},
        target,
    },
    state::State as SiteState,
    wire::{
        enums::Role,
        ids::InvitationId,
        incident::{Acknowledgement, Incident},
        language::Language,
        site::{OnCall, OnCallKind, Site},
        time::Timestamp,
    },
};

use super::escalate;
use crate::{
    answer::{Answer, NO_STORE},
    date_format::{DateFormatters, TimeFormat},
    fault::Fault,
    http::link_call::{LinkAction, LinkCall},
    messages::{message::Message, reminder::Action},
    pages::on_call_page::OnCallPage,
    runtime::random,
    site::{
        change::{Change, timestamp},
        sender::with_base,
    },
    storage::{
        journal::Author,
        on_call_deliveries::{self, Content, OnCallDelivery, Promise, target_digest},
        on_call_links::{self, Link, Purpose},
        outbox,
        projections::{self, ExtraIncidents, Stored},
        sql::Sql,
        tokens::{self, Invitation},
    },
};

/// Duration of a session that a link opens, in seconds: 12 h.
const SESSION_S: i64 = 12 * 3600;
/// Validity of the invitation that replaces the link, and that the console redeems for the session,
/// in seconds: 15 min.
const INVITATION_S: i64 = 15 * 60;
/// The pages' content security policy: nothing inline, nothing from other origins, no scripts.
/// `form-action` must also allow the redirect after a button, which leads to the console of the
/// same origin.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A request to a link, with the stored data that the link refers to.
struct Request<'a> {
    call: &'a LinkCall,
    link: Link,
    delivery: OnCallDelivery,
    message: Message,
    stored: Stored,
    public_url: &'a str,
    now_ms: u64,
}

/// Answers a request to a link: shows the link's page, or performs the action of its button.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn answer(
    sql: &impl Sql,
    call: &LinkCall,
    public_url: &str,
    formatters: &impl DateFormatters,
    now_ms: u64,
) -> Result<Answer, Fault> {
    let Some(link) = on_call_links::find(sql, &call.digest)? else {
        return Ok(unknown_link());
    };
    let now = timestamp(now_ms);
    if link.expires_at <= now {
        return Ok(page_answer(410, expired_page(link.purpose)));
    }
    let Some(delivery) = on_call_deliveries::find(sql, link.delivery)? else {
        return Ok(unknown_link());
    };
    let Some(message) = outbox::message(sql, &delivery.message)? else {
        return Ok(unknown_link());
    };
    let ids: Vec<_> = message.incident_id.iter().cloned().collect();
    let request = Request {
        call,
        link,
        delivery,
        message: with_base(message, public_url),
        stored: projections::load(sql, ExtraIncidents::Ids(&ids))?,
        public_url,
        now_ms,
    };
    match (
        request.link.purpose,
        request.delivery.content.promise.clone(),
    ) {
        (Purpose::Session, _) => open_session(sql, request),
        (Purpose::Acknowledge, Some(promise)) => acknowledge(sql, request, &promise, formatters),
        (Purpose::Acknowledge, None) => answer_test(sql, request),
    }
}

/// The answer to a link that the site does not know.
pub fn unknown_link() -> Answer {
    page_answer(404, unknown_page())
}

/// The answer to a request with an unknown link that has waited for its turn too long, because other
/// requests of its network try unknown links too.
pub fn busy() -> Answer {
    let text = "Many unknown links are being opened from this network. Try again in a moment.";
    page_answer(
        503,
        OnCallPage {
            title: "Try again".to_owned(),
            text: vec![text.to_owned()],
            ..OnCallPage::default()
        },
    )
    .with("retry-after", "2")
}

/// Shows the page about an overdue update, or records its acknowledgement.
fn acknowledge(
    sql: &impl Sql,
    request: Request<'_>,
    promise: &Promise,
    formatters: &impl DateFormatters,
) -> Result<Answer, Fault> {
    let Promise { incident, owed_at } = promise;
    if request.call.action == LinkAction::Press {
        let name = target::name(&request.delivery.content.target);
        let event = acknowledgement_event(&request.stored.state, incident, *owed_at, name);
        if let Some(event) = event {
            let change = Change::of_event(request.stored, event, request.now_ms);
            sql.transaction(|| change.save(sql, &Author::on_call()))?;
            escalate::advance(sql, request.now_ms)?;
        }
        return Ok(to_own_page());
    }
    let state = &request.stored.state;
    let Some(found) = state.incidents.get(incident) else {
        return Ok(unknown_link());
    };
    let time = |at: Timestamp| local_time(state, at, formatters);
    Ok(page_answer(
        200,
        overdue_page(state, found, *owed_at, &request.message, time),
    ))
}

/// The page about an overdue update.
fn overdue_page(
    state: &SiteState,
    incident: &Incident,
    owed_at: Timestamp,
    message: &Message,
    time: impl Fn(Timestamp) -> String,
) -> OnCallPage {
    let title = &incident.title;
    let form = message.links.post_update.clone();
    let links = || form.map(|url| ("Post update", url)).into_iter().collect();
    if let Some(Acknowledgement { name, at, .. }) = incident
        .acknowledged
        .as_ref()
        .filter(|acknowledged| acknowledged.owed_at == owed_at)
    {
        return OnCallPage {
            title: "Acknowledged".to_owned(),
            text: vec![format!(
                "{name} acknowledged the overdue update of “{title}” at {}. Nobody else is reminded of it. Users still wait for the update.",
                time(*at)
            )],
            button: None,
            links: links(),
        };
    }
    if !is_owed(state, &incident.id, owed_at) {
        return OnCallPage {
            title: "Nothing to acknowledge".to_owned(),
            text: vec![format!(
                "The update of “{title}” that was due by {} was posted, or the incident is over.",
                time(owed_at)
            )],
            button: None,
            links: vec![("Open console", message.links.open.clone())],
        };
    }
    OnCallPage {
        title: format!("Update overdue: {title}"),
        text: vec![
            format!("The update was due by {}.", time(owed_at)),
            "Acknowledge it if you take care of it: nobody else is reminded then. Users do not see this.".to_owned(),
        ],
        button: Some("Acknowledge"),
        links: links(),
    }
}

/// Shows the page of a test of on-call, or records that the test was answered.
fn answer_test(sql: &impl Sql, request: Request<'_>) -> Result<Answer, Fault> {
    let Request {
        call,
        mut delivery,
        message,
        stored,
        now_ms,
        ..
    } = request;
    let name = target::name(&delivery.content.target);
    let site = stored.state.site.as_ref().map(|site| site.name.as_str());
    if call.action == LinkAction::Press {
        if delivery.content.answered_at.is_none() {
            let now = timestamp(now_ms);
            delivery.content.answered_at = Some(now);
            sql.transaction(|| {
                on_call_deliveries::save(sql, &delivery)?;
                on_call_links::answer(sql, &target_digest(&delivery.content.target), now)?;
                close_test_alert(sql, &delivery)
            })?;
        }
        return Ok(to_own_page());
    }
    let links = vec![("Open console", message.links.open)];
    Ok(page_answer(
        200,
        match delivery.content.answered_at {
            Some(_) => OnCallPage {
                title: "Test answered".to_owned(),
                text: vec![format!("{name} has answered the test of on-call.")],
                button: None,
                links,
            },
            None => OnCallPage {
                title: "Test of on-call".to_owned(),
                text: vec![format!(
                    "{} sent a test to {name}. Nothing is overdue. Answer it to show that messages arrive.",
                    site.unwrap_or_default()
                )],
                button: Some("Answer test"),
                links,
            },
        },
    ))
}

/// Closes the alert that a service has opened for a test.
fn close_test_alert(sql: &impl Sql, delivery: &OnCallDelivery) -> Result<(), Fault> {
    let content = &delivery.content;
    if !matches!(
        content.target.kind,
        OnCallKind::Pagerduty | OnCallKind::Opsgenie
    ) {
        return Ok(());
    }
    let end = Content {
        action: Action::Resolve,
        ..content.clone()
    };
    on_call_deliveries::add(sql, &delivery.message, &end).map(drop)
}

/// Shows the page of a link that signs in, or replaces the link by an invitation and redirects to
/// the console, which redeems it.
fn open_session(sql: &impl Sql, request: Request<'_>) -> Result<Answer, Fault> {
    if request.link.used_at.is_some() {
        return Ok(page_answer(410, used_page()));
    }
    let now = timestamp(request.now_ms);
    let target = &request.delivery.content.target;
    let site = request.stored.state.site.as_ref();
    let Some(site) = site.filter(|site| is_allowed(site, target)) else {
        return Ok(page_answer(403, not_allowed_page()));
    };
    if request.call.action == LinkAction::Show {
        return Ok(page_answer(
            200,
            OnCallPage {
                title: "Sign in as editor".to_owned(),
                text: vec![
                    format!(
                        "This opens a session of 12 hours in the console of {}, with the role editor.",
                        site.name
                    ),
                    "The link works once. Do not forward it.".to_owned(),
                ],
                button: Some("Sign in"),
                links: Vec::new(),
            },
        ));
    }
    let secret = random::secret()?;
    let id = random::typed_id(InvitationId::PREFIX, InvitationId::parse)?;
    let invitation = Invitation {
        role: Role::Editor,
        name: target::name(target),
        session_s: Some(SESSION_S),
    };
    let expires_at = now.plus_seconds(INVITATION_S);
    let is_spent = sql.transaction(|| {
        let is_spent = on_call_links::spend(sql, &request.call.digest, now)?;
        if is_spent {
            let digest = sha256_hex(secret.as_bytes());
            tokens::add_invitation(sql, &id, &digest, &invitation, expires_at, now)?;
        }
        Ok(is_spent)
    })?;
    if !is_spent {
        return Ok(page_answer(410, used_page()));
    }
    let url = format!(
        "{}/console#invitation={}.{secret}",
        request.public_url, site.slug
    );
    Ok(redirect(&url))
}

/// Whether an owner still allows sessions for a target.
fn is_allowed(site: &Site, target: &OnCall) -> bool {
    let mut targets = site.on_call.iter();
    targets.any(|other| other.is_same(target) && other.session_link)
}

/// Formats a time in the site's time zone, with the name of the time zone.
fn local_time(state: &SiteState, at: Timestamp, formatters: &impl DateFormatters) -> String {
    let Some(site) = &state.site else {
        return at.to_string();
    };
    formatters.with(&site.time_zone, &Language::english(), |times| {
        format!(
            "{} ({})",
            times.format(at, TimeFormat::Moment),
            site.time_zone
        )
    })
}

fn unknown_page() -> OnCallPage {
    OnCallPage {
        title: "Link not valid".to_owned(),
        text: vec![
            "This link is unknown, or its message was deleted. Messages are kept for 30 days."
                .to_owned(),
        ],
        ..OnCallPage::default()
    }
}

fn expired_page(purpose: Purpose) -> OnCallPage {
    OnCallPage {
        title: "Link expired".to_owned(),
        text: vec![match purpose {
            Purpose::Acknowledge => "Links that acknowledge are valid for 30 days.".to_owned(),
            Purpose::Session => {
                "Links that sign in are valid for 30 minutes. Sign in to the console as usual."
                    .to_owned()
            }
        }],
        ..OnCallPage::default()
    }
}

fn used_page() -> OnCallPage {
    OnCallPage {
        title: "Link already used".to_owned(),
        text: vec!["This link signs in once. If it was not you, end the session in the console under Access.".to_owned()],
        ..OnCallPage::default()
    }
}

fn not_allowed_page() -> OnCallPage {
    OnCallPage {
        title: "Not allowed".to_owned(),
        text: vec!["An owner of the site no longer allows this target to sign in.".to_owned()],
        ..OnCallPage::default()
    }
}

fn page_answer(status: u16, page: OnCallPage) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: page.render(),
    }
    .with("content-type", "text/html; charset=utf-8")
    .with("content-security-policy", CSP)
    .with("referrer-policy", "no-referrer")
    .with("cache-control", NO_STORE)
}

/// A redirect to the link's own page, so that a reload does not repeat the POST. The Worker adds
/// the address, which contains the secret that the object does not know.
fn to_own_page() -> Answer {
    Answer::no_content()
        .with("referrer-policy", "no-referrer")
        .with_status(303)
}

fn redirect(url: &str) -> Answer {
    to_own_page().with("location", url)
}
