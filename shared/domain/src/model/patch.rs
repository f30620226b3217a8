/// One field of a merge patch (RFC 7396).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// It is missing: the field stays.
    #[default]
    Keep,
    /// It is `null`: the field is cleared.
    Clear,
    Set(T),
}

impl<T> Patch<T> {
    /// What it sets.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

/// What is there to be set or cleared.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}
