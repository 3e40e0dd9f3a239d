//! Names that a merge patch takes away and that nobody knows. `null` takes a field away before the result is read, so that
//! a misspelt name would vanish unseen.

use serde::{Deserialize, Deserializer, de, forward_to_deserialize_any};
use serde_json::{Map, Value};

use crate::{
    read::escape,
    rejection::FieldError,
    required::Body,
    wire::{
        input::{
            Audience, CorrectedUpdate, IncidentText, NewComponent, NewIncident, NewSite,
            NewTemplate, RestoredWords,
        },
        site::{Cadence, Colours, QuietHours, RestoredSettings},
    },
};

/// Where an object stands (a path of names; `*` is any), and what fields it has.
type Object = (&'static [&'static str], fn() -> &'static [&'static str]);

const TEXT: Object = (&["text", "*"], fields::<IncidentText>);
const TEXT_RESTORED: Object = (&["text", "*", "restored"], fields::<RestoredWords>);

/// A body that a merge patch can be laid over.
pub trait Changeable: Body {
    /// It and every object in it, but those in lists, which a patch replaces whole, and those whose names are anybody's.
    const OBJECTS: &'static [Object];
}

impl Changeable for NewSite {
    const OBJECTS: &'static [Object] = &[
        (&[], fields::<Self>),
        (&["colours"], fields::<Colours>),
        (&["cadence"], fields::<Cadence>),
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
        (&["restored"], fields::<RestoredWords>),
        TEXT,
        TEXT_RESTORED,
    ];
}

impl Changeable for NewTemplate {
    const OBJECTS: &'static [Object] = &[
        (&[], fields::<Self>),
        (&["restored"], fields::<RestoredWords>),
        TEXT,
        TEXT_RESTORED,
    ];
}

impl Changeable for CorrectedUpdate {
    const OBJECTS: &'static [Object] = &[(&[], fields::<Self>), TEXT, TEXT_RESTORED];
}

/// Every name in a patch that says `null` where a `T` has no such field.
pub fn misspelt<T: Changeable>(patch: &Map<String, Value>) -> Vec<FieldError> {
    let mut found = Vec::new();
    misspelt_below(patch, &mut Vec::new(), T::OBJECTS, &mut found);
    found
}

fn misspelt_below<'patch>(
    patch: &'patch Map<String, Value>,
    path: &mut Vec<&'patch str>,
    objects: &[Object],
    found: &mut Vec<FieldError>,
) {
    let known = objects.iter().find(|(place, _)| is_at(place, path));
    let known = known.map(|(_, fields)| fields());
    for (name, value) in patch {
        path.push(name);
        match value {
            Value::Null if known.is_some_and(|known| !known.contains(&name.as_str())) => {
                let pointer = path.iter().map(|name| format!("/{}", escape(name)));
                found.push(FieldError::unknown(pointer.collect::<String>()));
            }
            Value::Object(inner) => misspelt_below(inner, path, objects, found),
            _ => {}
        }
        path.pop();
    }
}

fn is_at(place: &[&str], path: &[&str]) -> bool {
    place.len() == path.len()
        && place
            .iter()
            .zip(path)
            .all(|(step, name)| *step == "*" || step == name)
}

/// The names of a struct's fields, as serde knows them: it tells whatever it is to be read from.
fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // It cannot be read from this, which is not what it is for.
    let _ = T::deserialize(Asked(&mut names));
    names
}

struct Asked<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asked<'_> {
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

    use super::{Changeable, misspelt};
    use crate::wire::input::{
        CorrectedUpdate, NewComponent, NewIncident, NewSite, NewTemplate, RestoredWords,
    };

    fn unknown<T: Changeable>(patch: &Value) -> Vec<String> {
        let found = misspelt::<T>(patch.as_object().unwrap());
        assert!(found.iter().all(|error| error.code == "unknown_field"));
        found.into_iter().map(|error| error.pointer).collect()
    }

    /// Puts a name that nobody knows into each object of a value; returns how many there are.
    fn spoil(value: &mut Value, is_struct: bool) -> usize {
        let Value::Object(fields) = value else {
            return 0;
        };
        let below: usize = fields
            .iter_mut()
            // By language, which anybody may name.
            .map(|(name, value)| spoil(value, name != "text"))
            .sum();
        if is_struct {
            fields.insert("a/b".to_owned(), Value::Null);
        }
        below + usize::from(is_struct)
    }

    /// A body with everything in it that is an object.
    fn check<T: Changeable + Serialize + DeserializeOwned>(whole: Value) {
        let whole = serde_json::to_value(serde_json::from_value::<T>(whole).unwrap()).unwrap();
        let Value::Object(fields) = &whole else {
            panic!("an object");
        };
        for name in fields.keys() {
            assert_eq!(unknown::<T>(&json!({ name: null })), [""; 0], "{name}");
        }
        let mut spoilt = whole.clone();
        let objects = spoil(&mut spoilt, true);
        let found = unknown::<T>(&spoilt);
        assert_eq!(found.len(), objects, "{found:?}");
        assert!(
            found.iter().all(|pointer| pointer.ends_with("/a~1b")),
            "{found:?}"
        );
    }

    #[test]
    fn a_misspelt_name_is_found_in_every_object() {
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
            "quiet_hours": { "from": "f", "until": "u" }, "restored": { "returning_s": 1, "everyone_s": 1 }
        }));
    }

    #[test]
    fn what_can_be_taken_away_may_be() {
        for patch in [
            json!({ "advice": null, "audience": null, "contacts": null }),
            json!({ "audience": { "segments": null, "undeclared": null, "listed": true } }),
            json!({ "restored": { "back": null, "check": null, "still": null } }),
            json!({ "text": { "de": { "title": null, "works": null }, "fr": null } }),
        ] {
            assert_eq!(unknown::<NewIncident>(&patch), [""; 0], "{patch}");
        }
        assert_eq!(super::fields::<RestoredWords>(), ["back", "check", "still"]);
    }
}
