use rolecall_domain::{
    mail::OutboxMail,
    ports::{AccountStore, ActivityStore, Claim, Outbox},
};
use serde_json::json;

use super::{enclosed, id, mail, now, sign_up, table, user};
use crate::support::items;

#[tokio::test]
async fn what_a_change_enclosed_is_filed_once_however_often_it_is_told() {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let waiting = sign_up(&user("ada"), "t");
    let letter: OutboxMail = mail(&waiting.user);
    let mut activity = enclosed();
    activity.activity.as_mut().unwrap().details.insert("number".to_owned(), json!(1.5));
    let activity = activity.mail(mail(&waiting.user));
    store.put_sign_up(&waiting, &letter, &activity, None, now(), id()).await.unwrap();
    let outbox = items(&app).await.into_iter().find(|item| item["entity"]["S"] == "outbox").unwrap();
    let text = outbox["enclosed"]["S"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        store.file(&text, None).await.unwrap();
    }
    let all = items(&app).await;
    let is_it = |item: &&serde_json::Value| item["entity"]["S"] == "activity" && item["details"]["S"] != json!(null);
    let activities: Vec<_> = all.iter().filter(is_it).filter(|item| item["activity_type"]["S"] == "authn_login_fail").collect();
    assert_eq!((activities.len(), &activities[0]["details"]["S"]), (1, &json!("{\"number\":1.5}")));
    let until = now() + rolecall_domain::clock::SignedDuration::from_secs(60);
    assert!(matches!(store.claim(activity.mails[0].id, now(), until).await.unwrap(), Claim::Mine { .. }));
    assert!(matches!(store.claim(letter.id, now(), until).await.unwrap(), Claim::Mine { .. }));
    let claimed = items(&app).await.into_iter().find(|item| item["id"]["S"] == letter.id.to_string().as_str()).unwrap();
    assert!(claimed["enclosed"].is_null(), "what was filed is not told again");
    assert!(store.file("nonsense", None).await.is_err());
}
