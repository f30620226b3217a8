use crate::problem::Problem;

/// Why a call came to nothing. Nothing in it is a token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The token lets nobody in: 401.
    #[error("the token is not good: {0}")]
    Token(#[from] TokenError),
    /// The server refused, and says why.
    #[error("the server refused: {0}")]
    Refused(Box<Problem>),
    /// The server is away, or busy, or did not answer in time: 503. Nobody is let in on a guess.
    #[error("the server does not answer: {0}")]
    Unavailable(String),
    /// The server answered something that its document does not have.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
    /// What was configured cannot be used.
    #[error("the configuration is wrong: {0}")]
    Configuration(String),
}

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// There is none.
    #[error("there is no bearer token")]
    Missing,
    /// It is none, or its signature is wrong.
    #[error("it is not valid")]
    Invalid,
    /// It is signed in a way that is not taken.
    #[error("its algorithm is not taken")]
    Algorithm,
    /// It is no access token.
    #[error("its type is not taken")]
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
    /// It is over.
    #[error("it is over")]
    Expired,
    /// Its time has not come.
    #[error("it is not good yet")]
    NotYet,
    /// The server says that it lets nobody in any more.
    #[error("it was ended")]
    Ended,
}
