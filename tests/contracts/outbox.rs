use rolecall_domain::{
    clock::SignedDuration,
    ports::{AccountStore, Claim, Outbox},
};

use super::{enclosed, id, mail, now, sign_up, table, user};
use crate::support::TestApp;

/// A mail in a table whose own poller is stopped, so that nobody else claims it.
async fn one_mail() -> (TestApp, rolecall_storage::Store, rolecall_domain::ids::MailId) {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let waiting = sign_up(&user("ada"), "first");
    let mail = mail(&waiting.user);
    store.put_sign_up(&waiting, &mail, &enclosed(), None, now(), id()).await.unwrap();
    (app, store, mail.id)
}

#[tokio::test]
async fn a_mail_has_one_claimant_at_a_time() {
    let (_app, store, mail) = one_mail().await;
    let until = now() + SignedDuration::from_secs(60);
    let claims = futures::future::join_all((0..6).map(|_| store.claim(mail, now(), until))).await;
    let claims: Vec<Claim> = claims.into_iter().map(Result::unwrap).collect();
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Mine(_))).count(), 1);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Busy)).count(), 5);
    assert!(matches!(store.claim(mail, until, until).await.unwrap(), Claim::Mine(_)), "a lease ends");
    store.release(mail).await.unwrap();
    assert!(matches!(store.claim(mail, now(), until).await.unwrap(), Claim::Mine(_)), "a claim can be given back");
}

#[tokio::test]
async fn a_sent_mail_is_done_for_good() {
    let (_app, store, mail) = one_mail().await;
    let until = now() + SignedDuration::from_secs(60);
    store.claim(mail, now(), until).await.unwrap();
    store.mark_sent(mail, now()).await.unwrap();
    store.mark_sent(mail, now()).await.unwrap();
    store.release(mail).await.unwrap();
    assert!(matches!(store.claim(mail, until, until).await.unwrap(), Claim::Done));
    assert!(matches!(store.claim(id(), until, until).await.unwrap(), Claim::Done), "what is gone is done");
}
