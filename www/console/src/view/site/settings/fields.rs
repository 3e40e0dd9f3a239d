//! A site's settings as typed.

use std::collections::BTreeMap;

use notice::wire::{
    language::Language,
    site::{QuietHours, Site},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    conflict::merge::NamedValue,
    form::{HOUR_S, MINUTE_S, Row, amount, lines, non_blank, seconds},
};

/// The fields of `Site`, with durations in minutes or hours. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    pub name: String,
    /// Language tags, separated by commas or spaces.
    pub languages: String,
    pub time_zone: String,
    /// Host names, one per line.
    pub hostnames: String,
    /// The accent colour in the light theme, as `#rrggbb`.
    pub light: String,
    /// The accent colour in the dark theme, as `#rrggbb`.
    pub dark: String,
    pub contacts: Vec<Row>,
    pub segments: Vec<Row>,
    pub on_call: Vec<Row>,
    pub on_call_quiet_from: String,
    pub on_call_quiet_until: String,
    /// The update intervals of tiers 1 to 3, in minutes.
    pub cadence: [String; 3],
    pub quiet_from: String,
    pub quiet_until: String,
    pub overdue_minutes: String,
    pub returning_hours: String,
    pub everyone_hours: String,
    pub minor_on_undeclared_pages: bool,
}

impl Fields {
    /// The fields of the saved settings.
    pub fn of(site: &Site) -> Self {
        let colours = site.colours.clone();
        let (quiet_from, quiet_until) = hours(site.quiet_hours.as_ref());
        let (on_call_quiet_from, on_call_quiet_until) = hours(site.on_call_quiet_hours.as_ref());
        let minutes = |seconds: u32| amount(seconds, MINUTE_S);
        Self {
            name: site.name.clone(),
            languages: site
                .languages
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
            time_zone: site.time_zone.clone(),
            hostnames: site.hostnames.join("\n"),
            light: colours
                .as_ref()
                .map(|colours| colours.light.clone())
                .unwrap_or_default(),
            dark: colours.map(|colours| colours.dark).unwrap_or_default(),
            contacts: site.contacts.iter().map(Row::of_contact).collect(),
            segments: site
                .segments
                .iter()
                .map(|segment| Row {
                    label: segment.label.clone(),
                    value: segment.slug.to_string(),
                    text: segment.text.clone(),
                    ..Row::default()
                })
                .collect(),
            on_call: site
                .on_call
                .iter()
                .map(|target| Row {
                    kind: target.kind.as_str().to_owned(),
                    label: target
                        .after_minutes
                        .map(|minutes| minutes.to_string())
                        .unwrap_or_default(),
                    value: target.value.clone(),
                    name: target.name.clone().unwrap_or_default(),
                    session_link: target.session_link,
                    ..Row::default()
                })
                .collect(),
            on_call_quiet_from,
            on_call_quiet_until,
            cadence: [
                minutes(site.cadence.tier_1_s),
                minutes(site.cadence.tier_2_s),
                minutes(site.cadence.tier_3_s),
            ],
            quiet_from,
            quiet_until,
            overdue_minutes: minutes(site.overdue_after_s),
            returning_hours: amount(site.restored.returning_s, HOUR_S),
            everyone_hours: amount(site.restored.everyone_s, HOUR_S),
            minor_on_undeclared_pages: site.minor_on_undeclared_pages,
        }
    }

    fn tags(&self) -> impl Iterator<Item = &str> {
        let all = self.languages.split([',', ' ']);
        all.filter(|tag| !tag.is_empty())
    }

    /// Returns the valid languages after the first, which is the site's primary language.
    pub fn other_languages(&self) -> Vec<Language> {
        self.tags().skip(1).filter_map(Language::parse).collect()
    }

    /// Returns the fields as in the API.
    pub fn values(&self) -> Vec<NamedValue> {
        let number = |text: &str, unit_s: u32| match seconds(text, unit_s) {
            Some(number) => json!(number),
            // Not a number: sent as typed, so that the server's error names the field.
            None => json!(text.trim()),
        };
        let languages: Vec<&str> = self.tags().collect();
        let colours = (!self.light.is_empty() || !self.dark.is_empty())
            .then(|| json!({ "light": self.light, "dark": self.dark }));
        let hours = |from: &str, until: &str| {
            let is_set = !from.is_empty() || !until.is_empty();
            json!(is_set.then(|| json!({ "from": from, "until": until })))
        };
        let quiet = hours(&self.quiet_from, &self.quiet_until);
        let on_call_quiet = hours(&self.on_call_quiet_from, &self.on_call_quiet_until);
        let contacts: Vec<Value> = self
            .contacts
            .iter()
            .map(|row| json!(row.to_contact()))
            .collect();
        let segments: Vec<Value> = self
            .segments
            .iter()
            .map(|row| {
                let labels = row
                    .text
                    .iter()
                    .filter_map(|(to, label)| Some((to, non_blank(label)?)));
                let text: BTreeMap<&Language, String> = labels.collect();
                json!({ "slug": row.value.trim().to_lowercase(), "label": row.label.trim(), "text": text })
            })
            .collect();
        let on_call: Vec<Value> = self
            .on_call
            .iter()
            .map(|row| {
                let mut target = json!({ "kind": row.kind, "value": row.value.trim() });
                if let (false, Some(object)) = (row.label.trim().is_empty(), target.as_object_mut())
                {
                    let minutes = row.label.trim();
                    // Sent as typed if it is not a number, so that the server's error names the field.
                    let minutes = minutes
                        .parse::<u32>()
                        .map_or_else(|_| json!(minutes), |minutes| json!(minutes));
                    object.insert("after_minutes".to_owned(), minutes);
                }
                if let (Some(name), Some(object)) = (non_blank(&row.name), target.as_object_mut()) {
                    object.insert("name".to_owned(), json!(name));
                }
                if let (true, Some(object)) = (row.session_link, target.as_object_mut()) {
                    object.insert("session_link".to_owned(), json!(true));
                }
                target
            })
            .collect();
        let [first, second, third] = &self.cadence;
        let cadence = json!({
            "tier_1_s": number(first, MINUTE_S), "tier_2_s": number(second, MINUTE_S), "tier_3_s": number(third, MINUTE_S),
        });
        let restored = json!({
            "returning_s": number(&self.returning_hours, HOUR_S), "everyone_s": number(&self.everyone_hours, HOUR_S),
        });
        vec![
            ("name", "Name", json!(self.name.trim())),
            ("languages", "Languages", json!(languages)),
            ("time_zone", "Time zone", json!(self.time_zone.trim())),
            ("hostnames", "Host names", json!(lines(&self.hostnames))),
            ("colours", "Colours", json!(colours)),
            ("contacts", "Contacts", json!(contacts)),
            ("segments", "Segments", json!(segments)),
            ("on_call", "On call", json!(on_call)),
            ("on_call_quiet_hours", "On-call quiet hours", on_call_quiet),
            ("cadence", "Update intervals", cadence),
            ("quiet_hours", "Quiet hours", quiet),
            (
                "overdue_after_s",
                "Mark an update late after",
                number(&self.overdue_minutes, MINUTE_S),
            ),
            ("restored", "Resolved notices", restored),
            (
                "minor_on_undeclared_pages",
                "Show minor incidents on pages that declare no components",
                json!(self.minor_on_undeclared_pages),
            ),
        ]
    }
}

/// Returns start and end of quiet hours as typed; empty without quiet hours.
fn hours(hours: Option<&QuietHours>) -> (String, String) {
    hours.map_or_else(Default::default, |hours| {
        (hours.from.clone(), hours.until.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::conflict::merge;
    use notice::wire::site::Site;
    use serde_json::json;

    fn site() -> Site {
        serde_json::from_value(json!({
            "slug": "acme", "name": "Acme", "languages": ["en", "de"], "time_zone": "Etc/UTC", "hostnames": [],
            "colours": null, "contacts": [{ "kind": "phone", "label": "Support", "value": "+61" }],
            "segments": [{ "slug": "eu", "label": "Europe", "text": { "de": "Europa" } }],
            "cadence": { "tier_1_s": 1800, "tier_2_s": 7200, "tier_3_s": 86400 },
            "on_call": [
                { "kind": "email", "value": "a@b.example", "after_minutes": 15 },
                { "kind": "webhook", "value": "https://a.example/x", "name": "Day", "session_link": true }
            ],
            "on_call_quiet_hours": { "from": "22:00", "until": "07:00" }, "quiet_hours": null,
            "restored": { "returning_s": 86400, "everyone_s": 7200 }, "overdue_after_s": 300, "paused": false,
            "created_at": "2026-11-21T00:00:00Z"
        }))
        .unwrap()
    }

    #[test]
    fn a_patch_has_only_the_changed_fields() {
        let base = Fields::of(&site());
        assert_eq!(merge::patch(base.values(), base.values()), json!({}));
        let mut fields = base.clone();
        fields.cadence[0] = "20".to_owned();
        let cadence = json!({ "tier_1_s": 1200, "tier_2_s": 7200, "tier_3_s": 86400 });
        assert_eq!(
            merge::patch(fields.values(), base.values()),
            json!({ "cadence": cadence })
        );
    }

    #[test]
    fn unchanged_durations_keep_their_seconds() {
        let mut site = site();
        site.cadence.tier_1_s = 1830;
        site.cadence.tier_2_s = 7201;
        site.restored.returning_s = 86_401;
        site.overdue_after_s = 301;
        let base = Fields::of(&site);
        let mut fields = base.clone();
        fields.cadence[2] = "60".to_owned();
        fields.everyone_hours = "3".to_owned();
        assert_eq!(
            merge::patch(fields.values(), base.values()),
            json!({ "cadence": { "tier_1_s": 1830, "tier_2_s": 7201, "tier_3_s": 3600 },
                "restored": { "returning_s": 86_401, "everyone_s": 10_800 } })
        );
    }

    #[test]
    fn fields_round_trip() {
        let values = Fields::of(&site()).values();
        let of = |name: &str| {
            values
                .iter()
                .find(|(found, ..)| *found == name)
                .unwrap()
                .2
                .clone()
        };
        let stored = serde_json::to_value(site()).unwrap();
        for name in [
            "name",
            "languages",
            "contacts",
            "segments",
            "on_call",
            "on_call_quiet_hours",
            "quiet_hours",
            "cadence",
            "restored",
            "overdue_after_s",
        ] {
            assert_eq!(of(name), stored[name], "{name}");
        }
    }
}
