//! The list of incidents.

use std::collections::BTreeMap;

use notice::{
    project::view,
    wire::{enums::StringEnum, ids::IncidentId},
};
use serde_json::value::{RawValue, to_raw_value};

use super::{call::Call, collection::Collection, list_cache::RenderedIncident};
use crate::{
    answer::Answer,
    fault::Fault,
    http::list_query,
    refusal::Refusal,
    storage::{
        incident_lists::{self, IncidentQuery},
        projections::{self, ExtraIncidents},
        sql::Sql,
    },
};

/// Answers with a page of the list. Renders only the incidents that the cache does not have.
///
/// # Errors
/// `Rejection` if the query is invalid, `Fault` if the database cannot be read.
pub fn list(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let query = list_query::parse(&call.envelope.query)?;
    let public_url = call.envelope.public_url.as_str();
    let mut cache = call.lists.borrow_mut();
    cache.refresh(sql, public_url)?;
    let mut page = incident_lists::page(
        sql,
        IncidentQuery {
            status: query.status.map(StringEnum::as_str),
            kind: query.kind.map(StringEnum::as_str),
            open: query.open,
            missed: query.missed,
            before: query.cursor,
            limit: query.limit.saturating_add(1),
        },
    )?;
    let has_more = page.len() > query.limit;
    page.truncate(query.limit);
    let last = page.last().filter(|_| has_more);
    let next = last.map(|(number, _)| number.to_string());
    let ids = page.iter().map(|(_, id)| id);
    let missing: Vec<IncidentId> = ids.filter(|id| !cache.touch(id)).cloned().collect();
    let rendered = render(sql, &missing, public_url)?;
    let json_of = |(_, id): &(u64, IncidentId)| -> Option<&RawValue> {
        let new = rendered.get(id).map(|incident| &*incident.json);
        new.or_else(|| cache.get(id))
    };
    let items = page.iter().filter_map(json_of).collect();
    let answer = Answer::json(200, &Collection { items, next })?;
    for (id, incident) in rendered {
        cache.add(id, incident);
    }
    Ok(answer)
}

/// Renders the incidents with these ids.
fn render(
    sql: &impl Sql,
    ids: &[IncidentId],
    public_url: &str,
) -> Result<BTreeMap<IncidentId, RenderedIncident>, Fault> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let state = projections::load(sql, ExtraIncidents::Ids(ids))?.state;
    let mut rendered = BTreeMap::new();
    for id in ids {
        if let Some(view) = view::incident(&state, id, public_url) {
            let incident = RenderedIncident {
                json: to_raw_value(&view)?,
                is_open: view.is_open(),
            };
            rendered.insert(id.clone(), incident);
        }
    }
    Ok(rendered)
}
