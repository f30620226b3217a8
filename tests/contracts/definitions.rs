use rolecall_domain::{
    code::Code,
    idempotency::{IdempotencyRecord, SealedResponse},
    permission::{Definition, Kind, Module, ModuleFields, RBAC},
    ports::{CatalogueWrite, DefinitionStore, MemberStore, Refused},
    role::{Level, Role, RoleFields},
    words::Line,
};
use rolecall_storage::Store;

use super::{id, members, now, record, refusal, table};

pub(crate) fn module(code: &str) -> Definition {
    let fields = ModuleFields { order: 1, ..ModuleFields::new(Line::parse("A module").unwrap()) };
    Definition::Module(Module::new(Code::parse(code).unwrap(), fields, now()))
}

pub(crate) fn role(code: &str) -> Role {
    let fields = RoleFields::new(Line::parse("A role").unwrap(), Level::LOWEST);
    Role::new(Code::parse(code).unwrap(), fields, now())
}

/// Writes a definition as the next version of the catalogue after `version`.
pub(crate) async fn put(
    store: &Store,
    version: u64,
    before: Option<&Definition>,
    after: Option<&Definition>,
) -> Option<Refused> {
    let activity = record();
    let change = CatalogueWrite { version, organization: None, before, after, activity: &activity };
    refusal(DefinitionStore::write_definition(store, &change, None, now(), id()).await)
}

/// Makes so many roles of that kind, upon the catalogue of that version.
pub(crate) async fn fill(store: &Store, version: u64, count: u64, like: &Role) -> Vec<Role> {
    let all: Vec<Role> = (0..count)
        .map(|n| Role { code: Code::parse(&format!("bulk_role_{n:03}")).unwrap(), ..like.clone() })
        .collect();
    for (version, one) in (version..).zip(&all) {
        assert_eq!(put(store, version, None, Some(&Definition::Role(one.clone()))).await, None);
    }
    all
}

#[tokio::test]
async fn a_catalogue_holds_what_was_written_over_what_is_built_in() {
    let (_app, store) = table().await;
    let empty = store.catalogue(0).await.unwrap();
    assert_eq!((empty.version, empty.roles().len(), empty.module(RBAC).is_some()), (0, 6, true));
    let (pid, drafter) = (module("PID"), Definition::Role(role("drafter")));
    assert_eq!(put(&store, 0, None, Some(&pid)).await, None);
    assert_eq!(put(&store, 1, None, Some(&drafter)).await, None);
    let found = store.catalogue(2).await.unwrap();
    assert_eq!((found.version, found.definition(Kind::Module, "PID").as_ref()), (2, Some(&pid)));
    assert_eq!(found.definition(Kind::Role, "drafter"), Some(drafter.clone()));
    assert_eq!(put(&store, 2, Some(&drafter), None).await, None);
    assert!(store.catalogue(3).await.unwrap().role("drafter").is_none());
}

#[tokio::test]
async fn of_changes_of_one_version_at_once_one_is_written() {
    let (_app, store) = table().await;
    let all: Vec<Definition> = (0..8).map(|n| module(&format!("M{n}"))).collect();
    let written =
        futures::future::join_all(all.iter().map(|one| put(&store, 0, None, Some(one)))).await;
    assert_eq!(written.iter().filter(|one| one.is_none()).count(), 1, "{written:?}");
    assert_eq!(
        written.iter().filter(|one| **one == Some(Refused::Stale)).count(),
        7,
        "{written:?}"
    );
    let found = store.catalogue(1).await.unwrap();
    assert_eq!((found.version, found.modules().len()), (1, 2));
}

#[tokio::test]
async fn a_version_that_is_not_there_yet_is_no_catalogue() {
    let (_app, store) = table().await;
    assert!(store.catalogue(1).await.is_err());
}

#[tokio::test]
async fn a_key_that_came_before_tells_the_first_answer_and_writes_nothing() {
    let (_app, store) = table().await;
    let first = SealedResponse(vec![7; 64]);
    let idempotency = IdempotencyRecord {
        key: [1; 32],
        response: first.clone(),
        expires_at: rolecall_domain::clock::Timestamp::MAX,
    };
    let write = async |version, one: &Definition| {
        let activity = record();
        let change = CatalogueWrite {
            version,
            organization: None,
            before: None,
            after: Some(one),
            activity: &activity,
        };
        refusal(
            DefinitionStore::write_definition(&store, &change, Some(&idempotency), now(), id())
                .await,
        )
    };
    assert_eq!(write(0, &module("A")).await, None);
    assert_eq!(write(1, &module("B")).await, Some(Refused::Replayed(first)));
    assert_eq!(store.catalogue(1).await.unwrap().modules().len(), 2);
}

#[tokio::test]
async fn a_role_that_a_member_has_is_not_deleted_and_a_deleted_one_given_to_nobody() {
    let (_app, store) = table().await;
    let one = role("drafter");
    let definition = Definition::Role(one.clone());
    put(&store, 0, None, Some(&definition)).await;
    let ada = members::member_of(&store, "ada", "ACME").await;
    assert_eq!(members::give(&store, &ada, "ACME", &one).await, None);
    assert_eq!(put(&store, 1, Some(&definition), None).await, Some(Refused::InUse));
    let ada = store.user_with_memberships(ada.user.id).await.unwrap().unwrap();
    assert_eq!(members::take(&store, &ada, "ACME", &one).await, None);
    assert_eq!(put(&store, 1, Some(&definition), None).await, None);
    let ada = store.user_with_memberships(ada.user.id).await.unwrap().unwrap();
    assert_eq!(members::give(&store, &ada, "ACME", &one).await, Some(Refused::Stale));
}
