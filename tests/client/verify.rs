//! Tokens are verified offline.

use std::time::Duration;

use rolecall_client::{Client, Error, TokenError};

use super::{Office, nobody};
use crate::support::{Firm, flaky_proxy::FlakyProxy};

fn token_error(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_says_who_calls_and_where() {
    let office = Office::new().await;
    let Office { firm, ada, client, .. } = &office;
    let caller = client.verify(&ada.access).await.unwrap();
    assert_eq!(caller.user_id, ada.id);
    assert_eq!(caller.organization.as_deref(), Some("MY_COMPANY"));
    assert_eq!(caller.session_id, ada.session_id);
    assert_eq!(caller.token(), ada.access);
    let root = client.verify(&firm.root.access).await.unwrap();
    assert_eq!(root.organization.as_deref(), Some("PLATFORM"));
}

#[tokio::test]
async fn what_is_no_access_token_of_this_server_for_this_service_is_refused() {
    let office = Office::new().await;
    let Office { firm, ada, key, client, .. } = &office;
    let url = firm.app.url("");
    let (head, rest) = ada.access.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let (_, others) = firm.root.access.split_once('.').unwrap();
    for wrong in [
        "",
        "a.b.c",
        &ada.refresh,
        key,
        &format!("{head}.{claims}."),
        &format!("{head}.{}.{signature}", others.split_once('.').unwrap().0),
        // {"alg":"none","typ":"at+jwt"}
        &format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{claims}."),
    ] {
        let error = token_error(client.verify(wrong).await.unwrap_err());
        assert_eq!(error, TokenError::Invalid, "{wrong}");
        assert!(wrong.is_empty() || !format!("{error:?} {error}").contains(wrong));
    }
    for (builder, expected) in [
        (Client::builder(&url).issuer("https://other.example.com"), TokenError::Issuer),
        (Client::builder(&url).audience("other"), TokenError::Audience),
        (Client::builder(&url).token_type("JWT"), TokenError::Type),
    ] {
        let error = builder.build().unwrap().verify(&ada.access).await.unwrap_err();
        assert_eq!(token_error(error), expected);
    }
    let other = Firm::new().await;
    let error = client.verify(&other.root.access).await.unwrap_err();
    assert!(
        matches!(token_error(error), TokenError::UnknownKey | TokenError::Issuer),
        "another server's"
    );
}

#[tokio::test]
async fn times_are_compared_with_the_leeway_that_the_service_chose() {
    let office = Office::new().await;
    let Office { firm, ada, client, .. } = &office;
    // The server's clock goes ahead: its tokens are of the future here.
    firm.app.advance(120).await;
    let later = ada.refreshed().await;
    assert_eq!(token_error(client.verify(&later.access).await.unwrap_err()), TokenError::NotYet);
    let patient = Client::builder(firm.app.url("")).leeway(Duration::from_mins(3)).build();
    assert_eq!(patient.unwrap().verify(&later.access).await.unwrap().user_id, ada.id);
}

#[tokio::test]
async fn known_keys_are_enough_when_the_server_is_away() {
    let office = Office::new().await;
    let Office { firm, ada, .. } = &office;
    let mut proxy = FlakyProxy::to(&firm.app.url("")).await;
    let client = Client::new(&proxy.url).unwrap();
    client.verify(&ada.access).await.unwrap();
    proxy.cut().await;
    assert_eq!(client.verify(&ada.access).await.unwrap().user_id, ada.id);
    for client in [Client::new(&proxy.url).unwrap(), nobody()] {
        let error = client.verify(&ada.access).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert!(!format!("{error:?} {error}").contains(&ada.access));
    }
}
