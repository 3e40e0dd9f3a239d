//! Finds unknown fields that a merge patch clears. Merging removes a field with the value `null` before the result is
//! parsed, so a misspelt name would go unnoticed.

use serde::{Deserialize, Deserializer, de, forward_to_deserialize_any};
use serde_json::{Map, Value};

use crate::{
    body::{read::escape, required::Body},
    rejection::FieldError,
    wire::{
        input::{
            Audience, CorrectedUpdate, IncidentText, NewComponent, NewIncident, NewSite,
            NewTemplate, RestoredTexts,
        },
        site::{Cadence, Colours, QuietHours, RestoredSettings},
    },
};

/// The path of an object, in which `*` is any key, and the object's field names.
pub type Object = (&'static [&'static str], fn() -> &'static [&'static str]);

const TEXT: Object = (&["text", "*"], fields::<IncidentText>);
const TEXT_RESTORED: Object = (&["text", "*", "restored"], fields::<RestoredTexts>);

/// A body that a merge patch can apply to.
pub trait Changeable: Body {
    /// The body and every object in it that has fixed fields. Excludes objects in arrays, which a merge patch replaces
    /// whole, and maps with free keys.
    const OBJECTS: &'static [Object];
}

impl Changeable for NewSite {
    const OBJECTS: &'static [Object] = &[
        (&[], fields::<Self>),
        (&["colours"], fields::<Colours>),
        (&["cadence"], fields::<Cadence>),
        (&["on_call_quiet_hours"], fields::<QuietHours>),
        (&["quiet_hours"], fields::<QuietHours>),
        (&["restored"], fields::<RestoredSettings>),
    ];
}

impl Changeable for NewComponent {
    const OBJECTS: &'static [Object] = &[(&[], fields::<Self>)];
}

impl Changeable for NewIncident {
    const OBJECTS: &'static [Object] = &[
        (&[], fields::<Self>),
        (&["audience"], fields::<Audience>),
        (&["restored"], fields::<RestoredTexts>),
        TEXT,
        TEXT_RESTORED,
    ];
}

impl Changeable for NewTemplate {
    const OBJECTS: &'static [Object] = &[
        (&[], fields::<Self>),
        (&["restored"], fields::<RestoredTexts>),
        TEXT,
        TEXT_RESTORED,
    ];
}

impl Changeable for CorrectedUpdate {
    const OBJECTS: &'static [Object] = &[(&[], fields::<Self>), TEXT, TEXT_RESTORED];
}

/// Reports every field with the value `null` that `T` does not have.
pub fn unknown_cleared_fields<T: Changeable>(patch: &Map<String, Value>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    collect_unknown(patch, &mut Vec::new(), T::OBJECTS, &mut errors);
    errors
}

fn collect_unknown<'patch>(
    patch: &'patch Map<String, Value>,
    path: &mut Vec<&'patch str>,
    objects: &[Object],
    errors: &mut Vec<FieldError>,
) {
    let known = objects
        .iter()
        .find(|(object_path, _)| is_at(object_path, path));
    let known = known.map(|(_, fields)| fields());
    for (name, value) in patch {
        path.push(name);
        match value {
            Value::Null if known.is_some_and(|known| !known.contains(&name.as_str())) => {
                let pointer = path.iter().map(|name| format!("/{}", escape(name)));
                errors.push(FieldError::unknown(pointer.collect::<String>()));
            }
            Value::Object(inner) => collect_unknown(inner, path, objects, errors),
            _ => {}
        }
        path.pop();
    }
}

fn is_at(object_path: &[&str], path: &[&str]) -> bool {
    object_path.len() == path.len()
        && object_path
            .iter()
            .zip(path)
            .all(|(step, name)| *step == "*" || step == name)
}

/// Returns the names of a struct's fields, which its `Deserialize` implementation passes to the deserializer.
pub fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Always an error: this deserializer only records the names.
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

/// A deserializer that records the names of a struct's fields.
struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = de::value::Error;

    fn deserialize_struct<V: de::Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    fn deserialize_any<V: de::Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("there is nothing to read"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    use super::{Changeable, unknown_cleared_fields};
    use crate::wire::input::{
        CorrectedUpdate, NewComponent, NewIncident, NewSite, NewTemplate, RestoredTexts,
    };

    fn unknown<T: Changeable>(patch: &Value) -> Vec<String> {
        let errors = unknown_cleared_fields::<T>(patch.as_object().unwrap());
        assert!(errors.iter().all(|error| error.code == "unknown_field"));
        errors.into_iter().map(|error| error.pointer).collect()
    }

    /// Adds an unknown field to each object of a value. Returns the number of objects.
    fn add_unknown_fields(value: &mut Value, is_struct: bool) -> usize {
        let Value::Object(fields) = value else {
            return 0;
        };
        let below: usize = fields
            .iter_mut()
            // `text` is a map by language: its keys are free.
            .map(|(name, value)| add_unknown_fields(value, name != "text"))
            .sum();
        if is_struct {
            fields.insert("a/b".to_owned(), Value::Null);
        }
        below + usize::from(is_struct)
    }

    /// Checks a body with all its optional objects: each of its fields can be cleared, and an
    /// unknown field is reported in each of its objects.
    fn check<T: Changeable + Serialize + DeserializeOwned>(whole: Value) {
        let whole = serde_json::to_value(serde_json::from_value::<T>(whole).unwrap()).unwrap();
        let Value::Object(fields) = &whole else {
            panic!("an object");
        };
        for name in fields.keys() {
            assert_eq!(unknown::<T>(&json!({ name: null })), [""; 0], "{name}");
        }
        let mut extended = whole.clone();
        let objects = add_unknown_fields(&mut extended, true);
        let errors = unknown::<T>(&extended);
        assert_eq!(errors.len(), objects, "{errors:?}");
        assert!(
            errors.iter().all(|pointer| pointer.ends_with("/a~1b")),
            "{errors:?}"
        );
    }

    #[test]
    fn unknown_cleared_fields_are_found_in_every_object() {
        let restored = json!({ "back": ["b"], "check": "c", "still": ["s"] });
        let text = json!({ "de": { "title": "t", "restored": restored } });
        let incident = json!({
            "kind": "incident", "title": "t", "audience": { "segments": ["eu"] }, "restored": restored, "text": text
        });
        check::<NewIncident>(incident);
        check::<NewTemplate>(json!({ "name": "n", "restored": restored, "text": text }));
        check::<CorrectedUpdate>(json!({ "body": "b", "text": text }));
        check::<NewComponent>(json!({ "name": "n" }));
        check::<NewSite>(json!({
            "slug": "acme", "name": "n", "colours": { "light": "l", "dark": "d" },
            "cadence": { "tier_1_s": 1, "tier_2_s": 1, "tier_3_s": 1 },
            "on_call_quiet_hours": { "from": "f", "until": "u" }, "quiet_hours": { "from": "f", "until": "u" }, "restored": { "returning_s": 1, "everyone_s": 1 }
        }));
    }

    #[test]
    fn optional_fields_can_be_cleared() {
        for patch in [
            json!({ "advice": null, "audience": null, "contacts": null }),
            json!({ "audience": { "segments": null, "undeclared": null, "listed": true } }),
            json!({ "restored": { "back": null, "check": null, "still": null } }),
            json!({ "text": { "de": { "title": null, "works": null }, "fr": null } }),
        ] {
            assert_eq!(unknown::<NewIncident>(&patch), [""; 0], "{patch}");
        }
        assert_eq!(super::fields::<RestoredTexts>(), ["back", "check", "still"]);
    }
}
