//! What a site is now: the sum of its events.

use std::collections::BTreeMap;

use crate::wire::{
    component::Component,
    event::{Event, IncidentChange},
    ids::{ComponentId, IncidentId, Slug},
    incident::{Incident, IncidentComponent},
    input::ComponentName,
    site::Site,
    template::Template,
    time::Timestamp,
    words::ComponentStatus,
};

/// A site with its components, templates and incidents. Made only by [`State::apply`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The site; `None` before it is made.
    pub site: Option<Site>,
    /// Its components, in the order of their positions.
    pub components: Vec<Component>,
    /// Words to begin with, by name.
    pub templates: Vec<Template>,
    /// Its incidents. Whoever stores them may leave out those that are over and whose all-clear has expired.
    pub incidents: BTreeMap<IncidentId, Incident>,
}

impl State {
    /// Adds what has happened. An event that does not fit (of an incident that is not loaded) changes nothing.
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
            // The words themselves are erased where they are stored.
            Event::SiteRedacted { .. } => {}
            // It speaks of rows, not of the site.
            Event::JournalRepaired { .. } => {}
            Event::ComponentCreated { component } | Event::ComponentChanged { component } => {
                self.place_component(component.clone());
            }
            Event::ComponentDeleted { component } => {
                self.keep_audiences(component);
                self.components.retain(|standing| standing.id != *component);
                self.number_components();
            }
            Event::TemplateCreated { template } | Event::TemplateChanged { template } => {
                self.templates.retain(|standing| standing.id != template.id);
                self.templates.push(template.clone());
                self.templates.sort_by(|one, other| {
                    (&one.words.name, &one.id).cmp(&(&other.words.name, &other.id))
                });
            }
            Event::TemplateDeleted { template } => {
                self.templates.retain(|standing| standing.id != *template);
            }
            Event::IncidentCreated { incident } => {
                self.incidents
                    .insert(incident.id.clone(), incident.as_ref().clone());
            }
            Event::IncidentDeleted { incident } => {
                self.incidents.remove(incident);
            }
            of_incident => {
                let id = of_incident.incident();
                if let Some(incident) = id.and_then(|id| self.incidents.get_mut(id)) {
                    apply_to_incident(incident, of_incident, at);
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

    /// An all-clear that is still shown goes on to be for the pages of a component that goes: left to follow from what
    /// the incident touches, its audience would become everybody.
    fn keep_audiences(&mut self, gone: &ComponentId) {
        let components = &self.components;
        for incident in self
            .incidents
            .values_mut()
            .filter(|incident| incident.is_in_force())
        {
            if !incident
                .components
                .iter()
                .any(|touched| touched.id == *gone)
            {
                continue;
            }
            let slugs = incident.components.iter().filter_map(|touched| {
                let component = components
                    .iter()
                    .find(|component| component.id == touched.id)?;
                Some(component.slug.clone())
            });
            let slugs: Vec<Slug> = slugs.collect();
            let audience = incident.audience.get_or_insert_default();
            audience.components.get_or_insert(slugs);
        }
    }

    /// Puts a component at its position; those behind it move.
    fn place_component(&mut self, component: Component) {
        self.components
            .retain(|standing| standing.id != component.id);
        let wanted = usize::try_from(component.position).unwrap_or(usize::MAX);
        let place = wanted.min(self.components.len());
        self.components.insert(place, component);
        self.number_components();
    }

    fn number_components(&mut self) {
        for (position, component) in (0_u32..).zip(&mut self.components) {
            component.position = position;
        }
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
        .filter(|incident| incident.touches_components())
        .flat_map(|incident| &incident.components)
        .filter(|touched| touched.id == *id)
        .map(|touched| touched.status)
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
            let said = incident.updates.iter_mut().find(|said| said.id == *update);
            if let Some(said) = said {
                said.body.clone_from(body);
                said.text.clone_from(text);
                said.corrected_at = Some(at);
            }
        }
        Event::PostmortemPublished { postmortem, .. } => {
            let is_first = incident.postmortem.is_none();
            incident.postmortem = Some(postmortem.clone());
            // It returns the all-clear to those who were hit, hidden or not, unless that was long ago; once.
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
        Event::PromiseDue { reminded, .. }
        | Event::PromiseOverdue { reminded, .. }
        | Event::PromiseEscalated { reminded, .. } => {
            incident.reminded = Some(*reminded);
            return;
        }
        _ => return,
    }
    incident.updated_at = at;
}

/// What nobody has seen begins when it is published.
fn publish(incident: &mut Incident, at: Timestamp) {
    let made_at = incident.created_at;
    incident.published_at = Some(at);
    incident.publish_at = None;
    if incident.started_at == made_at {
        incident.started_at = at;
    }
    for component in &mut incident.components {
        if component.since == made_at {
            component.since = at;
        }
    }
    // Published later than it should have been, it must not begin with promises that nobody heard and nobody kept.
    let is_past = |promised: &mut Timestamp| *promised <= at;
    incident.next_update_at.take_if(is_past);
    if incident.estimated_end_at.take_if(is_past).is_some() {
        incident.confidence = None;
    }
    for update in &mut incident.updates {
        update.at = at;
        update.next_update_at.take_if(is_past);
    }
    if incident.ended_at == Some(made_at) {
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

/// Whether a postmortem brings the all-clear back: for 30 days after the end.
pub fn returns_with_postmortem(incident: &Incident, published_at: Timestamp) -> bool {
    const FOR_S: i64 = 30 * 86_400;
    incident.withdrawn.is_none()
        && incident
            .ended_at
            .is_some_and(|ended_at| published_at <= ended_at.plus_seconds(FOR_S))
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
