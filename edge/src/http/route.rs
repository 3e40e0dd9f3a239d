//! Parses a method and a path into a typed route. No later code sees a raw path.

use notice::{
    rejection::Rejection,
    wire::{
        ids::{
            DeliveryId, IncidentId, InvitationId, Slug, TemplateId, TokenId, UpdateId, WebhookId,
        },
        input::ComponentName,
    },
};

use super::{
    host_name::HostName,
    link_call::{self, LinkCall},
    page_call::{PageHost, PageName},
    site_call::{
        CredentialCall, GuestCall, JournalCall, ReadCall, SiteCall, WebhookCall, WriteCall,
    },
    subscriber_call::{self, AskAnswer, SubscriberCall},
};

mod table;

pub use table::{OPERATOR_PATHS, PUBLIC_METHODS, SITES_METHODS};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The health check, `/healthz`.
    Health,
    /// `/v1/sites/{site}/feed`
    Feed(Slug),
    /// `/v1/sites`
    Sites(SitesCall),
    /// An operator's call below `/v1/sites/{site}`.
    Operator(Slug, SiteCall),
    /// A public page of a site: `/s/{site}` and below.
    Page(Slug, PageName),
    /// The loader of a site: `/s/{site}/embed.js`.
    SiteLoader(Slug),
    /// A link in a message to an on-call target: `/s/{site}/on-call/{secret}`.
    OnCallLink(Slug, LinkCall),
    /// A reader asks for mail: `/v1/sites/{site}/subscriptions`, or the form of `/s/{site}/subscribe`.
    Ask(Slug, AskAnswer),
    /// The form on a host name of the site's own: `/subscribe`.
    AskOnOwnHost,
    /// A link in a mail to a subscriber, such as `/s/{site}/unsubscribe/{secret}`.
    SubscriberLink(Slug, SubscriberCall),
    Asset(String),
}

/// A call about all sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SitesCall {
    List,
    Create,
}

impl Route {
    /// A short name for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Feed(_) => "feed",
            Self::Sites(SitesCall::List) => "sites.list",
            Self::Sites(SitesCall::Create) => "sites.create",
            Self::Operator(_, call) => match call {
                SiteCall::Read(_) => "operator.read",
                SiteCall::Write(_) => "operator.write",
                SiteCall::Credential(_) => "operator.credential",
                SiteCall::Webhook(_) => "operator.webhook",
                SiteCall::TestOnCall => "operator.on_call",
                SiteCall::ConfirmHostname(_) => "operator.hostname",
                SiteCall::Journal(_) => "operator.journal",
                SiteCall::Guest(_) => "operator.guest",
            },
            Self::Page(..) => "page",
            Self::SiteLoader(_) => "site_loader",
            Self::OnCallLink(..) => "on_call_link",
            Self::Ask(..) | Self::AskOnOwnHost => "ask",
            Self::SubscriberLink(..) => "subscriber_link",
            Self::Asset(_) => "asset",
        }
    }

    /// The site that the route is about, if any.
    pub fn site(&self) -> Option<&Slug> {
        match self {
            Self::Feed(site)
            | Self::Operator(site, _)
            | Self::Page(site, _)
            | Self::SiteLoader(site)
            | Self::OnCallLink(site, _)
            | Self::Ask(site, _)
            | Self::SubscriberLink(site, _) => Some(site),
            Self::Health | Self::Sites(_) | Self::AskOnOwnHost | Self::Asset(_) => None,
        }
    }
}

/// Parses a method and a path without its query.
///
/// # Errors
/// [`Rejection::NotFound`] for an unknown path, [`Rejection::MethodNotAllowed`] for a known path with another method.
pub fn parse(method: &str, path: &str) -> Result<Route, Rejection> {
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/');
    match (segments.next(), segments.next(), segments.next()) {
        (Some("healthz"), None, None) => read_only(method).map(|()| Route::Health),
        (Some("v1"), Some("sites"), None) => match method {
            "GET" | "HEAD" => Ok(Route::Sites(SitesCall::List)),
            "POST" => Ok(Route::Sites(SitesCall::Create)),
            _ => Err(Rejection::MethodNotAllowed(SITES_METHODS)),
        },
        (Some("v1"), Some("sites"), Some(site)) => {
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            let rest: Vec<&str> = segments.collect();
            if rest.as_slice() == ["subscriptions"] {
                return match method {
                    "POST" => Ok(Route::Ask(site, AskAnswer::Json)),
                    _ => Err(Rejection::MethodNotAllowed(subscriber_call::ASK_METHODS)),
                };
            }
            if rest.as_slice() == ["feed"] {
                return read_only(method).map(|()| Route::Feed(site));
            }
            site_call(method, &rest).map(|call| Route::Operator(site, call))
        }
        (Some("v1"), _, _) => Err(Rejection::NotFound),
        (Some("s"), Some(site), Some("on-call")) => {
            let secret = segments.next().filter(|_| segments.next().is_none());
            let link = secret.and_then(|secret| LinkCall::parse(method, secret));
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            match method {
                "GET" | "HEAD" | "POST" => link
                    .map(|link| Route::OnCallLink(site, link))
                    .ok_or(Rejection::NotFound),
                _ => Err(Rejection::MethodNotAllowed(link_call::METHODS)),
            }
        }
        (Some("s"), Some(site), Some("subscribe"))
            if method == "POST" && segments.next().is_none() =>
        {
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            Ok(Route::Ask(site, AskAnswer::Page(PageHost::Deployment)))
        }
        (Some("s"), Some(site), Some(kind @ ("confirm" | "subscription" | "unsubscribe"))) => {
            let below: Vec<&str> = [kind].into_iter().chain(segments).collect();
            let call = SubscriberCall::parse(&below).ok_or(Rejection::NotFound)?;
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            match method {
                "GET" | "HEAD" | "POST" => Ok(Route::SubscriberLink(site, call)),
                _ => Err(Rejection::MethodNotAllowed(subscriber_call::LINK_METHODS)),
            }
        }
        (Some("subscribe"), None, _) if method == "POST" => Ok(Route::AskOnOwnHost),
        (Some("s"), Some(site), Some("embed.js")) if segments.next().is_none() => {
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            read_only(method).map(|()| Route::SiteLoader(site))
        }
        (Some("s"), Some(site), _) => {
            let below = format!("/s/{site}");
            let page = path
                .strip_prefix(below.as_str())
                .and_then(PageName::parse)
                .ok_or(Rejection::NotFound)?;
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            read_only(method).map(|()| Route::Page(site, page))
        }
        _ => read_only(method).map(|()| Route::Asset(path.to_owned())),
    }
}

fn site_call(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    let (template, allowed) = OPERATOR_PATHS
        .iter()
        .find(|(template, _)| fits(template, rest))
        .ok_or(Rejection::NotFound)?;
    // A path with a malformed id does not exist, whatever the method.
    let ids = Ids { template, rest };
    ids.check()?;
    if !allowed.split(", ").any(|known| known == method) {
        return Err(Rejection::MethodNotAllowed(allowed));
    }
    let method = if method == "HEAD" { "GET" } else { method };
    call_of(method, template, &ids)
}

/// Whether a path has the words of a template, and something in place of its ids.
fn fits(template: &str, rest: &[&str]) -> bool {
    let words: Vec<&str> = template.split('/').skip(1).collect();
    words.len() == rest.len()
        && words
            .iter()
            .zip(rest)
            .all(|(word, found)| word.starts_with('{') || word == found)
}

/// The ids in a path.
struct Ids<'a> {
    template: &'static str,
    rest: &'a [&'a str],
}

impl Ids<'_> {
    /// Parses the id in this place of the template, such as `{incident}`.
    fn parse<T>(&self, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, Rejection> {
        let mut places = self.template.split('/').skip(1).zip(self.rest);
        let id = places.find(|(word, _)| *word == name).map(|(_, id)| id);
        id.and_then(|id| parse(id)).ok_or(Rejection::NotFound)
    }

    fn hostname(&self) -> Result<HostName, Rejection> {
        self.parse("{host}", HostName::parse)
    }

    fn component(&self) -> Result<ComponentName, Rejection> {
        self.parse("{component}", ComponentName::parse)
    }

    fn incident(&self) -> Result<IncidentId, Rejection> {
        self.parse("{incident}", IncidentId::parse)
    }

    fn update(&self) -> Result<UpdateId, Rejection> {
        self.parse("{update}", UpdateId::parse)
    }

    fn template(&self) -> Result<TemplateId, Rejection> {
        self.parse("{template}", TemplateId::parse)
    }

    fn token(&self) -> Result<TokenId, Rejection> {
        self.parse("{token}", TokenId::parse)
    }

    fn invitation(&self) -> Result<InvitationId, Rejection> {
        self.parse("{invitation}", InvitationId::parse)
    }

    fn webhook(&self) -> Result<WebhookId, Rejection> {
        self.parse("{webhook}", WebhookId::parse)
    }

    fn delivery(&self) -> Result<DeliveryId, Rejection> {
        self.parse("{delivery}", DeliveryId::parse)
    }

    fn check(&self) -> Result<(), Rejection> {
        for word in self.template.split('/') {
            match word {
                "{host}" => drop(self.hostname()?),
                "{component}" => drop(self.component()?),
                "{incident}" => drop(self.incident()?),
                "{update}" => drop(self.update()?),
                "{template}" => drop(self.template()?),
                "{token}" => drop(self.token()?),
                "{invitation}" => drop(self.invitation()?),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The call of a method and a path of the table.
fn call_of(method: &str, template: &str, ids: &Ids<'_>) -> Result<SiteCall, Rejection> {
    use SiteCall::{Credential, Guest, Journal, Read, Webhook, Write};
    Ok(match (method, template) {
        ("GET", "") => Read(ReadCall::Site),
        ("PATCH", "") => Write(WriteCall::ChangeSite),
        ("DELETE", "") => Journal(JournalCall::Delete),

        ("GET", "/hostnames") => Read(ReadCall::Hostnames),
        ("POST", "/hostnames/{host}/confirm") => SiteCall::ConfirmHostname(ids.hostname()?),

        ("GET", "/components") => Read(ReadCall::Components),
        ("POST", "/components") => Write(WriteCall::CreateComponent),
        ("GET", "/components/{component}") => Read(ReadCall::Component(ids.component()?)),
        ("PATCH", "/components/{component}") => Write(WriteCall::ChangeComponent(ids.component()?)),
        ("DELETE", "/components/{component}") => {
            Write(WriteCall::DeleteComponent(ids.component()?))
        }

        ("GET", "/incidents") => Read(ReadCall::Incidents),
        ("POST", "/incidents") => Write(WriteCall::CreateIncident),
        ("GET", "/incidents/{incident}") => Read(ReadCall::Incident(ids.incident()?)),
        ("PATCH", "/incidents/{incident}") => Write(WriteCall::ChangeIncident(ids.incident()?)),
        ("DELETE", "/incidents/{incident}") => Write(WriteCall::DeleteIncident(ids.incident()?)),
        ("POST", "/incidents/{incident}/withdraw") => {
            Write(WriteCall::WithdrawIncident(ids.incident()?))
        }
        ("POST", "/incidents/{incident}/updates") => Write(WriteCall::PostUpdate(ids.incident()?)),
        ("GET", "/incidents/{incident}/updates/{update}") => {
            Read(ReadCall::Update(ids.incident()?, ids.update()?))
        }
        ("PATCH", "/incidents/{incident}/updates/{update}") => {
            Write(WriteCall::CorrectUpdate(ids.incident()?, ids.update()?))
        }
        ("GET", "/incidents/{incident}/postmortem") => Read(ReadCall::Postmortem(ids.incident()?)),
        ("PUT", "/incidents/{incident}/postmortem") => {
            Write(WriteCall::PutPostmortem(ids.incident()?))
        }

        ("GET", "/templates") => Read(ReadCall::Templates),
        ("POST", "/templates") => Write(WriteCall::CreateTemplate),
        ("GET", "/templates/{template}") => Read(ReadCall::Template(ids.template()?)),
        ("PATCH", "/templates/{template}") => Write(WriteCall::ChangeTemplate(ids.template()?)),
        ("DELETE", "/templates/{template}") => Write(WriteCall::DeleteTemplate(ids.template()?)),

        ("GET", "/tokens") => Read(ReadCall::Tokens),
        ("POST", "/tokens") => Credential(CredentialCall::CreateToken),
        ("GET", "/tokens/self") => Read(ReadCall::OwnToken),
        ("DELETE", "/tokens/self") => Credential(CredentialCall::RevokeOwnToken),
        ("DELETE", "/tokens/{token}") => Credential(CredentialCall::RevokeToken(ids.token()?)),
        ("POST", "/tokens/{token}/rotate") => Credential(CredentialCall::RotateToken(ids.token()?)),

        ("GET", "/invitations") => Read(ReadCall::Invitations),
        ("POST", "/invitations") => Credential(CredentialCall::Invite),
        ("POST", "/invitations/read") => Guest(GuestCall::ReadInvitation),
        ("POST", "/invitations/redeem") => Guest(GuestCall::Redeem),
        ("DELETE", "/invitations/{invitation}") => {
            Credential(CredentialCall::RevokeInvitation(ids.invitation()?))
        }

        ("GET", "/webhooks") => Read(ReadCall::Webhooks),
        ("POST", "/webhooks") => Webhook(WebhookCall::Create),
        ("GET", "/webhooks/{webhook}") => Read(ReadCall::Webhook(ids.webhook()?)),
        ("PATCH", "/webhooks/{webhook}") => Webhook(WebhookCall::Change(ids.webhook()?)),
        ("DELETE", "/webhooks/{webhook}") => Webhook(WebhookCall::Delete(ids.webhook()?)),
        ("POST", "/webhooks/{webhook}/rotate") => Webhook(WebhookCall::Rotate(ids.webhook()?)),
        ("POST", "/webhooks/{webhook}/test") => Webhook(WebhookCall::Test(ids.webhook()?)),
        ("POST", "/webhooks/{webhook}/redeliver") => {
            Webhook(WebhookCall::RedeliverSince(ids.webhook()?))
        }
        ("GET", "/webhooks/{webhook}/deliveries") => Read(ReadCall::Deliveries(ids.webhook()?)),
        ("POST", "/webhooks/{webhook}/deliveries/{delivery}/redeliver") => {
            Webhook(WebhookCall::Redeliver(ids.webhook()?, ids.delivery()?))
        }

        ("GET", "/on-call") => Read(ReadCall::OnCall),
        ("GET", "/on-call/deliveries") => Read(ReadCall::OnCallDeliveries),
        ("POST", "/on-call/test") => SiteCall::TestOnCall,

        ("GET", "/subscribers") => Read(ReadCall::Subscribers),

        ("GET", "/journal") => Read(ReadCall::Journal),
        ("GET", "/export") => Read(ReadCall::Export),
        ("GET", "/verify") => Read(ReadCall::Verify),
        ("GET", "/verification") => Read(ReadCall::LastVerification),
        ("POST", "/import") => Journal(JournalCall::Import),
        ("POST", "/redact") => Journal(JournalCall::Redact),
        ("POST", "/repair") => Journal(JournalCall::Repair),
        ("POST", "/clock") => Journal(JournalCall::CorrectClock),

        // The table has a method that is not here, which a test finds.
        _ => return Err(Rejection::NotFound),
    })
}

fn read_only(method: &str) -> Result<(), Rejection> {
    match method {
        "GET" | "HEAD" => Ok(()),
        _ => Err(Rejection::MethodNotAllowed(PUBLIC_METHODS)),
    }
}

#[cfg(test)]
mod tests;
