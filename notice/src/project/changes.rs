//! What a journal entry is about, and which fields it changed. Events hold values from then on; the values before stand in
//! earlier events about the same thing.

use serde::Serialize;
use serde_json::{Map, Value};

/// Fields that the rules keep, not operators.
const KEPT_BY_RULES: &[&str] = &[
    "id",
    "slug",
    "updates",
    "attention",
    "worst_impact",
    "before_end",
    "announced",
    "imminent",
    "reminded",
    "expired",
    "created_at",
    "updated_at",
];

/// The thing that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// `site`, `component`, `template` or `incident`.
    pub kind: &'static str,
    /// Its id; of the site `site`.
    pub id: String,
    /// Its name or title at that time.
    pub name: Option<String>,
}

/// A field's values before and after an event; `null`: it had none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its name, as in the event.
    pub field: String,
    /// Its value before.
    pub before: Value,
    /// Its value from then on.
    pub after: Value,
}

/// Which values before an event are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    /// None: the event made or ended the thing, or only its name is missing.
    Nothing,
    /// Those of every field of the thing, which the event holds whole.
    All(Map<String, Value>),
    /// Those of these fields.
    Some(Map<String, Value>),
    /// The text of this update.
    Text(String, Map<String, Value>),
}

/// Looks for what an event changed, going back from it event by event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    about: About,
    wanted: Wanted,
    /// The values before, as far as they have been found.
    before: Map<String, Value>,
    is_over: bool,
}

impl Search {
    /// Begins at an event; `None` for one that is about no single thing.
    pub fn begin(event: &Value) -> Option<Self> {
        let about = about(event)?;
        let whole = || whole(event, about.kind).cloned().unwrap_or_default();
        let wanted = match kind_of(event) {
            "site.changed" | "component.changed" | "template.changed" | "incident.changed" => {
                Wanted::All(whole())
            }
            "incident.updated" => Wanted::Some(object(event, "change")),
            "postmortem.published" => Wanted::Some(only(event, &["postmortem"])),
            "update.corrected" => {
                let update = text(event, "update")?.to_owned();
                Wanted::Text(update, only(event, &["body", "text"]))
            }
            _ => Wanted::Nothing,
        };
        let mut search = Self {
            about,
            wanted,
            before: Map::new(),
            is_over: false,
        };
        search.is_over = search.has_all();
        Some(search)
    }

    /// The thing's id; of the site `site`.
    pub fn thing(&self) -> &str {
        &self.about.id
    }

    /// Whether nothing is left to look for.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Looks at the next earlier event about the same thing.
    pub fn look_at(&mut self, earlier: &Value) {
        if self.is_over {
            return;
        }
        let snapshot = whole(earlier, self.about.kind);
        if let (None, Some(snapshot)) = (&self.about.name, snapshot) {
            self.about.name = name(snapshot);
        }
        if let Wanted::Text(update, _) = &self.wanted {
            if let Some(text) = text_of(earlier, update) {
                self.learn(text);
            }
        } else {
            self.learn(object(earlier, "change"));
            if kind_of(earlier) == "postmortem.published" {
                self.learn(only(earlier, &["postmortem"]));
            }
            if let Some(snapshot) = snapshot {
                self.learn(snapshot.clone());
                self.is_over = true;
            }
        }
        self.is_over |= self.has_all();
    }

    /// The thing, and the fields whose values differ, of those that were found.
    pub fn end(self) -> (About, Vec<FieldChange>) {
        let after = match self.wanted {
            Wanted::Nothing => Map::new(),
            Wanted::All(mut after) => {
                // A field that is left out now had a value before.
                for field in self.before.keys() {
                    after.entry(field).or_insert(Value::Null);
                }
                after
            }
            Wanted::Some(after) | Wanted::Text(_, after) => after,
        };
        let changes = after
            .into_iter()
            .filter(|(field, _)| !KEPT_BY_RULES.contains(&field.as_str()))
            .map(|(field, after)| FieldChange {
                before: self.before.get(&field).cloned().unwrap_or_default(),
                field,
                after,
            })
            .filter(|change| change.before != change.after);
        (self.about, changes.collect())
    }

    /// Newer values have been learned first, and stay.
    fn learn(&mut self, values: Map<String, Value>) {
        for (field, value) in values {
            self.before.entry(field).or_insert(value);
        }
    }

    fn has_all(&self) -> bool {
        let found = |fields: &Map<String, Value>| {
            fields.keys().all(|field| self.before.contains_key(field))
        };
        self.about.name.is_some()
            && match &self.wanted {
                Wanted::Nothing => true,
                Wanted::All(_) => false,
                Wanted::Some(fields) => found(fields),
                Wanted::Text(..) => !self.before.is_empty(),
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
            let thing = event.get(kind)?;
            let id = match kind {
                "site" => thing.is_object().then_some("site")?,
                _ => thing.as_str().or_else(|| text(thing, "id"))?,
            };
            Some(About {
                kind,
                id: id.to_owned(),
                name: thing.as_object().and_then(name),
            })
        })
}

/// The thing with all its fields, where an event holds it whole.
fn whole<'a>(event: &'a Value, kind: &str) -> Option<&'a Map<String, Value>> {
    event.get(kind)?.as_object()
}

fn name(thing: &Map<String, Value>) -> Option<String> {
    let name = thing.get("title").or_else(|| thing.get("name"))?;
    name.as_str().map(str::to_owned)
}

/// An update's text, where an event wrote or corrected it.
fn text_of(event: &Value, update: &str) -> Option<Map<String, Value>> {
    let is_it = |entry: &&Value| text(entry, "id") == Some(update);
    let written = event.get("update").filter(is_it);
    let made = || {
        event
            .get("incident")?
            .get("updates")?
            .as_array()?
            .iter()
            .find(is_it)
    };
    if text(event, "update") == Some(update) {
        return Some(only(event, &["body", "text"]));
    }
    let entry = written.or_else(made)?;
    Some(only(entry, &["body", "text"]))
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}

fn object(value: &Value, field: &str) -> Map<String, Value> {
    let found = value.get(field).and_then(Value::as_object);
    found.cloned().unwrap_or_default()
}

fn only(value: &Value, fields: &[&str]) -> Map<String, Value> {
    let found = fields.iter().filter_map(|field| {
        let found = value.get(*field)?;
        Some(((*field).to_owned(), found.clone()))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::Search;
    use serde_json::{Value, json};

    /// The thing's name, and `field: before -> after` of each change, for the last of these events.
    fn of(events: &[Value]) -> (Option<String>, Vec<String>) {
        let (last, earlier) = events.split_last().unwrap();
        let mut search = Search::begin(last).unwrap();
        for event in earlier.iter().rev() {
            search.look_at(event);
        }
        let (about, changes) = search.end();
        let changes = changes
            .iter()
            .map(|change| format!("{}: {} -> {}", change.field, change.before, change.after));
        (about.name, changes.collect())
    }

    fn created() -> Value {
        json!({ "type": "incident.created", "incident": { "id": "inc_1", "title": "Late", "impact": "minor", "advice": null,
            "attention": 1, "updates": [{ "id": "upd_1", "body": "First." }] } })
    }

    fn updated(change: &Value) -> Value {
        json!({ "type": "incident.updated", "incident": "inc_1", "update": { "id": "upd_2", "body": "Second." }, "change": change })
    }

    #[test]
    fn a_settings_change_lists_only_the_fields_that_differ() {
        let site = |kind: &str, paused: bool| json!({ "type": kind, "site": { "name": "Acme", "paused": paused } });
        assert_eq!(
            of(&[site("site.created", false), site("site.changed", true)]),
            (
                Some("Acme".to_owned()),
                vec!["paused: false -> true".to_owned()]
            )
        );
    }

    #[test]
    fn an_update_has_the_values_before_from_earlier_events() {
        let earlier = updated(&json!({ "impact": "major" }));
        let last = updated(&json!({ "impact": "critical", "advice": "Wait.", "attention": 3 }));
        assert_eq!(
            of(&[created(), earlier, last]),
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
    fn an_incident_change_is_compared_with_updates_since_the_snapshot() {
        let earlier = updated(&json!({ "impact": "major" }));
        let last = json!({ "type": "incident.changed", "incident": { "id": "inc_1", "title": "Lost", "impact": "major" } });
        let (name, changes) = of(&[created(), earlier, last]);
        assert_eq!(name.as_deref(), Some("Lost"));
        assert_eq!(changes, [r#"title: "Late" -> "Lost""#]);
    }

    #[test]
    fn a_correction_has_the_text_before() {
        let correct = |update: &str, body: &str| json!({ "type": "update.corrected", "incident": "inc_1", "update": update, "body": body });
        let second = updated(&json!({}));
        let of_body = |events: &[Value]| of(events).1;
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
    fn a_deleted_component_keeps_its_name() {
        let made = json!({ "type": "component.created", "component": { "id": "cmp_1", "name": "Sending" } });
        let gone = json!({ "type": "component.deleted", "component": "cmp_1" });
        assert_eq!(of(&[made, gone]), (Some("Sending".to_owned()), Vec::new()));
    }

    #[test]
    fn an_event_about_no_single_thing_is_not_searched() {
        for event in [json!({ "type": "site.redacted", "rows": [] }), json!({})] {
            assert_eq!(Search::begin(&event), None);
        }
    }
}
