//! What an incident says of itself instead of leaving it to the site.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        feed::Contact,
        ids::IncidentId,
        language::Language,
        words::{ContactKind, Word},
    },
};
use serde::{Deserialize, Serialize};

/// Somebody to reach, a segment, somebody on call: a line of a list that grows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// What sort, as in JSON.
    pub kind: String,
    /// What it is called.
    pub label: String,
    /// The number, address or slug.
    pub value: String,
    /// What it is called in other languages.
    pub text: BTreeMap<Language, String>,
}

impl Row {
    /// A contact as it is typed.
    pub fn of_contact(contact: &Contact) -> Self {
        Self {
            kind: contact.kind.as_str().to_owned(),
            label: contact.label.clone(),
            value: contact.value.clone(),
            text: BTreeMap::new(),
        }
    }

    /// As a contact.
    pub fn contact(&self) -> Contact {
        Contact {
            kind: ContactKind::parse(&self.kind).unwrap_or(ContactKind::Link),
            label: self.label.trim().to_owned(),
            value: self.value.trim().to_owned(),
        }
    }
}

/// Seconds in a minute.
pub const MINUTE_S: u32 = 60;

/// Seconds in an hour.
pub const HOUR_S: u32 = 3600;

/// Decimal places of an amount: enough for one second of an hour.
const PLACES: u32 = 4;

/// Seconds in a longer unit, as a number field holds them. [`seconds`] reads back the same second: `30`, `30.5`.
pub fn amount(seconds: u32, unit_s: u32) -> String {
    let scale = 10_u64.pow(PLACES);
    let unit = u64::from(unit_s);
    let scaled = (u64::from(seconds) * scale + unit / 2) / unit;
    let (whole, part) = (scaled / scale, scaled % scale);
    let text = format!("{whole}.{part:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount of a unit as it is typed, rounded to the second; `None` where it is no number or too large.
pub fn seconds(text: &str, unit_s: u32) -> Option<u32> {
    let text = text.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| {
        let fits = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u64>().ok()).flatten()
    };
    let scale = 10_u64.pow(u32::try_from(part.len()).ok()?);
    let unit = u64::from(unit_s);
    let rounded = (digits(part)? * unit + scale / 2) / scale;
    u32::try_from(digits(whole)? * unit + rounded).ok()
}

/// Minutes as they are typed, in seconds.
pub fn minutes_s(text: &str) -> Option<u32> {
    seconds(text, MINUTE_S)
}

/// What an incident says of itself instead of leaving it to the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    /// Whom to reach; `None`: the site's contacts.
    pub contacts: Option<Vec<Row>>,
    /// Incidents that belong with it.
    pub related: Vec<IncidentId>,
    /// How often an update is owed, in minutes; empty: by the tier of what is hit.
    pub cadence: String,
}

impl Own {
    /// As it stands.
    pub fn of(incident: &IncidentView) -> Self {
        let contacts = incident.contacts.as_ref();
        Self {
            contacts: contacts.map(|list| list.iter().map(Row::of_contact).collect()),
            related: incident.related.clone(),
            cadence: incident
                .cadence_s
                .map(|seconds| amount(seconds, MINUTE_S))
                .unwrap_or_default(),
        }
    }

    /// The contacts, if they are not the site's.
    pub fn contacts(&self) -> Option<Vec<Contact>> {
        let rows = self.contacts.as_ref()?;
        Some(rows.iter().map(Row::contact).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR_S, MINUTE_S, amount, seconds};

    #[test]
    fn every_second_of_an_amount_comes_back() {
        for unit in [MINUTE_S, HOUR_S] {
            for given in (0..8000).chain([86_399, 86_401, 259_200, 2_591_999, 2_592_000]) {
                let text = amount(given, unit);
                assert_eq!(seconds(&text, unit), Some(given), "{text} of {unit} s");
            }
        }
    }

    #[test]
    fn an_amount_is_a_short_number() {
        for (given, unit, text) in [
            (1800, MINUTE_S, "30"),
            (1830, MINUTE_S, "30.5"),
            (301, MINUTE_S, "5.0167"),
            (86_400, HOUR_S, "24"),
            (0, HOUR_S, "0"),
        ] {
            assert_eq!(amount(given, unit), text);
        }
    }

    #[test]
    fn what_is_no_amount_is_not_read() {
        for text in [
            "",
            "x",
            "-1",
            "1.2.3",
            "1e3",
            ".5",
            "5.",
            "99999999999",
            "4294967295",
        ] {
            assert_eq!(seconds(text, MINUTE_S), None, "{text}");
        }
        assert_eq!(seconds(" 1,5 ", MINUTE_S), Some(90));
    }
}
