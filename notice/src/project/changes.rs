//! Finds the subject of a journal entry and the fields it changed. Events contain only the new values; the previous
//! ones are in earlier events about the same subject.

use serde::Serialize;
use serde_json::{Map, Value};

/// Fields that the rules set, not operators.
const INTERNAL_FIELDS: &[&str] = &[
    "id",
    "slug",
    "updates",
    "attention",
    "worst_impact",
    "before_end",
    "announced",
    "imminent",
    "reminded",
    "acknowledged",
    "expired",
    "created_at",
    "updated_at",
];

/// The subject of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// `site`, `component`, `template` or `incident`.
    pub kind: &'static str,
    /// The subject's id; `site` for the site.
    pub id: String,
    /// Name or title of the subject at the time of the event.
    pub name: Option<String>,
}

/// The values of a field before and after an event. `null`: the field had no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Name of the field in the event.
    pub field: String,
    /// Value before the event; `null` if there was none.
    pub before: Value,
    /// Value after the event; `null` if it was cleared.
    pub after: Value,
}

/// Fields of an event whose previous values are searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Searched {
    /// No field: the event created or deleted the subject. Only the subject's name may be searched for.
    Nothing,
    /// All fields of the subject, which the event contains whole.
    All(Map<String, Value>),
    /// The fields that the event changed; the event contains no others.
    Some(Map<String, Value>),
    /// The text of this update.
    Text(String, Map<String, Value>),
}

/// Backward search through earlier events for the previous values of the fields that an event changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    about: About,
    searched: Searched,
    /// Previous values found so far.
    before: Map<String, Value>,
    is_over: bool,
}

impl Search {
    /// Starts the search at an event. `None` if the event has no single subject.
    pub fn begin(event: &Value) -> Option<Self> {
        let about = about(event)?;
        let snapshot = || snapshot_in(event, about.kind).cloned().unwrap_or_default();
        let searched = match kind_of(event) {
            "site.changed" | "component.changed" | "template.changed" | "incident.changed" => {
                Searched::All(snapshot())
            }
            "incident.updated" => Searched::Some(object(event, "change")),
            "postmortem.published" => Searched::Some(only(event, &["postmortem"])),
            "update.corrected" => {
                let update = text(event, "update")?.to_owned();
                Searched::Text(update, only(event, &["body", "text"]))
            }
            _ => Searched::Nothing,
        };
        let mut search = Self {
            about,
            searched,
            before: Map::new(),
            is_over: false,
        };
        search.is_over = search.is_complete();
        Some(search)
    }

    /// The subject's id; `site` for the site.
    pub fn subject(&self) -> &str {
        &self.about.id
    }

    /// Whether all previous values have been found.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Searches the next earlier event about the same subject.
    pub fn visit(&mut self, earlier: &Value) {
        if self.is_over {
            return;
        }
        let snapshot = snapshot_in(earlier, self.about.kind);
        if let (None, Some(snapshot)) = (&self.about.name, snapshot) {
            self.about.name = name(snapshot);
        }
        if let Searched::Text(update, _) = &self.searched {
            if let Some(text) = text_of(earlier, update) {
                self.record(text);
            }
        } else {
            self.record(object(earlier, "change"));
            if kind_of(earlier) == "postmortem.published" {
                self.record(only(earlier, &["postmortem"]));
            }
            if let Some(snapshot) = snapshot {
                self.record(snapshot.clone());
                self.is_over = true;
            }
        }
        self.is_over |= self.is_complete();
    }

    /// Returns the subject, and the fields whose values differ from the previous ones found.
    pub fn end(self) -> (About, Vec<FieldChange>) {
        let after = match self.searched {
            Searched::Nothing => Map::new(),
            Searched::All(mut after) => {
                // A field that is absent now had a value before.
                for field in self.before.keys() {
                    after.entry(field).or_insert(Value::Null);
                }
                after
            }
            Searched::Some(after) | Searched::Text(_, after) => after,
        };
        let changes = after
            .into_iter()
            .filter(|(field, _)| !INTERNAL_FIELDS.contains(&field.as_str()))
            .map(|(field, after)| FieldChange {
                before: self.before.get(&field).cloned().unwrap_or_default(),
                field,
                after,
            })
            .filter(|change| change.before != change.after);
        (self.about, changes.collect())
    }

    /// Records previous values. The search goes backward, so a value recorded first is newer and is kept.
    fn record(&mut self, values: Map<String, Value>) {
        for (field, value) in values {
            self.before.entry(field).or_insert(value);
        }
    }

    fn is_complete(&self) -> bool {
        let has_values = |fields: &Map<String, Value>| {
            fields.keys().all(|field| self.before.contains_key(field))
        };
        self.about.name.is_some()
            && match &self.searched {
                Searched::Nothing => true,
                Searched::All(_) => false,
                Searched::Some(fields) => has_values(fields),
                Searched::Text(..) => !self.before.is_empty(),
            }
    }
}

fn kind_of(event: &Value) -> &str {
    text(event, "type").unwrap_or_default()
}

fn about(event: &Value) -> Option<About> {
    ["site", "component", "template", "incident"]
        .into_iter()
        .find_map(|kind| {
            let subject = event.get(kind)?;
            let id = match kind {
                "site" => subject.is_object().then_some("site")?,
                _ => subject.as_str().or_else(|| text(subject, "id"))?,
            };
            Some(About {
                kind,
                id: id.to_owned(),
                name: subject.as_object().and_then(name),
            })
        })
}

/// Returns the subject with all its fields, if the event contains it whole.
fn snapshot_in<'a>(event: &'a Value, kind: &str) -> Option<&'a Map<String, Value>> {
    event.get(kind)?.as_object()
}

/// Returns the subject's name. A template also has the title of the incidents that it prefills.
fn name(subject: &Map<String, Value>) -> Option<String> {
    let field = |field: &str| subject.get(field)?.as_str();
    field("name").or_else(|| field("title")).map(str::to_owned)
}

/// Returns the text of an update, if the event posted or corrected it.
fn text_of(event: &Value, update: &str) -> Option<Map<String, Value>> {
    let is_update = |entry: &&Value| text(entry, "id") == Some(update);
    let posted = event.get("update").filter(is_update);
    let initial = || {
        event
            .get("incident")?
            .get("updates")?
            .as_array()?
            .iter()
            .find(is_update)
    };
    if text(event, "update") == Some(update) {
        return Some(only(event, &["body", "text"]));
    }
    let entry = posted.or_else(initial)?;
    Some(only(entry, &["body", "text"]))
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}

fn object(value: &Value, field: &str) -> Map<String, Value> {
    let object = value.get(field).and_then(Value::as_object);
    object.cloned().unwrap_or_default()
}

fn only(value: &Value, fields: &[&str]) -> Map<String, Value> {
    let selected = fields
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), value.get(*field)?.clone())));
    selected.collect()
}

#[cfg(test)]
mod tests {
    use super::Search;
    use serde_json::{Value, json};

    /// Returns the subject's name and each change as `field: before -> after`, for the last of these events.
    fn changes_of(events: &[Value]) -> (Option<String>, Vec<String>) {
        let (last, earlier) = events.split_last().unwrap();
        let mut search = Search::begin(last).unwrap();
        for event in earlier.iter().rev() {
            search.visit(event);
        }
        let (about, changes) = search.end();
        let changes = changes
            .iter()
            .map(|change| format!("{}: {} -> {}", change.field, change.before, change.after));
        (about.name, changes.collect())
    }

    #[test]
    fn a_template_is_called_by_its_name_not_by_its_title() {
        for title in [json!(null), json!("Messages are delayed")] {
            let template = json!({ "id": "tpl_1", "name": "Delays", "title": title });
            let event = json!({ "type": "template.created", "template": template });
            assert_eq!(changes_of(&[event]).0.as_deref(), Some("Delays"));
        }
    }

    fn created() -> Value {
        json!({ "type": "incident.created", "incident": { "id": "inc_1", "title": "Late", "impact": "minor", "advice": null,
            "attention": 1, "updates": [{ "id": "upd_1", "body": "First." }] } })
    }

    fn updated(change: &Value) -> Value {
        json!({ "type": "incident.updated", "incident": "inc_1", "update": { "id": "upd_2", "body": "Second." }, "change": change })
    }

    #[test]
    fn settings_change_lists_only_fields_that_differ() {
        let site = |kind: &str, paused: bool| json!({ "type": kind, "site": { "name": "Acme", "paused": paused } });
        assert_eq!(
            changes_of(&[site("site.created", false), site("site.changed", true)]),
            (
                Some("Acme".to_owned()),
                vec!["paused: false -> true".to_owned()]
            )
        );
    }

    #[test]
    fn update_takes_previous_values_from_earlier_events() {
        let earlier = updated(&json!({ "impact": "major" }));
        let last = updated(&json!({ "impact": "critical", "advice": "Wait.", "attention": 3 }));
        assert_eq!(
            changes_of(&[created(), earlier, last]),
            (
                Some("Late".to_owned()),
                vec![
                    r#"advice: null -> "Wait.""#.to_owned(),
                    r#"impact: "major" -> "critical""#.to_owned()
                ]
            )
        );
    }

    #[test]
    fn incident_change_is_compared_with_updates_before_it() {
        let earlier = updated(&json!({ "impact": "major" }));
        let last = json!({ "type": "incident.changed", "incident": { "id": "inc_1", "title": "Lost", "impact": "major" } });
        let (name, changes) = changes_of(&[created(), earlier, last]);
        assert_eq!(name.as_deref(), Some("Lost"));
        assert_eq!(changes, [r#"title: "Late" -> "Lost""#]);
    }

    #[test]
    fn correction_takes_the_previous_text_of_its_update() {
        let correct = |update: &str, body: &str| json!({ "type": "update.corrected", "incident": "inc_1", "update": update, "body": body });
        let second = updated(&json!({}));
        let of_body = |events: &[Value]| changes_of(events).1;
        assert_eq!(
            of_body(&[created(), second.clone(), correct("upd_1", "1st.")]),
            [r#"body: "First." -> "1st.""#]
        );
        assert_eq!(
            of_body(&[created(), second.clone(), correct("upd_2", "2nd.")]),
            [r#"body: "Second." -> "2nd.""#]
        );
        let once = correct("upd_2", "2nd.");
        assert_eq!(
            of_body(&[created(), second, once, correct("upd_2", "Two.")]),
            [r#"body: "2nd." -> "Two.""#]
        );
    }

    #[test]
    fn deleted_component_has_its_last_name() {
        let created = json!({ "type": "component.created", "component": { "id": "cmp_1", "name": "Sending" } });
        let deleted = json!({ "type": "component.deleted", "component": "cmp_1" });
        assert_eq!(
            changes_of(&[created, deleted]),
            (Some("Sending".to_owned()), Vec::new())
        );
    }

    #[test]
    fn events_without_a_single_subject_are_not_searched() {
        for event in [json!({ "type": "site.redacted", "rows": [] }), json!({})] {
            assert_eq!(Search::begin(&event), None);
        }
    }
}
