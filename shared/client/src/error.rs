use crate::problem::Problem;

/// Why a call came to nothing. Nothing in it is a token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The token is not valid: 401.
    #[error("the token is not valid: {0}")]
    Token(#[from] TokenError),
    /// The server refused, and says why.
    #[error("the server refused: {0}")]
    Refused(Box<Problem>),
    /// The server is away, or busy, or did not answer in time: 503.
    #[error("the server does not answer: {0}")]
    Unavailable(String),
    /// The server answered something that its document does not have.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
    /// What was configured cannot be used.
    #[error("the configuration is wrong: {0}")]
    Configuration(String),
}

/// Why a token is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// There is none.
    #[error("there is no bearer token")]
    Missing,
    /// It is no token of this kind, or its signature is wrong.
    #[error("it is malformed, or its signature is wrong")]
    Invalid,
    /// It is signed with an algorithm that is not accepted.
    #[error("its algorithm is not accepted")]
    Algorithm,
    /// It is no access token.
    #[error("its type is not accepted")]
    Type,
    /// The server publishes no key of that name.
    #[error("its key is not published")]
    UnknownKey,
    /// It is another server's.
    #[error("it is of another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another audience")]
    Audience,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is not valid yet.
    #[error("it is not valid yet")]
    NotYet,
    /// The server does not accept it (any more).
    #[error("the server does not accept it")]
    Ended,
}
