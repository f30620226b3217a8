//! Answering the authorizer of somebody else's API.

use crate::{
    model::{
        client::Client,
        ids::{SessionId, UserId},
        permission::{Need, Question},
        session::{self, Unauthenticated},
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        permission::{CheckSubject, check},
        session::{AuthenticationError, authenticate, note_use},
    },
};

/// Who was let through, for the API behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized {
    pub user_id: UserId,
    pub organization: Option<String>,
    pub session_id: SessionId,
    /// The roles that give something now; none of a key, which has what it names and no role.
    pub roles: Vec<String>,
}

/// Passes the gate and asks what a route needs: the same answers as every route of this API gives.
/// `None` to callers who may not; the use of the token is noted as everywhere.
pub async fn authorize_request(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
    need: &Need,
) -> Result<Option<Authorized>, AuthenticationError> {
    let caller = authenticate(ports, token, client).await?;
    if session::needs_note(&caller, None, ports.clock.now()) {
        note_use(ports, &caller, None).await?;
    }
    if caller.user().must_change_password {
        return Ok(None);
    }
    let checked = check(ports, &caller, &CheckSubject::default()).await;
    // About themselves nobody is refused.
    let checked = checked.map_err(|error| error.map(|_| Unauthenticated))?;
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
        roles: if caller.key().is_some() {
            Vec::new()
        } else {
            effective_roles.roles().iter().map(|role| role.code.to_string()).collect()
        },
    }))
}
