use crate::{
    model::{
        authorization::Authorization,
        clock::Timestamp,
        event::Event,
        fields::Fields,
        permission::{
            Catalogue, Definition, Kind, ModuleFields, PermissionFields, Question, is_built_in,
        },
        versioned::Versioned,
        violation::Violation,
    },
    usecases::administration::{AdministerError, AdministerRefusal},
};

/// What a definition is made of, and who may change it how.
pub trait Defined: Fields {
    const KIND: Kind;
    /// What its kind is called.
    const NAME: &'static str;
    const CREATED: Event;
    const UPDATED: Event;
    const DELETED: Event;
    /// How many there are at most: all of them are read when one changes.
    const MOST: usize;

    fn find<'a>(catalogue: &'a Catalogue, code: &str) -> Option<&'a Versioned<Self>>;

    /// All of its kind, in the order of their list.
    fn all(catalogue: &Catalogue) -> Vec<&Versioned<Self>>;

    /// Where it stands in the list: lists sort by it.
    fn position(one: &Versioned<Self>) -> String {
        one.code.to_string()
    }

    fn definition(one: Versioned<Self>) -> Definition;

    /// The one that a definition of this kind is.
    fn of(definition: Definition) -> Option<Versioned<Self>>;

    /// Whose own the one of a code is; all organizations share it where it is nobody's.
    #[must_use]
    fn organization_of(_code: &str) -> Option<&str> {
        None
    }

    /// The same of one that is to be made, whose code has to fit.
    fn organization_of_new(_made: &Versioned<Self>) -> Result<Option<&str>, AdministerError> {
        Ok(None)
    }

    /// Refuses one more than there may be.
    fn has_room(_made: &Versioned<Self>, catalogue: &Catalogue) -> Result<(), AdministerError> {
        at_most(Self::MOST, Self::all(catalogue).len())
    }

    /// Refuses one that cannot be made.
    fn may_create(made: &Versioned<Self>, rules: &Rules<'_>) -> Result<(), AdministerError>;

    /// Refuses a change.
    fn may_update(
        before: &Versioned<Self>,
        after: &Versioned<Self>,
        rules: &Rules<'_>,
    ) -> Result<(), AdministerError>;

    /// Refuses a deletion.
    fn may_delete(before: &Versioned<Self>, rules: &Rules<'_>) -> Result<(), AdministerError>;
}

/// What rules are held against: who changes what, and when.
pub struct Rules<'a> {
    pub(crate) authorization: &'a Authorization,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) now: Timestamp,
}

impl Rules<'_> {
    /// Switching a module or permissions on gives them to everybody whose role has them: nobody
    /// gives what they would not have themselves. What no role has is given to nobody.
    fn may_turn_on(
        &self,
        module: Option<&str>,
        permissions: &[&str],
    ) -> Result<(), AdministerError> {
        let catalogue = self.catalogue;
        let authority = self.authorization.authority_until(catalogue, self.now, None);
        let has_module = module.is_none_or(|module| {
            !catalogue.gives(Question::Module(module)) || authority.has_module(module)
        });
        let has = |code: &&str| {
            !catalogue.gives(Question::Permission(code)) || authority.has_permission(code)
        };
        if has_module && permissions.iter().all(has) {
            Ok(())
        } else {
            Err(AdministerRefusal::AboveYourLevel.into())
        }
    }
}

/// Refuses one more of a kind where there are as many as there may be.
pub(crate) fn at_most(most: usize, there_are: usize) -> Result<(), AdministerError> {
    if there_are < most {
        return Ok(());
    }
    let message = format!("There are at most {most} of this kind.");
    Err(AdministerRefusal::Invalid("code", Violation::new("too_many", message)).into())
}

/// What Rolecall's own API asks for stays, and stays on.
fn is_not_built_in<F: Defined>(one: &Versioned<F>) -> Result<(), AdministerError> {
    if is_built_in(F::KIND, one.code.as_str()) {
        Err(AdministerRefusal::BuiltIn.into())
    } else {
        Ok(())
    }
}

impl Defined for ModuleFields {
    const KIND: Kind = Kind::Module;
    const NAME: &'static str = "module";
    const CREATED: Event = Event::ModuleCreated;
    const UPDATED: Event = Event::ModuleUpdated;
    const DELETED: Event = Event::ModuleDeleted;
    const MOST: usize = 200;

    fn find<'a>(catalogue: &'a Catalogue, code: &str) -> Option<&'a Versioned<Self>> {
        catalogue.module(code)
    }

    fn all(catalogue: &Catalogue) -> Vec<&Versioned<Self>> {
        catalogue.modules()
    }

    fn position(one: &Versioned<Self>) -> String {
        // No name holds a NUL, so that positions sort as the list does.
        let order = i64::from(one.order) - i64::from(i32::MIN);
        format!("{order:010}\0{}\0{}", one.name.as_str(), one.code)
    }

    fn definition(one: Versioned<Self>) -> Definition {
        Definition::Module(one)
    }

    fn of(definition: Definition) -> Option<Versioned<Self>> {
        if let Definition::Module(one) = definition { Some(one) } else { None }
    }

    fn may_create(_: &Versioned<Self>, _: &Rules<'_>) -> Result<(), AdministerError> {
        Ok(())
    }

    fn may_update(
        before: &Versioned<Self>,
        after: &Versioned<Self>,
        rules: &Rules<'_>,
    ) -> Result<(), AdministerError> {
        if after.is_active && !before.is_active {
            let permissions = rules.catalogue.permissions();
            let own: Vec<&str> = permissions
                .iter()
                .filter(|one| one.module == before.code)
                .map(|one| one.code.as_str())
                .collect();
            rules.may_turn_on(Some(before.code.as_str()), &own)?;
        }
        if after.is_active { Ok(()) } else { is_not_built_in(before) }
    }

    fn may_delete(before: &Versioned<Self>, rules: &Rules<'_>) -> Result<(), AdministerError> {
        is_not_built_in(before)?;
        let has_permissions =
            rules.catalogue.permissions().iter().any(|one| one.module == before.code);
        if has_permissions || rules.catalogue.gives(Question::Module(before.code.as_str())) {
            let why = "A permission belongs to this module, or a role grants it.";
            return Err(AdministerRefusal::InUse(why).into());
        }
        Ok(())
    }
}

impl Defined for PermissionFields {
    const KIND: Kind = Kind::Permission;
    const NAME: &'static str = "permission";
    const CREATED: Event = Event::PermissionCreated;
    const UPDATED: Event = Event::PermissionUpdated;
    const DELETED: Event = Event::PermissionDeleted;
    const MOST: usize = 2000;

    fn find<'a>(catalogue: &'a Catalogue, code: &str) -> Option<&'a Versioned<Self>> {
        catalogue.permission(code)
    }

    fn all(catalogue: &Catalogue) -> Vec<&Versioned<Self>> {
        catalogue.permissions()
    }

    fn definition(one: Versioned<Self>) -> Definition {
        Definition::Permission(one)
    }

    fn of(definition: Definition) -> Option<Versioned<Self>> {
        if let Definition::Permission(one) = definition { Some(one) } else { None }
    }

    fn may_create(made: &Versioned<Self>, rules: &Rules<'_>) -> Result<(), AdministerError> {
        if rules.catalogue.module(made.module.as_str()).is_some() {
            return Ok(());
        }
        let violation = Violation::new("unknown_module", "This module does not exist.");
        Err(AdministerRefusal::Invalid("module", violation).into())
    }

    fn may_update(
        before: &Versioned<Self>,
        after: &Versioned<Self>,
        rules: &Rules<'_>,
    ) -> Result<(), AdministerError> {
        if after.is_active && !before.is_active {
            rules.may_turn_on(None, &[before.code.as_str()])?;
        }
        if after.is_active { Ok(()) } else { is_not_built_in(before) }
    }

    fn may_delete(before: &Versioned<Self>, rules: &Rules<'_>) -> Result<(), AdministerError> {
        is_not_built_in(before)?;
        if rules.catalogue.gives(Question::Permission(before.code.as_str())) {
            return Err(AdministerRefusal::InUse("A role grants this permission.").into());
        }
        Ok(())
    }
}
