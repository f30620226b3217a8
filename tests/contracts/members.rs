use rolecall_domain::{
    account::User,
    code::Code,
    ids::UserId,
    organization::{
        Assignment, Document, GrantedRole, Member, Membership, MembershipStatus, Memberships,
        PLATFORM, UserWithMemberships,
    },
    ports::{
        AccountStore, MemberStore, MemberWrite, NewAccount, OrganizationStore, Refused, Unique,
    },
    role::{Role, SUPER_ADMIN},
    words::Line,
};
use rolecall_storage::Store;
use serde_json::{Map, json};

use super::{
    account, definitions, id, now, organizations, pending_events, record, refusal, table, user,
};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn membership(organization: &str, user_id: UserId) -> Member {
    Member {
        organization: code(organization),
        user_id,
        status: MembershipStatus::Active,
        employee_id: None,
        department: None,
        job_title: Some(Line::parse("Engineer").unwrap()),
        manager: None,
        metadata: Document::parse(Map::from_iter([("badge".to_owned(), json!(7))])).unwrap(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

async fn write(store: &Store, change: MemberWrite<'_>) -> Option<Refused> {
    refusal(MemberStore::write_membership(store, &change, id()).await)
}

async fn read(store: &Store, id: UserId) -> UserWithMemberships {
    store.user_with_memberships(id).await.unwrap().unwrap()
}

/// Puts somebody into an organization, or gives them up; the roles stay.
async fn put_member(
    store: &Store,
    person: &UserWithMemberships,
    member: (Option<&Member>, Option<&Member>),
) -> Option<Refused> {
    let organization = member.1.or(member.0).unwrap().organization.clone();
    let memberships = match member.1 {
        Some(after) => {
            let id = store.log_key(organization.as_str()).await.unwrap().id();
            person
                .memberships
                .with(Membership { id, ..Membership::new(organization, after.status) })
        }
        None => person.memberships.without(organization.as_str()),
    };
    let activity = record();
    let change = MemberWrite {
        before: person,
        memberships: &memberships,
        member: Some(member),
        granted_roles: &[],
        revoked_roles: &[],
        accepts: None,
        activity: &activity,
    };
    write(store, change).await
}

async fn signed_up(store: &Store, name: &str) -> UserWithMemberships {
    let user = user(name);
    store.create_account(&account(&user), &pending_events(), None, now(), id()).await.unwrap();
    read(store, user.id).await
}

/// An account that is a member of an organization, which is made where it is not there.
pub(crate) async fn member_of(
    store: &Store,
    name: &str,
    organization: &str,
) -> UserWithMemberships {
    organizations::put(store, None, Some(&organizations::organization(organization))).await;
    let person = signed_up(store, name).await;
    join(store, &person, organization).await
}

/// Makes somebody a member of an organization that is there.
pub(crate) async fn join(
    store: &Store,
    person: &UserWithMemberships,
    organization: &str,
) -> UserWithMemberships {
    let member = membership(organization, person.user.id);
    assert_eq!(put_member(store, person, (None, Some(&member))).await, None);
    read(store, person.user.id).await
}

/// Gives a member many roles at once.
pub(crate) async fn give_all(
    store: &Store,
    person: &UserWithMemberships,
    organization: &str,
    all: &[Role],
) -> Option<Refused> {
    let mut membership = person.memberships.of(organization).unwrap().clone();
    for role in all {
        membership = membership
            .with(Assignment { role: role.code.clone(), starts_at: None, expires_at: None }, None)
            .unwrap();
    }
    let granted_roles: Vec<GrantedRole> = all.iter().map(GrantedRole::of).collect();
    roles(store, person, &person.memberships.with(membership), &granted_roles, &[]).await
}

async fn roles(
    store: &Store,
    person: &UserWithMemberships,
    memberships: &Memberships,
    granted_roles: &[GrantedRole],
    revoked_roles: &[Code],
) -> Option<Refused> {
    let activity = record();
    write(
        store,
        MemberWrite {
            before: person,
            memberships,
            member: None,
            granted_roles,
            revoked_roles,
            accepts: None,
            activity: &activity,
        },
    )
    .await
}

pub(super) async fn give(
    store: &Store,
    person: &UserWithMemberships,
    organization: &str,
    role: &Role,
) -> Option<Refused> {
    give_all(store, person, organization, std::slice::from_ref(role)).await
}

pub(super) async fn take(
    store: &Store,
    person: &UserWithMemberships,
    organization: &str,
    role: &Role,
) -> Option<Refused> {
    let membership = person.memberships.of(organization).unwrap().without(role.code.as_str());
    roles(
        store,
        person,
        &person.memberships.with(membership),
        &[],
        std::slice::from_ref(&role.code),
    )
    .await
}

#[tokio::test]
async fn a_member_is_read_as_written_and_changed_on_the_version_that_was_read() {
    let (_app, store) = table().await;
    let ada = member_of(&store, "ada", "ACME").await;
    let before = store.member("ACME", ada.user.id).await.unwrap().unwrap();
    assert_eq!(before.job_title.as_ref().map(Line::as_str), Some("Engineer"));
    assert_eq!(
        ada.memberships.of("ACME").map(|membership| membership.status),
        Some(MembershipStatus::Active)
    );
    let after = Member {
        status: MembershipStatus::Suspended,
        version: before.version + 1,
        ..before.clone()
    };
    assert_eq!(put_member(&store, &ada, (Some(&before), Some(&after))).await, None);
    assert_eq!(
        put_member(&store, &ada, (Some(&before), Some(&after))).await,
        Some(Refused::Stale),
        "the seats moved meanwhile"
    );
    let ada = read(&store, ada.user.id).await;
    assert_eq!(
        put_member(&store, &ada, (Some(&before), Some(&after))).await,
        Some(Refused::Stale),
        "and so did the member"
    );
    assert_eq!(store.member("ACME", ada.user.id).await.unwrap().unwrap(), after);
    assert_eq!(put_member(&store, &ada, (Some(&after), None)).await, None);
    assert!(store.member("ACME", ada.user.id).await.unwrap().is_none());
    assert_eq!(read(&store, ada.user.id).await.memberships, Memberships::default());
}

#[tokio::test]
async fn nobody_joins_what_is_not_there_and_an_employee_id_is_one_members() {
    let (_app, store) = table().await;
    let ada = signed_up(&store, "ada").await;
    let nowhere = membership("NOWHERE", ada.user.id);
    assert_eq!(
        put_member(&store, &ada, (None, Some(&nowhere))).await,
        Some(Refused::NoOrganization)
    );
    let (ada, eve) =
        (member_of(&store, "bob", "ACME").await, member_of(&store, "eve", "ACME").await);
    let numbered = async |person: &UserWithMemberships| {
        let before = store.member("ACME", person.user.id).await.unwrap().unwrap();
        let employee_id = Some(Line::parse("E-1").unwrap());
        let after = Member { employee_id, version: before.version + 1, ..before.clone() };
        put_member(&store, person, (Some(&before), Some(&after))).await
    };
    assert_eq!(numbered(&ada).await, None);
    assert_eq!(numbered(&eve).await, Some(Refused::Taken(Unique::EmployeeId)));
    assert_eq!(store.employee("ACME", "E-1").await.unwrap(), Some(ada.user.id));
    let (ada, before) = (
        read(&store, ada.user.id).await,
        store.member("ACME", ada.user.id).await.unwrap().unwrap(),
    );
    assert_eq!(put_member(&store, &ada, (Some(&before), None)).await, None);
    assert_eq!(store.employee("ACME", "E-1").await.unwrap(), None, "whoever leaves gives it back");
    assert_eq!(numbered(&read(&store, eve.user.id).await).await, None);
}

#[tokio::test]
async fn of_twenty_changes_of_one_persons_roles_at_once_one_is_written() {
    let (_app, store) = table().await;
    let ada = member_of(&store, "ada", "ACME").await;
    let all: Vec<Role> = (0..20).map(|n| definitions::role(&format!("r{n}"))).collect();
    for (version, one) in (0..).zip(&all) {
        definitions::put(
            &store,
            version,
            None,
            Some(&rolecall_domain::permission::Definition::Role(one.clone())),
        )
        .await;
    }
    let written =
        futures::future::join_all(all.iter().map(|role| give(&store, &ada, "ACME", role))).await;
    assert_eq!(written.iter().filter(|one| one.is_none()).count(), 1, "{written:?}");
    assert_eq!(read(&store, ada.user.id).await.memberships.of("ACME").unwrap().roles.len(), 1);
    let older = Role { version: 7, ..all[1].clone() };
    assert_eq!(
        give(&store, &read(&store, ada.user.id).await, "ACME", &older).await,
        Some(Refused::Stale)
    );
}

#[tokio::test]
async fn the_last_super_admin_stays_whoever_wants_it_at_once() {
    let (_app, store) = table().await;
    let (ada, bob) =
        (member_of(&store, "ada", PLATFORM).await, member_of(&store, "bob", PLATFORM).await);
    let catalogue = rolecall_domain::ports::DefinitionStore::catalogue(&store, 0).await.unwrap();
    let role = catalogue.role(SUPER_ADMIN).unwrap();
    for person in [&ada, &bob] {
        assert_eq!(give(&store, person, PLATFORM, role).await, None);
    }
    assert_eq!(store.super_admins().await.unwrap(), 2);
    let (ada, bob) = (read(&store, ada.user.id).await, read(&store, bob.user.id).await);
    let taken =
        futures::join!(take(&store, &ada, PLATFORM, role), take(&store, &bob, PLATFORM, role));
    let taken = [taken.0, taken.1];
    assert_eq!(taken.iter().filter(|one| one.is_none()).count(), 1, "{taken:?}");
    assert_eq!(store.super_admins().await.unwrap(), 1);
    for person in [ada, bob] {
        let person = read(&store, person.user.id).await;
        if person.memberships.is_super_admin() {
            assert_eq!(take(&store, &person, PLATFORM, role).await, Some(Refused::LastSuperAdmin));
        }
    }
}

#[tokio::test]
async fn people_and_members_are_listed_by_id_and_in_pages() {
    let (_app, store) = table().await;
    let mut ids = Vec::new();
    for name in ["ada", "bob", "eve", "kim", "zoe"] {
        ids.push(member_of(&store, name, "ACME").await.user.id);
    }
    ids.sort_by_key(ToString::to_string);
    let outside = NewAccount::new(User { ..user("outside") }, None);
    store.create_account(&outside, &pending_events(), None, now(), id()).await.unwrap();
    let first: Vec<UserId> =
        store.members("ACME", None, 3).await.unwrap().iter().map(|one| one.user_id).collect();
    let rest: Vec<UserId> = store
        .members("ACME", first.last().copied(), 3)
        .await
        .unwrap()
        .iter()
        .map(|one| one.user_id)
        .collect();
    assert_eq!([first, rest].concat(), ids);
    let (all, page) =
        (store.directory(None, 9).await.unwrap(), store.directory(None, 4).await.unwrap());
    let behind = store.directory(page.last().copied(), 4).await.unwrap();
    assert_eq!((all.len(), [page, behind].concat()), (6, all));
    let mut people: Vec<UserId> = store
        .users_with_memberships(&[ids.as_slice(), &[id()]].concat())
        .await
        .unwrap()
        .iter()
        .map(|one| one.user.id)
        .collect();
    people.sort_by_key(ToString::to_string);
    assert_eq!((people, store.users_with_memberships(&[]).await.unwrap().len()), (ids, 0));
}
