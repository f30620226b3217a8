use rolecall_domain::{
    clock::SignedDuration,
    code::Code,
    idempotency::{IdempotencyRecord, SealedResponse},
    organization::{Organization, OrganizationFields, PLATFORM},
    ports::{
        IdempotencyStore, OrganizationStore, OrganizationWrite, Refused, SessionStore, Unique,
    },
    words::Line,
};
use rolecall_storage::Store;

use super::{id, members, now, record, refusal, table};

pub(crate) fn organization(code: &str) -> Organization {
    let fields = OrganizationFields {
        city: Some(Line::parse("London").unwrap()),
        ..OrganizationFields::new(Line::parse("A firm").unwrap())
    };
    Organization::new(Code::parse(code).unwrap(), fields, now())
}

pub(crate) async fn put(
    store: &Store,
    before: Option<&Organization>,
    after: Option<&Organization>,
) -> Option<Refused> {
    let activity = record();
    let change = OrganizationWrite { before, after, activity: &activity };
    refusal(OrganizationStore::write_organization(store, &change, None, now(), id()).await)
}

#[tokio::test]
async fn one_is_read_as_it_was_written_and_changed_on_its_version_alone() {
    let (_app, store) = table().await;
    let acme = organization("ACME");
    assert_eq!(put(&store, None, Some(&acme)).await, None);
    assert_eq!(store.organization("ACME").await.unwrap().as_ref(), Some(&acme));
    assert!(store.organization("Acme").await.unwrap().is_none(), "a code has one spelling");
    assert_eq!(
        put(&store, None, Some(&organization("acme"))).await,
        Some(Refused::Taken(Unique::Code)),
        "and only one"
    );
    let next = acme.changed(|fields| fields.city = None, now());
    assert_eq!(put(&store, Some(&acme), Some(&next)).await, None);
    assert_eq!(put(&store, Some(&acme), Some(&next)).await, Some(Refused::Stale));
    assert_eq!(put(&store, Some(&acme), None).await, Some(Refused::Stale));
    assert_eq!(store.organization("ACME").await.unwrap().unwrap().city, None);
    assert_eq!(put(&store, Some(&next), None).await, None);
    assert!(store.organization("ACME").await.unwrap().is_none());
}

#[tokio::test]
async fn they_are_listed_by_folded_code_with_the_built_in_one_in_its_place() {
    let (_app, store) = table().await;
    for code in ["zeta", "ACME", "quux", "Beta"] {
        put(&store, None, Some(&organization(code))).await;
    }
    let codes = async |after, limit| -> Vec<String> {
        store
            .organizations(after, limit)
            .await
            .unwrap()
            .iter()
            .map(|one| one.code.to_string())
            .collect()
    };
    assert_eq!(codes(None, 9).await, ["ACME", "Beta", PLATFORM, "quux", "zeta"]);
    assert_eq!(
        (codes(None, 2).await, codes(Some("Beta"), 2).await),
        (vec!["ACME".to_owned(), "Beta".to_owned()], vec![PLATFORM.to_owned(), "quux".to_owned()])
    );
    assert_eq!(codes(Some(PLATFORM), 9).await, ["quux", "zeta"]);
}

#[tokio::test]
async fn one_with_members_stays_and_the_gate_knows_the_inactive_ones() {
    let (_app, store) = table().await;
    let ada = members::member_of(&store, "ada", "ACME").await;
    let acme = store.organization("ACME").await.unwrap().unwrap();
    assert_eq!(put(&store, Some(&acme), None).await, Some(Refused::InUse));
    let closed = acme.changed(|fields| fields.is_active = false, now());
    assert_eq!(put(&store, Some(&acme), Some(&closed)).await, None);
    let is_open = async || {
        let read = store.caller(ada.user.id, None, Some(&acme.code)).await.unwrap();
        let closed = store.closed_organizations(std::slice::from_ref(&acme.code)).await.unwrap();
        let is_open = read.catalogue_state.is_open(&acme.log_key());
        assert_eq!(closed.is_empty(), is_open);
        is_open
    };
    assert!(!is_open().await);
    let unasked = store.caller(ada.user.id, None, None).await.unwrap();
    assert!(!unasked.catalogue_state.is_open(&acme.log_key()), "what is not known is closed");
    let open = closed.changed(|fields| fields.is_active = true, now());
    assert_eq!(put(&store, Some(&closed), Some(&open)).await, None);
    assert!(is_open().await);
}

#[tokio::test]
async fn an_answer_is_remembered_until_its_time_is_over() {
    let (_app, store) = table().await;
    let (start, response) = (now(), SealedResponse(vec![7; 64]));
    let expires_at = start + SignedDuration::from_hours(24);
    let idempotency = IdempotencyRecord { key: [7; 32], response: response.clone(), expires_at };
    let (acme, activity) = (organization("ACME"), record());
    let change = OrganizationWrite { before: None, after: Some(&acme), activity: &activity };
    assert_eq!(store.stored_response(&[7; 32], start).await.unwrap(), None);
    let write = async || {
        let idempotency = Some(&idempotency);
        OrganizationStore::write_organization(&store, &change, idempotency, start, id()).await
    };
    assert_eq!(refusal(write().await), None);
    assert_eq!(refusal(write().await), Some(Refused::Replayed(response.clone())));
    assert_eq!(store.stored_response(&[7; 32], start).await.unwrap(), Some(response));
    assert_eq!(store.stored_response(&[7; 32], expires_at).await.unwrap(), None);
    assert_eq!(store.stored_response(&[8; 32], start).await.unwrap(), None);
}
