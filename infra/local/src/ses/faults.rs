use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serde::Deserialize;

use super::Refusal;

/// An error that `SendEmail` is to answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Fault {
    /// An address, or `*` for all.
    to: String,
    /// The error's name, such as `MessageRejected`; none ends it.
    error: Option<String>,
}

/// The errors that `SendEmail` is told to answer, by address.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<BTreeMap<String, String>>);

impl Faults {
    pub(super) fn set(&self, Fault { to, error }: Fault) {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match error {
            Some(error) => faults.insert(to, error),
            None => faults.remove(&to),
        };
    }

    /// What a message to these meets.
    pub(super) fn refusal(&self, recipients: &[String]) -> Option<Refusal> {
        let faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = recipients.iter().map(String::as_str).chain(["*"]);
        let error = all.find_map(|to| faults.get(to))?;
        Some(Refusal::new(error, "The local stack was told to answer this."))
    }
}
