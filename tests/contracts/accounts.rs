use rolecall_domain::{
    account::{Bio, FirstAdmin, Profile, SignUp, Spent, User},
    clock::SignedDuration,
    idempotency::{IdempotencyRecord, SealedResponse},
    mail::{Purpose, TokenHash},
    ports::{
        AccountChange, AccountStore, NewAccount, OneTimeTokenStore, Refused, SessionStore, Unique,
    },
};

use super::{account, id, mail, now, pending_events, refusal, sign_up, table, user};

#[tokio::test]
async fn an_account_is_found_by_id_and_address_as_it_was_written() {
    let (_app, store) = table().await;
    let ada = user("ada");
    assert_eq!(
        refusal(store.create_account(&account(&ada), &pending_events(), None, now(), id()).await),
        None
    );
    assert_eq!(store.user(ada.id).await.unwrap().unwrap(), ada);
    let Some(found) = store.login_record(&ada.email).await.unwrap().owner else {
        panic!("no account")
    };
    assert_eq!((found.user, found.password_hash.as_deref()), (ada.clone(), Some("$argon2id$x")));
    assert!(store.owner(&ada.email).await.unwrap().is_some());
    assert!(store.user(id()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_refused_account_leaves_nothing() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store.create_account(&account(&ada), &pending_events(), None, now(), id()).await.unwrap();
    let same_name = User { email: user("other").email, ..user("ada") };
    assert_eq!(
        refusal(
            store.create_account(&account(&same_name), &pending_events(), None, now(), id()).await
        ),
        Some(Refused::Taken(Unique::Username))
    );
    assert!(
        store.owner(&same_name.email).await.unwrap().is_none()
            && store.user(same_name.id).await.unwrap().is_none()
    );
    let same_email = User { username: user("other").username, ..user("ada") };
    assert_eq!(
        refusal(
            store.create_account(&account(&same_email), &pending_events(), None, now(), id()).await
        ),
        Some(Refused::Taken(Unique::Email))
    );
    assert!(store.user(same_email.id).await.unwrap().is_none());
}

#[tokio::test]
async fn the_same_write_again_is_the_same_write() {
    let (_app, store) = table().await;
    let (ada, write, pending_events) = (user("ada"), id(), pending_events());
    assert_eq!(
        refusal(
            store
                .create_account(&account(&ada), &pending_events, None, ada.created_at, write)
                .await
        ),
        None
    );
    assert_eq!(
        refusal(
            store
                .create_account(&account(&ada), &pending_events, None, ada.created_at, write)
                .await
        ),
        None
    );
}

#[tokio::test]
async fn there_is_one_first_admin() {
    let (_app, store) = table().await;
    let admin = |name| NewAccount { first_admin: FirstAdmin::Yes, ..account(&user(name)) };
    assert_eq!(
        refusal(store.create_account(&admin("ada"), &pending_events(), None, now(), id()).await),
        None
    );
    assert_eq!(
        refusal(store.create_account(&admin("grace"), &pending_events(), None, now(), id()).await),
        Some(Refused::AdminExists)
    );
    assert!(store.owner(&user("grace").email).await.unwrap().is_none());
}

#[tokio::test]
async fn one_sign_up_of_an_address_waits_a_network_and_is_nobody() {
    let (_app, store) = table().await;
    let (ada, mallory) = (user("ada"), User { email: user("ada").email, ..user("mallory") });
    let put = async |one: &SignUp| {
        let (mail, pending_events) = (mail(&one.user), pending_events());
        let written = store.put_sign_up(one, &mail, &pending_events, None, now(), id());
        assert_eq!(refusal(written.await), None);
    };
    let first = sign_up(&mallory, "127.0.0.1");
    put(&first).await;
    put(&sign_up(&ada, "127.0.0.2")).await;
    let again = User { username: user("ada2").username, ..ada.clone() };
    put(&sign_up(&again, "127.0.0.2")).await;
    let names = async || {
        let all = store.sign_ups(&ada.email).await.unwrap();
        let mut names: Vec<String> =
            all.iter().map(|one| one.user.username.as_str().to_owned()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names().await, ["ada2", "mallory"]);
    assert!(store.login_record(&ada.email).await.unwrap().owner.is_none());
    assert_eq!(store.owner_of_username(&ada.username).await.unwrap(), None);
    store.forget_sign_ups(&ada.email, std::slice::from_ref(&first.network)).await.unwrap();
    store.forget_sign_ups(&ada.email, &[first.network]).await.unwrap();
    assert_eq!(names().await, ["ada2"]);
}

#[tokio::test]
async fn a_sign_up_with_the_name_of_an_account_writes_nothing() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store.create_account(&account(&ada), &pending_events(), None, now(), id()).await.unwrap();
    let other = sign_up(&User { email: user("other").email, ..user("ada") }, "127.0.0.1");
    let (mail, pending_events) = (mail(&other.user), pending_events());
    let written = store.put_sign_up(&other, &mail, &pending_events, None, now(), id());
    assert_eq!(refusal(written.await), Some(Refused::Taken(Unique::Username)));
    assert!(store.sign_ups(&other.user.email).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_makes_one_account_and_tells_whose_it_is() {
    let (_app, store) = table().await;
    let hash = TokenHash::of(Purpose::VerifyEmail, "link");
    let spent = Spent { hash: hash.clone(), ends_at: now() + SignedDuration::from_hours(1) };
    let made = |user: &User| NewAccount { spends: Some(spent.clone()), ..account(user) };
    let (ada, grace) = (user("ada"), user("grace"));
    assert_eq!(store.spent_by(&hash).await.unwrap(), None);
    let (one, events) = (made(&ada), pending_events());
    let written = store.create_account(&one, &events, None, now(), id());
    assert_eq!(refusal(written.await), None);
    assert_eq!(store.spent_by(&hash).await.unwrap(), Some(ada.id));
    let (one, events) = (made(&grace), pending_events());
    let written = store.create_account(&one, &events, None, now(), id());
    assert_eq!(refusal(written.await), Some(Refused::Stale));
    assert!(store.user(grace.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_that_was_signed_out_is_not_kept_by_a_later_change() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store.create_account(&account(&ada), &pending_events(), None, now(), id()).await.unwrap();
    let (ended, older) =
        (super::sessions::session(ada.id, now()), super::sessions::session(ada.id, now()));
    store.start_session(&ended, &pending_events()).await.unwrap();
    store.end_session(ada.id, ended.id, &pending_events(), now()).await.unwrap();
    store
        .start_session(
            &rolecall_domain::session::Session { epoch: 7, ..older.clone() },
            &pending_events(),
        )
        .await
        .unwrap();
    let after = ada.with_new_password(now());
    for keep in [ended.id, older.id] {
        let pending_events = pending_events();
        let change = AccountChange::new(&ada, &after, &pending_events);
        let change = AccountChange { password_hash: Some("$new"), keep: Some(keep), ..change };
        assert_eq!(refusal(store.change_account(&change, now(), id()).await), Some(Refused::Stale));
    }
    assert_eq!(store.user(ada.id).await.unwrap(), Some(ada));
}

#[tokio::test]
async fn a_change_is_made_on_the_version_it_read_in_both_copies() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store.create_account(&account(&ada), &pending_events(), None, now(), id()).await.unwrap();
    let changed = User {
        version: 2,
        profile: Profile { bio: Some(Bio::parse("new").unwrap()), ..Profile::default() },
        ..ada.clone()
    };
    let pending_events = pending_events();
    let change = AccountChange::new(&ada, &changed, &pending_events);
    assert_eq!(refusal(store.change_account(&change, now(), id()).await), None);
    assert_eq!(refusal(store.change_account(&change, now(), id()).await), Some(Refused::Stale));
    assert_eq!(store.user(ada.id).await.unwrap().unwrap(), changed);
    let Some(found) = store.login_record(&ada.email).await.unwrap().owner else {
        panic!("no account")
    };
    assert_eq!((found.user, found.password_hash.as_deref()), (changed, Some("$argon2id$x")));
}

#[tokio::test]
async fn a_remembered_key_answers_and_writes_nothing() {
    let (_app, store) = table().await;
    let first = SealedResponse(vec![7; 64]);
    let idempotency = IdempotencyRecord {
        key: [1; 32],
        response: first.clone(),
        expires_at: now() + SignedDuration::from_hours(24),
    };
    assert_eq!(
        refusal(
            store
                .create_account(
                    &account(&user("ada")),
                    &pending_events(),
                    Some(&idempotency),
                    now(),
                    id()
                )
                .await
        ),
        None
    );
    let grace = account(&user("grace"));
    let again =
        store.create_account(&grace, &pending_events(), Some(&idempotency), now(), id()).await;
    assert_eq!(refusal(again), Some(Refused::Replayed(first)));
    assert!(store.user(grace.user.id).await.unwrap().is_none());
    let later = now() + SignedDuration::from_hours(25);
    assert_eq!(
        refusal(
            store.create_account(&grace, &pending_events(), Some(&idempotency), later, id()).await
        ),
        None
    );
}

#[tokio::test]
async fn an_account_moves_to_another_address_as_a_whole_and_never_onto_somebody() {
    let (_app, store) = table().await;
    let (ada, grace) = (user("ada"), user("grace"));
    for one in [&ada, &grace] {
        store.create_account(&account(one), &pending_events(), None, now(), id()).await.unwrap();
    }
    let one_time_token = super::one_time_tokens::one_time_token(&ada, Purpose::ChangeEmail, "t");
    store.put_one_time_token(&one_time_token, &pending_events(), now()).await.unwrap();
    let onto_grace = User { version: 2, email: grace.email.clone(), ..ada.clone() };
    let moved = User { version: 2, email: user("countess").email, ..ada.clone() };
    let to = async |after: &User| {
        let token = &one_time_token.token;
        refusal(store.change_email(&ada, after, token, &pending_events(), now(), id()).await)
    };
    assert_eq!(to(&onto_grace).await, Some(Refused::Taken(Unique::Email)));
    assert_eq!(store.user(ada.id).await.unwrap().unwrap(), ada, "nothing of it was written");
    assert_eq!(to(&moved).await, None);
    assert_eq!(to(&moved).await, Some(Refused::Stale), "used");
    assert!(store.owner(&ada.email).await.unwrap().is_none(), "nobody has the old address");
    let Some(found) = store.login_record(&moved.email).await.unwrap().owner else {
        panic!("no account")
    };
    assert_eq!((found.user, found.password_hash.as_deref()), (moved, Some("$argon2id$x")));
}

#[tokio::test]
async fn a_hash_is_renewed_only_over_the_one_that_was_checked() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store.create_account(&account(&ada), &pending_events(), None, now(), id()).await.unwrap();
    store.renew_hash(&ada.email, "$other", "$new").await.unwrap();
    store.renew_hash(&ada.email, "$argon2id$x", "$better").await.unwrap();
    store.renew_hash(&ada.email, "$argon2id$x", "$late").await.unwrap();
    let Some(found) = store.login_record(&ada.email).await.unwrap().owner else {
        panic!("no account")
    };
    assert_eq!(found.password_hash.as_deref(), Some("$better"));
}
