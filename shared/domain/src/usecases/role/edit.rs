use std::collections::BTreeMap;

use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        clock::Timestamp,
        code::Code,
        event::Event,
        idempotency::Idempotency,
        patch::Patch,
        permission::{Catalogue, Definition},
        role::{Level, Role, SUPER_ADMIN},
        words::{Line, Paragraph},
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches, set},
        commit::Created,
        permission::{Edited, change, create},
    },
};

/// A role that is to be. It grants nothing yet.
#[derive(Debug, Clone)]
pub struct NewRole {
    pub code: Code,
    pub name: Line<100>,
    pub description: Option<Paragraph>,
    /// How much power it stands for.
    pub level: Level,
    /// Whether it gives anything.
    pub is_active: bool,
}

/// A change of a role: `None` leaves a field, `Some(None)` clears it (RFC 7396).
#[derive(Debug, Clone, Default)]
pub struct RolePatch {
    pub name: Option<Line<100>>,
    pub description: Patch<Paragraph>,
    /// How much power it stands for.
    pub level: Option<Level>,
    /// Whether it gives anything.
    pub is_active: Option<bool>,
}

impl RolePatch {
    /// The role with this change, in its old version.
    pub(crate) fn apply(&self, before: &Role) -> Role {
        let mut after = before.clone();
        set(&mut after.name, self.name.as_ref());
        self.description.apply(&mut after.description);
        set(&mut after.level, self.level.as_ref());
        set(&mut after.is_active, self.is_active.as_ref());
        after
    }
}

impl NewRole {
    pub(crate) fn made(self, now: Timestamp) -> Role {
        let Self { code, name, description, level, is_active } = self;
        Role {
            code,
            name,
            description,
            level,
            is_active,
            is_system: false,
            permissions: BTreeMap::new(),
            modules: BTreeMap::new(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Makes a role at the caller's level or below.
pub async fn create_role(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    new: NewRole,
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
) -> Result<Created<Definition>, AdministerError> {
    let level = new.level;
    let role = new.made(ports.clock.now());
    let reaches = |catalogue: &Catalogue| {
        let authority = authorization.authority(catalogue, ports.clock.now());
        if authority.reaches(level) {
            Ok(())
        } else {
            Err(AdministerRefusal::AboveYourLevel.into())
        }
    };
    create(ports, authorization, Definition::Role(role), idempotency, client, reaches).await
}

/// Changes a role that is not above the caller into one that is not; switching it on asks for
/// everything it grants.
pub async fn update_role(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    code: &str,
    patch: &RolePatch,
    if_match: Option<u64>,
    client: &Client,
) -> Result<Definition, AdministerError> {
    let edit = |catalogue: &Catalogue| {
        let before = catalogue.role(code).cloned().ok_or(AdministerRefusal::NotFound("role"))?;
        let mut after = patch.apply(&before);
        let authority = authorization.authority(catalogue, ports.clock.now());
        let lasting = authorization.authority_until(catalogue, ports.clock.now(), None);
        let gives_more = after.is_active && !before.is_active || after.level.is_above(before.level);
        if !authority.reaches_role(&before)
            || !authority.reaches_role(&after)
            || (gives_more && !lasting.may_give(&after))
        {
            return Err(AdministerRefusal::AboveYourLevel.into());
        }
        matches(if_match, before.version)?;
        if code == SUPER_ADMIN && (after.level != before.level || !after.is_active) {
            return Err(AdministerRefusal::SystemRole.into());
        }
        if after != before {
            after.version += 1;
            after.updated_at = ports.clock.now();
        }
        let (before, after) = (Definition::Role(before), Definition::Role(after));
        authorization.keeps_own_power(
            catalogue,
            &catalogue.with(after.clone()),
            ports.clock.now(),
        )?;
        Ok(Edited { before, after, event: Event::RoleUpdated })
    };
    change(ports, authorization, client, edit).await
}
