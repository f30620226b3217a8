//! Bodies and queries, declared once: struct, parser and schema are made of one list of fields, in
//! which the type of a field says everything.
//!
//! A field is `T` (it has to be there), `Option<T>` (it may be missing or `null`),
//! [`Patch<T>`](Patch) (RFC 7396: missing keeps, `null` clears) or [`Change<T>`](Change) (it may be
//! missing and cannot be cleared), of a `T` that is a [`Value`]. Behind `..` stand the fields of
//! another input. `into Target { more: value }` converts it into what has just its fields and those
//! that are named.

mod sorts;

use std::collections::{BTreeMap, BTreeSet};

use rolecall_domain::{Patch, Violation};
use serde_json::{Map, json};

use crate::extract::{Fields, Input};

/// Makes a struct, its parser ([`Input`]) and its schema ([`Body`]) of one list of fields.
#[macro_export]
macro_rules! input {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $input:ident as $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident $(as $key:literal)?: $type:ty,
            )*
            $(.. $rest:ident: $rest_type:ty,)*
        }
        $(into $target:ident { $($extra:ident: $value:expr),* })?
    ) => {
        $crate::input_into! {
            $input { $($field)* } $($target { $($extra: $value),* })?
        }

        $(#[doc = $doc])*
        $vis struct $input {
            $($(#[doc = $field_doc])* $vis $field: $type,)*
            $($vis $rest: $rest_type,)*
        }

        impl $crate::extract::Input for $input {
            fn read(fields: &mut $crate::extract::Fields) -> Option<Self> {
                $(let $field = $crate::fields::Field::take(fields, $crate::key!($field $($key)?));)*
                $(let $rest = <$rest_type as $crate::extract::Input>::read(fields);)*
                Some(Self { $($field: $field?,)* $($rest: $rest?,)* })
            }

            fn repeats(name: &str) -> bool {
                $((name == $crate::key!($field $($key)?)
                    && <$type as $crate::fields::Field>::IS_LIST) ||)*
                $(<$rest_type as $crate::extract::Input>::repeats(name) ||)*
                false
            }
        }

        impl $crate::fields::Body for $input {
            const NAME: &'static str = stringify!($name);
            const DESCRIPTION: &'static [&'static str] = &[$($doc),*];

            fn describe(object: &mut $crate::fields::Object) {
                $(<$type as $crate::fields::Field>::describe(
                    object,
                    $crate::key!($field $($key)?),
                    &[$($field_doc),*],
                );)*
                $(<$rest_type as $crate::fields::Body>::describe(object);)*
            }
        }

        impl $crate::fields::Value for $input {
            fn read(
                fields: &mut $crate::extract::Fields,
                name: &str,
                json: $crate::fields::Json,
            ) -> Option<Self> {
                fields.nested(name, json)
            }

            fn schema(components: &mut $crate::fields::Components) -> $crate::fields::Json {
                $crate::fields::referred::<Self>(components)
            }
        }
    };
}

/// The conversion of an input into what has the same fields, and those that it names.
#[doc(hidden)]
#[macro_export]
macro_rules! input_into {
    ($input:ident { $($field:ident)* }) => {};
    ($input:ident { $($field:ident)* } $target:ident { $($extra:ident: $value:expr),* }) => {
        impl From<$input> for $target {
            fn from(input: $input) -> Self {
                let $input { $($field),* } = input;
                Self { $($field: $field.into(),)* $($extra: $value,)* }
            }
        }
    };
}

/// What a field is called in JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

pub use serde_json::Value as Json;
pub use sorts::{Each, Flag, List, Text, Whole};

/// Schemas by their names.
pub type Components = BTreeMap<String, Json>;

/// An [`Input`] that says what it is.
pub trait Body: Input {
    /// Its name in the document.
    const NAME: &'static str;
    /// The lines of its doc comment.
    const DESCRIPTION: &'static [&'static str];

    /// Adds its fields.
    fn describe(object: &mut Object);
}

/// A schema of an object under way.
#[derive(Debug, Default)]
pub struct Object {
    properties: Map<String, Json>,
    required: Vec<&'static str>,
    nullable: BTreeSet<String>,
    components: Components,
}

/// What a client may write into a field.
pub trait Value: Sized {
    /// Whether it is a list.
    const IS_LIST: bool = false;
    /// Whether it is a text: no word of a set, no instant, and nothing that names something.
    const IS_TEXT: bool = false;

    /// Reads it; `None` when it is wrong, and `fields` knows why.
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self>;

    /// What the document says of it.
    fn schema(components: &mut Components) -> Json;
}

/// A field of an input.
pub trait Field: Sized {
    /// Whether it is a list.
    const IS_LIST: bool;

    /// Takes it out of `fields`; `None` when it is wrong.
    fn take(fields: &mut Fields, name: &'static str) -> Option<Self>;

    /// Adds it to the schema.
    fn describe(object: &mut Object, name: &'static str, description: &[&str]);
}

/// A field of a merge patch that cannot be cleared: `null` is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<T>(pub Option<T>);

impl<T> From<Change<T>> for Option<T> {
    fn from(change: Change<T>) -> Self {
        change.0
    }
}

impl<T: Value> Field for T {
    const IS_LIST: bool = T::IS_LIST;

    fn take(fields: &mut Fields, name: &'static str) -> Option<Self> {
        match fields.remove(name) {
            Some(json) => T::read(fields, name, json),
            None => fields.refuse(name, Violation::new("required", "This field is required.")),
        }
    }

    fn describe(object: &mut Object, name: &'static str, description: &[&str]) {
        let schema = T::schema(&mut object.components);
        object.add(name, schema, description);
        object.required.push(name);
    }
}

impl<T: Value> Field for Option<T> {
    const IS_LIST: bool = T::IS_LIST;

    fn take(fields: &mut Fields, name: &'static str) -> Option<Self> {
        match fields.given::<T>(name) {
            None | Some(Json::Null) => Some(None),
            Some(json) => T::read(fields, name, json).map(Some),
        }
    }

    fn describe(object: &mut Object, name: &'static str, description: &[&str]) {
        let schema = T::schema(&mut object.components);
        let schema = if T::IS_TEXT { or_empty(schema) } else { schema };
        object.add(name, schema, description);
        object.nullable.insert(name.to_owned());
    }
}

impl<T: Value> Field for Patch<T> {
    const IS_LIST: bool = T::IS_LIST;

    fn take(fields: &mut Fields, name: &'static str) -> Option<Self> {
        match fields.given::<T>(name) {
            None => Some(Self::Keep),
            Some(Json::Null) => Some(Self::Clear),
            Some(json) => T::read(fields, name, json).map(Self::Set),
        }
    }

    fn describe(object: &mut Object, name: &'static str, description: &[&str]) {
        Option::<T>::describe(object, name, description);
    }
}

impl<T: Value> Field for Change<T> {
    const IS_LIST: bool = T::IS_LIST;

    fn take(fields: &mut Fields, name: &'static str) -> Option<Self> {
        match fields.remove(name) {
            None => Some(Self(None)),
            Some(json) => T::read(fields, name, json).map(|value| Self(Some(value))),
        }
    }

    fn describe(object: &mut Object, name: &'static str, description: &[&str]) {
        let schema = T::schema(&mut object.components);
        object.add(name, schema, description);
    }
}

impl Object {
    fn add(&mut self, name: &str, mut schema: Json, description: &[&str]) {
        if let Json::Object(map) = &mut schema
            && !description.is_empty()
        {
            map.insert("description".to_owned(), text(description).into());
        }
        self.properties.insert(name.to_owned(), schema);
    }
}

/// The schema of a body, with those that it refers to.
#[must_use]
pub fn schema<T: Body>() -> (Json, Components) {
    let Object { properties, required, mut nullable, components } = described::<T>();
    let or_null = |(name, property)| {
        let is_nullable = nullable.remove(&name);
        (name, if is_nullable { or_null(property) } else { property })
    };
    let properties: Map<String, Json> = properties.into_iter().map(or_null).collect();
    let mut schema = json!({
        "type": "object",
        "description": text(T::DESCRIPTION),
        "properties": properties,
        "additionalProperties": false,
    });
    if let Json::Object(map) = &mut schema
        && !required.is_empty()
    {
        map.insert("required".to_owned(), json!(required));
    }
    (schema, components)
}

/// The parameters of a query, with the schemas that they refer to. What may be `null` in a body is
/// missing in a query.
pub(crate) fn parameters<T: Body>() -> (Vec<Json>, Components) {
    let Object { properties, required, components, .. } = described::<T>();
    let parameter = |(name, mut schema): (String, Json)| {
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let required = required.contains(&name.as_str());
        let mut parameter =
            json!({ "name": name, "in": "query", "required": required, "schema": schema });
        if let (Some(description), Json::Object(map)) = (description, &mut parameter) {
            map.insert("description".to_owned(), description);
        }
        parameter
    };
    (properties.into_iter().map(parameter).collect(), components)
}

fn described<T: Body>() -> Object {
    let mut object = Object::default();
    T::describe(&mut object);
    object
}

/// A reference to a body that is a value of another one.
#[must_use]
pub fn referred<T: Body>(components: &mut Components) -> Json {
    let (schema, more) = schema::<T>();
    components.extend(more);
    named(components, T::NAME, schema)
}

/// A reference to a schema under its name.
#[must_use]
pub fn named(components: &mut Components, name: &str, schema: Json) -> Json {
    components.insert(name.to_owned(), schema);
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The schema of what may be `null`, too.
fn or_null(mut schema: Json) -> Json {
    let Json::Object(map) = &mut schema else {
        return schema;
    };
    if map.contains_key("$ref") {
        let description = map.remove("description");
        let mut either = json!({ "oneOf": [schema, { "type": "null" }] });
        if let (Some(description), Json::Object(map)) = (description, &mut either) {
            map.insert("description".to_owned(), description);
        }
        return either;
    }
    if let Some(of) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([of, "null"]));
    }
    schema
}

/// The schema of a text that may be empty.
fn or_empty(mut schema: Json) -> Json {
    if let Json::Object(map) = &mut schema {
        let least = map.remove("minLength").and_then(|least| least.as_u64()).unwrap_or(1);
        if let Some(Json::String(pattern)) = map.get_mut("pattern") {
            let inner = pattern.trim_start_matches('^').trim_end_matches('$');
            *pattern = format!("^(?:{inner})?$");
        } else if least > 1 {
            map.insert("pattern".to_owned(), json!(format!("^(?:[\\s\\S]{{{least},}})?$")));
        }
    }
    schema
}

/// The lines of a doc comment as one text.
fn text(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}
