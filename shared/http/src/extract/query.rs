use rolecall_domain::Violation;
use serde_json::{Map, Value};

use super::named;
use crate::problem::{FieldError, Problem};

/// A query string as an object of texts. A name that comes twice is refused, because two readers
/// would read two things, unless it is one of those that may repeat, which are lists.
pub(super) fn parse(
    query: &str,
    repeats: impl Fn(&str) -> bool,
) -> Result<Map<String, Value>, Problem> {
    let mut map = Map::new();
    let mut repeated = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = Value::String(value.into_owned());
        if repeats(&name) {
            let list = map.entry(name.as_ref()).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(value.clone()));
        } else if map.insert(name.to_string(), value).is_some() {
            repeated.push(FieldError::new(
                named(&name),
                Violation::new("repeated", "This parameter must not be repeated."),
            ));
        }
    }
    if repeated.is_empty() { Ok(map) } else { Err(Problem::validation(repeated)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_come_once() {
        let map = parse("limit=5&cursor=a%2Bb+c", |_| false).unwrap();
        assert_eq!((&map["limit"], &map["cursor"]), (&Value::from("5"), &Value::from("a+b c")));
        assert_eq!(parse("", |_| false).unwrap().len(), 0);
        assert!(parse("limit=5&limit=6", |name| name == "tag").is_err());
        assert_eq!(
            parse("tag=a&tag=b", |name| name == "tag").unwrap()["tag"],
            serde_json::json!(["a", "b"])
        );
    }
}
