use serde_json::{Map, Value, json};

use super::change::Change;
use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        code::Code,
        fields::audited,
        organization::{PLATFORM, UserWithMemberships},
        role::SUPER_ADMIN,
    },
    ports::{Crypto, Ports, Store, Unique},
    usecases::{
        account::{Invitation, invite},
        administration::{AdministerError, AdministerRefusal, Administrator},
        commit::Created,
        organization::{AssignmentOrder, PutMember, assign, put_member},
        permission::operator,
    },
};

/// Somebody who is wanted: the super admin, or a program.
#[derive(Debug, Clone)]
pub struct WantedUser {
    /// Who is invited, if nobody has the address.
    pub invitation: Invitation,
    /// Where else they belong.
    pub memberships: Vec<WantedMembership>,
}

/// A membership that is wanted.
#[derive(Debug, Clone)]
pub struct WantedMembership {
    pub organization: Code,
    pub put: PutMember,
    /// Roles that they have at least.
    pub roles: Vec<Code>,
}

/// Sees that the super admin is there, invited by mail or made so, with the memberships.
pub(super) async fn set_up_super_admin(
    ports: &Ports<impl Store, impl Crypto>,
    wanted: &WantedUser,
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    let (platform, super_admin) = (Code::known(PLATFORM), Code::known(SUPER_ADMIN));
    let put = PutMember::default();
    let first =
        WantedMembership { organization: platform.clone(), put, roles: vec![super_admin.clone()] };
    let invitation = Invitation {
        organization: Some(platform),
        role: Some(super_admin),
        ..wanted.invitation.clone()
    };
    set_up(ports, &invitation, Some(&first), &wanted.memberships, dry_run, client).await
}

/// Sees that a program has an account of its own, whose invitation its operators get. A person's
/// account stays a person's.
pub(super) async fn set_up_service(
    ports: &Ports<impl Store, impl Crypto>,
    wanted: &WantedUser,
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    if let Some(user) = ports.store.owner(&wanted.invitation.email).await?
        && ports
            .store
            .user_with_memberships(user.id)
            .await?
            .is_some_and(|person| !person.user.is_service)
    {
        return Err(AdministerRefusal::Taken(Unique::Email).into());
    }
    set_up(ports, &wanted.invitation, None, &wanted.memberships, dry_run, client).await
}

/// Sees that somebody is there and belongs where they are to: `first` comes with the invitation.
async fn set_up(
    ports: &Ports<impl Store, impl Crypto>,
    invitation: &Invitation,
    first: Option<&WantedMembership>,
    memberships: &[WantedMembership],
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    let authorization = operator(ports).await?;
    let email = &invitation.email;
    let mut changes = Vec::new();
    let mut person = match ports.store.owner(email).await? {
        Some(user) => ports.store.user_with_memberships(user.id).await?,
        None => None,
    };
    if person.is_none() {
        let mut after =
            object(&json!({ "username": invitation.username.as_str(), "status": "pending" }));
        if invitation.is_service {
            after.insert("is_service".to_owned(), true.into());
        }
        changes.push(Change::new("user", email.address(), None, &after));
        for (organization, role) in invitation.organization.iter().zip(&invitation.role) {
            changes.push(role_change(organization, role, email.address()));
        }
        if !dry_run {
            person = match invite(ports, &authorization, invitation, None, client).await? {
                Created::New(person) => Some(person),
                Created::Replayed(_) => None,
            };
        }
    } else if let Some(first) = first {
        changes.extend(
            membership(
                ports,
                &authorization,
                person.as_ref(),
                email.address(),
                first,
                dry_run,
                client,
            )
            .await?,
        );
    }
    for one in memberships {
        changes.extend(
            membership(
                ports,
                &authorization,
                person.as_ref(),
                email.address(),
                one,
                dry_run,
                client,
            )
            .await?,
        );
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
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: Option<&UserWithMemberships>,
    who: &str,
    wanted: &WantedMembership,
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    let organization = wanted.organization.as_str();
    let by = Administrator { authorization, client, if_match: None };
    let mut changes = Vec::new();
    let id = person.map(|person| person.user.id);
    let before = match id {
        Some(id) => ports.store.member(organization, id).await?,
        None => None,
    };
    // In PLATFORM there is nothing to say of a member but that there is one.
    let says_nothing = wanted.put == PutMember::default() && before.is_some();
    let nobody = id.unwrap_or_else(|| crate::model::ids::UserId::from_bytes([0; 16]));
    let after =
        wanted.put.apply(before.as_ref(), wanted.organization.clone(), nobody, ports.clock.now());
    if !says_nothing && before.as_ref() != Some(&after) {
        let was = before.as_ref().map(audited);
        changes.push(Change::new(
            "member",
            &format!("{who} in {organization}"),
            was.as_ref(),
            &audited(&after),
        ));
        if let Some(id) = id.filter(|_| !dry_run) {
            put_member(ports, by, organization, id, &wanted.put).await?;
        }
    }
    for role in &wanted.roles {
        let person = match id {
            Some(id) => ports.store.user_with_memberships(id).await?,
            None => None,
        };
        let has = |person: &UserWithMemberships| {
            person
                .memberships
                .of(organization)
                .is_some_and(|membership| membership.assignment(role.as_str()).is_some())
        };
        if person.as_ref().is_some_and(has) {
            continue;
        }
        changes.push(role_change(&wanted.organization, role, who));
        if !dry_run {
            assign(ports, by, person, organization, role.as_str(), AssignmentOrder::default())
                .await?;
        }
    }
    Ok(changes)
}
