//! Parses request bodies into typed values, and reports all errors that a schema can find.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    body::{
        json,
        required::{Body, Required, missing},
    },
    rejection::{FieldError, Rejection},
};

/// Parses a JSON object into `T`. Reports all missing and all unknown fields at once, but only the first wrong type.
///
/// # Errors
/// [`Rejection::MalformedJson`] when it is not JSON, [`Rejection::Fields`] when it does not fit `T`.
pub fn read<T: Body + Serialize + DeserializeOwned>(body: &[u8]) -> Result<T, Rejection> {
    match json::parse(body)? {
        Value::Object(fields) => {
            let further: Required = ("", T::also_required(&fields));
            read_with(Value::Object(fields), further)
        }
        _ => Err(Rejection::field("", "Must be a JSON object.")),
    }
}

/// Parses a stored value after a merge patch. Fields that only a new resource requires may be missing.
///
/// # Errors
/// [`Rejection::Fields`] when it does not fit `T`.
pub fn read_changed<T: Body + Serialize + DeserializeOwned>(value: Value) -> Result<T, Rejection> {
    read_with(value, ("", &[]))
}

fn read_with<T: Body + Serialize + DeserializeOwned>(
    value: Value,
    further: Required,
) -> Result<T, Rejection> {
    let given = value.clone();
    let mut errors: Vec<FieldError> = missing(&given, T::REQUIRED)
        .into_iter()
        .chain(missing(&given, &[further]))
        .map(missing_field_error)
        .collect();
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(value, &mut track);
    let read = serde_ignored::deserialize(tracked, |path| {
        errors.push(FieldError::unknown(ignored_pointer(&path)));
    });
    match read {
        Ok(value) => {
            // serde accepts an array for a struct, field by field. Refuse that.
            let parsed = serde_json::to_value(&value).unwrap_or_default();
            report_arrays_for_objects(&given, &parsed, "", &mut errors);
            if errors.is_empty() {
                Ok(value)
            } else {
                Err(Rejection::Fields(errors))
            }
        }
        Err(error) => {
            let error: serde_json::Error = error;
            let at = pointer(&track.path());
            // serde reports a missing field at its parent; point to the field itself.
            let detail = error.to_string();
            let field = match missing_field(&detail) {
                Some(name) => missing_field_error(format!("{at}/{}", escape(name))),
                None => FieldError::invalid(at, sentence(&detail)),
            };
            if !errors.contains(&field) {
                errors.insert(0, field);
            }
            Err(Rejection::Fields(errors))
        }
    }
}

/// Converts a message of serde into a sentence, with a capital letter and a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let end = if message.ends_with('.') { "" } else { "." };
    first
        .into_iter()
        .chain(characters)
        .chain(end.chars())
        .collect()
}

/// Reports each array in place of an object.
fn report_arrays_for_objects(
    given: &Value,
    parsed: &Value,
    at: &str,
    errors: &mut Vec<FieldError>,
) {
    match (given, parsed) {
        (Value::Array(_), Value::Object(_)) => {
            errors.push(FieldError::invalid(at, "Must be a JSON object."));
        }
        (Value::Array(given), Value::Array(parsed)) => {
            for (index, (given, parsed)) in given.iter().zip(parsed).enumerate() {
                report_arrays_for_objects(given, parsed, &format!("{at}/{index}"), errors);
            }
        }
        (Value::Object(given), Value::Object(parsed)) => {
            for (name, given) in given {
                if let Some(parsed) = parsed.get(name) {
                    report_arrays_for_objects(
                        given,
                        parsed,
                        &format!("{at}/{}", escape(name)),
                        errors,
                    );
                }
            }
        }
        _ => {}
    }
}

fn missing_field_error(pointer: String) -> FieldError {
    FieldError::invalid(pointer, "This field is required.")
}

fn missing_field(detail: &str) -> Option<&str> {
    detail.strip_prefix("missing field `")?.strip_suffix('`')
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { variant } => pointer.push_str(&format!("/{}", escape(variant))),
            Segment::Unknown => {}
        }
    }
    pointer
}

fn ignored_pointer(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", ignored_pointer(parent)),
        Path::Map { parent, key } => format!("{}/{}", ignored_pointer(parent), escape(key)),
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => ignored_pointer(parent),
    }
}

/// RFC 6901: `~` and `/` in a name are written `~0` and `~1`.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::wire::input::{NewIncident, NewUpdate};

    fn pointers(body: &str) -> (u16, &'static str, Vec<String>) {
        match read::<NewIncident>(body.as_bytes()) {
            Ok(_) => (200, "", Vec::new()),
            Err(rejection) => {
                let problem = rejection.problem();
                let pointers = problem.errors.into_iter().map(|error| error.pointer);
                (problem.status, problem.code, pointers.collect())
            }
        }
    }

    #[test]
    fn every_error_has_a_code_and_a_pointer() {
        for (body, status, code, expected) in [
            ("{", 400, "malformed_json", vec![]),
            ("", 400, "malformed_json", vec![]),
            ("[]", 422, "invalid_field", vec![""]),
            (
                r#"{"kind":"incident","impact":"minor","body":"b"}"#,
                422,
                "invalid_field",
                vec!["/title"],
            ),
            (
                r#"{"kind":"unknown","title":"x"}"#,
                422,
                "invalid_field",
                vec!["/kind"],
            ),
            (
                r#"{"kind":"incident","impact":"minor","body":"b","title":7}"#,
                422,
                "invalid_field",
                vec!["/title"],
            ),
            (
                r#"{"kind":"incident","impact":"minor","body":"b","title":"x","tilte":1,"audience":{"segmnts":[]}}"#,
                422,
                "unknown_field",
                vec!["/audience/segmnts", "/tilte"],
            ),
            (
                r#"{"kind":"incident","impact":"minor","body":"b","title":"x","components":[{"id":"ok"},{"id":"Not OK"}]}"#,
                422,
                "invalid_field",
                vec!["/components/1/id"],
            ),
            (
                r#"{"kind":"incident","impact":"minor","body":"b","title":"x","components":[["sending","partial_outage"]]}"#,
                422,
                "invalid_field",
                vec!["/components/0"],
            ),
            (
                r#"{"kind":"incident","impact":"minor","body":"b","title":"x","audience":[],"text":{"de":["Titel"]}}"#,
                422,
                "invalid_field",
                vec!["/audience", "/text/de"],
            ),
            (
                r#"{"kind":"incident","impact":"minor","body":"b","title":"x","next_update_at":"soon"}"#,
                422,
                "invalid_field",
                vec!["/next_update_at"],
            ),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(pointers(body), (status, code, expected), "{body}");
        }
    }

    #[test]
    fn wrong_types_are_explained_in_a_sentence() {
        for (field, detail) in [
            (
                r#""title":7"#,
                "Invalid type: integer `7`, expected a string.",
            ),
            (
                r#""title":"x","drill":"no""#,
                "Invalid type: string \"no\", expected a boolean.",
            ),
            (
                r#""title":"x","status":"fine""#,
                "Must be one of investigating, identified, monitoring, resolved, scheduled, in_progress, verifying, completed, active, ended.",
            ),
            (
                r#""title":"x","components":[{"id":"Not OK"}]"#,
                "Must be the id or slug of a component.",
            ),
        ] {
            let body = format!(r#"{{"kind":"incident","impact":"minor","body":"b",{field}}}"#);
            let errors = read::<NewIncident>(body.as_bytes())
                .unwrap_err()
                .problem()
                .errors;
            assert_eq!(errors.first().unwrap().detail, detail);
        }
    }

    #[test]
    fn absent_field_keeps_and_null_clears() {
        let update: NewUpdate = read(br#"{"body":"x","advice":null}"#).unwrap();
        assert_eq!(update.advice, crate::wire::patch::Patch::Clear);
        assert!(update.works.is_keep());
    }
}
