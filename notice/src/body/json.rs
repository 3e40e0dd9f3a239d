//! JSON without duplicate keys. Parsers differ in the value that they take for a duplicate key (RFC 8259, section 4).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::rejection::Rejection;

/// Parses a request body.
///
/// # Errors
/// [`Rejection::MalformedJson`] if it is not JSON, or an object has a duplicate key.
pub fn parse(body: &[u8]) -> Result<Value, Rejection> {
    parse_strict::<UniqueKeys>(body).map(|UniqueKeys(value)| value)
}

fn parse_strict<T: DeserializeOwned>(body: &[u8]) -> Result<T, Rejection> {
    serde_json::from_slice(body).map_err(|error| Rejection::MalformedJson(error.to_string()))
}

/// A JSON value without duplicate keys.
struct UniqueKeys(Value);

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor).map(Self)
    }
}

struct UniqueKeysVisitor;

impl<'de> Visitor<'de> for UniqueKeysVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(UniqueKeys(entry)) = entries.next_element()? {
            list.push(entry);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if object.contains_key(&name) {
                let name = Value::String(name);
                return Err(Error::custom(format!(
                    "the name {name} appears twice in one object"
                )));
            }
            let UniqueKeys(value) = entries.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::rejection::Rejection;

    #[test]
    fn values_are_parsed_as_by_serde_json() {
        for text in [
            r#"{"a":[null,true,-1,1.5,18446744073709551615,"ü\n",{"b":{}}],"c":{"a":1}}"#,
            "[]",
            "\"x\"",
            " 7 ",
        ] {
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(parse(text.as_bytes()).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn duplicate_keys_are_rejected_at_any_depth_and_escaping() {
        for text in [
            r#"{"title":"a","title":"b"}"#,
            r#"{"title":"a","x":1,"title":"a"}"#,
            r#"{"title":"a","titl\u0065":"b"}"#,
            r#"{"text":{"de":{"title":"a","title":"b"}}}"#,
            r#"[{"title":"a","title":"b"}]"#,
        ] {
            let Err(Rejection::MalformedJson(detail)) = parse(text.as_bytes()) else {
                panic!("{text} is accepted");
            };
            assert!(detail.contains("\"title\" appears twice"), "{detail}");
        }
        assert!(parse(br#"{"a":{"x":1},"b":{"x":1}}"#).is_ok());
    }

    #[test]
    fn malformed_json_is_rejected() {
        for text in ["", "{", "{} {}", "nan", "{\"a\":1e999}", &"[".repeat(1000)] {
            let result = parse(text.as_bytes());
            assert!(matches!(result, Err(Rejection::MalformedJson(_))), "{text}");
        }
    }
}
