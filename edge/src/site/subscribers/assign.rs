//! Gives the courier the mails to subscribers that are due.

use notice::{
    project::feed,
    wire::{ids::IncidentId, language::Language, site::Site, time::Timestamp},
};

use super::contact::Contact;
use crate::{
    date_format::DateFormatters,
    fault::Fault,
    log,
    messages::mail::{
        Mail, Mailbox,
        confirmation::{self, Confirmation},
        subscriber::SubscriberMail,
    },
    rpc::outbox_call::{Assignment, Exchange, Part, Payload, Receiver, Target},
    sealing::Sealer,
    site::{change::timestamp, sender::Sender},
    storage::{
        mailings::{self, End, MailDelivery, Recipient},
        projections::{self, ExtraIncidents},
        sql::Sql,
        subscribers,
        subscription_requests::{self, State},
    },
};

/// Delay of mails while the deployment sends none, in seconds: 1 h.
const NO_MAIL_S: i64 = 3600;
/// Delay of mails while the site cannot be read, in seconds: 1 min.
const UNREADABLE_S: i64 = 60;

/// The inputs of a mail, apart from its delivery.
struct View<'a> {
    site: &'a Site,
    public_url: &'a str,
    from: &'a Mailbox,
    sealer: &'a Sealer,
    now: Timestamp,
}

/// The mails to send next, and whether there are more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assigned {
    /// In the order of their ranks.
    pub assignments: Vec<Assignment>,
    pub has_more: bool,
}

/// The attempts to make next.
///
/// # Errors
/// `Fault` if the database fails.
pub fn assign(
    sql: &impl Sql,
    exchange: &Exchange,
    now_ms: u64,
    from: Sender<'_>,
    formatters: &impl DateFormatters,
) -> Result<Assigned, Fault> {
    let now = timestamp(now_ms);
    let busy = exchange.busy.iter();
    let busy: Vec<u64> = busy.filter_map(Receiver::subscriber).collect();
    let room = usize::try_from(exchange.room_for_mail).unwrap_or(usize::MAX);
    let most = exchange.room_for_mail.saturating_add(1);
    let mut due = mailings::due(sql, now, &busy, most)?;
    let has_more = due.len() > room;
    due.truncate(room);
    if due.is_empty() {
        return Ok(Assigned {
            assignments: Vec::new(),
            has_more,
        });
    }
    let (Some(mail_from), Some(sealer)) = (from.mail_from, from.sealer) else {
        mailings::postpone_all(sql, now, now.plus_seconds(NO_MAIL_S))?;
        return Ok(Assigned::default());
    };
    let loaded = projections::load(sql, ExtraIncidents::None);
    let site = loaded.map(|stored| stored.state.site);
    let Some(site) = site.unwrap_or_else(|fault| {
        log_fault(&fault);
        None
    }) else {
        mailings::postpone_all(sql, now, now.plus_seconds(UNREADABLE_S))?;
        return Ok(Assigned::default());
    };
    let view = View {
        site: &site,
        public_url: from.public_url,
        from: mail_from,
        sealer,
        now,
    };
    let mut assignments = Vec::new();
    for delivery in due {
        match compose(sql, &delivery, &view, formatters) {
            Ok(Some(mail)) => assignments.push(assignment(delivery, mail)),
            Ok(None) => sql.transaction(|| mailings::end(sql, &delivery, End::Failed))?,
            // One that cannot be read must not hold back the others.
            Err(fault) => {
                log_fault(&fault);
                sql.transaction(|| mailings::end(sql, &delivery, End::Failed))?;
            }
        }
    }
    Ok(Assigned {
        assignments,
        has_more,
    })
}

fn assignment(delivery: MailDelivery, mail: Mail) -> Assignment {
    Assignment {
        target: Target {
            receiver: Receiver::Subscriber(delivery.id),
            url: String::new(),
            deliveries: vec![Part {
                delivery: delivery.id,
                message: delivery.message,
                attempts: delivery.attempts,
            }],
        },
        is_hanging: false,
        payload: Payload::Mail(Box::new(mail)),
    }
}

/// The mail of a delivery. `None` if it is not needed any more.
fn compose(
    sql: &impl Sql,
    delivery: &MailDelivery,
    view: &View<'_>,
    formatters: &impl DateFormatters,
) -> Result<Option<Mail>, Fault> {
    match delivery.to {
        Recipient::Subscriber(id) => about_event(sql, delivery, id, view, formatters),
        Recipient::Request(id) => confirmation(sql, delivery, id, view),
    }
}

fn about_event(
    sql: &impl Sql,
    delivery: &MailDelivery,
    subscriber: u64,
    view: &View<'_>,
    formatters: &impl DateFormatters,
) -> Result<Option<Mail>, Fault> {
    let found = subscribers::find(sql, subscriber)?;
    let mailing = mailings::find(sql, &delivery.message)?;
    let (Some(found), Some(mailing)) = (found, mailing) else {
        return Ok(None);
    };
    let slug = &view.site.slug;
    let contact = Contact::open(view.sealer, slug, &found.look_up, &found.sealed)?;
    let mut notices = mailing.notices.iter();
    let own = notices
        .clone()
        .find(|(language, _)| *language == found.language);
    let Some((language, notice)) = own.or_else(|| notices.next()) else {
        return Ok(None);
    };
    let base = format!("{}/s/{slug}", view.public_url);
    let url = in_language(
        format!("{}{}", view.public_url, notice.url),
        language,
        view.site,
    );
    Ok(formatters.with(&view.site.time_zone, language, |dates| {
        let mail = SubscriberMail {
            id: &format!("{}.{subscriber}", delivery.message),
            event: mailing.event,
            notice,
            since: mailing.since,
            address: &contact.address,
            language,
            site: &view.site.name,
            slug: slug.as_str(),
            time_zone: &view.site.time_zone,
            dates,
            url: &url,
            settings_url: &format!("{base}/subscription/{}", contact.secret),
            unsubscribe_url: &format!("{base}/unsubscribe/{}", contact.secret),
        };
        Some(mail.mail(view.from, view.now))
    }))
}

fn confirmation(
    sql: &impl Sql,
    delivery: &MailDelivery,
    request: u64,
    view: &View<'_>,
) -> Result<Option<Mail>, Fault> {
    let found = subscription_requests::find(sql, request)?;
    let found = found.filter(|found| found.state == State::Open && found.expires_at > view.now);
    let Some(found) = found else {
        return Ok(None);
    };
    let Some(choice) = &found.choice else {
        return Ok(None);
    };
    let slug = &view.site.slug;
    let contact = Contact::open(view.sealer, slug, &found.look_up, &found.sealed)?;
    let look_ups = view.sealer.look_ups(slug, &contact.address);
    if mailings::is_suppressed(sql, &look_ups, view.now)? {
        return Ok(None);
    }
    let incident = choice.incident.as_ref();
    let title = match incident {
        Some(incident) => title(sql, &incident.id, &choice.language)?,
        None => None,
    };
    let url = format!("{}/s/{slug}/confirm/{}", view.public_url, contact.secret);
    let mail = Confirmation {
        id: delivery.message.as_str(),
        address: &contact.address,
        language: &choice.language,
        site: &view.site.name,
        incident: title.as_deref(),
        url: &url,
    };
    Ok(Some(confirmation::mail(&mail, view.from, view.now)))
}

/// The title of an incident in a language.
pub fn title(
    sql: &impl Sql,
    id: &IncidentId,
    language: &Language,
) -> Result<Option<String>, Fault> {
    let ids = std::slice::from_ref(id);
    let state = projections::load(sql, ExtraIncidents::Ids(ids))?.state;
    let (Some(site), Some(incident)) = (&state.site, state.incidents.get(id)) else {
        return Ok(None);
    };
    Ok(Some(
        feed::notice(&state, site, incident, language, "").title,
    ))
}

/// Adds a language to an address, unless it is the site's own.
pub fn in_language(address: String, language: &Language, site: &Site) -> String {
    match *language == site.primary_language() {
        true => address,
        false => format!("{address}?lang={language}"),
    }
}

fn log_fault(fault: &Fault) {
    let context = log::LogContext {
        route: "subscribers",
        ..log::LogContext::default()
    };
    log::fault(context, fault);
}
