//! Permission checks are the server's, of this moment.

use std::time::Duration;

use rolecall_client::{Client, Error, ProblemCode, Question, TokenError};

use super::{Office, nobody};

#[tokio::test]
async fn permissions_and_modules_are_decided_by_the_server() {
    let office = Office::new().await;
    let Office { firm, ada, bob, key, client, .. } = &office;
    for (token, is_allowed) in [(&ada.access, true), (&bob.access, false), (key, true)] {
        let check = client.check(token);
        assert_eq!(check.permission("pid.create").await.unwrap(), is_allowed);
        assert!(!check.permission("no.such").await.unwrap());
    }
    assert!(client.check(&ada.access).module("PID").await.unwrap());
    assert!(!client.check(&bob.access).module("PID").await.unwrap());
    let about = client.check(&firm.root.access).of_user(&bob.id).in_organization("MY_COMPANY");
    assert!(!about.permission("pid.create").await.unwrap());
    // A right that was taken away is gone at the next check.
    firm.root.delete(&format!("{}/roles/drafter", ada.at("MY_COMPANY"))).await.expect(204);
    assert!(!client.check(&ada.access).permission("pid.create").await.unwrap());
}

#[tokio::test]
async fn a_batch_has_as_many_questions_as_it_needs() {
    let office = Office::new().await;
    let Office { ada, client, .. } = &office;
    let questions: Vec<_> = (0..250)
        .map(|number| match number % 3 {
            0 => Question::permission("pid.create"),
            1 => Question::module("PID"),
            _ => Question::permission(format!("no.such{number}")),
        })
        .collect();
    let allowed = client.check(&ada.access).all(&questions).await.unwrap();
    let expected: Vec<_> = (0..250).map(|number| number % 3 < 2).collect();
    assert_eq!(allowed, expected);
    assert!(client.check(&ada.access).all(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_decision_can_be_explained() {
    let office = Office::new().await;
    let Office { ada, bob, client, .. } = &office;
    let question = Question::permission("pid.create");
    let yes = client.check(&ada.access).explain(&question).await.unwrap();
    let chain = yes.chain.unwrap();
    assert_eq!((yes.allowed, chain.role.as_str()), (true, "drafter"));
    assert_eq!(chain.membership.as_deref(), Some("MY_COMPANY"));
    let no = client.check(&bob.access).explain(&question).await.unwrap();
    assert_eq!((no.allowed, no.blockers[0].code.as_str()), (false, "no_grant"));
    assert!(!no.smallest_grant.unwrap().is_empty());
}

#[tokio::test]
async fn a_cached_decision_is_older_than_the_server_only_where_the_service_says_so() {
    let office = Office::new().await;
    let Office { firm, ada, client, .. } = &office;
    let cached = Client::builder(firm.app.url("")).cache_decisions(Duration::from_hours(1));
    let cached = cached.build().unwrap();
    let is_allowed =
        async |client: &Client| client.check(&ada.access).permission("pid.create").await.unwrap();
    assert!(is_allowed(&cached).await);
    firm.root.delete(&format!("{}/roles/drafter", ada.at("MY_COMPANY"))).await.expect(204);
    assert!(is_allowed(&cached).await);
    assert!(!is_allowed(client).await);
    let question = Question::permission("pid.create");
    assert!(!cached.check(&ada.access).explain(&question).await.unwrap().allowed);
}

#[tokio::test]
async fn a_check_that_is_not_answered_is_an_error_of_its_kind() {
    let office = Office::new().await;
    let Office { firm, ada, bob, client, .. } = &office;
    let error = nobody().check(&ada.access).permission("pid.create").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    let check = client.check(&bob.access).of_user(&ada.id);
    match check.permission("pid.create").await.unwrap_err() {
        Error::Refused(problem) => {
            assert_eq!((problem.status, problem.code), (403, ProblemCode::Forbidden));
            assert!(!problem.request_id.is_empty());
        }
        other => panic!("{other:?}"),
    }
    firm.app.post("/auth/token/revoke", serde_json::json!({ "refresh": ada.refresh })).await;
    let error = client.check(&ada.access).permission("pid.create").await.unwrap_err();
    assert!(matches!(error, Error::Token(TokenError::Ended)), "{error:?}");
    assert!(!format!("{error:?} {error}").contains(&ada.access));
    // A hand that slipped: a secret with a line break is no header.
    let error = client.check("rcs_x\n").permission("pid.create").await.unwrap_err();
    assert!(!format!("{error:?}").contains("rcs_x"), "{error:?}");
}
