use serde_json::{Map, Value, json};

use super::Change;
use crate::{
    Ports,
    account::{Invitation, Invited, invite},
    administration::AdministerError,
    code::Code,
    organization::{AssignmentOrder, Member, PLATFORM, Person, PutMember, assign, put_member},
    permission::Permit,
    role::SUPER_ADMIN,
    session::Client,
};

/// The super admin that is wanted.
#[derive(Debug, Clone)]
pub struct WantedAdmin {
    /// Who is invited, if nobody has the address.
    pub invitation: Invitation,
    /// Where else they belong.
    pub memberships: Vec<WantedMembership>,
}

/// A membership that is wanted.
#[derive(Debug, Clone)]
pub struct WantedMembership {
    /// Where.
    pub organization: Code,
    /// The profile there.
    pub put: PutMember,
    /// Roles that they have at least.
    pub roles: Vec<Code>,
}

/// Sees that the super admin is there, invited by mail or made so, with the memberships.
pub(super) async fn set_up(
    ports: &Ports,
    wanted: &WantedAdmin,
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    let permit = Permit::operator(ports).await?;
    let email = &wanted.invitation.email;
    let (platform, super_admin) = (Code::known(PLATFORM), Code::known(SUPER_ADMIN));
    let mut changes = Vec::new();
    let mut person = match ports.accounts.owner(email).await? {
        Some(user) => ports.members.person(user.id).await?,
        None => None,
    };
    if person.is_none() {
        let after = json!({ "username": wanted.invitation.username.as_str(), "status": "pending" });
        changes.push(Change::new("user", email.address(), None, &object(&after)));
        changes.push(role_change(&platform, &super_admin, email.address()));
        if !dry_run {
            let invitation = Invitation { organization: Some(platform), role: Some(super_admin), ..wanted.invitation.clone() };
            person = match invite(ports, &permit, &invitation, None, client).await? {
                Invited::Person(person) => Some(*person),
                Invited::Again(_) => None,
            };
        }
    } else {
        let platform = WantedMembership { organization: platform, put: PutMember::default(), roles: vec![super_admin] };
        changes.extend(membership(ports, &permit, person.as_ref(), email.address(), &platform, dry_run, client).await?);
    }
    for one in &wanted.memberships {
        changes.extend(membership(ports, &permit, person.as_ref(), email.address(), one, dry_run, client).await?);
    }
    Ok(changes)
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn role_change(organization: &Code, role: &Code, who: &str) -> Change {
    let after = json!({ "organization": organization.as_str(), "role": role.as_str() });
    Change::new("member", &format!("{who} in {organization}"), None, &object(&after))
}

async fn membership(
    ports: &Ports,
    permit: &Permit,
    person: Option<&Person>,
    who: &str,
    wanted: &WantedMembership,
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    let organization = wanted.organization.as_str();
    let mut changes = Vec::new();
    let id = person.map(|person| person.user.id);
    let before = match id {
        Some(id) => ports.members.member(organization, id).await?,
        None => None,
    };
    // In PLATFORM there is nothing to say of a member but that there is one.
    let says_nothing = wanted.put == PutMember::default() && before.is_some();
    let nobody = id.unwrap_or_else(|| crate::ids::UserId::from_bytes([0; 16]));
    let after = wanted.put.apply(before.as_ref(), wanted.organization.clone(), nobody, ports.clock.now());
    if !says_nothing && before.as_ref() != Some(&after) {
        let was = before.as_ref().map(Member::described);
        changes.push(Change::new("member", &format!("{who} in {organization}"), was.as_ref(), &after.described()));
        if let Some(id) = id.filter(|_| !dry_run) {
            put_member(ports, permit, (organization, id), &wanted.put, None, client).await?;
        }
    }
    for role in &wanted.roles {
        let person = match id {
            Some(id) => ports.members.person(id).await?,
            None => None,
        };
        let has = |person: &Person| person.seats.of(organization).is_some_and(|seat| seat.assignment(role.as_str()).is_some());
        if person.as_ref().is_some_and(has) {
            continue;
        }
        changes.push(role_change(&wanted.organization, role, who));
        if !dry_run {
            assign(ports, permit, person, (organization, role.as_str()), AssignmentOrder::default(), None, client).await?;
        }
    }
    Ok(changes)
}
