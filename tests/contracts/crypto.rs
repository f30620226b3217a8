use std::sync::Arc;

use rolecall_crypto::{AccessTokens, KeyRing, MemoryKeys};
use rolecall_domain::{
    clock::{SystemClock, Timestamp},
    ports::{KeyDirectory, SigningKeys, TokenError, Tokens},
    session::AccessClaims,
    signing::{Algorithm, PublicKey, PublishedKey, TokenType},
};
use rolecall_storage::Store;

use super::{pending_events, table};

fn claims() -> AccessClaims {
    AccessClaims {
        client_id: "rolecall".to_owned(),
        iss: "https://id.example.com".to_owned(),
        aud: "rolecall".to_owned(),
        sub: "s".to_owned(),
        sid: "i".to_owned(),
        org: None,
        iat: 1,
        exp: 2,
        nbf: None,
        jti: "0.x".to_owned(),
    }
}

/// The keys of a list whose one key signs from the beginning.
async fn published(store: &Store, ring: &KeyRing, algorithm: Algorithm) -> PublicKey {
    let key = ring.make_key(algorithm).await.unwrap();
    let list = store.public_keys().await.unwrap();
    let mut next =
        list.without(&list.keys.iter().map(|one| one.key.kid.clone()).collect::<Vec<_>>());
    next.keys.push(PublishedKey {
        key: key.clone(),
        signs_from: Timestamp::from_second(0).unwrap(),
        published_at: None,
    });
    store.replace_keys(list.version, &next, &pending_events()).await.unwrap();
    key
}

#[tokio::test]
async fn a_token_is_the_same_bytes_for_the_same_claims_and_is_read_back() {
    for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
        let (_app, store) = table().await;
        let ring = Arc::new(KeyRing::new(Arc::new(MemoryKeys::default())));
        published(&store, &ring, algorithm).await;
        let tokens = AccessTokens::new(ring, store, Arc::new(SystemClock));
        let token = tokens.sign_token(&claims(), TokenType::AccessToken).await.unwrap();
        assert_eq!(token, tokens.sign_token(&claims(), TokenType::AccessToken).await.unwrap());
        assert_eq!(tokens.verify_token(&token).await.unwrap().claims, claims());
    }
}

#[tokio::test]
async fn a_key_whose_private_half_is_missing_signs_nothing() {
    let (_app, store) = table().await;
    let ring = Arc::new(KeyRing::new(Arc::new(MemoryKeys::default())));
    let key = published(&store, &ring, Algorithm::EdDsa).await;
    ring.discard_key(&key.kid).await.unwrap();
    let tokens = AccessTokens::new(ring, store, Arc::new(SystemClock));
    assert!(tokens.sign_token(&claims(), TokenType::AccessToken).await.is_err());
}

#[tokio::test]
async fn a_key_that_was_taken_away_counts_for_nothing_once_it_is_forgotten() {
    let (_app, store) = table().await;
    let ring = Arc::new(KeyRing::new(Arc::new(MemoryKeys::default())));
    published(&store, &ring, Algorithm::EdDsa).await;
    let tokens = AccessTokens::new(Arc::clone(&ring), store.clone(), Arc::new(SystemClock));
    let token = tokens.sign_token(&claims(), TokenType::AccessToken).await.unwrap();
    published(&store, &ring, Algorithm::EdDsa).await;
    let kid = tokens.verify_token(&token).await.unwrap().kid;
    tokens.renew_keys().await.unwrap();
    assert!(tokens.is_published(&kid).await, "it was read less than ten seconds ago");
    tokens.forget_keys().await;
    tokens.renew_keys().await.unwrap();
    assert!(!tokens.is_published(&kid).await);
    assert!(matches!(tokens.verify_token(&token).await, Err(TokenError::Invalid)));
}
