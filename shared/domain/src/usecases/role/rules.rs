use crate::{
    model::{
        code::{self, Code},
        event::Event,
        permission::{Catalogue, Definition, Kind},
        role::{Role, RoleFields, SUPER_ADMIN},
        violation::Violation,
    },
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        permission::{Defined, Rules, at_most},
    },
};

/// How many roles an organization has for itself at most: all of them are read when one changes.
const MOST_OWN: usize = 100;

/// A role is made at the caller's level or below, an organization's own below it.
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
        catalogue.roles()
    }

    fn definition(one: Role) -> Definition {
        Definition::Role(one)
    }

    fn of(definition: Definition) -> Option<Role> {
        if let Definition::Role(one) = definition { Some(one) } else { None }
    }

    fn organization_of(code: &str) -> Option<&str> {
        code::organization_of(code)
    }

    /// The code of an organization's own role begins with the organization's.
    fn organization_of_new(made: &Role) -> Result<Option<&str>, AdministerError> {
        let named = made.organization.as_ref().map(Code::as_str);
        let (field, code, message) = match (made.code.organization(), named) {
            (of, named) if of == named => return Ok(of),
            (_, None) => (
                "organization",
                "required",
                "A code with a colon is that of an organization's own role: name the organization.",
            ),
            (_, Some(_)) => (
                "code",
                "not_together",
                "The code of an organization's own role begins with the organization's code and a \
                    colon.",
            ),
        };
        Err(AdministerRefusal::Invalid(field, Violation::new(code, message)).into())
    }

    fn has_room(made: &Role, catalogue: &Catalogue) -> Result<(), AdministerError> {
        let is_own = made.organization.is_some();
        let roles = catalogue.roles().into_iter();
        let there_are = roles.filter(|role| role.organization.is_some() == is_own).count();
        at_most(if is_own { MOST_OWN } else { Self::MOST }, there_are)
    }

    fn may_create(made: &Role, rules: &Rules<'_>) -> Result<(), AdministerError> {
        if rules.authorization.authority(rules.catalogue, rules.now).may_define(made) {
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
        if !authority.may_define(before)
            || !authority.may_define(after)
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
        if rules.authorization.authority(rules.catalogue, rules.now).may_define(before) {
            Ok(())
        } else {
            Err(AdministerRefusal::AboveYourLevel.into())
        }
    }
}
