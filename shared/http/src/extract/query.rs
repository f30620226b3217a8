use rolecall_domain::Violation;
use serde_json::{Map, Value};

use crate::problem::{FieldError, Problem};

/// A query string as an object of texts. A name that comes twice is refused: two readers would read two things.
pub(super) fn parse(query: &str) -> Result<Map<String, Value>, Problem> {
    let mut map = Map::new();
    let mut repeated = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if map.insert(name.to_string(), Value::String(value.into_owned())).is_some() {
            let name: String = name.chars().take(64).collect();
            repeated.push(FieldError::new(name, Violation::new("repeated", "Give this parameter once.")));
        }
    }
    if repeated.is_empty() { Ok(map) } else { Err(Problem::validation(repeated)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_come_once() {
        let map = parse("limit=5&cursor=a%2Bb+c").unwrap();
        assert_eq!((&map["limit"], &map["cursor"]), (&Value::from("5"), &Value::from("a+b c")));
        assert_eq!(parse("").unwrap().len(), 0);
        assert!(parse("limit=5&limit=6").is_err());
    }
}
