use rolecall_domain::account::DueErasure;
use serde::Serialize;

use super::V;
use crate::keys::{self, Key};

/// That an account is to be erased from an instant on.
#[derive(Serialize)]
pub(crate) struct ErasureItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    /// Tells the stream to begin at once.
    #[serde(rename = "enclosed", skip_serializing_if = "Option::is_none")]
    begins: Option<&'static str>,
}

impl ErasureItem {
    /// One that waits for its time, or begins at once.
    pub(crate) fn new(due: DueErasure, is_now: bool) -> Self {
        let begins = is_now.then_some("{}");
        Self { key: keys::erasure(due), entity: "erasure", v: V, begins }
    }
}
