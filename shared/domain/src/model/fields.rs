//! What something says of itself: each field is said once, and what changes it follows.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::patch::Patch;

/// Makes two structs of one list of fields: the fields themselves, and a change of them (RFC 7396).
/// Fields behind `fixed` cannot be changed by one.
///
/// Records of changes show every field by its own name, unless it is `#[serde(skip)]`.
macro_rules! fields {
    (
        $(#[$doc:meta])* $fields:ident,
        $(#[$patch_doc:meta])* $patch:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        }
        $(fixed { $($(#[$fixed_doc:meta])* $fixed:ident: $fixed_type:ty,)* })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        pub struct $fields {
            $($(#[$field_doc])* pub $field: $type,)*
            $($($(#[$fixed_doc])* pub $fixed: $fixed_type,)*)?
        }

        $(#[$patch_doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $patch {
            $($(#[$field_doc])* pub $field: <$type as $crate::model::fields::Field>::Change,)*
        }

        impl $crate::model::fields::Fields for $fields {
            type Patch = $patch;

            fn patch(&mut self, patch: &$patch) {
                $($crate::model::fields::Field::change(&mut self.$field, &patch.$field);)*
            }
        }
    };
}
pub(crate) use fields;

/// What something says of itself.
pub trait Fields: Clone + PartialEq + Serialize + Send + Sync + 'static {
    /// A change of it.
    type Patch: Send + Sync;

    /// Makes the change.
    fn patch(&mut self, patch: &Self::Patch);
}

/// A field that a merge patch changes.
pub trait Field {
    /// What a patch says of it.
    type Change;

    /// Makes the change.
    fn change(&mut self, change: &Self::Change);
}

/// What may be missing can be cleared.
impl<T: Clone> Field for Option<T> {
    type Change = Patch<T>;

    fn change(&mut self, change: &Patch<T>) {
        match change {
            Patch::Keep => {}
            Patch::Clear => *self = None,
            Patch::Set(value) => *self = Some(value.clone()),
        }
    }
}

/// What is always there can only be set.
macro_rules! always_there {
    ($($type:ty $(where {$($generics:tt)*})?),*) => {$(
        impl$(<$($generics)*>)? $crate::model::fields::Field for $type {
            type Change = Option<Self>;

            fn change(&mut self, change: &Option<Self>) {
                if let Some(value) = change {
                    self.clone_from(value);
                }
            }
        }
    )*};
}

pub(crate) use always_there;

always_there!(bool, i32);

/// What records of changes show of something: each of its fields.
pub(crate) fn audited(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
