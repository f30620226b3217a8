use std::sync::Arc;

use crate::{
    model::{
        activity::AllowedOn,
        authorization::{Authority, Authorization, relied_on},
        clock::Timestamp,
        code::Code,
        invitation::Invitation,
        organization::{Assignment, GrantedRole},
        permission::{Catalogue, EffectiveRoles, Question, Right, Subject},
        role::{Role, SUPER_ADMIN},
        violation::Violation,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        permission::{catalogue_of, current_in},
    },
};

/// The roles of these codes, which the caller may give for good.
pub(crate) async fn may_give(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    roles: &[Code],
    now: Timestamp,
) -> Result<Vec<GrantedRole>, AdministerError> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    if !authorization.has(Right::AssignRoles, now) {
        return Err(AdministerRefusal::Forbidden("Giving a role needs roles.assign.").into());
    }
    let mut catalogue = Arc::clone(authorization.catalogue());
    if roles.iter().any(|role| role.organization().is_some()) {
        catalogue = catalogue_of(ports, &catalogue, organization).await?;
    }
    let authority = authorization.authority_until(&catalogue, now, None);
    let given = roles.iter().map(|code| {
        let role = known(&catalogue, code).ok_or_else(|| {
            let message = format!("There is no role {code} to give.");
            AdministerRefusal::Invalid("roles", Violation::new("unknown_role", message))
        })?;
        let may = authority.may_give(role);
        if may { Ok(GrantedRole::of(role)) } else { Err(AdministerRefusal::AboveYourLevel.into()) }
    });
    given.collect()
}

/// A role that an invitation may come with: `super_admin` is given to somebody who is there.
fn known<'a>(catalogue: &'a Catalogue, code: &Code) -> Option<&'a Role> {
    catalogue.role(code.as_str()).filter(|role| role.code.as_str() != SUPER_ADMIN)
}

/// What an invitation stands on when it is accepted.
pub(super) struct InviterRights {
    /// What the inviter's rights came from when they were looked at.
    pub(super) allowed_on: Vec<AllowedOn>,
    pub(super) granted_roles: Vec<GrantedRole>,
}

impl InviterRights {
    /// The rights of the inviter now; none where they may no longer give what they invited to, or
    /// the organization is closed or gone.
    pub(super) async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        invitation: &Invitation,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        // As the gate reads a caller.
        let (id, place) = (invitation.invited_by.id, &invitation.organization);
        let read = ports.store.caller(id, None, Some(place)).await?;
        let inviter = read.person.filter(|_| read.catalogue_state.is_open(&invitation.log));
        let Some(inviter) = inviter else {
            return Ok(None);
        };
        let catalogue = current_in(ports, &read.catalogue_state).await?;
        let organization = invitation.organization.as_str();
        let subject = Subject {
            user: &inviter.user,
            memberships: &inviter.memberships,
            organization: Some(organization),
            organization_is_active: true,
            scopes: None,
        };
        let effective = EffectiveRoles::new(subject, &catalogue, now);
        let has = |right: Right| effective.decide(Question::Permission(right.code())).is_allowed();
        let roles = &invitation.order.roles;
        if !has(Right::ManageUsers) || (!roles.is_empty() && !has(Right::AssignRoles)) {
            return Ok(None);
        }
        let lasts = |role: &Role| {
            let membership = inviter.memberships.of(organization);
            let assignment =
                membership.and_then(|membership| membership.assignment(role.code.as_str()));
            assignment.is_none_or(|assignment: &Assignment| assignment.expires_at.is_none())
        };
        let lasting = effective.roles().into_iter().filter(|role| lasts(role));
        let authority = Authority::over(lasting, inviter.memberships.is_super_admin());
        let given: Option<Vec<GrantedRole>> = roles
            .iter()
            .map(|code| known(&catalogue, code).filter(|role| authority.may_give(role)))
            .map(|role| role.map(GrantedRole::of))
            .collect();
        let state = read.catalogue_state.organization.as_ref();
        let own = inviter.memberships.of(organization).zip(state);
        let own = own.and_then(|(membership, state)| relied_on(membership, state));
        let allowed_on = [AllowedOn::Account(inviter.state())].into_iter().chain(own).collect();
        Ok(given.map(|granted_roles| Self { allowed_on, granted_roles }))
    }
}
