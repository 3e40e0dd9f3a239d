//! JSON in which every name of an object stands once. Readers differ on what a second one means (RFC 8259, section 4), so
//! that somebody would be misunderstood.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::rejection::Rejection;

/// Reads a body.
///
/// # Errors
/// [`Rejection::MalformedJson`] when it is not JSON, or names something twice.
pub fn parse(body: &[u8]) -> Result<Value, Rejection> {
    strict::<Once>(body).map(|Once(value)| value)
}

fn strict<T: DeserializeOwned>(body: &[u8]) -> Result<T, Rejection> {
    serde_json::from_slice(body).map_err(|error| Rejection::MalformedJson(error.to_string()))
}

/// A value in which nothing is named twice.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
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
        while let Some(Once(entry)) = entries.next_element()? {
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
            let Once(value) = entries.next_value()?;
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
    fn every_kind_of_value_is_read_as_serde_json_reads_it() {
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
    fn a_second_one_of_a_name_is_refused_however_it_is_spelled_and_wherever_it_stands() {
        for text in [
            r#"{"title":"a","title":"b"}"#,
            r#"{"title":"a","x":1,"title":"a"}"#,
            r#"{"title":"a","titl\u0065":"b"}"#,
            r#"{"text":{"de":{"title":"a","title":"b"}}}"#,
            r#"[{"title":"a","title":"b"}]"#,
        ] {
            let Err(Rejection::MalformedJson(detail)) = parse(text.as_bytes()) else {
                panic!("{text} is taken");
            };
            assert!(detail.contains("\"title\" appears twice"), "{detail}");
        }
        assert!(parse(br#"{"a":{"x":1},"b":{"x":1}}"#).is_ok());
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{} {}", "nan", "{\"a\":1e999}", &"[".repeat(1000)] {
            let refused = parse(text.as_bytes());
            assert!(
                matches!(refused, Err(Rejection::MalformedJson(_))),
                "{text}"
            );
        }
    }
}
