use rolecall_domain::{
    clock::SignedDuration,
    ids::MailId,
    mail::{Delivered, Message, deliver},
    ports::{AccountStore, Claim, MailError, Mailer, Outbox},
};
use rolecall_local::{Data, Options};
use serde_json::json;

use super::{id, mail, now, pending_events, sign_up, table, user};
use crate::support::{PASSWORD, TestApp, options};

/// A mail in a table whose own poller is stopped, so that nobody else claims it.
async fn one_mail() -> (TestApp, rolecall_storage::Store, rolecall_domain::ids::MailId) {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let waiting = sign_up(&user("ada"), "first");
    let mail = mail(&waiting.user);
    store.put_sign_up(&waiting, &mail, &pending_events(), None, now(), id()).await.unwrap();
    (app, store, mail.id)
}

#[tokio::test]
async fn a_mail_has_one_claimant_at_a_time() {
    let (_app, store, mail) = one_mail().await;
    let until = now() + SignedDuration::from_secs(60);
    let claims =
        futures::future::join_all((0..6).map(|_| store.claim_mail(mail, now(), until))).await;
    let claims: Vec<Claim> = claims.into_iter().map(Result::unwrap).collect();
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Mine { .. })).count(), 1);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Busy)).count(), 5);
    assert!(
        matches!(store.claim_mail(mail, until, until).await.unwrap(), Claim::Mine { .. }),
        "a lease ends"
    );
    store.release_mail(mail).await.unwrap();
    assert!(
        matches!(store.claim_mail(mail, now(), until).await.unwrap(), Claim::Mine { .. }),
        "a claim can be given back"
    );
}

#[tokio::test]
async fn a_sent_mail_is_done_for_good() {
    let (_app, store, mail) = one_mail().await;
    let until = now() + SignedDuration::from_secs(60);
    store.claim_mail(mail, now(), until).await.unwrap();
    store.mark_mail_sent(mail, now()).await.unwrap();
    store.mark_mail_sent(mail, now()).await.unwrap();
    store.release_mail(mail).await.unwrap();
    assert!(matches!(store.claim_mail(mail, until, until).await.unwrap(), Claim::Done));
    assert!(
        matches!(store.claim_mail(id(), until, until).await.unwrap(), Claim::Done),
        "what is gone is done"
    );
}

/// A mail service that is away.
pub(crate) struct Away;

#[async_trait::async_trait]
impl Mailer for Away {
    async fn send(&self, _: &str, _: &Message) -> Result<(), MailError> {
        Err(MailError("away".into()))
    }
}

/// One that takes everything.
struct Here;

#[async_trait::async_trait]
impl Mailer for Here {
    async fn send(&self, _: &str, _: &Message) -> Result<(), MailError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_mail_that_is_tried_again_counts_once_and_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let settings = vec![("ROLECALL_ADDRESS_MAILS", "1".to_owned())];
    let mut app = TestApp::start(Options { data, settings, ..options() }).await;
    app.stack.stop_background().await;
    for name in ["ada", "eve", "pat"] {
        let body = json!({ "username": name, "email": "ada@example.com", "password": PASSWORD });
        app.post("/auth/register", &body).await.expect(202);
    }
    let ports = crate::support::in_process(&app).ports();
    let mut ids: Vec<MailId> =
        crate::support::outbox_ids(&app).await.iter().map(|id| id.parse().unwrap()).collect();
    ids.sort_by_key(ToString::to_string);
    for _ in 0..3 {
        assert!(deliver(&ports, &Away, ids[0]).await.is_err());
    }
    // The second one is late, and the third one too many: it is done with that.
    assert_eq!(deliver(&ports, &Here, ids[1]).await.unwrap(), Delivered::Sent);
    assert_eq!(deliver(&ports, &Away, ids[2]).await.unwrap(), Delivered::Sent);
    assert_eq!(deliver(&ports, &Here, ids[0]).await.unwrap(), Delivered::Sent);
    assert_eq!(deliver(&ports, &Here, ids[0]).await.unwrap(), Delivered::Nothing);
}
