//! The site's host names as a list, with the DNS records that confirm them.

use notice::{
    rejection::Rejection,
    state::State,
    wire::{ids::Slug, site::Site},
};
use serde::{Deserialize, Serialize};

use super::collection::Collection;
use crate::{
    answer::Answer,
    fault::Fault,
    http::host_name::HostName,
    refusal::Refusal,
    storage::{
        projections::{self, ExtraIncidents},
        sql::Sql,
    },
};

/// A host name of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedName {
    pub host: String,
    /// Whether the host name serves the site. Only the directory knows, so the site's object
    /// answers `false`, and the Worker corrects the value.
    pub confirmed: bool,
    /// The record that confirms the host name.
    pub record: TxtRecord,
}

/// A DNS record of the type TXT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TxtRecord {
    pub name: String,
    pub value: String,
}

impl ListedName {
    fn new(host: &str, site: &Slug) -> Self {
        Self {
            host: host.to_owned(),
            confirmed: false,
            record: TxtRecord {
                name: format!("_allclear.{host}"),
                value: format!("allclear-site={site}"),
            },
        }
    }
}

/// Lists the site's host names.
///
/// # Errors
/// `Rejection::NotFound` if the site does not exist.
pub fn list(state: &State) -> Result<Answer, Refusal> {
    let site = state.site.as_ref().ok_or(Rejection::NotFound)?;
    let names = site.hostnames.iter();
    let items: Vec<ListedName> = names
        .map(|host| ListedName::new(host, &site.slug))
        .collect();
    Ok(Answer::json(200, &Collection::whole(items))?)
}

/// Finds one of the site's host names.
///
/// # Errors
/// `Rejection::NotFound` if the site does not have the host name, `Fault` if the database fails.
pub fn find(sql: &impl Sql, name: &HostName) -> Result<Answer, Refusal> {
    let site = projections::load(sql, ExtraIncidents::None)?.state.site;
    let is_listed = |site: &Site| site.hostnames.iter().any(|host| host == name.as_str());
    let site = site.filter(is_listed).ok_or(Rejection::NotFound)?;
    let found = ListedName::new(name.as_str(), &site.slug);
    Ok(Answer::json(200, &found)?)
}

/// Sets [`ListedName::confirmed`] in a list of host names from an object.
///
/// # Errors
/// `Fault` if the answer is not a list of host names.
pub fn with_confirmations(
    list: &Answer,
    is_confirmed: impl Fn(&str) -> bool,
) -> Result<Answer, Fault> {
    let mut names: Collection<ListedName> = serde_json::from_str(&list.body)?;
    for name in &mut names.items {
        name.confirmed = is_confirmed(&name.host);
    }
    Ok(Answer::json(200, &names)?)
}
