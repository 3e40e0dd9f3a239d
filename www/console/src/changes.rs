//! A form as it was read, as it is, and as somebody else has made it meanwhile: what differs.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::view::conflict::Difference;

/// A field as the API has it: its name there, its label, its value.
pub type Named = (&'static str, &'static str, Value);

/// The merge patch that makes the one of the other.
pub fn patch(now: Vec<Named>, stood: Vec<Named>) -> Value {
    let changed = now
        .into_iter()
        .zip(stood)
        .filter(|((.., now), (.., stood))| now != stood)
        .map(|((name, _, now), _)| (name.to_owned(), now));
    Value::Object(changed.collect::<Map<_, _>>())
}

/// Both texts of every field that I changed and that is not now as I want it.
pub fn differences(mine: Vec<Named>, stood: Vec<Named>, theirs: Vec<Named>) -> Vec<Difference> {
    let (mine, theirs) = mine
        .into_iter()
        .zip(stood)
        .zip(theirs)
        .filter(|(((.., mine), (.., stood)), _)| mine != stood)
        .map(|((mine, _), theirs)| (mine, theirs))
        .unzip();
    since(mine, theirs)
}

/// Both texts of every field that is not as it was read.
pub fn since(read: Vec<Named>, now: Vec<Named>) -> Vec<Difference> {
    read.into_iter()
        .zip(now)
        .filter(|((.., read), (.., now))| read != now)
        .map(|((_, label, read), (.., now))| Difference {
            label: label.to_owned(),
            theirs: shown(&now),
            mine: shown(&read),
        })
        .collect()
}

/// Mine, where I changed something; theirs elsewhere.
pub fn merged<T: Clone + Serialize + DeserializeOwned>(stood: &T, mine: &T, theirs: &T) -> T {
    // As text there and back, which forms are kept as anyway: other ways weigh 20 KB.
    let fields = |form: &T| -> Option<Map<String, Value>> {
        serde_json::from_str(&serde_json::to_string(form).ok()?).ok()
    };
    let merge = || {
        let (stood, mine, mut all) = (fields(stood)?, fields(mine)?, fields(theirs)?);
        let changed = mine
            .into_iter()
            .filter(|(name, value)| stood.get(name) != Some(value));
        all.extend(changed);
        serde_json::from_str(&Value::Object(all).to_string()).ok()
    };
    // Every form can be written and read again; were one not, nothing of mine would be lost.
    merge().unwrap_or_else(|| mine.clone())
}

/// A value for a person to compare.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(on) => if *on { "Yes" } else { "No" }.to_owned(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name, shown(value)))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{}: {value}", name.replace('_', " ")))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Named, differences, merged, patch, shown};
    use serde_json::json;

    fn named(title: &str, advice: &str) -> Vec<Named> {
        vec![
            ("title", "Title", json!(title)),
            ("advice", "Advice", json!(advice)),
        ]
    }

    #[test]
    fn a_patch_names_what_changed() {
        assert_eq!(patch(named("a", "b"), named("a", "b")), json!({}));
        assert_eq!(
            patch(named("a", "c"), named("a", "b")),
            json!({ "advice": "c" })
        );
    }

    #[test]
    fn what_only_they_changed_stays_theirs() {
        let (stood, mine, theirs) = (named("a", "b"), named("A", "b"), named("x", "B"));
        let found = differences(mine, stood, theirs);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].mine.as_str(), found[0].theirs.as_str()),
            ("A", "x")
        );
        let (stood, mine, theirs) = (
            json!({ "title": "a", "advice": "b" }),
            json!({ "title": "A", "advice": "b" }),
            json!({ "title": "x", "advice": "B" }),
        );
        assert_eq!(
            merged(&stood, &mine, &theirs),
            json!({ "title": "A", "advice": "B" })
        );
    }

    #[test]
    fn values_are_shown_for_people() {
        assert_eq!(shown(&json!(["one", "two"])), "one\ntwo");
        assert_eq!(shown(&json!(null)), "");
        assert_eq!(
            shown(&json!({ "tier_1_s": 5, "paths": [], "on": true })),
            "on: Yes, tier 1 s: 5"
        );
    }
}
