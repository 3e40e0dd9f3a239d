//! Addresses: a method and a path become a typed route, or a refusal. Nothing behind this sees a raw path.

use notice::{
    rejection::Rejection,
    wire::{
        ids::{IncidentId, InvitationId, Slug, TemplateId, TokenId, UpdateId},
        input::ComponentName,
    },
};

use super::{page_call::PageName, preflight};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/healthz`
    Health,
    /// `/v1/sites/{site}/feed`
    Feed(Slug),
    /// `/v1/sites`
    Sites(SitesCall),
    /// Anything below `/v1/sites/{site}` that operators do.
    Operator(Slug, SiteCall),
    /// A public page of a site: `/s/{site}` and below.
    Page(Slug, PageName),
    /// A static file.
    Asset(String),
}

/// What is asked of all sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SitesCall {
    /// Their slugs.
    List,
    /// One more.
    Create,
}

/// What is asked of one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteCall {
    /// The site itself.
    Read,
    /// Its settings.
    Change,
    /// All of it, for good.
    Delete,
    /// Its components.
    ListComponents,
    /// One more.
    CreateComponent,
    /// One of them.
    ReadComponent(ComponentName),
    /// Its fields.
    ChangeComponent(ComponentName),
    /// One less.
    DeleteComponent(ComponentName),
    /// Its incidents, newest first.
    ListIncidents,
    /// One more.
    CreateIncident,
    /// One incident with every update.
    ReadIncident(IncidentId),
    /// Its fields; publishes drafts.
    ChangeIncident(IncidentId),
    /// A draft less.
    DeleteIncident(IncidentId),
    /// A mistake taken back.
    Withdraw(IncidentId),
    /// One more update.
    PostUpdate(IncidentId),
    /// One update.
    ReadUpdate(IncidentId, UpdateId),
    /// Its words.
    CorrectUpdate(IncidentId, UpdateId),
    /// What was learned.
    ReadPostmortem(IncidentId),
    /// The same, written.
    PutPostmortem(IncidentId),
    /// Words to begin with.
    ListTemplates,
    /// One more.
    CreateTemplate,
    /// One of them.
    ReadTemplate(TemplateId),
    /// Its words.
    ChangeTemplate(TemplateId),
    /// One less.
    DeleteTemplate(TemplateId),
    /// Tokens and sessions, without their secrets.
    ListTokens,
    /// One more.
    CreateToken,
    /// One less.
    RevokeToken(TokenId),
    /// What the caller's own token may do.
    ReadOwnToken,
    /// The caller's own session or token, ended: signing out.
    RevokeOwnToken,
    /// Another secret for one.
    RotateToken(TokenId),
    /// Pending invitations, without their secrets.
    ListInvitations,
    /// Creates an invitation: a link that gives a device its own session.
    Invite,
    /// Revokes a pending invitation.
    RevokeInvitation(InvitationId),
    /// What an invitation gives, without using it up; the invitation is the credential.
    ReadInvitation,
    /// Exchanges an invitation for a session; the invitation is the credential.
    Redeem,
    /// Who did what when.
    Journal,
    /// The whole site as one file.
    Export,
    /// That file, back.
    Import,
    /// The journal replayed against the projections.
    Verify,
    /// Personal data erased.
    Redact,
    /// Rows accepted that are older than the row before them.
    Repair,
}

impl SiteCall {
    /// Whether it changes anything.
    pub fn is_write(&self) -> bool {
        match self {
            Self::Read
            | Self::ListComponents
            | Self::ReadComponent(_)
            | Self::ListIncidents
            | Self::ReadIncident(_)
            | Self::ReadUpdate(..)
            | Self::ReadPostmortem(_)
            | Self::ListTemplates
            | Self::ReadTemplate(_)
            | Self::ListTokens
            | Self::ReadOwnToken
            | Self::ListInvitations
            | Self::ReadInvitation
            | Self::Journal
            | Self::Export
            | Self::Verify => false,
            Self::Change
            | Self::Delete
            | Self::CreateComponent
            | Self::ChangeComponent(_)
            | Self::DeleteComponent(_)
            | Self::CreateIncident
            | Self::ChangeIncident(_)
            | Self::DeleteIncident(_)
            | Self::Withdraw(_)
            | Self::PostUpdate(_)
            | Self::CorrectUpdate(..)
            | Self::PutPostmortem(_)
            | Self::CreateTemplate
            | Self::ChangeTemplate(_)
            | Self::DeleteTemplate(_)
            | Self::CreateToken
            | Self::RevokeToken(_)
            | Self::RevokeOwnToken
            | Self::RotateToken(_)
            | Self::Invite
            | Self::RevokeInvitation(_)
            | Self::Redeem
            | Self::Import
            | Self::Redact
            | Self::Repair => true,
        }
    }

    /// Whether the credential is an invitation in the body; the caller has no token yet.
    pub fn is_by_invitation(&self) -> bool {
        matches!(self, Self::ReadInvitation | Self::Redeem)
    }

    /// The media types of its body; empty: it takes none.
    pub fn media_types(&self) -> &'static [&'static str] {
        match self {
            Self::Change
            | Self::ChangeComponent(_)
            | Self::ChangeIncident(_)
            | Self::CorrectUpdate(..)
            | Self::ChangeTemplate(_) => &["application/json", "application/merge-patch+json"],
            Self::Import => &["application/jsonl", "application/x-ndjson"],
            Self::Delete
            | Self::DeleteComponent(_)
            | Self::DeleteIncident(_)
            | Self::DeleteTemplate(_)
            | Self::RevokeToken(_)
            | Self::RevokeOwnToken
            | Self::RotateToken(_)
            | Self::RevokeInvitation(_)
            | Self::Repair => &[],
            Self::ReadInvitation => &["application/json"],
            call if call.is_write() => &["application/json"],
            _ => &[],
        }
    }
}

/// Reads a method and a path (without its query).
///
/// # Errors
/// [`Rejection::NotFound`] for addresses that no method serves, [`Rejection::MethodNotAllowed`] for those that another
/// one does.
pub fn parse(method: &str, path: &str) -> Result<Route, Rejection> {
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/');
    match (segments.next(), segments.next(), segments.next()) {
        (Some("healthz"), None, None) => read_only(method).map(|()| Route::Health),
        (Some("v1"), Some("sites"), None) => match method {
            "GET" | "HEAD" => Ok(Route::Sites(SitesCall::List)),
            "POST" => Ok(Route::Sites(SitesCall::Create)),
            _ => Err(Rejection::MethodNotAllowed("GET, HEAD, POST")),
        },
        (Some("v1"), Some("sites"), Some(site)) => {
            let site = Slug::parse(site).ok_or(Rejection::NotFound)?;
            let rest: Vec<&str> = segments.collect();
            if rest.as_slice() == ["feed"] {
                return read_only(method).map(|()| Route::Feed(site));
            }
            site_call(method, &rest).map(|call| Route::Operator(site, call))
        }
        (Some("v1"), _, _) => Err(Rejection::NotFound),
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
    match rest {
        [] => one_of(
            method,
            &[
                ("GET", SiteCall::Read),
                ("PATCH", SiteCall::Change),
                ("DELETE", SiteCall::Delete),
            ],
        ),
        ["components", rest @ ..] => components(method, rest),
        ["incidents", rest @ ..] => incidents(method, rest),
        ["templates", rest @ ..] => templates(method, rest),
        ["tokens", rest @ ..] => tokens(method, rest),
        ["invitations", rest @ ..] => invitations(method, rest),
        ["journal"] => one_of(method, &[("GET", SiteCall::Journal)]),
        ["export"] => one_of(method, &[("GET", SiteCall::Export)]),
        ["import"] => one_of(method, &[("POST", SiteCall::Import)]),
        ["verify"] => one_of(method, &[("GET", SiteCall::Verify)]),
        ["redact"] => one_of(method, &[("POST", SiteCall::Redact)]),
        ["repair"] => one_of(method, &[("POST", SiteCall::Repair)]),
        _ => Err(Rejection::NotFound),
    }
}

fn components(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    match rest {
        [] => one_of(
            method,
            &[
                ("GET", SiteCall::ListComponents),
                ("POST", SiteCall::CreateComponent),
            ],
        ),
        [name] => {
            let name = ComponentName::parse(name).ok_or(Rejection::NotFound)?;
            one_of(
                method,
                &[
                    ("GET", SiteCall::ReadComponent(name.clone())),
                    ("PATCH", SiteCall::ChangeComponent(name.clone())),
                    ("DELETE", SiteCall::DeleteComponent(name)),
                ],
            )
        }
        _ => Err(Rejection::NotFound),
    }
}

fn incidents(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    let (id, rest) = match rest {
        [] => {
            return one_of(
                method,
                &[
                    ("GET", SiteCall::ListIncidents),
                    ("POST", SiteCall::CreateIncident),
                ],
            );
        }
        [id, rest @ ..] => (IncidentId::parse(id).ok_or(Rejection::NotFound)?, rest),
    };
    match rest {
        [] => one_of(
            method,
            &[
                ("GET", SiteCall::ReadIncident(id.clone())),
                ("PATCH", SiteCall::ChangeIncident(id.clone())),
                ("DELETE", SiteCall::DeleteIncident(id)),
            ],
        ),
        ["withdraw"] => one_of(method, &[("POST", SiteCall::Withdraw(id))]),
        ["updates"] => one_of(method, &[("POST", SiteCall::PostUpdate(id))]),
        ["updates", update] => {
            let update = UpdateId::parse(update).ok_or(Rejection::NotFound)?;
            one_of(
                method,
                &[
                    ("GET", SiteCall::ReadUpdate(id.clone(), update.clone())),
                    ("PATCH", SiteCall::CorrectUpdate(id, update)),
                ],
            )
        }
        ["postmortem"] => one_of(
            method,
            &[
                ("GET", SiteCall::ReadPostmortem(id.clone())),
                ("PUT", SiteCall::PutPostmortem(id)),
            ],
        ),
        _ => Err(Rejection::NotFound),
    }
}

fn templates(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    match rest {
        [] => one_of(
            method,
            &[
                ("GET", SiteCall::ListTemplates),
                ("POST", SiteCall::CreateTemplate),
            ],
        ),
        [id] => {
            let id = TemplateId::parse(id).ok_or(Rejection::NotFound)?;
            one_of(
                method,
                &[
                    ("GET", SiteCall::ReadTemplate(id.clone())),
                    ("PATCH", SiteCall::ChangeTemplate(id.clone())),
                    ("DELETE", SiteCall::DeleteTemplate(id)),
                ],
            )
        }
        _ => Err(Rejection::NotFound),
    }
}

fn tokens(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    let token = |id: &str| TokenId::parse(id).ok_or(Rejection::NotFound);
    match rest {
        [] => one_of(
            method,
            &[
                ("GET", SiteCall::ListTokens),
                ("POST", SiteCall::CreateToken),
            ],
        ),
        ["self"] => one_of(
            method,
            &[
                ("GET", SiteCall::ReadOwnToken),
                ("DELETE", SiteCall::RevokeOwnToken),
            ],
        ),
        [id] => one_of(method, &[("DELETE", SiteCall::RevokeToken(token(id)?))]),
        [id, "rotate"] => one_of(method, &[("POST", SiteCall::RotateToken(token(id)?))]),
        _ => Err(Rejection::NotFound),
    }
}

fn invitations(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    match rest {
        [] => one_of(
            method,
            &[
                ("GET", SiteCall::ListInvitations),
                ("POST", SiteCall::Invite),
            ],
        ),
        ["read"] => one_of(method, &[("POST", SiteCall::ReadInvitation)]),
        ["redeem"] => one_of(method, &[("POST", SiteCall::Redeem)]),
        [id] => {
            let id = InvitationId::parse(id).ok_or(Rejection::NotFound)?;
            one_of(method, &[("DELETE", SiteCall::RevokeInvitation(id))])
        }
        _ => Err(Rejection::NotFound),
    }
}

/// The call for a method; HEAD goes where GET goes.
fn one_of(method: &str, calls: &[(&str, SiteCall)]) -> Result<SiteCall, Rejection> {
    let asked = if method == "HEAD" { "GET" } else { method };
    calls
        .iter()
        .find(|(taken, _)| *taken == asked)
        .map(|(_, call)| call.clone())
        .ok_or_else(|| {
            let methods: Vec<&str> = calls.iter().map(|(taken, _)| *taken).collect();
            Rejection::MethodNotAllowed(match methods.join(" ").as_str() {
                "GET" => "GET, HEAD",
                "POST" => "POST",
                "DELETE" => "DELETE",
                "GET POST" => "GET, HEAD, POST",
                "GET DELETE" => "GET, HEAD, DELETE",
                "GET PATCH" => "GET, HEAD, PATCH",
                "GET PUT" => "GET, HEAD, PUT",
                _ => "GET, HEAD, PATCH, DELETE",
            })
        })
}

fn read_only(method: &str) -> Result<(), Rejection> {
    match method {
        "GET" | "HEAD" => Ok(()),
        _ => Err(Rejection::MethodNotAllowed(preflight::METHODS)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Route, SiteCall, SitesCall, parse};
    use notice::{
        rejection::Rejection,
        wire::ids::{IncidentId, Slug},
    };

    #[test]
    fn addresses() {
        let acme = || Slug::parse("acme").unwrap();
        let incident = || IncidentId::parse("inc_1").unwrap();
        let operator = |call| Ok(Route::Operator(acme(), call));
        for (method, path, expected) in [
            ("GET", "/healthz", Ok(Route::Health)),
            (
                "POST",
                "/healthz",
                Err(Rejection::MethodNotAllowed("GET, HEAD, OPTIONS")),
            ),
            ("GET", "/v1/sites/acme/feed", Ok(Route::Feed(acme()))),
            ("HEAD", "/v1/sites/acme/feed", Ok(Route::Feed(acme()))),
            (
                "PUT",
                "/v1/sites/acme/feed",
                Err(Rejection::MethodNotAllowed("GET, HEAD, OPTIONS")),
            ),
            ("GET", "/v1/sites/A/feed", Err(Rejection::NotFound)),
            ("POST", "/v1/sites", Ok(Route::Sites(SitesCall::Create))),
            ("GET", "/v1/sites", Ok(Route::Sites(SitesCall::List))),
            ("GET", "/v1/sites/acme", operator(SiteCall::Read)),
            (
                "POST",
                "/v1/sites/acme/components",
                operator(SiteCall::CreateComponent),
            ),
            (
                "POST",
                "/v1/sites/acme/incidents",
                operator(SiteCall::CreateIncident),
            ),
            (
                "GET",
                "/v1/sites/acme/incidents/inc_1",
                operator(SiteCall::ReadIncident(incident())),
            ),
            (
                "POST",
                "/v1/sites/acme/incidents/inc_1/updates",
                operator(SiteCall::PostUpdate(incident())),
            ),
            (
                "POST",
                "/v1/sites/acme/incidents/nonsense/updates",
                Err(Rejection::NotFound),
            ),
            (
                "DELETE",
                "/v1/sites/acme/incidents/inc_1/updates",
                Err(Rejection::MethodNotAllowed("POST")),
            ),
            (
                "GET",
                "/v1/sites/acme/tokens/self",
                operator(SiteCall::ReadOwnToken),
            ),
            (
                "POST",
                "/v1/sites/acme/tokens/self",
                Err(Rejection::MethodNotAllowed("GET, HEAD, DELETE")),
            ),
            ("POST", "/v1/sites/acme/repair", operator(SiteCall::Repair)),
            (
                "GET",
                "/v1/sites/acme/repair",
                Err(Rejection::MethodNotAllowed("POST")),
            ),
            ("GET", "/v1/sites/acme/nothing", Err(Rejection::NotFound)),
            ("GET", "/v1/sites/acme/feed/", Err(Rejection::NotFound)),
            ("GET", "/v1", Err(Rejection::NotFound)),
            ("GET", "/embed.js", Ok(Route::Asset("/embed.js".to_owned()))),
            ("GET", "/", Ok(Route::Asset("/".to_owned()))),
        ] {
            assert_eq!(parse(method, path), expected, "{method} {path}");
        }
    }
}
