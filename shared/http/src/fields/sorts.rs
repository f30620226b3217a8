use rolecall_domain::Violation;
use serde_json::{Map, json};

use super::{Components, Json, Value};
use crate::{
    extract::{self, Fields, Input},
    problem::{MOST_ERRORS, Problem},
};

/// A list of `LEAST` to `MOST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const LEAST: usize, const MOST: usize>(pub Vec<T>);

/// A text of `LEAST` to `MOST` characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const LEAST: usize, const MOST: usize>(pub String);

/// A whole number of a query, from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const LEAST: i64, const MOST: i64>(pub i64);

/// `true` or `false` of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

/// A list of 1 to `MOST` objects, each right or wrong on its own.
#[derive(Debug)]
pub struct Each<T, const MOST: usize>(pub Vec<Result<T, Problem>>);

impl<T: Value, const LEAST: usize, const MOST: usize> Value for List<T, LEAST, MOST> {
    const IS_LIST: bool = true;

    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        let list = list(fields, name, json, LEAST, MOST)?;
        let read = |(place, json)| T::read(fields, &format!("{name}[{place}]"), json);
        list.into_iter().enumerate().map(read).collect::<Option<_>>().map(Self)
    }

    fn schema(components: &mut Components) -> Json {
        array(&T::schema(components), LEAST, MOST)
    }
}

impl<const LEAST: usize, const MOST: usize> Text<LEAST, MOST> {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const LEAST: usize, const MOST: usize> Value for Text<LEAST, MOST> {
    const IS_TEXT: bool = true;

    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.text(name, &json, |text| {
            if (LEAST..=MOST).contains(&text.chars().count()) {
                return Ok(Self(text.to_owned()));
            }
            Err(Violation::new("invalid", format!("{LEAST} to {MOST} characters.")))
        })
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "string", "minLength": LEAST, "maxLength": MOST })
    }
}

impl<const LEAST: i64, const MOST: i64> Value for Whole<LEAST, MOST> {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.text(name, &json, |text| {
            text.parse().ok().filter(|n| (LEAST..=MOST).contains(n)).map(Self).ok_or_else(|| {
                let message = format!("A whole number from {LEAST} to {MOST}.");
                Violation::new("out_of_range", message)
            })
        })
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }
}

impl Value for Flag {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.text(name, &json, |text| match text {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(Violation::new("invalid", "`true` or `false`.")),
        })
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "boolean" })
    }
}

impl<T: Value + Input, const MOST: usize> Value for Each<T, MOST> {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        let list = list(fields, name, json, 1, MOST)?;
        // What is no object has no field that could be right.
        let object = |json| if let Json::Object(map) = json { map } else { Map::new() };
        let most = MOST_ERRORS / list.len().max(1);
        let read = |json| extract::take(object(json)).map_err(|problem| problem.at_most(most));
        Some(Self(list.into_iter().map(read).collect()))
    }

    fn schema(components: &mut Components) -> Json {
        array(&T::schema(components), 1, MOST)
    }
}

fn list(
    fields: &mut Fields,
    name: &str,
    json: Json,
    least: usize,
    most: usize,
) -> Option<Vec<Json>> {
    let list = match json {
        Json::Array(list) => list,
        Json::Null => {
            return fields.refuse(name, Violation::new("required", "This field is required."));
        }
        _ => return fields.refuse(name, Violation::new("wrong_type", "This field is a list.")),
    };
    if (least..=most).contains(&list.len()) {
        return Some(list);
    }
    let message = match least {
        0 => format!("A list of at most {most}."),
        _ => format!("A list of {least} to {most}."),
    };
    fields.refuse(name, Violation::new("out_of_range", message))
}

fn array(items: &Json, least: usize, most: usize) -> Json {
    json!({ "type": "array", "items": items, "minItems": least, "maxItems": most })
}
