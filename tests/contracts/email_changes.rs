use rolecall_domain::{
    account::{DeliveryStatus, EmailDelivery, FormerEmail, PendingEmail, User},
    clock::{SignedDuration, Timestamp},
    mail::{Purpose, TokenHash},
    organization::{Memberships, UserWithMemberships},
    ports::{AccountChange, AccountStore, Occupant, OneTimeTokenStore, Refused, Unique},
    recovery::OneTimeToken,
};
use rolecall_storage::Store;

use super::{
    account, id, now, one_time_tokens::one_time_token, pending_events, refusal, table, user,
};

fn undo(text: &str) -> TokenHash {
    TokenHash::of(Purpose::UndoEmailChange, text)
}

async fn create(store: &Store, one: &User, now: Timestamp) -> Option<Refused> {
    refusal(store.create_account(&account(one), &pending_events(), None, now, id()).await)
}

/// Moves an account to the address of a name; `text` is the link that takes it back.
async fn moved(store: &Store, before: &User, name: &str, text: &str, at: Timestamp) -> User {
    let token = OneTimeToken {
        ends_at: at + SignedDuration::from_mins(30),
        ..one_time_token(before, Purpose::ChangeEmail, text)
    };
    store.put_one_time_token(&token, &pending_events(), at).await.unwrap();
    let after = before.moved_to(user(name).email, undo(text), at);
    let (events, write) = (pending_events(), id());
    store.change_email(before, &after, &token.token, &events, at, write).await.unwrap();
    after
}

async fn change(store: &Store, before: &User, after: &User, at: Timestamp) -> Option<Refused> {
    let person = UserWithMemberships {
        user: before.clone(),
        memberships: Memberships::default(),
        memberships_version: 0,
        last_login_at: None,
    };
    let pending_events = pending_events();
    let change = AccountChange::new(before, after, &pending_events);
    let change = AccountChange { person: Some(&person), ..change };
    refusal(store.change_account(&change, at, id()).await)
}

async fn has(store: &Store, name: &str, at: Timestamp) -> String {
    match store.occupant(&user(name).email, at).await.unwrap() {
        Occupant::Owner(owner) => format!("owner {}", owner.username.as_str()),
        Occupant::Former(_) => "former".to_owned(),
        Occupant::Nobody => "nobody".to_owned(),
    }
}

#[tokio::test]
async fn a_former_address_is_taken_until_its_time_is_over_and_nobody_signs_in_with_it() {
    let (_app, store) = table().await;
    let (ada, start) = (user("ada"), now());
    assert_eq!(create(&store, &ada, start).await, None);
    assert_eq!(has(&store, "ada", start).await, "owner ada");
    let bea = moved(&store, &ada, "bea", "a", start).await;
    assert_eq!(store.user(ada.id).await.unwrap().unwrap(), bea);
    assert!(store.owner(&ada.email).await.unwrap().is_none());
    assert!(store.login_record(&ada.email).await.unwrap().owner.is_none());
    let copy = store.login_record(&bea.email).await.unwrap().owner.unwrap();
    assert_eq!((copy.user, copy.password_hash.as_deref()), (bea.clone(), Some("$argon2id$x")));
    let delivery = EmailDelivery {
        status: DeliveryStatus::parse("bounced").unwrap(),
        at: start,
        reason: "General".to_owned(),
    };
    assert!(!store.note_delivery(&ada.email, &delivery).await.unwrap(), "no account is there");
    let other = User { email: ada.email.clone(), ..user("other") };
    let until = start + FormerEmail::PERIOD;
    let last = until - SignedDuration::from_millis(1);
    assert_eq!(has(&store, "ada", last).await, "former");
    assert_eq!(create(&store, &other, last).await, Some(Refused::Taken(Unique::Email)));
    let third = user("third");
    assert_eq!(create(&store, &third, last).await, None);
    let onto = User { version: 2, email: ada.email.clone(), ..third.clone() };
    assert_eq!(change(&store, &third, &onto, last).await, Some(Refused::Taken(Unique::Email)));
    assert_eq!(has(&store, "ada", until).await, "nobody");
    assert_eq!(create(&store, &other, until).await, None);
    assert_eq!(has(&store, "ada", until).await, "owner other");
    // What is former no more, and over, is left to whoever has it.
    let cleo = moved(&store, &bea, "cleo", "b", until).await;
    assert_eq!(cleo.former_emails.len(), 1);
    assert_eq!(has(&store, "ada", until).await, "owner other");
}

#[tokio::test]
async fn an_account_goes_back_without_its_password_and_frees_what_came_between() {
    let (_app, store) = table().await;
    let (ada, at) = (user("ada"), now());
    assert_eq!(create(&store, &ada, at).await, None);
    let bea = moved(&store, &ada, "bea", "a", at).await;
    let cleo = moved(&store, &bea, "cleo", "b", at).await;
    assert_eq!(
        [has(&store, "ada", at).await, has(&store, "bea", at).await, has(&store, "cleo", at).await],
        ["former", "former", "owner ada"]
    );
    let back = cleo.restored(&undo("a"), at).unwrap();
    assert_eq!(change(&store, &bea, &back, at).await, Some(Refused::Stale));
    assert_eq!(change(&store, &cleo, &back, at).await, None);
    assert_eq!(
        [has(&store, "ada", at).await, has(&store, "bea", at).await, has(&store, "cleo", at).await],
        ["owner ada", "nobody", "nobody"]
    );
    let copy = store.login_record(&ada.email).await.unwrap().owner.unwrap();
    assert_eq!((copy.user, copy.password_hash), (back.clone(), None));
    assert_eq!(store.user(ada.id).await.unwrap(), Some(back));
}

#[tokio::test]
async fn a_wish_is_in_both_copies_and_three_an_hour_are_the_most() {
    let (_app, store) = table().await;
    let (mut ada, at) = (user("ada"), now());
    assert_eq!(create(&store, &ada, at).await, None);
    let wish = async |before: &User, text: &str| {
        let wished = user(text).email;
        let token = OneTimeToken {
            new_email: Some(wished.clone()),
            ..one_time_token(before, Purpose::ChangeEmail, text)
        };
        let (stop, ends_at) = (undo(text), token.ends_at);
        let pending = PendingEmail { email: wished, stop, epoch: before.epoch, ends_at };
        let after = before.with_pending_email(Some(pending), at);
        let events = pending_events();
        let written = store.request_email_change(before, &after, &token, &events, at, id());
        (refusal(written.await), after)
    };
    for text in ["one", "two", "three"] {
        let (refused, after) = wish(&ada, text).await;
        assert_eq!(refused, None, "{text}");
        assert_eq!(wish(&ada, "late").await.0, Some(Refused::Stale), "on the version of before");
        ada = after;
    }
    let hour = SignedDuration::from_hours(1);
    let next = Timestamp::from_millisecond((at + hour).as_millisecond()).unwrap();
    assert_eq!(wish(&ada, "four").await.0, Some(Refused::NotBefore(next)));
    assert_eq!(store.user(ada.id).await.unwrap().unwrap(), ada);
    let copy = store.login_record(&ada.email).await.unwrap().owner.unwrap();
    assert_eq!(copy.user, ada);
    let (_, token) = store.one_time_token(ada.id, Purpose::ChangeEmail).await.unwrap();
    assert_eq!(token.unwrap().new_email, Some(user("three").email));
}
