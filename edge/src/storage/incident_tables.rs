//! The names of the tables with incidents.

/// The tables in which an incident is saved: those of the site, or the copies of an import.
#[derive(Clone, Debug)]
pub struct IncidentTables {
    /// The journal, by which incidents are numbered.
    pub journal: String,
    pub incident: String,
    pub incident_update: String,
}

impl IncidentTables {
    /// The site's own tables.
    pub fn of_site() -> Self {
        Self {
            journal: "journal".to_owned(),
            incident: "incident".to_owned(),
            incident_update: "incident_update".to_owned(),
        }
    }
}
