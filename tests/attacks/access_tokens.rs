use std::{
    fs,
    time::{Duration, Instant},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rolecall_local::{Data, Options};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{TestApp, options, person};

/// A stack whose signing key the attacker of the test has: what is refused is refused for its content.
struct Forge {
    app: TestApp,
    folder: TempDir,
    pair: Value,
}

impl Forge {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::Folder(folder.path().to_owned());
        let app = TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
        let pair = app.signed_in("ada").await;
        Self { app, folder, pair }
    }

    fn access(&self) -> &str {
        self.pair["access"].as_str().unwrap()
    }

    fn part(&self, index: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(self.access().split('.').nth(index).unwrap()).unwrap()).unwrap()
    }

    fn key(&self) -> EncodingKey {
        let kid = self.part(0)["kid"].as_str().unwrap().to_owned();
        let pkcs8 = fs::read_to_string(self.folder.path().join(format!("keys/signing/{kid}.key"))).unwrap();
        EncodingKey::from_rsa_pem(
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", pkcs8.trim()).as_bytes(),
        )
        .unwrap()
    }

    /// A token rightly signed over these claims.
    fn signed(&self, claims: &Value) -> String {
        let header: Header = serde_json::from_value(self.part(0)).unwrap();
        encode(&header, claims, &self.key()).unwrap()
    }

    async fn assert_refused(&self, token: &str, why: &str) {
        self.app.note(token);
        let answer = self.app.get_as(token, "/api/v1/me").await;
        assert_eq!((answer.status, answer.text_of("code").as_str()), (401, "unauthenticated"), "{why}: {answer:?}");
    }
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn attack_15_no_algorithm() {
    let forge = Forge::new().await;
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": forge.part(0)["kid"] });
        for signature in ["", "AAAA"] {
            forge.assert_refused(&format!("{}.{}.{signature}", encoded(&header), encoded(&forge.part(1))), alg).await;
        }
    }
}

#[tokio::test]
async fn attack_16_hs256_with_the_public_key() {
    let forge = Forge::new().await;
    let jwk = forge.app.get("/.well-known/jwks.json").await.json()["keys"][0].clone();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = jwk["kid"].as_str().map(str::to_owned);
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", STANDARD.encode(&modulus));
    for secret in [modulus, pem.into_bytes(), jwk.to_string().into_bytes(), jwk["n"].as_str().unwrap().as_bytes().to_vec()] {
        let token = encode(&header, &forge.part(1), &EncodingKey::from_secret(&secret)).unwrap();
        forge.assert_refused(&token, "HS256").await;
    }
}

#[tokio::test]
async fn attack_17_the_header_names_its_own_key() {
    let forge = Forge::new().await;
    let claims = forge.part(1);
    for kid in ["unknown", "../../../../dev/null", "http://127.0.0.1:1/jwks.json", "' OR 1=1", "KEYS#PUBLIC"] {
        let mut header: Header = serde_json::from_value(forge.part(0)).unwrap();
        header.kid = Some(kid.to_owned());
        forge.assert_refused(&encode(&header, &claims, &forge.key()).unwrap(), kid).await;
    }
    let other = rolecall_crypto::KeyRing::new(std::sync::Arc::new(rolecall_crypto::MemoryKeys::default()));
    let own = rolecall_domain::ports::SigningKeys::make(&other, rolecall_domain::signing::Algorithm::Rs256).await.unwrap();
    for (name, value) in [
        ("jku", json!("http://127.0.0.1:1/")),
        ("x5u", json!("http://127.0.0.1:1/")),
        ("jwk", json!({ "kty": "RSA", "n": own.n, "e": own.e })),
    ] {
        let mut header = forge.part(0);
        header[name] = value;
        header["kid"] = json!(own.kid);
        let (_, signature) = forge.access().rsplit_once('.').unwrap();
        forge.assert_refused(&format!("{}.{}.{signature}", encoded(&header), encoded(&claims)), name).await;
    }
}

#[tokio::test]
async fn attack_18_times_that_are_no_times() {
    let forge = Forge::new().await;
    forge.app.get_as(&forge.signed(&forge.part(1)), "/api/v1/me").await.expect(200);
    for value in [json!("9999999999"), json!(-1), json!(null), json!(0), json!(1.5), json!([9_999_999_999_i64])] {
        for claim in ["exp", "nbf"] {
            let mut claims = forge.part(1);
            claims[claim] = value.clone();
            let is_a_past_start = claim == "nbf" && value.as_i64().is_some();
            if !is_a_past_start {
                forge.assert_refused(&forge.signed(&claims), &format!("{claim} {value}")).await;
            }
        }
    }
    let mut claims = forge.part(1);
    claims["nbf"] = json!(claims["exp"]);
    forge.assert_refused(&forge.signed(&claims), "nbf to come").await;
    claims = forge.part(1);
    claims.as_object_mut().unwrap().remove("exp");
    forge.assert_refused(&forge.signed(&claims), "no exp").await;
    let huge = forge.part(1).to_string().replace(&format!("\"exp\":{}", forge.part(1)["exp"]), "\"exp\":1e308");
    let (header, _) = forge.access().split_once('.').unwrap();
    forge.assert_refused(&format!("{header}.{}.AAAA", URL_SAFE_NO_PAD.encode(huge)), "1e308").await;
}

#[tokio::test]
async fn attack_19_one_token_in_anothers_place() {
    let app = TestApp::new().await;
    let pair = app.signed_in("ada").await;
    app.post("/api/v1/auth/register", &person("grace")).await.expect(202);
    let verification = app.mailed_token("grace@example.com", 1).await;
    for token in [pair["refresh"].as_str().unwrap(), &verification] {
        app.get_as(token, "/api/v1/me").await.expect_problem(401, "unauthenticated");
    }
    for token in [&pair["access"], &json!(verification)] {
        app.refresh(token).await.expect_problem(401, "invalid_token");
    }
    for token in [&pair["access"], &pair["refresh"]] {
        app.post("/api/v1/auth/verify-email", &json!({ "token": token })).await.expect_problem(400, "invalid_token");
    }
}

#[tokio::test]
async fn attack_20_wrong_issuer_audience_type_or_one_bit() {
    let forge = Forge::new().await;
    for (claim, value) in
        [("iss", "https://evil.example"), ("aud", "other"), ("sid", "x"), ("sub", "x"), ("jti", "x"), ("jti", "7.x")]
    {
        let mut claims = forge.part(1);
        claims[claim] = json!(value);
        forge.assert_refused(&forge.signed(&claims), claim).await;
    }
    for typ in [Some("JWT"), Some("AT+JWT"), None] {
        let mut header: Header = serde_json::from_value(forge.part(0)).unwrap();
        header.typ = typ.map(str::to_owned);
        forge.assert_refused(&encode(&header, &forge.part(1), &forge.key()).unwrap(), "typ").await;
    }
    for at in [10, forge.access().len() / 2, forge.access().len() - 20] {
        let mut bytes = forge.access().as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        forge.assert_refused(&String::from_utf8(bytes).unwrap(), "one character").await;
    }
    forge.assert_refused(&format!("{}=", forge.access()), "padding").await;
    forge.assert_refused(&format!("{}.x", forge.access()), "a fourth part").await;
}

#[tokio::test]
async fn attack_21_a_token_that_is_no_token_by_size_is_refused_at_once() {
    let forge = Forge::new().await;
    forge.assert_refused(&"a".repeat(60_000), "long").await;
    forge.assert_refused(&format!("{}.{}.x", URL_SAFE_NO_PAD.encode("[".repeat(2000)), encoded(&forge.part(1))), "nested").await;
    let huge = "a".repeat(1 << 20);
    let nested = format!("{}.{}.x", URL_SAFE_NO_PAD.encode("[".repeat(10_000)), encoded(&forge.part(1)));
    let client = TestApp::client_at("127.0.0.1");
    for token in [&huge, &nested] {
        let mut quickest = Duration::MAX;
        // Other tests run beside this one: the quickest of a few tries tells what it takes.
        for _ in 0..5 {
            let started = Instant::now();
            let status = match client.get(forge.app.url("/api/v1/me")).bearer_auth(token).send().await {
                Ok(answer) => answer.status().as_u16(),
                // The front hangs up on a header of a megabyte while it is still being sent.
                Err(_) => 431,
            };
            assert!((400..500).contains(&status), "{status}");
            quickest = quickest.min(started.elapsed());
        }
        assert!(quickest < Duration::from_millis(50), "{quickest:?}");
    }
    forge.app.get_as(forge.access(), "/api/v1/me").await.expect(200);
}
