//! How use cases fail.

use std::error::Error;

use crate::{
    model::throttle::TooMany,
    ports::{KeyError, PasswordError, Refused, StoreError},
};

/// Why a use case did not do what was asked: it refuses, or something that it needs is not there.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError<R: Error + 'static> {
    /// A reason of its own.
    #[error(transparent)]
    Refused(R),
    /// That was done too often.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A password could not be hashed or checked.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    #[error(transparent)]
    Store(StoreError),
}

/// The reasons of a use case.
pub trait Refusal: Error + Sized + 'static {
    /// What a condition of a write that did not hold means here, where it means something.
    fn of(refused: Refused) -> Result<Self, Refused> {
        Err(refused)
    }
}

impl<R: Refusal> From<StoreError> for UseCaseError<R> {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refused) => match R::of(refused) {
                Ok(refusal) => Self::Refused(refusal),
                Err(refused) => Self::Store(refused.into()),
            },
            error => Self::Store(error),
        }
    }
}

impl<R: Refusal> UseCaseError<R> {
    /// The same error with another use case's reason.
    pub(crate) fn map<S: Refusal>(self, refusal: impl FnOnce(R) -> S) -> UseCaseError<S> {
        match self {
            Self::Refused(refused) => UseCaseError::Refused(refusal(refused)),
            Self::TooMany(error) => UseCaseError::TooMany(error),
            Self::Key(error) => UseCaseError::Key(error),
            Self::Hashing(error) => UseCaseError::Hashing(error),
            Self::Store(error) => UseCaseError::Store(error),
        }
    }
}

/// Makes types the reasons of use cases, which `?` and `into` turn into errors.
macro_rules! refusals {
    ($($refusal:ty),+ $(,)?) => {$(
        impl From<$refusal> for $crate::usecases::error::UseCaseError<$refusal> {
            fn from(refusal: $refusal) -> Self {
                Self::Refused(refusal)
            }
        }
    )+};
}

pub(crate) use refusals;
