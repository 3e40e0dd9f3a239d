//! JSON Merge Patch (RFC 7396).

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    body::{
        cleared_fields::{Changeable, unknown_cleared_fields},
        json,
        read::{read_changed, sentence},
    },
    rejection::{FieldError, Rejection},
    wire::ids::IncidentId,
};

/// A merge patch that is parsed but not yet applied.
#[derive(Clone, Debug)]
pub struct MergePatch(Map<String, Value>);

impl MergePatch {
    /// Parses a merge patch.
    ///
    /// # Errors
    /// [`Rejection::MalformedJson`] if it is not JSON or an object repeats a name, [`Rejection::Fields`] if it is not
    /// an object.
    pub fn read(body: &[u8]) -> Result<Self, Rejection> {
        match json::parse(body)? {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Rejection::field("", "Must be a JSON object.")),
        }
    }

    /// Removes and returns a field that is an option of the request, not a change of the document.
    ///
    /// # Errors
    /// [`Rejection::Fields`] if the field has another type.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Rejection> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|error| {
                Rejection::field(format!("/{name}"), sentence(&error.to_string()))
            }),
        }
    }

    /// Rejects a field that cannot be changed by a patch. `why` is the error's detail.
    ///
    /// # Errors
    /// [`Rejection::Fields`] if the patch contains the field.
    pub fn reject(&self, name: &str, why: &str) -> Result<(), Rejection> {
        if self.0.contains_key(name) {
            return Err(Rejection::Fields(vec![FieldError::invalid(
                format!("/{name}"),
                why,
            )]));
        }
        Ok(())
    }

    /// Whether the patch contains a field.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the valid incident ids in a field. Invalid ones are rejected when the patch is applied.
    pub fn incidents(&self, name: &str) -> Vec<IncidentId> {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|entry| IncidentId::parse(entry.as_str()?))
            .collect()
    }

    /// Applies the patch to a document.
    ///
    /// # Errors
    /// [`Rejection::Fields`] if the result is not a valid `T`, or if the patch has `null` for a field that `T` does not have:
    /// merging drops that field, so the result would not show it. [`Rejection::MalformedJson`] if `current` cannot be
    /// written as JSON.
    pub fn apply_to<T: Changeable + Serialize + DeserializeOwned>(
        self,
        current: &T,
    ) -> Result<T, Rejection> {
        let mut merged = serde_json::to_value(current)
            .map_err(|error| Rejection::MalformedJson(error.to_string()))?;
        let unknown = unknown_cleared_fields::<T>(&self.0);
        if !unknown.is_empty() {
            return Err(Rejection::Fields(unknown));
        }
        json_patch::merge(&mut merged, &Value::Object(self.0));
        read_changed(merged)
    }
}
