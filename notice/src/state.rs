//! What a site is now: the sum of its events.

use std::collections::BTreeMap;

use crate::wire::{
    component::Component,
    event::{Event, IncidentChange},
    ids::{ComponentId, IncidentId},
    incident::{Incident, IncidentComponent, Update},
    input::ComponentName,
    site::Site,
    time::Timestamp,
    words::{ComponentStatus, Status},
};

/// A site with its components and incidents. Made only by [`State::apply`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The site; `None` before it is made.
    pub site: Option<Site>,
    /// Its components, in the order of their positions.
    pub components: Vec<Component>,
    /// Its incidents. Whoever stores them may leave out those that are over and whose all-clear has expired.
    pub incidents: BTreeMap<IncidentId, Incident>,
}

impl State {
    /// Adds what has happened. An event that does not fit (of an incident that is not loaded) changes nothing.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::SiteCreated { site } => self.site = Some(site.clone()),
            Event::ComponentCreated { component } => self.components.push(component.clone()),
            Event::IncidentCreated { incident } => {
                self.incidents
                    .insert(incident.id.clone(), incident.as_ref().clone());
            }
            Event::IncidentUpdated {
                incident,
                update,
                change,
            } => {
                if let Some(incident) = self.incidents.get_mut(incident) {
                    apply_update(incident, update, change, at);
                }
            }
            Event::NoticeExpired { incident } => {
                if let Some(incident) = self.incidents.get_mut(incident) {
                    incident.expired = true;
                }
            }
        }
        self.settle_components(at);
    }

    /// The component with this id or slug.
    pub fn component(&self, name: &ComponentName) -> Option<&Component> {
        self.components.iter().find(|component| match name {
            ComponentName::Id(id) => component.id == *id,
            ComponentName::Slug(slug) => component.slug == *slug,
        })
    }

    /// Each component has the worst status that any open incident gives it.
    fn settle_components(&mut self, at: Timestamp) {
        let incidents = &self.incidents;
        for component in &mut self.components {
            let status = worst(incidents.values(), &component.id);
            if component.status != status {
                component.status = status;
                component.since = at;
            }
        }
    }
}

fn worst<'a>(incidents: impl Iterator<Item = &'a Incident>, id: &ComponentId) -> ComponentStatus {
    incidents
        .filter(|incident| incident.is_open() && !incident.drill)
        .filter(|incident| incident.status != Status::Scheduled)
        .flat_map(|incident| &incident.components)
        .filter(|touched| touched.id == *id)
        .map(|touched| touched.status)
        .max()
        .unwrap_or(ComponentStatus::Operational)
}

fn apply_update(incident: &mut Incident, update: &Update, change: &IncidentChange, at: Timestamp) {
    let change = change.clone();
    if let Some(status) = change.status {
        incident.status = status;
        incident.expired = false;
    }
    if let Some(impact) = change.impact {
        incident.impact = impact;
        incident.worst_impact = incident.worst_impact.max(impact);
    }
    if let Some(attention) = change.attention {
        incident.attention = attention;
    }
    if let Some(components) = change.components {
        incident.components = components;
    }
    if let Some(text) = change.text {
        incident.text = text;
    }
    change.advice.apply(&mut incident.advice);
    change.works.apply_or_default(&mut incident.works);
    change.broken.apply_or_default(&mut incident.broken);
    change.next_update_at.apply(&mut incident.next_update_at);
    change
        .estimated_end_at
        .apply(&mut incident.estimated_end_at);
    change.confidence.apply(&mut incident.confidence);
    change.ended_at.apply(&mut incident.ended_at);
    change.restored.apply(&mut incident.restored);
    incident.updates.push(update.clone());
    incident.updated_at = at;
}

/// The statuses of an incident's components after some of them are said anew; `since` moves only where the status does.
pub fn merge_components(
    standing: &[IncidentComponent],
    said: &[(ComponentId, ComponentStatus)],
    at: Timestamp,
) -> Vec<IncidentComponent> {
    let mut merged = standing.to_vec();
    for (id, status) in said {
        match merged.iter_mut().find(|component| component.id == *id) {
            Some(component) if component.status == *status => {}
            Some(component) => {
                component.status = *status;
                component.since = at;
            }
            None => merged.push(IncidentComponent {
                id: id.clone(),
                status: *status,
                since: at,
            }),
        }
    }
    merged
}
