use crate::{
    model::{
        event::Event,
        permission::{Catalogue, Definition, Kind},
        role::{Role, RoleFields, SUPER_ADMIN},
    },
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        permission::{Defined, Rules},
    },
};

/// A role is made at the caller's level or below.
impl Defined for RoleFields {
    const KIND: Kind = Kind::Role;
    const NAME: &'static str = "role";
    const CREATED: Event = Event::RoleCreated;
    const UPDATED: Event = Event::RoleUpdated;
    const DELETED: Event = Event::RoleDeleted;
    const MOST: usize = 500;

    fn find<'a>(catalogue: &'a Catalogue, code: &str) -> Option<&'a Role> {
        catalogue.role(code)
    }

    fn all(catalogue: &Catalogue) -> Vec<&Role> {
        catalogue.roles().iter().collect()
    }

    fn definition(one: Role) -> Definition {
        Definition::Role(one)
    }

    fn of(definition: Definition) -> Option<Role> {
        if let Definition::Role(one) = definition { Some(one) } else { None }
    }

    fn may_create(&self, rules: &Rules<'_>) -> Result<(), AdministerError> {
        if rules.authorization.authority(rules.catalogue, rules.now).reaches(self.level) {
            Ok(())
        } else {
            Err(AdministerRefusal::AboveYourLevel.into())
        }
    }

    /// Neither the role of before nor that of after is above the caller; switching it on, or
    /// raising its level, asks for everything it grants.
    fn may_update(before: &Role, after: &Role, rules: &Rules<'_>) -> Result<(), AdministerError> {
        let Rules { authorization, catalogue, now } = *rules;
        let authority = authorization.authority(catalogue, now);
        let lasting = authorization.authority_until(catalogue, now, None);
        let gives_more = after.is_active && !before.is_active || after.level.is_above(before.level);
        if !authority.reaches_role(before)
            || !authority.reaches_role(after)
            || (gives_more && !lasting.may_give(after))
        {
            return Err(AdministerRefusal::AboveYourLevel.into());
        }
        let is_super = before.code.as_str() == SUPER_ADMIN;
        if is_super && (after.level != before.level || !after.is_active) {
            return Err(AdministerRefusal::SystemRole.into());
        }
        let next = catalogue.with(Definition::Role(after.clone()));
        authorization.keeps_own_power(catalogue, &next, now)
    }

    fn may_delete(before: &Role, rules: &Rules<'_>) -> Result<(), AdministerError> {
        if before.is_system {
            return Err(AdministerRefusal::SystemRole.into());
        }
        if rules.authorization.authority(rules.catalogue, rules.now).reaches_role(before) {
            Ok(())
        } else {
            Err(AdministerRefusal::AboveYourLevel.into())
        }
    }
}
