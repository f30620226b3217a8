use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        code::Code,
        event::Event,
        idempotency::Idempotency,
        permission::{Catalogue, Definition},
        role::{Role, RoleFields, RolePatch, SUPER_ADMIN},
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches},
        commit::Created,
        permission::{Edited, change, create},
    },
};

/// Makes a role at the caller's level or below.
pub async fn create_role(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    (code, fields): (Code, RoleFields),
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
) -> Result<Created<Definition>, AdministerError> {
    let level = fields.level;
    let role = Definition::Role(Role::new(code, fields, ports.clock.now()));
    let reaches = |catalogue: &Catalogue| {
        let authority = authorization.authority(catalogue, ports.clock.now());
        if authority.reaches(level) {
            Ok(())
        } else {
            Err(AdministerRefusal::AboveYourLevel.into())
        }
    };
    create(ports, authorization, role, idempotency, client, reaches).await
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
        let after = before.changed(|fields| patch.apply(fields), ports.clock.now());
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
