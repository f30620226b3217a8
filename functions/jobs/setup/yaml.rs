//! YAML as JSON. With serde-saphyr the program is 0.5 MiB larger, and passes the 8 it may have.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// The only document of a text: a mapping with texts for keys, at all depths.
///
/// # Errors
///
/// What is wrong, with its line and column where the text is not YAML; a key that comes twice and
/// aliases without end are not.
pub(super) fn document(text: &str) -> Result<Map<String, Value>, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| format!("is not YAML: {error}"))?;
    let Ok([document]) = <[Yaml<'_>; 1]>::try_from(documents) else {
        return Err("is not one document".to_owned());
    };
    match value(document)? {
        Value::Object(map) => Ok(map),
        _ => Err("is not a mapping".to_owned()),
    }
}

fn value(yaml: Yaml<'_>) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => Value::String(value.into_owned()),
        Yaml::Sequence(items) => {
            Value::Array(items.into_iter().map(value).collect::<Result<_, _>>()?)
        }
        Yaml::Mapping(entries) => {
            let entry = |(key, item): (Yaml<'_>, _)| match key {
                Yaml::Value(Scalar::String(key)) => Ok((key.into_owned(), value(item)?)),
                _ => Err("has a key that is no text".to_owned()),
            };
            Value::Object(entries.into_iter().map(entry).collect::<Result<_, String>>()?)
        }
        Yaml::Representation(..) | Yaml::Tagged(..) | Yaml::Alias(_) | Yaml::BadValue => {
            return Err("has a tag or a value that JSON has not".to_owned());
        }
    })
}
