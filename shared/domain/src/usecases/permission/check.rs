use std::sync::Arc;

use super::authorize::{Forbidden, authorize, catalogue_of, current_in};
use crate::{
    model::{
        api_key::Scopes,
        clock::Timestamp,
        code::Code,
        ids::UserId,
        organization::{Memberships, PLATFORM, UserWithMemberships},
        permission::{
            Catalogue, Decision, EffectiveRoles, Module, Permission, Question, Right, Subject,
        },
        role::Role,
        session::Caller,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::administration::{AdministerError, AdministerRefusal},
};

/// About whom is asked, and where. The caller, in the active organization, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckSubject {
    pub user_id: Option<UserId>,
    pub organization: Option<String>,
}

/// Somebody's whole standing, ready for any number of questions.
#[derive(Debug, Clone)]
pub struct Checked {
    person: UserWithMemberships,
    organization: Option<String>,
    organization_is_active: bool,
    /// What the key of the caller is good for, where it is about the caller.
    scopes: Option<Scopes>,
    catalogue: Arc<Catalogue>,
    now: Timestamp,
}

impl Checked {
    #[must_use]
    pub fn effective_roles(&self) -> EffectiveRoles<'_> {
        let subject = Subject {
            user: &self.person.user,
            memberships: &self.person.memberships,
            organization: self.organization.as_deref(),
            organization_is_active: self.organization_is_active,
            scopes: self.scopes.as_ref(),
        };
        EffectiveRoles::new(subject, &self.catalogue, self.now)
    }

    /// In which organization is decided.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }
}

const NOT_ABOUT_OTHERS: AdministerRefusal =
    AdministerRefusal::Forbidden("Checks about other users need access.check.");

/// Gathers what decides. About the caller nothing more is read than the gate did.
pub async fn check(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    asked: &CheckSubject,
) -> Result<Checked, AdministerError> {
    let about = asked.user_id.filter(|user| *user != caller.user().id);
    let organization =
        asked.organization.clone().or_else(|| caller.organization().map(str::to_owned));
    let (person, catalogue) = match about {
        None => {
            let mut person = caller.person().clone();
            // A key acts in one organization: it belongs to no other.
            if caller.key().is_some() && organization.as_deref() != caller.organization() {
                person.memberships = Memberships::default();
            }
            (person, current_in(ports, caller.catalogue_state()).await?)
        }
        Some(user) => {
            let authorization = authorize(ports, caller.clone(), &[Right::CheckAccess])
                .await
                .map_err(|error| error.map(|Forbidden| NOT_ABOUT_OTHERS))?;
            let sees = |person: &UserWithMemberships| {
                let is_here = |organization: &str| {
                    authorization.sees(organization)
                        && person.memberships.of(organization).is_some()
                };
                authorization.is_super_admin() || organization.as_deref().is_some_and(is_here)
            };
            let person = ports
                .store
                .user_with_memberships(user)
                .await?
                .filter(sees)
                .ok_or(AdministerRefusal::NotFound("user"))?;
            (person, Arc::clone(authorization.catalogue()))
        }
    };
    let (organization_is_active, catalogue) = match &organization {
        Some(organization) => {
            let is_active = is_active(ports, caller, &person, organization).await?;
            // Of one that they do not belong to nothing is told.
            let catalogue = if is_active || person.memberships.of(organization).is_some() {
                catalogue_of(ports, &catalogue, organization).await?
            } else {
                Arc::new(catalogue.shared())
            };
            (is_active, catalogue)
        }
        None => (false, catalogue),
    };
    let scopes = caller.scopes().filter(|_| about.is_none()).cloned();
    let now = ports.clock.now();
    Ok(Checked { person, organization, organization_is_active, scopes, catalogue, now })
}

/// Whether an organization is there and active, as far as it makes a difference for this person: of
/// one that they do not belong to nothing is told.
async fn is_active(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    person: &UserWithMemberships,
    organization: &str,
) -> Result<bool, StoreError> {
    // Nobody calls from an organization that is not active.
    if organization == PLATFORM || caller.organization() == Some(organization) {
        return Ok(true);
    }
    let belongs =
        person.memberships.of(organization).is_some() || person.memberships.is_super_admin();
    if !belongs || Code::parse(organization).is_err() {
        return Ok(false);
    }
    Ok(ports.store.organization(organization).await?.is_some_and(|found| found.is_active))
}

/// Everything that somebody has now, each with the role that it comes from.
pub struct Everything<'a> {
    pub permissions: Vec<(&'a Permission, &'a Role)>,
    /// Modules, by order and name.
    pub modules: Vec<(&'a Module, &'a Role)>,
}

/// Asks every question of the catalogue.
#[must_use]
pub fn everything(checked: &Checked) -> Everything<'_> {
    let effective_roles = checked.effective_roles();
    let role_of = |question: Question<'_>| match effective_roles.decide(question) {
        Decision::Allowed(role) => Some(role),
        Decision::Denied => None,
    };
    let permissions = checked.catalogue.permissions().into_iter();
    let modules = checked.catalogue.modules().into_iter();
    Everything {
        permissions: permissions
            .filter_map(|one| Some((one, role_of(Question::Permission(one.code.as_str()))?)))
            .collect(),
        modules: modules
            .filter_map(|one| Some((one, role_of(Question::Module(one.code.as_str()))?)))
            .collect(),
    }
}
