//! Addresses: a method and a path become a typed route, or a refusal. Nothing behind this sees a raw path.

use notice::{
    rejection::Rejection,
    wire::ids::{IncidentId, Slug},
};

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
    /// Its components.
    ListComponents,
    /// One more.
    CreateComponent,
    /// One more incident.
    CreateIncident,
    /// One incident with every update.
    ReadIncident(IncidentId),
    /// One more update.
    PostUpdate(IncidentId),
}

impl SiteCall {
    /// Whether it changes anything.
    pub fn is_write(&self) -> bool {
        match self {
            Self::Read | Self::ListComponents | Self::ReadIncident(_) => false,
            Self::CreateComponent | Self::CreateIncident | Self::PostUpdate(_) => true,
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
        _ => read_only(method).map(|()| Route::Asset(path.to_owned())),
    }
}

fn site_call(method: &str, rest: &[&str]) -> Result<SiteCall, Rejection> {
    let get = |call: SiteCall| match method {
        "GET" | "HEAD" => Ok(call),
        _ => Err(Rejection::MethodNotAllowed("GET, HEAD")),
    };
    let post = |call: SiteCall| match method {
        "POST" => Ok(call),
        _ => Err(Rejection::MethodNotAllowed("POST")),
    };
    let incident = |id: &str| IncidentId::parse(id).ok_or(Rejection::NotFound);
    match rest {
        [] => get(SiteCall::Read),
        ["components"] => match method {
            "POST" => Ok(SiteCall::CreateComponent),
            "GET" | "HEAD" => Ok(SiteCall::ListComponents),
            _ => Err(Rejection::MethodNotAllowed("GET, HEAD, POST")),
        },
        ["incidents"] => post(SiteCall::CreateIncident),
        ["incidents", id] => get(SiteCall::ReadIncident(incident(id)?)),
        ["incidents", id, "updates"] => post(SiteCall::PostUpdate(incident(id)?)),
        _ => Err(Rejection::NotFound),
    }
}

fn read_only(method: &str) -> Result<(), Rejection> {
    match method {
        "GET" | "HEAD" => Ok(()),
        _ => Err(Rejection::MethodNotAllowed("GET, HEAD")),
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
                Err(Rejection::MethodNotAllowed("GET, HEAD")),
            ),
            ("GET", "/v1/sites/acme/feed", Ok(Route::Feed(acme()))),
            ("HEAD", "/v1/sites/acme/feed", Ok(Route::Feed(acme()))),
            (
                "PUT",
                "/v1/sites/acme/feed",
                Err(Rejection::MethodNotAllowed("GET, HEAD")),
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
