//! Three-way merges of forms, and merge patches.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::text::values;

/// A field: its name in the API, its label, and its value.
pub type NamedValue = (&'static str, &'static str, Value);

/// A field whose local and remote values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field's name in the API and in the form.
    pub name: &'static str,
    pub label: String,
    /// The published value, as text.
    pub remote: String,
    /// The draft's value, as text.
    pub local: String,
}

/// Returns the JSON merge patch that changes `base` to `now`. Both have the same fields in the same order.
pub fn patch(now: Vec<NamedValue>, base: Vec<NamedValue>) -> Value {
    let changed = now
        .into_iter()
        .zip(base)
        .filter(|((.., now), (.., base))| now != base)
        .map(|((name, _, now), _)| (name.to_owned(), now));
    Value::Object(changed.collect::<Map<_, _>>())
}

/// Returns the conflicts: the fields that both the draft and the published version changed since `base`.
pub fn conflicts(
    local: Vec<NamedValue>,
    base: Vec<NamedValue>,
    remote: Vec<NamedValue>,
) -> Vec<Difference> {
    let all = local.into_iter().zip(base).zip(remote);
    let (local, remote) = all
        .filter(|(((.., local), (.., base)), (.., remote))| local != base && base != remote)
        .map(|((local, _), remote)| (local, remote))
        .unzip();
    differences(local, remote)
}

/// Returns the fields whose values differ.
pub fn differences(local: Vec<NamedValue>, remote: Vec<NamedValue>) -> Vec<Difference> {
    let text = |name: &str, value: &Value| values::text(name, value, &|_| None);
    local
        .into_iter()
        .zip(remote)
        .filter(|((.., local), (.., remote))| local != remote)
        .map(|((name, label, local), (.., remote))| Difference {
            name,
            label: label.to_owned(),
            remote: text(name, &remote),
            local: text(name, &local),
        })
        .collect()
}

/// Merges a form: the draft's value of each field that the draft changed, else the published value. Fields at the JSON pointers
/// in `take_remote` get the published value in any case.
pub fn merge<T: Clone + Serialize + DeserializeOwned>(
    base: &T,
    local: &T,
    remote: &T,
    take_remote: &[&str],
) -> T {
    // Converts by way of text, for which drafts need the code anyway: direct conversion to `Value` adds 20 KB of code.
    let json = |form: &T| -> Option<Value> {
        serde_json::from_str(&serde_json::to_string(form).ok()?).ok()
    };
    let merge = || {
        let (base, local, remote) = (json(base)?, json(local)?, json(remote)?);
        let mut all = three_way(&base, &local, &remote);
        for pointer in take_remote {
            if let (Some(field), Some(value)) = (all.pointer_mut(pointer), remote.pointer(pointer))
            {
                field.clone_from(value);
            }
        }
        serde_json::from_str(&all.to_string()).ok()
    };
    // Every form can be written as JSON. If one could not, the draft would be kept.
    merge().unwrap_or_else(|| local.clone())
}

fn three_way(base: &Value, local: &Value, remote: &Value) -> Value {
    let (Value::Object(before), Value::Object(own), Value::Object(other)) = (base, local, remote)
    else {
        return if local == base { remote } else { local }.clone();
    };
    let mut all = other.clone();
    for (name, value) in own {
        let base = before.get(name).unwrap_or(&Value::Null);
        let remote = other.get(name).unwrap_or(&Value::Null);
        let merged = three_way(base, value, remote);
        all.insert(name.clone(), merged);
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::{NamedValue, conflicts, merge, patch};
    use serde_json::json;

    fn fields(title: &str, advice: &str) -> Vec<NamedValue> {
        vec![
            ("title", "Title", json!(title)),
            ("advice", "Advice", json!(advice)),
        ]
    }

    #[test]
    fn a_patch_has_the_changed_fields() {
        assert_eq!(patch(fields("a", "b"), fields("a", "b")), json!({}));
        assert_eq!(
            patch(fields("a", "c"), fields("a", "b")),
            json!({ "advice": "c" })
        );
    }

    #[test]
    fn only_fields_changed_on_both_sides_conflict() {
        let (base, local, remote) = (fields("a", "b"), fields("A", "b"), fields("x", "B"));
        let found = conflicts(local, base, remote);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].local.as_str(), found[0].remote.as_str()),
            ("A", "x")
        );
        let (base, local, remote) = (fields("a", "b"), fields("A", "b"), fields("a", "B"));
        assert_eq!(conflicts(local, base, remote), []);
    }

    #[test]
    fn a_merge_keeps_both_sides_and_takes_the_chosen_fields() {
        let base = json!({ "title": "a", "advice": "b", "own": { "cadence": "1", "related": [] } });
        let local =
            json!({ "title": "A", "advice": "b", "own": { "cadence": "2", "related": [] } });
        let remote =
            json!({ "title": "x", "advice": "B", "own": { "cadence": "3", "related": ["i"] } });
        assert_eq!(
            merge(&base, &local, &remote, &[]),
            json!({ "title": "A", "advice": "B", "own": { "cadence": "2", "related": ["i"] } })
        );
        assert_eq!(
            merge(&base, &local, &remote, &["/own/cadence"]),
            json!({ "title": "A", "advice": "B", "own": { "cadence": "3", "related": ["i"] } })
        );
    }
}
