//! Compares and merges three versions of a form: as it was read, as it is in the draft, and as it is published by now.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{readable, view::conflict::Difference};

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

/// Both versions of every field that the draft changed and that is published with another value by now.
pub fn differences(mine: Vec<Named>, stood: Vec<Named>, theirs: Vec<Named>) -> Vec<Difference> {
    let both = mine.into_iter().zip(stood).zip(theirs);
    let (mine, theirs) = both
        .filter(|(((.., mine), (.., stood)), (.., theirs))| mine != stood && stood != theirs)
        .map(|((mine, _), theirs)| (mine, theirs))
        .unzip();
    since(mine, theirs)
}

/// Both versions of every field that differs from what was read.
pub fn since(read: Vec<Named>, now: Vec<Named>) -> Vec<Difference> {
    let shown = |name: &str, value: &Value| readable::value(name, value, &|_| None);
    read.into_iter()
        .zip(now)
        .filter(|((.., read), (.., now))| read != now)
        .map(|((name, label, read), (.., now))| Difference {
            name,
            label: label.to_owned(),
            theirs: shown(name, &now),
            mine: shown(name, &read),
        })
        .collect()
}

/// A three-way merge of a form: the draft's value of each field that the draft changed, the published value of every other,
/// and of those whose JSON pointers are in `taken`.
pub fn merged<T: Clone + Serialize + DeserializeOwned>(
    stood: &T,
    mine: &T,
    theirs: &T,
    taken: &[&str],
) -> T {
    // As text there and back, which forms are kept as anyway: other ways weigh 20 KB.
    let json = |form: &T| -> Option<Value> {
        serde_json::from_str(&serde_json::to_string(form).ok()?).ok()
    };
    let merge = || {
        let (stood, mine, theirs) = (json(stood)?, json(mine)?, json(theirs)?);
        let mut all = three_way(&stood, &mine, &theirs);
        for pointer in taken {
            if let (Some(field), Some(value)) = (all.pointer_mut(pointer), theirs.pointer(pointer))
            {
                field.clone_from(value);
            }
        }
        serde_json::from_str(&all.to_string()).ok()
    };
    // Every form can be written and read again; were one not, nothing of mine would be lost.
    merge().unwrap_or_else(|| mine.clone())
}

fn three_way(stood: &Value, mine: &Value, theirs: &Value) -> Value {
    let (Value::Object(before), Value::Object(own), Value::Object(other)) = (stood, mine, theirs)
    else {
        return if mine == stood { theirs } else { mine }.clone();
    };
    let mut all = other.clone();
    for (name, value) in own {
        let stood = before.get(name).unwrap_or(&Value::Null);
        let theirs = other.get(name).unwrap_or(&Value::Null);
        let merged = three_way(stood, value, theirs);
        all.insert(name.clone(), merged);
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::{Named, differences, merged, patch};
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
    fn only_a_field_that_both_changed_differs() {
        let (stood, mine, theirs) = (named("a", "b"), named("A", "b"), named("x", "B"));
        let found = differences(mine, stood, theirs);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].mine.as_str(), found[0].theirs.as_str()),
            ("A", "x")
        );
        let (stood, mine, theirs) = (named("a", "b"), named("A", "b"), named("a", "B"));
        assert_eq!(differences(mine, stood, theirs), []);
    }

    #[test]
    fn a_merge_keeps_both_sides_and_takes_what_was_chosen() {
        let stood =
            json!({ "title": "a", "advice": "b", "own": { "cadence": "1", "related": [] } });
        let mine = json!({ "title": "A", "advice": "b", "own": { "cadence": "2", "related": [] } });
        let theirs =
            json!({ "title": "x", "advice": "B", "own": { "cadence": "3", "related": ["i"] } });
        assert_eq!(
            merged(&stood, &mine, &theirs, &[]),
            json!({ "title": "A", "advice": "B", "own": { "cadence": "2", "related": ["i"] } })
        );
        assert_eq!(
            merged(&stood, &mine, &theirs, &["/own/cadence"]),
            json!({ "title": "A", "advice": "B", "own": { "cadence": "3", "related": ["i"] } })
        );
    }
}
