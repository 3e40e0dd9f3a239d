//! Event sourcing: a site's state is the fold of its events.

mod clock;
pub mod promise;

use std::collections::BTreeMap;

pub use clock::was_changed_after;

use crate::wire::{
    component::Component,
    enums::ComponentStatus,
    event::{Event, IncidentChange},
    ids::{ComponentId, IncidentId, Slug},
    incident::{Acknowledgement, Incident, IncidentComponent},
    input::ComponentName,
    site::Site,
    template::Template,
    time::Timestamp,
};

/// A site with its components, templates and incidents. Changed only by [`State::apply`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The site; `None` before `site.created`.
    pub site: Option<Site>,
    /// All components, by position.
    pub components: Vec<Component>,
    /// All templates, by name.
    pub templates: Vec<Template>,
    /// Incidents by id. Callers may load only those that [are in force](Incident::is_in_force).
    pub incidents: BTreeMap<IncidentId, Incident>,
}

impl State {
    /// Applies an event. An event about an incident that is not loaded has no effect.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::SiteCreated { site } | Event::SiteChanged { site } => {
                self.site = Some(site.clone());
            }
            Event::SiteRestored { slug, .. } => {
                if let Some(site) = &mut self.site {
                    site.slug = slug.clone();
                }
            }
            // The text is erased from the stored events.
            Event::SiteRedacted { .. } => {}
            // These events concern journal rows and messages, not the site.
            Event::JournalRepaired { .. }
            | Event::OnCallNotified { .. }
            | Event::OnCallFailed { .. }
            | Event::WebhookDisabled { .. } => {}
            Event::ClockCorrected { to, .. } => clock::correct(self, *to),
            Event::ComponentCreated { component } | Event::ComponentChanged { component } => {
                self.insert_component(component.clone());
            }
            Event::ComponentDeleted { component } => {
                self.freeze_audiences(component);
                self.components.retain(|existing| existing.id != *component);
                self.renumber_components();
            }
            Event::TemplateCreated { template } | Event::TemplateChanged { template } => {
                self.templates.retain(|existing| existing.id != template.id);
                self.templates.push(template.clone());
                self.templates.sort_by(|one, other| {
                    (&one.content.name, &one.id).cmp(&(&other.content.name, &other.id))
                });
            }
            Event::TemplateDeleted { template } => {
                self.templates.retain(|existing| existing.id != *template);
            }
            Event::IncidentCreated { incident } => {
                self.incidents
                    .insert(incident.id.clone(), incident.as_ref().clone());
            }
            Event::IncidentDeleted { incident } => {
                self.incidents.remove(incident);
            }
            incident_event => {
                let id = incident_event.incident();
                if let Some(incident) = id.and_then(|id| self.incidents.get_mut(id)) {
                    apply_to_incident(incident, incident_event, at);
                }
            }
        }
        self.update_component_statuses(at);
    }

    /// Returns the component with this id or slug.
    pub fn component(&self, name: &ComponentName) -> Option<&Component> {
        self.components.iter().find(|component| match name {
            ComponentName::Id(id) => component.id == *id,
            ComponentName::Slug(slug) => component.slug == *slug,
        })
    }

    /// Freezes the audiences of incidents in force before a component is deleted. An audience that is derived from the
    /// incident's components would become empty, and match everyone.
    fn freeze_audiences(&mut self, deleted: &ComponentId) {
        let components = &self.components;
        for incident in self
            .incidents
            .values_mut()
            .filter(|incident| incident.is_in_force())
        {
            if !incident
                .components
                .iter()
                .any(|affected| affected.id == *deleted)
            {
                continue;
            }
            let slugs = incident.components.iter().filter_map(|affected| {
                let component = components
                    .iter()
                    .find(|component| component.id == affected.id)?;
                Some(component.slug.clone())
            });
            let slugs: Vec<Slug> = slugs.collect();
            let audience = incident.audience.get_or_insert_default();
            audience.components.get_or_insert(slugs);
        }
    }

    /// Inserts or moves a component to its position, and renumbers the others.
    fn insert_component(&mut self, component: Component) {
        self.components
            .retain(|existing| existing.id != component.id);
        let position = usize::try_from(component.position).unwrap_or(usize::MAX);
        let index = position.min(self.components.len());
        self.components.insert(index, component);
        self.renumber_components();
    }

    fn renumber_components(&mut self) {
        for (position, component) in (0_u32..).zip(&mut self.components) {
            component.position = position;
        }
    }

    /// Sets each component to the worst status that any open incident gives it.
    fn update_component_statuses(&mut self, at: Timestamp) {
        let incidents = &self.incidents;
        for component in &mut self.components {
            let status = worst_status(incidents.values(), &component.id);
            if component.status != status {
                component.status = status;
                component.since = at;
            }
        }
    }
}

fn worst_status<'a>(
    incidents: impl Iterator<Item = &'a Incident>,
    id: &ComponentId,
) -> ComponentStatus {
    incidents
        .filter(|incident| incident.touches_components())
        .flat_map(|incident| &incident.components)
        .filter(|affected| affected.id == *id)
        .map(|affected| affected.status)
        .max()
        .unwrap_or(ComponentStatus::Operational)
}

fn apply_to_incident(incident: &mut Incident, event: &Event, at: Timestamp) {
    match event {
        Event::IncidentUpdated { update, change, .. } => {
            incident.updates.push(update.clone());
            apply_change(incident, change.as_ref().clone());
        }
        Event::IncidentChanged { incident: changed } => {
            let updates = std::mem::take(&mut incident.updates);
            *incident = changed.as_ref().clone();
            incident.updates = updates;
        }
        Event::IncidentPublished {
            audience_defaults, ..
        } => {
            publish(incident, at);
            incident.audience_defaults = *audience_defaults;
        }
        Event::IncidentWithdrawn { reason, .. } => {
            incident.withdrawn = Some(reason.clone());
            incident.ended_at = Some(at);
            incident.attention = incident.attention.saturating_add(1);
            incident.next_update_at = None;
            incident.expired = false;
        }
        Event::UpdateCorrected {
            update, body, text, ..
        } => {
            let corrected = incident
                .updates
                .iter_mut()
                .find(|other| other.id == *update);
            if let Some(corrected) = corrected {
                corrected.body.clone_from(body);
                corrected.text.clone_from(text);
                corrected.corrected_at = Some(at);
            }
        }
        Event::PostmortemPublished { postmortem, .. } => {
            let is_first = incident.postmortem.is_none();
            incident.postmortem = Some(postmortem.clone());
            // The first postmortem shows the all-clear again, even if it was hidden.
            if is_first && returns_with_postmortem(incident, postmortem.published_at) {
                incident.expired = false;
                incident.attention = incident.attention.saturating_add(1);
            }
        }
        Event::NoticeAnnounced { .. } => incident.announced = true,
        Event::NoticeImminent { .. } => incident.imminent = true,
        Event::NoticeExpired { .. } => {
            incident.expired = true;
            return;
        }
        Event::ScheduleMissed { due_at, .. } => {
            incident.missed_at = Some(*due_at);
            return;
        }
        Event::PromiseDue { reminded, .. }
        | Event::PromiseOverdue { reminded, .. }
        | Event::PromiseEscalated { reminded, .. } => {
            incident.reminded = Some(*reminded);
            return;
        }
        Event::PromiseAcknowledged { owed_at, name, .. } => {
            incident.acknowledged = Some(Acknowledgement {
                owed_at: *owed_at,
                name: name.clone(),
                at,
            });
            return;
        }
        _ => return,
    }
    let appears_at = incident.appears_at();
    incident
        .missed_at
        .take_if(|missed_at| appears_at != Some(*missed_at));
    incident.updated_at = at;
}

/// Publishes a draft: replaces the creation time with the time of publication wherever the draft has no time of its
/// own, and drops promises that have passed.
fn publish(incident: &mut Incident, at: Timestamp) {
    let created_at = incident.created_at;
    incident.published_at = Some(at);
    incident.publish_at = None;
    if incident.started_at == created_at {
        incident.started_at = at;
    }
    for component in &mut incident.components {
        if component.since == created_at {
            component.since = at;
        }
    }
    // A late publication must not start with promises that are already overdue.
    let has_passed = |promised: &mut Timestamp| *promised <= at;
    incident.next_update_at.take_if(has_passed);
    if incident.estimated_end_at.take_if(has_passed).is_some() {
        incident.confidence = None;
    }
    for update in &mut incident.updates {
        update.at = at;
        update.next_update_at.take_if(has_passed);
    }
    if incident.ended_at == Some(created_at) {
        incident.ended_at = Some(at);
    }
}

fn apply_change(incident: &mut Incident, change: IncidentChange) {
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
    if let Some(before_end) = change.before_end {
        incident.before_end = before_end;
    }
    if change.audience_defaults.is_some() {
        incident.audience_defaults = change.audience_defaults;
    }
    if let Some(started_at) = change.started_at {
        incident.started_at = started_at;
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
}

/// Whether a postmortem shows the all-clear again: if it is published within 30 days after the end of an incident that
/// is not withdrawn.
pub fn returns_with_postmortem(incident: &Incident, published_at: Timestamp) -> bool {
    const FOR_S: i64 = 30 * 86_400;
    incident.withdrawn.is_none()
        && incident
            .ended_at
            .is_some_and(|ended_at| published_at <= ended_at.plus_seconds(FOR_S))
}

/// Merges new component statuses into the current ones. `since` changes only where the status does.
pub fn merge_components(
    current: &[IncidentComponent],
    statuses: &[(ComponentId, ComponentStatus)],
    at: Timestamp,
) -> Vec<IncidentComponent> {
    let mut merged = current.to_vec();
    for (id, status) in statuses {
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
