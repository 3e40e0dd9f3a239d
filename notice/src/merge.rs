//! JSON Merge Patch (RFC 7396): what a PATCH says, laid over what stands.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    json,
    read::{read_changed, sentence},
    rejection::{FieldError, Rejection},
    spelling::{Changeable, misspelt},
    wire::ids::IncidentId,
};

/// A merge patch, read but not yet laid over anything.
#[derive(Clone, Debug)]
pub struct MergePatch(Map<String, Value>);

impl MergePatch {
    /// Reads one.
    ///
    /// # Errors
    /// [`Rejection::MalformedJson`], or [`Rejection::Fields`] when it is no object.
    pub fn read(body: &[u8]) -> Result<Self, Rejection> {
        match json::parse(body)? {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Rejection::field("", "Must be a JSON object.")),
        }
    }

    /// Takes out a field that says how to change rather than what.
    ///
    /// # Errors
    /// [`Rejection::Fields`] when it is there and not of this type.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Rejection> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|error| {
                Rejection::field(format!("/{name}"), sentence(&error.to_string()))
            }),
        }
    }

    /// Refuses a field that no change may name.
    ///
    /// # Errors
    /// [`Rejection::Fields`] when it is there.
    pub fn refuse(&self, name: &str, why: &str) -> Result<(), Rejection> {
        if self.0.contains_key(name) {
            return Err(Rejection::Fields(vec![FieldError::invalid(
                format!("/{name}"),
                why,
            )]));
        }
        Ok(())
    }

    /// Whether the patch says anything of this field.
    pub fn names(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The incidents that a field lists, as far as they can be read; what cannot is refused when the patch is laid over
    /// something.
    pub fn incidents(&self, name: &str) -> Vec<IncidentId> {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|entry| IncidentId::parse(entry.as_str()?))
            .collect()
    }

    /// What stands, with the patch laid over it.
    ///
    /// # Errors
    /// [`Rejection::Fields`] when the result does not fit `T`.
    pub fn over<T: Changeable + Serialize + DeserializeOwned>(
        self,
        standing: &T,
    ) -> Result<T, Rejection> {
        let mut merged = serde_json::to_value(standing)
            .map_err(|error| Rejection::MalformedJson(error.to_string()))?;
        let misspelt = misspelt::<T>(&self.0);
        if !misspelt.is_empty() {
            return Err(Rejection::Fields(misspelt));
        }
        json_patch::merge(&mut merged, &Value::Object(self.0));
        read_changed(merged)
    }
}
