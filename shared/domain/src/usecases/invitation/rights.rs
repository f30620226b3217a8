use crate::{
    model::{
        authorization::{Authority, Authorization},
        clock::Timestamp,
        code::Code,
        invitation::Invitation,
        organization::{AccountState, Assignment, GrantedRole},
        permission::{Catalogue, EffectiveRoles, Question, Right, Subject},
        role::{Role, SUPER_ADMIN},
        violation::Violation,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        permission::current,
    },
};

/// Refuses roles that the caller may not give for good.
pub(super) fn may_give(
    authorization: &Authorization,
    roles: &[Code],
    now: Timestamp,
) -> Result<(), AdministerError> {
    if roles.is_empty() {
        return Ok(());
    }
    if !authorization.has(Right::AssignRoles, now) {
        return Err(AdministerRefusal::Forbidden("Inviting into a role needs roles.assign.").into());
    }
    let catalogue = authorization.catalogue();
    let authority = authorization.authority_until(catalogue, now, None);
    for code in roles {
        let role = known(catalogue, code).ok_or_else(|| {
            let message = format!("There is no role {code} to give.");
            AdministerRefusal::Invalid("roles", Violation::new("unknown_role", message))
        })?;
        if !authority.may_give(role) {
            return Err(AdministerRefusal::AboveYourLevel.into());
        }
    }
    Ok(())
}

/// A role that an invitation may come with: `super_admin` is given to somebody who is there.
fn known<'a>(catalogue: &'a Catalogue, code: &Code) -> Option<&'a Role> {
    catalogue.role(code.as_str()).filter(|role| role.code.as_str() != SUPER_ADMIN)
}

/// What an invitation stands on when it is accepted.
pub(super) struct InviterRights {
    /// The inviter's account as it was when their rights were looked at.
    pub(super) inviter: AccountState,
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
        let catalogue = current(ports, read.catalogue_state.version).await?;
        let organization = invitation.organization.as_str();
        let subject = Subject {
            user: &inviter.user,
            memberships: &inviter.memberships,
            organization: Some(organization),
            organization_is_active: true,
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
        Ok(given.map(|granted_roles| Self { inviter: inviter.state(), granted_roles }))
    }
}
