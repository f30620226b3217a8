//! The first super admin: made by the settings of a start, or in a browser by the one-time link of
//! the start text.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use functions::Ports;
use http::StatusCode;
use rolecall_domain::{
    UseCaseError, Violation,
    account::{
        NewEmail, NewPassword, NewUser, Profile, RegisterRefusal, Username, create_first_admin,
    },
    ports::{MemberStore, StoreError},
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, input, response};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{host::Host, options::Options, stack::StackError};

/// The link that makes the first super admin: it dies with its use, and with the process. What is
/// kept is a hash, so that comparing it tells nothing of the token.
#[derive(Debug, Default)]
pub(crate) struct SetupLink(Mutex<Option<[u8; 32]>>);

input! {
    /// Who the first super admin is to be.
    struct Input as FirstAdmin {
        /// The `token` of the link.
        token: String,
        username: Username,
        email: NewEmail,
        password: NewPassword,
    }
}

impl SetupLink {
    /// A new link's token, if there is no super admin.
    async fn open(&self, ports: &Ports) -> Result<Option<String>, StoreError> {
        if ports.store.super_admins().await? > 0 {
            return Ok(None);
        }
        let mut token = [0; 32];
        ports.rng.fill(&mut token);
        let token = URL_SAFE_NO_PAD.encode(token);
        *self.lock() = Some(Sha256::digest(token.as_bytes()).into());
        Ok(Some(token))
    }

    /// `POST /_local/setup`. Problems: `invalid_token`, and what a sign-up is refused for; those
    /// leave the link.
    pub(crate) async fn follow(
        &self,
        ports: &Ports,
        request: &Request,
    ) -> Result<Response, Problem> {
        let Input { token, username, email, password } = extract::body(request)?;
        let is_open = *self.lock() == Some(Sha256::digest(token.as_bytes()).into());
        if !is_open {
            return Err(over());
        }
        let new = NewUser { username, email: email.into(), password, profile: Profile::default() };
        match create_first_admin(ports, new).await {
            Ok(user) => {
                *self.lock() = None;
                response::json(StatusCode::CREATED, &json!({ "id": user.id.to_string() }))
            }
            Err(UseCaseError::Refused(RegisterRefusal::AdminExists)) => {
                *self.lock() = None;
                Err(over())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn over() -> Problem {
    Problem::new(ErrorCode::InvalidToken, "There is a super admin, or the link is of another run.")
}

/// Makes the super admin that the settings name; the link, with its token, where there is none.
pub(crate) async fn prepare(
    options: &Options,
    host: &Host,
) -> Result<(SetupLink, Option<String>), StackError> {
    let (ports, link) = (host.ports(Arc::default()), SetupLink::default());
    make(options, &ports).await?;
    let token = link.open(&ports).await?;
    Ok((link, token))
}

async fn make(options: &Options, ports: &Ports) -> Result<(), StackError> {
    let Some(email) = &options.admin_email else {
        return Ok(());
    };
    let refused = |violation: Violation| StackError::Admin(violation.message);
    let password = options
        .admin_password
        .as_deref()
        .ok_or_else(|| StackError::Admin("set ROLECALL_ADMIN_PASSWORD".to_owned()))?;
    let new = NewUser {
        username: Username::parse("admin").map_err(refused)?,
        email: NewEmail::parse(email).map_err(refused)?.into(),
        password: NewPassword::parse(password).map_err(refused)?,
        profile: Profile::default(),
    };
    match create_first_admin(ports, new).await {
        Ok(_) | Err(UseCaseError::Refused(RegisterRefusal::AdminExists)) => Ok(()),
        Err(UseCaseError::Refused(RegisterRefusal::Password(violation))) => Err(refused(violation)),
        Err(error) => Err(StackError::Admin(error.to_string())),
    }
}
