use std::error::Error;

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It throttles, is away, or lost every race for this write: try again later (503). Whether a
    /// write happened is not known.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It answered what this program cannot have written, or refused a request as wrong: a bug
    /// (500).
    #[error("the store answered nonsense: {0}")]
    Broken(String),
}
