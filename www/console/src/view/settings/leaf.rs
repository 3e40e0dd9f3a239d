//! The settings one by one: their place in the form and in the API, and whether they are saved.

use serde_json::{Map, Value};

use super::{Form, Section, fields::Fields};
use crate::{form::Row, words};

/// A setting's value as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed<'a> {
    /// In one field.
    Text(&'a str),
    /// In a list of rows.
    Rows(&'a [Row]),
    /// A yes or no.
    Flag(bool),
}

impl Typed<'_> {
    /// Whether the same is meant: spaces at the ends of a text mean nothing.
    fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Text(one), Typed::Text(other)) => one.trim() == other.trim(),
            (one, other) => one == other,
        }
    }
}

/// One setting.
#[derive(Debug)]
pub struct Leaf {
    /// Its id in the page.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The API's field that it is, or is a part of.
    pub name: &'static str,
    /// Where it is set.
    pub section: Section,
    /// Its value.
    pub read: fn(&Fields) -> Typed<'_>,
    /// Copies its value from other fields.
    pub copy: fn(&mut Fields, &Fields),
}

/// Where a setting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The form shows the saved value.
    Saved,
    /// The form shows another value.
    Unsaved,
    /// The form shows another value, and the saved one has changed since it was typed.
    Conflict,
}

macro_rules! leaf {
    ($id:literal, $label:literal, $name:literal, $section:ident, $typed:ident, $($field:tt)+) => {
        Leaf {
            id: $id,
            label: $label,
            name: $name,
            section: Section::$section,
            read: |fields| Typed::$typed(leaf!(@read $typed, fields.$($field)+)),
            copy: |to, from| to.$($field)+.clone_from(&from.$($field)+),
        }
    };
    (@read Text, $value:expr) => { &$value };
    (@read Rows, $value:expr) => { &$value };
    (@read Flag, $value:expr) => { $value };
}

/// Every setting.
pub const ALL: &[Leaf] = &[
    leaf!("name", "Name", "name", General, Text, name),
    leaf!(
        "languages",
        "Languages",
        "languages",
        General,
        Text,
        languages
    ),
    leaf!(
        "time-zone",
        "Time zone",
        "time_zone",
        General,
        Text,
        time_zone
    ),
    leaf!(
        "hostnames",
        "Host names",
        "hostnames",
        General,
        Text,
        hostnames
    ),
    leaf!("light", "Light theme", "colours", General, Text, light),
    leaf!("dark", "Dark theme", "colours", General, Text, dark),
    leaf!("segments", "Segments", "segments", General, Rows, segments),
    leaf!(
        "quiet-from",
        "Quiet hours from",
        "quiet_hours",
        General,
        Text,
        quiet_from
    ),
    leaf!(
        "quiet-until",
        "Quiet hours until",
        "quiet_hours",
        General,
        Text,
        quiet_until
    ),
    leaf!(
        "returning",
        "For returning visitors (hours)",
        "restored",
        General,
        Text,
        returning_hours
    ),
    leaf!(
        "everyone",
        "For everyone (hours)",
        "restored",
        General,
        Text,
        everyone_hours
    ),
    leaf!(
        "minor-undeclared",
        "Show minor incidents on pages that declare no components",
        "minor_on_undeclared_pages",
        General,
        Flag,
        minor_on_undeclared_pages
    ),
    leaf!(
        "contacts",
        "Support contacts",
        "contacts",
        Contacts,
        Rows,
        contacts
    ),
    leaf!(
        "on_call",
        "On-call targets",
        "on_call",
        OnCall,
        Rows,
        on_call
    ),
    leaf!(
        "tier-1",
        "Mission critical (minutes)",
        "cadence",
        OnCall,
        Text,
        cadence[0]
    ),
    leaf!(
        "tier-2",
        "Important (minutes)",
        "cadence",
        OnCall,
        Text,
        cadence[1]
    ),
    leaf!(
        "tier-3",
        "Other (minutes)",
        "cadence",
        OnCall,
        Text,
        cadence[2]
    ),
    leaf!(
        "overdue",
        "Mark an update late after (minutes)",
        "overdue_after_s",
        OnCall,
        Text,
        overdue_minutes
    ),
];

/// The settings of a section.
pub fn of(section: Section) -> impl Iterator<Item = &'static Leaf> {
    ALL.iter().filter(move |leaf| leaf.section == section)
}

impl Leaf {
    /// Where it stands, beside the settings as they are saved now.
    pub fn standing(&self, form: &Form, saved: &Fields) -> Standing {
        let [mine, stood, now] = [&form.fields, &form.stood, saved].map(self.read);
        if mine.is_same(stood) || mine.is_same(now) {
            Standing::Saved
        } else if stood.is_same(now) {
            Standing::Unsaved
        } else {
            Standing::Conflict
        }
    }

    /// A value for a person to compare.
    pub fn shown(&self, fields: &Fields) -> String {
        match (self.read)(fields) {
            Typed::Text(text) => text.to_owned(),
            Typed::Flag(on) => if on { "Yes" } else { "No" }.to_owned(),
            Typed::Rows(rows) => {
                let lines = rows.iter().map(|row| self.line(row));
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn line(&self, row: &Row) -> String {
        let (kind, label) = match self.name {
            "contacts" => (words::contact_of(&row.kind).to_owned(), row.label.clone()),
            "on_call" => {
                let after = match row.label.trim() {
                    "" => String::new(),
                    minutes => format!("after {minutes} min"),
                };
                (words::on_call(&row.kind).to_owned(), after)
            }
            _ => (String::new(), row.label.clone()),
        };
        let parts = [kind, label, row.value.clone()];
        let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
        parts.collect::<Vec<_>>().join(" · ")
    }
}

/// The form beside the settings as they are saved now: a setting that was not changed follows them.
pub fn rebased(form: &Form, saved: &Fields, section: Section) -> Form {
    let mut next = Form {
        stood: saved.clone(),
        fields: saved.clone(),
    };
    for leaf in of(section) {
        match leaf.standing(form, saved) {
            Standing::Saved => {}
            Standing::Unsaved => (leaf.copy)(&mut next.fields, &form.fields),
            Standing::Conflict => {
                (leaf.copy)(&mut next.fields, &form.fields);
                (leaf.copy)(&mut next.stood, &form.stood);
            }
        }
    }
    next
}

/// The merge patch of what a section changes. It names no member of an object that stays: the form rounds seconds to minutes
/// or hours, and would save what it rounded.
pub fn patch(form: &Form, saved: &Fields, section: Section) -> Value {
    let changed: Vec<&str> = of(section)
        .filter(|leaf| leaf.standing(form, saved) != Standing::Saved)
        .map(|leaf| leaf.name)
        .collect();
    let fields = form.fields.values().into_iter().zip(saved.values());
    let fields = fields.filter(|((name, ..), _)| changed.contains(name));
    Value::Object(
        fields
            .map(|((name, _, value), (.., saved))| (name.to_owned(), narrowed(value, &saved)))
            .collect::<Map<_, _>>(),
    )
}

/// Of an object, the members that differ from the saved ones; other values as they are.
fn narrowed(value: Value, saved: &Value) -> Value {
    match (value, saved) {
        (Value::Object(mut members), Value::Object(saved)) => {
            members.retain(|name, member| saved.get(name) != Some(member));
            Value::Object(members)
        }
        (value, _) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Standing, patch, rebased};
    use crate::view::settings::{Form, Section, fields::Fields};
    use serde_json::json;

    fn named(name: &str, zone: &str) -> Fields {
        Fields {
            name: name.to_owned(),
            time_zone: zone.to_owned(),
            ..Fields::default()
        }
    }

    fn standing(form: &Form, saved: &Fields, id: &str) -> Standing {
        let leaf = ALL.iter().find(|leaf| leaf.id == id).unwrap();
        leaf.standing(form, saved)
    }

    #[test]
    fn a_setting_that_was_not_changed_follows_the_saved_one() {
        let form = Form {
            stood: named("Acme", "Etc/UTC"),
            fields: named("Mine", "Etc/UTC"),
        };
        let saved = named("Acme", "Australia/Sydney");
        let next = rebased(&form, &saved, Section::General);
        assert_eq!(next.fields, named("Mine", "Australia/Sydney"));
        assert_eq!(standing(&next, &saved, "name"), Standing::Unsaved);
        assert_eq!(standing(&next, &saved, "time-zone"), Standing::Saved);
        assert_eq!(
            patch(&next, &saved, Section::General),
            json!({ "name": "Mine" })
        );
    }

    #[test]
    fn a_setting_changed_on_both_sides_is_a_conflict_until_it_is_settled() {
        let form = Form {
            stood: named("Acme", "Etc/UTC"),
            fields: named("Mine", "Etc/UTC"),
        };
        let saved = named("Theirs", "Etc/UTC");
        let next = rebased(&form, &saved, Section::General);
        assert_eq!(standing(&next, &saved, "name"), Standing::Conflict);
        let again = rebased(&next, &saved, Section::General);
        assert_eq!(standing(&again, &saved, "name"), Standing::Conflict);
        let same = named("Mine", "Etc/UTC");
        assert_eq!(standing(&form, &same, "name"), Standing::Saved);
    }

    #[test]
    fn a_change_of_another_section_is_left_alone() {
        let form = Form {
            stood: named("Acme", "Etc/UTC"),
            fields: named("Mine", "Etc/UTC"),
        };
        let saved = named("Acme", "Etc/UTC");
        assert_eq!(patch(&form, &saved, Section::OnCall), json!({}));
    }

    #[test]
    fn a_changed_half_of_a_pair_leaves_the_saved_other_half() {
        let mut stood = named("Acme", "Etc/UTC");
        stood.light = "#173f87".to_owned();
        stood.dark = "#9dc1ff".to_owned();
        let mut fields = stood.clone();
        fields.light = "#000000".to_owned();
        let form = Form {
            stood: stood.clone(),
            fields,
        };
        assert_eq!(
            patch(&form, &stood, Section::General),
            json!({ "colours": { "light": "#000000" } })
        );
        let none = named("Acme", "Etc/UTC");
        let mut fields = none.clone();
        fields.light = "#000000".to_owned();
        let form = Form {
            stood: none.clone(),
            fields,
        };
        assert_eq!(
            patch(&form, &none, Section::General),
            json!({ "colours": { "light": "#000000", "dark": "" } })
        );
    }

    #[test]
    fn a_changed_stretch_keeps_the_seconds_of_the_others() {
        let stood = Fields {
            cadence: ["30", "120", "1440"].map(str::to_owned),
            returning_hours: "24".to_owned(),
            everyone_hours: "2".to_owned(),
            ..named("Acme", "Etc/UTC")
        };
        let mut fields = stood.clone();
        fields.cadence[2] = "720".to_owned();
        fields.everyone_hours = "3".to_owned();
        let form = Form {
            stood: stood.clone(),
            fields,
        };
        assert_eq!(
            patch(&form, &stood, Section::OnCall),
            json!({ "cadence": { "tier_3_s": 43_200 } })
        );
        assert_eq!(
            patch(&form, &stood, Section::General),
            json!({ "restored": { "everyone_s": 10_800 } })
        );
    }
}
