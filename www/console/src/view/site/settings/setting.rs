//! The settings one by one: access to each in the form, its name in the API, and whether it is saved.

use serde_json::{Map, Value};

use super::{Form, Section, fields::Fields};
use crate::{
    form::Row,
    text::{labels, values},
};

/// A setting's value as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed<'a> {
    Text(&'a str),
    Rows(&'a [Row]),
    Flag(bool),
}

impl Typed<'_> {
    /// Returns whether two values mean the same. Spaces at the ends of a text are ignored.
    fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Text(one), Typed::Text(other)) => one.trim() == other.trim(),
            (one, other) => one == other,
        }
    }
}

#[derive(Debug)]
pub struct Setting {
    /// The HTML id, unique among all settings.
    pub id: &'static str,
    pub label: &'static str,
    /// The API's field that has the value, alone or among others.
    pub name: &'static str,
    pub section: Section,
    pub read: fn(&Fields) -> Typed<'_>,
    /// Copies the value from the second fields to the first.
    pub copy: fn(&mut Fields, &Fields),
}

/// Whether a setting is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// The form has the saved value.
    Saved,
    /// The form has another value.
    Unsaved,
    /// The form has another value, and the saved one has changed since it was typed.
    Conflict,
}

macro_rules! setting {
    ($id:literal, $label:literal, $name:literal, $section:ident, $typed:ident, $($field:tt)+) => {
        Setting {
            id: $id,
            label: $label,
            name: $name,
            section: Section::$section,
            read: |fields| Typed::$typed(setting!(@read $typed, fields.$($field)+)),
            copy: |to, from| to.$($field)+.clone_from(&from.$($field)+),
        }
    };
    (@read Text, $value:expr) => { &$value };
    (@read Rows, $value:expr) => { &$value };
    (@read Flag, $value:expr) => { $value };
}

pub const ALL: &[Setting] = &[
    setting!("name", "Name", "name", General, Text, name),
    setting!(
        "languages",
        "Languages",
        "languages",
        General,
        Text,
        languages
    ),
    setting!(
        "time-zone",
        "Time zone",
        "time_zone",
        General,
        Text,
        time_zone
    ),
    setting!(
        "hostnames",
        "Host names",
        "hostnames",
        General,
        Text,
        hostnames
    ),
    setting!("light", "Light theme", "colours", General, Text, light),
    setting!("dark", "Dark theme", "colours", General, Text, dark),
    setting!("segments", "Segments", "segments", General, Rows, segments),
    setting!(
        "quiet-from",
        "Quiet hours from",
        "quiet_hours",
        General,
        Text,
        quiet_from
    ),
    setting!(
        "quiet-until",
        "Quiet hours until",
        "quiet_hours",
        General,
        Text,
        quiet_until
    ),
    setting!(
        "returning",
        "For returning visitors (hours)",
        "restored",
        General,
        Text,
        returning_hours
    ),
    setting!(
        "everyone",
        "For everyone (hours)",
        "restored",
        General,
        Text,
        everyone_hours
    ),
    setting!(
        "minor-undeclared",
        "Show minor incidents on pages that declare no components",
        "minor_on_undeclared_pages",
        General,
        Flag,
        minor_on_undeclared_pages
    ),
    setting!(
        "contacts",
        "Support contacts",
        "contacts",
        Contacts,
        Rows,
        contacts
    ),
    setting!(
        "on_call",
        "On-call targets",
        "on_call",
        OnCall,
        Rows,
        on_call
    ),
    setting!(
        "on-call-quiet-from",
        "On-call quiet hours from",
        "on_call_quiet_hours",
        OnCall,
        Text,
        on_call_quiet_from
    ),
    setting!(
        "on-call-quiet-until",
        "On-call quiet hours until",
        "on_call_quiet_hours",
        OnCall,
        Text,
        on_call_quiet_until
    ),
    setting!(
        "tier-1",
        "Mission critical (minutes)",
        "cadence",
        OnCall,
        Text,
        cadence[0]
    ),
    setting!(
        "tier-2",
        "Important (minutes)",
        "cadence",
        OnCall,
        Text,
        cadence[1]
    ),
    setting!(
        "tier-3",
        "Other (minutes)",
        "cadence",
        OnCall,
        Text,
        cadence[2]
    ),
    setting!(
        "overdue",
        "Mark an update late after (minutes)",
        "overdue_after_s",
        OnCall,
        Text,
        overdue_minutes
    ),
];

/// Returns the settings of a section.
pub fn in_section(section: Section) -> impl Iterator<Item = &'static Setting> {
    ALL.iter().filter(move |setting| setting.section == section)
}

impl Setting {
    /// Compares the form with the settings that are saved now.
    pub fn state(&self, form: &Form, saved: &Fields) -> SaveState {
        let [local, base, remote] = [&form.fields, &form.base, saved].map(self.read);
        if local.is_same(base) || local.is_same(remote) {
            SaveState::Saved
        } else if base.is_same(remote) {
            SaveState::Unsaved
        } else {
            SaveState::Conflict
        }
    }

    /// Converts the value to text.
    pub fn text(&self, fields: &Fields) -> String {
        match (self.read)(fields) {
            Typed::Text(text) => text.to_owned(),
            Typed::Flag(on) => if on { "Yes" } else { "No" }.to_owned(),
            Typed::Rows(rows) => {
                let lines = rows.iter().map(|row| self.row_text(row));
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn row_text(&self, row: &Row) -> String {
        let texts = match self.name {
            "contacts" => {
                let kind = labels::contact_by_name(&row.kind).to_owned();
                vec![kind, row.label.clone(), row.value.clone()]
            }
            "on_call" => {
                let after = match row.label.trim() {
                    "" => String::new(),
                    minutes => match minutes.parse() {
                        Ok(minutes) => values::delay(minutes),
                        Err(_) => format!("after {minutes} min"),
                    },
                };
                let link = if row.session_link { "sign-in link" } else { "" };
                vec![
                    labels::on_call(&row.kind).to_owned(),
                    row.name.trim().to_owned(),
                    after,
                    row.value.clone(),
                    link.to_owned(),
                ]
            }
            _ => vec![row.label.clone(), row.value.clone()],
        };
        let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
        texts.collect::<Vec<_>>().join(" · ")
    }
}

/// Rebases a form on the settings that are saved now: a three-way merge in which unchanged settings take the saved values.
pub fn rebase(form: &Form, saved: &Fields, section: Section) -> Form {
    let mut next = Form {
        base: saved.clone(),
        fields: saved.clone(),
    };
    for setting in in_section(section) {
        match setting.state(form, saved) {
            SaveState::Saved => {}
            SaveState::Unsaved => (setting.copy)(&mut next.fields, &form.fields),
            SaveState::Conflict => {
                (setting.copy)(&mut next.fields, &form.fields);
                (setting.copy)(&mut next.base, &form.base);
            }
        }
    }
    next
}

/// Returns the JSON merge patch of a section's changes. Unchanged members of objects are left out.
pub fn patch(form: &Form, saved: &Fields, section: Section) -> Value {
    let changed: Vec<&str> = in_section(section)
        .filter(|setting| setting.state(form, saved) != SaveState::Saved)
        .map(|setting| setting.name)
        .collect();
    let fields = form.fields.values().into_iter().zip(saved.values());
    let fields = fields.filter(|((name, ..), _)| changed.contains(name));
    Value::Object(
        fields
            .map(|((name, _, value), (.., saved))| {
                (name.to_owned(), changed_members(value, &saved))
            })
            .collect::<Map<_, _>>(),
    )
}

/// Removes the members of an object that equal the saved ones. Other values are kept.
fn changed_members(value: Value, saved: &Value) -> Value {
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
    use super::{ALL, SaveState, patch, rebase};
    use crate::{
        form::Row,
        view::site::settings::{Form, Section, fields::Fields},
    };
    use serde_json::json;

    fn fields_with(name: &str, zone: &str) -> Fields {
        Fields {
            name: name.to_owned(),
            time_zone: zone.to_owned(),
            ..Fields::default()
        }
    }

    fn state(form: &Form, saved: &Fields, id: &str) -> SaveState {
        let setting = ALL.iter().find(|setting| setting.id == id).unwrap();
        setting.state(form, saved)
    }

    #[test]
    fn an_unchanged_setting_takes_the_saved_value() {
        let form = Form {
            base: fields_with("Acme", "Etc/UTC"),
            fields: fields_with("Mine", "Etc/UTC"),
        };
        let saved = fields_with("Acme", "Australia/Sydney");
        let next = rebase(&form, &saved, Section::General);
        assert_eq!(next.fields, fields_with("Mine", "Australia/Sydney"));
        assert_eq!(state(&next, &saved, "name"), SaveState::Unsaved);
        assert_eq!(state(&next, &saved, "time-zone"), SaveState::Saved);
        assert_eq!(
            patch(&next, &saved, Section::General),
            json!({ "name": "Mine" })
        );
    }

    #[test]
    fn a_change_on_both_sides_conflicts_until_it_is_resolved() {
        let form = Form {
            base: fields_with("Acme", "Etc/UTC"),
            fields: fields_with("Mine", "Etc/UTC"),
        };
        let saved = fields_with("Theirs", "Etc/UTC");
        let next = rebase(&form, &saved, Section::General);
        assert_eq!(state(&next, &saved, "name"), SaveState::Conflict);
        let again = rebase(&next, &saved, Section::General);
        assert_eq!(state(&again, &saved, "name"), SaveState::Conflict);
        let same = fields_with("Mine", "Etc/UTC");
        assert_eq!(state(&form, &same, "name"), SaveState::Saved);
    }

    #[test]
    fn a_patch_has_only_changes_of_its_section() {
        let form = Form {
            base: fields_with("Acme", "Etc/UTC"),
            fields: fields_with("Mine", "Etc/UTC"),
        };
        let saved = fields_with("Acme", "Etc/UTC");
        assert_eq!(patch(&form, &saved, Section::OnCall), json!({}));
    }

    #[test]
    fn a_patch_leaves_out_the_unchanged_colour_of_a_pair() {
        let mut base = fields_with("Acme", "Etc/UTC");
        base.light = "#173f87".to_owned();
        base.dark = "#9dc1ff".to_owned();
        let mut fields = base.clone();
        fields.light = "#000000".to_owned();
        let form = Form {
            base: base.clone(),
            fields,
        };
        assert_eq!(
            patch(&form, &base, Section::General),
            json!({ "colours": { "light": "#000000" } })
        );
        let none = fields_with("Acme", "Etc/UTC");
        let mut fields = none.clone();
        fields.light = "#000000".to_owned();
        let form = Form {
            base: none.clone(),
            fields,
        };
        assert_eq!(
            patch(&form, &none, Section::General),
            json!({ "colours": { "light": "#000000", "dark": "" } })
        );
    }

    #[test]
    fn a_changed_name_or_permission_of_a_target_is_in_its_text() {
        let row = Row {
            kind: "webhook".to_owned(),
            label: "90".to_owned(),
            value: "https://a.example/x".to_owned(),
            name: "Day".to_owned(),
            session_link: true,
            ..Row::default()
        };
        let fields = Fields {
            on_call: vec![row],
            ..Fields::default()
        };
        let setting = ALL.iter().find(|setting| setting.id == "on_call").unwrap();
        assert_eq!(
            setting.text(&fields),
            "Webhook · Day · after 1 h 30 min · https://a.example/x · sign-in link"
        );
    }

    #[test]
    fn cleared_on_call_quiet_hours_are_patched_to_null() {
        let base = Fields {
            on_call_quiet_from: "22:00".to_owned(),
            on_call_quiet_until: "07:00".to_owned(),
            ..fields_with("Acme", "Etc/UTC")
        };
        let patched = |from: &str, until: &str| {
            let fields = Fields {
                on_call_quiet_from: from.to_owned(),
                on_call_quiet_until: until.to_owned(),
                ..base.clone()
            };
            let form = Form {
                base: base.clone(),
                fields,
            };
            patch(&form, &base, Section::OnCall)
        };
        assert_eq!(patched("", ""), json!({ "on_call_quiet_hours": null }));
        assert_eq!(
            patched("23:00", "07:00"),
            json!({ "on_call_quiet_hours": { "from": "23:00" } })
        );
    }

    #[test]
    fn a_patch_leaves_out_unchanged_durations() {
        let base = Fields {
            cadence: ["30", "120", "1440"].map(str::to_owned),
            returning_hours: "24".to_owned(),
            everyone_hours: "2".to_owned(),
            ..fields_with("Acme", "Etc/UTC")
        };
        let mut fields = base.clone();
        fields.cadence[2] = "720".to_owned();
        fields.everyone_hours = "3".to_owned();
        let form = Form {
            base: base.clone(),
            fields,
        };
        assert_eq!(
            patch(&form, &base, Section::OnCall),
            json!({ "cadence": { "tier_3_s": 43_200 } })
        );
        assert_eq!(
            patch(&form, &base, Section::General),
            json!({ "restored": { "everyone_s": 10_800 } })
        );
    }
}
