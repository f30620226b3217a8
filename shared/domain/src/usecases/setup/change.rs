use serde_json::{Map, Value};

use crate::model::activity::differing;

/// One thing that is made or changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// `organization`, `module`, `permission`, `role`, `user`, `member` or `feed template`.
    pub what: &'static str,
    /// Its code, or its address.
    pub code: String,
    /// The fields that change, as they were; null where it is made.
    pub before: Value,
    /// The fields that change, as they are to be.
    pub after: Value,
}

impl Change {
    pub(crate) fn new(
        what: &'static str,
        code: &str,
        before: Option<&Map<String, Value>>,
        after: &Map<String, Value>,
    ) -> Self {
        let [before, after] = differing(before, Some(after));
        Self { what, code: code.to_owned(), before, after }
    }
}
