//! Parses a method and a path into a typed route. No later code sees a raw path.

use notice::{rejection::Rejection, wire::ids::Slug};

use super::{
    link_call::LinkCall,
    page_call::PageName,
    site_call::{
        CredentialCall, GuestCall, JournalCall, ReadCall, SiteCall, WebhookCall, WriteCall,
    },
};

pub mod table;
pub mod template;

use table::{OPERATOR_PATHS, OTHER_PATHS, PUBLIC_METHODS};
use template::{Ids, fits};

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
            Self::Asset(_) => "asset",
        }
    }

    /// Whether pages of all origins may read the answer.
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Feed(_) | Self::SiteLoader(_) => true,
            Self::Page(_, name) => name.is_shared(),
            Self::Health
            | Self::Sites(_)
            | Self::Operator(..)
            | Self::OnCallLink(..)
            | Self::Asset(_) => false,
        }
    }

    /// The site that the route is about, if any.
    pub fn site(&self) -> Option<&Slug> {
        match self {
            Self::Feed(site)
            | Self::Operator(site, _)
            | Self::Page(site, _)
            | Self::SiteLoader(site)
            | Self::OnCallLink(site, _) => Some(site),
            Self::Health | Self::Sites(_) | Self::Asset(_) => None,
        }
    }
}

/// Parses a method and a path without its query.
///
/// # Errors
/// [`Rejection::NotFound`] for an unknown path, [`Rejection::MethodNotAllowed`] for a known path with another method.
pub fn parse(method: &str, path: &str) -> Result<Route, Rejection> {
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let mut others = OTHER_PATHS.iter();
    if let Some((template, allowed)) = others.find(|(template, _)| fits(template, &segments)) {
        let ids = Ids {
            template,
            segments: &segments,
        };
        // A path with a malformed id does not exist, whatever the method.
        ids.check()?;
        check_method(method, allowed)?;
        return other_route(method, template, &ids);
    }
    match segments.as_slice() {
        ["v1", "sites", site, rest @ ..] => {
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            site_call(method, rest).map(|call| Route::Operator(site, call))
        }
        ["v1", ..] => Err(Rejection::NotFound),
        ["s", site, below @ ..] => {
            let page = PageName::of_segments(below).ok_or(Rejection::NotFound)?;
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            check_method(method, PUBLIC_METHODS).map(|()| Route::Page(site, page))
        }
        _ => check_method(method, PUBLIC_METHODS).map(|()| Route::Asset(path.to_owned())),
    }
}

fn other_route(method: &str, template: &str, ids: &Ids<'_>) -> Result<Route, Rejection> {
    Ok(match template {
        "/healthz" => Route::Health,
        "/v1/sites" if method == "POST" => Route::Sites(SitesCall::Create),
        "/v1/sites" => Route::Sites(SitesCall::List),
        "/v1/sites/{site}/feed" => Route::Feed(ids.site()?),
        "/s/{site}/embed.js" => Route::SiteLoader(ids.site()?),
        "/s/{site}/on-call/{secret}" => {
            let secret = ids.parse("{secret}", |secret| Some(secret.to_owned()))?;
            let link = LinkCall::parse(method, &secret).ok_or(Rejection::NotFound)?;
            Route::OnCallLink(ids.site()?, link)
        }
        // The table has a path that is not here, which a test finds.
        _ => return Err(Rejection::NotFound),
    })
}

fn site_call(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    let (template, allowed) = OPERATOR_PATHS
        .iter()
        .find(|(template, _)| fits(template, rest))
        .ok_or(Rejection::NotFound)?;
    let ids = Ids {
        template,
        segments: rest,
    };
    ids.check()?;
    check_method(method, allowed)?;
    let method = if method == "HEAD" { "GET" } else { method };
    call_of(method, template, &ids)
}

fn check_method(method: &str, allowed: &'static str) -> Result<(), Rejection> {
    let is_known = allowed.split(", ").any(|known| known == method);
    match is_known && method != "OPTIONS" {
        true => Ok(()),
        false => Err(Rejection::MethodNotAllowed(allowed)),
    }
}

/// The call for a method and a path in the table.
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

        ("GET", "/journal") => Read(ReadCall::Journal),
        ("GET", "/export") => Read(ReadCall::Export),
        ("GET", "/verify") => Read(ReadCall::Verify),
        ("GET", "/verification") => Read(ReadCall::LastVerification),
        ("POST", "/import") => Journal(JournalCall::Import),
        ("POST", "/redact") => Journal(JournalCall::Redact),
        ("POST", "/repair") => Journal(JournalCall::Repair),
        ("POST", "/clock") => Journal(JournalCall::CorrectClock),

        // Never reached: a test checks that each method in the table has an arm here.
        _ => return Err(Rejection::NotFound),
    })
}

#[cfg(test)]
mod tests;
