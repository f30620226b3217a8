use std::sync::Arc;

use rolecall_crypto::{AccessTokens, KeyMaterial, KeyRing, MemoryKeys};
use rolecall_domain::{
    clock::SystemClock,
    ports::{KeyDirectory, TokenError, Tokens},
    session::AccessClaims,
};

use super::table;

fn claims() -> AccessClaims {
    AccessClaims {
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

fn ring() -> Arc<KeyRing> {
    Arc::new(KeyRing::new(Arc::new(MemoryKeys(KeyMaterial::generate().unwrap()))))
}

#[tokio::test]
async fn a_token_is_the_same_bytes_for_the_same_claims_and_is_read_back() {
    let (_app, store) = table().await;
    let ring = ring();
    store.publish(&ring.public_key().await.unwrap()).await.unwrap();
    let tokens = AccessTokens::new(ring, Arc::new(store), Arc::new(SystemClock));
    let token = tokens.sign(&claims()).await.unwrap();
    assert_eq!(token, tokens.sign(&claims()).await.unwrap());
    assert_eq!(tokens.verify(&token).await.unwrap(), claims());
}

#[tokio::test]
async fn a_key_that_is_not_published_signs_nothing_that_counts() {
    let (_app, store) = table().await;
    let tokens = AccessTokens::new(ring(), Arc::new(store), Arc::new(SystemClock));
    let token = tokens.sign(&claims()).await.unwrap();
    assert!(matches!(tokens.verify(&token).await, Err(TokenError::Invalid)));
}
