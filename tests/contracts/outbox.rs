use rolecall_domain::{
    clock::SignedDuration,
    ids::MailId,
    mail::{Delivered, DueMail, LateLine, Letterhead, MailFailure, MailedReply, Message, deliver},
    ports::{AccountStore, Claim, MailError, Mailer, Outbox, StoreError},
};
use rolecall_local::{Data, Options};
use serde_json::json;

use super::{id, mail, now, pending_events, sign_up, table, user};
use crate::support::{Json, PASSWORD, Shifted, TestApp, ask_dynamodb, items, options, table_of};

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
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Busy { .. })).count(), 5);
    assert!(
        matches!(store.claim_mail(mail, until, until).await.unwrap(), Claim::Mine { .. }),
        "a lease ends"
    );
    assert!(
        matches!(store.claim_mail(mail, now(), until).await.unwrap(), Claim::Busy { until: ends }
            if ends.as_millisecond() == until.as_millisecond()),
        "who comes late is told for how long"
    );
}

#[tokio::test]
async fn a_claim_that_is_given_back_is_nobodys_before_the_next_attempt() {
    let (_app, store, mail) = one_mail().await;
    let at = |seconds| now() + SignedDuration::from_secs(seconds);
    let claim = async |seconds| store.claim_mail(mail, at(seconds), at(seconds + 60)).await;
    let first = claim(0).await.unwrap();
    assert!(matches!(first, Claim::Mine { attempt: 1, is_admitted: false, .. }), "{first:?}");
    store.release_mail(mail, 1, at(600), true).await.unwrap();
    assert!(matches!(claim(0).await.unwrap(), Claim::Waiting));
    let again = claim(601).await.unwrap();
    assert!(matches!(again, Claim::Mine { attempt: 2, is_admitted: true, .. }), "{again:?}");
    store.release_mail(mail, 1, at(0), false).await.unwrap();
    assert!(
        matches!(claim(601).await.unwrap(), Claim::Busy { .. }),
        "a claim that ended gives back nobody else's"
    );
}

#[tokio::test]
async fn a_mail_that_was_given_up_is_done_with_its_record_and_once() {
    let (app, store, mail) = one_mail().await;
    let fail = async |failure| {
        store.mark_mail_failed(mail, &failure, &pending_events(), now()).await.unwrap()
    };
    assert!(fail(MailFailure::Refused("BadRequestException".to_owned())).await);
    assert!(!fail(MailFailure::Expired).await, "it stays as it was");
    let until = now() + SignedDuration::from_secs(60);
    assert!(matches!(store.claim_mail(mail, now(), until).await.unwrap(), Claim::Done));
    let all = items(&app).await;
    let item = all.iter().find(|item| item["entity"]["S"] == "outbox").unwrap();
    assert_eq!(item.text_of("reason/S"), "refused: BadRequestException");
    assert!(item["failed_at"]["N"].is_string() && item["enclosed"]["S"].is_string());
    let gone: MailId = id();
    let (expired, record) = (MailFailure::Expired, pending_events());
    let failed = store.mark_mail_failed(gone, &expired, &record, now()).await.unwrap();
    assert!(!failed, "what is gone is not made again");
}

#[tokio::test]
async fn a_mail_that_cannot_be_read_is_broken_for_its_claimant_and_can_be_given_up() {
    let (app, store, mail) = one_mail().await;
    let key = json!({ "PK": { "S": format!("OUTBOX#{mail}") }, "SK": { "S": "OUTBOX" } });
    let poison = json!({ "TableName": table_of(&app), "Key": key,
        "UpdateExpression": "SET mail = :mail",
        "ExpressionAttributeValues": { ":mail": { "S": "{" } } });
    ask_dynamodb(app.stack.dynamodb_endpoint(), "UpdateItem", &poison).await;
    let until = now() + SignedDuration::from_secs(60);
    let claim = store.claim_mail(mail, now(), until).await;
    assert!(matches!(claim, Err(StoreError::Broken(_))), "{claim:?}");
    let failure = MailFailure::Unreadable;
    assert!(store.mark_mail_failed(mail, &failure, &pending_events(), now()).await.unwrap());
    assert!(matches!(store.claim_mail(mail, now(), until).await.unwrap(), Claim::Done));
}

#[tokio::test]
async fn due_mails_come_in_order_once_they_are_due_and_go_when_they_are_forgotten() {
    let (_app, store) = table().await;
    let start = now();
    let due = |seconds| DueMail { at: start + SignedDuration::from_secs(seconds), id: id() };
    let all = [due(30), due(10), due(20), due(10), due(1000)];
    for one in all.iter().chain(&all) {
        store.list_due_mail(*one).await.unwrap();
    }
    let at = start + SignedDuration::from_secs(30);
    let found = store.due_mails(at, None, 50).await.unwrap();
    let instants: Vec<i64> = found.iter().map(|one| one.at.as_second()).collect();
    assert!(found.len() == 4 && instants.is_sorted(), "{found:?}");
    let mut pages = Vec::new();
    while let [one] = store.due_mails(at, pages.last().copied(), 1).await.unwrap()[..] {
        pages.push(one);
    }
    assert_eq!(pages, found);
    store.forget_due_mail(found[0]).await.unwrap();
    store.forget_due_mail(found[0]).await.unwrap();
    assert_eq!(store.due_mails(at, None, 50).await.unwrap(), found[1..]);
}

#[tokio::test]
async fn a_sent_mail_is_done_for_good() {
    let (_app, store, mail) = one_mail().await;
    let until = now() + SignedDuration::from_secs(60);
    store.claim_mail(mail, now(), until).await.unwrap();
    store.mark_mail_sent(mail, now()).await.unwrap();
    store.mark_mail_sent(mail, now()).await.unwrap();
    store.release_mail(mail, 1, until, true).await.unwrap();
    assert!(matches!(store.claim_mail(mail, until, until).await.unwrap(), Claim::Done));
    assert!(
        matches!(store.claim_mail(id(), until, until).await.unwrap(), Claim::Done),
        "what is gone is done"
    );
}

#[tokio::test]
async fn a_place_in_the_line_of_an_address_is_one_mails_and_stays_it() {
    let (_app, store) = table().await;
    let to = user("ada").email;
    let (start, reply) = (now(), MailedReply::VerificationLink);
    let minute = |minutes| start + SignedDuration::from_mins(minutes);
    let ids: Vec<MailId> = (0..6).map(|_| id()).collect();
    let come = |mail| store.start_late_line(&to, reply, mail, minute(0), minute(20));
    let came = futures::future::join_all(ids.iter().copied().map(come)).await;
    let came: Vec<Option<LateLine>> = came.into_iter().map(Result::unwrap).collect();
    let first = came.iter().position(Option::is_none).unwrap();
    assert_eq!(came.iter().flatten().count(), 5, "{came:?}");
    let line = come(ids[first]).await.unwrap().unwrap();
    let free = LateLine { free_at: minute(20), at_once: Some(ids[first]), placed: None };
    assert_eq!(line, free, "whoever went at once is known again");

    let take = |mail| store.take_late_place(&to, reply, mail, minute(20), minute(40));
    let took = futures::future::join_all(ids.iter().copied().map(take)).await;
    let took: Vec<bool> = took.into_iter().map(Result::unwrap).collect();
    assert_eq!(took.iter().filter(|took| **took).count(), 1, "{took:?}");
    let holder = ids[took.iter().position(|took| *took).unwrap()];
    assert!(take(holder).await.unwrap(), "a lost answer is given again");
    let line = come(id()).await.unwrap().unwrap();
    let placed = Some((holder, minute(20)));
    assert_eq!((line.free_at, line.placed), (minute(40), placed));
    let other = MailedReply::NotActive;
    let line = store.start_late_line(&to, other, id(), minute(39), minute(59)).await.unwrap();
    assert_eq!(line.unwrap().placed, None, "each kind has its own");
    let over = store.start_late_line(&to, other, id(), minute(40), minute(60)).await.unwrap();
    assert_eq!(over, None, "nobody is in it any more");
    assert!(!store.take_late_place(&to, reply, id(), minute(40), minute(60)).await.unwrap());
    let nobodys = store.take_late_place(&user("eve").email, reply, id(), start, start).await;
    assert!(!nobodys.unwrap(), "a line that is not there has no place");
}

/// A mail service that is away.
pub(crate) struct Away;

#[async_trait::async_trait]
impl Mailer for Away {
    async fn send(&self, _: &str, _: &Message, _: &Letterhead) -> Result<(), MailError> {
        Err(MailError::Unavailable("away".into()))
    }
}

/// One that takes everything.
struct Here;

#[async_trait::async_trait]
impl Mailer for Here {
    async fn send(&self, _: &str, _: &Message, _: &Letterhead) -> Result<(), MailError> {
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
    let clock = std::sync::Arc::new(Shifted::default());
    let later = crate::support::in_process_at(&app, std::sync::Arc::clone(&clock) as _).ports();
    for _ in 0..3 {
        let away = deliver(&later, &Away, ids[0]).await.unwrap();
        assert!(away.is_outage(), "{away:?}");
        clock.advance(3600);
    }
    // The second one is late, and the third one has its place behind it, whoever asks again.
    assert!(matches!(deliver(&ports, &Here, ids[1]).await.unwrap(), Delivered::Sent));
    let Delivered::Deferred(at) = deliver(&ports, &Away, ids[2]).await.unwrap() else {
        panic!("it was not deferred");
    };
    assert!(matches!(deliver(&ports, &Here, ids[2]).await.unwrap(), Delivered::Nothing));
    let due = ports.store.due_mails(at, None, 50).await.unwrap();
    assert!(due.contains(&DueMail { at, id: ids[2] }), "{due:?}");
    assert!(matches!(deliver(&later, &Here, ids[2]).await.unwrap(), Delivered::Sent));
    assert!(matches!(deliver(&later, &Here, ids[0]).await.unwrap(), Delivered::Sent));
    assert!(matches!(deliver(&later, &Here, ids[0]).await.unwrap(), Delivered::Nothing));
}
