use super::{
    check::{CheckError, CheckSubject, check},
    decide::Question,
};
use crate::{
    Crypto, Ports, Store, Violation,
    ids::{SessionId, UserId},
    ports::StoreError,
    session::{self, AuthenticationError},
};

/// What a route of somebody else's API needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// That the gate lets the caller in: `signed-in`.
    SignedIn,
    /// A permission: `reports.read`.
    Permission(String),
    /// A module: `module:PID`.
    Module(String),
}

impl Need {
    /// Reads a need. Error: `invalid_need`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        match text.strip_prefix("module:") {
            _ if text == "signed-in" => Ok(Self::SignedIn),
            Some(module) if !module.is_empty() => Ok(Self::Module(module.to_owned())),
            None if !text.is_empty() => Ok(Self::Permission(text.to_owned())),
            _ => Err(Violation::new(
                "invalid_need",
                "A need is a permission's code, module:CODE or signed-in.",
            )),
        }
    }
}

/// Who was let through, for the API behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized {
    pub user_id: UserId,
    pub organization: Option<String>,
    pub session_id: SessionId,
    /// The roles that give something now.
    pub roles: Vec<String>,
}

/// Passes the gate and asks what a route needs: the same answers as every route of this API gives.
/// `None` to whoever may not; the use of the token is noted as everywhere.
pub async fn authorize_request(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    need: &Need,
) -> Result<Option<Authorized>, AuthenticationError> {
    let caller = session::authenticate(ports, token).await?;
    if session::needs_note(&caller, None, ports.clock.now()) {
        session::note_use(ports, &caller, None).await?;
    }
    if caller.user().must_change_password {
        return Ok(None);
    }
    let checked =
        check(ports, &caller, &CheckSubject::default()).await.map_err(|error| match error {
            CheckError::Store(error) => error,
            other => StoreError::Broken(other.to_string()),
        })?;
    let effective_roles = checked.effective_roles();
    let is_allowed = match need {
        Need::SignedIn => true,
        Need::Permission(code) => effective_roles.decide(Question::Permission(code)).is_allowed(),
        Need::Module(code) => effective_roles.decide(Question::Module(code)).is_allowed(),
    };
    Ok(is_allowed.then(|| Authorized {
        user_id: caller.user().id,
        organization: caller.organization().map(str::to_owned),
        session_id: caller.session().id,
        roles: effective_roles.roles().iter().map(|role| role.code.to_string()).collect(),
    }))
}
