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

use crate::support::{Actor, Json, TestApp, options, person};

/// A stack whose signing key the attacker of the test has: what is refused is refused for its
/// content.
struct Forge {
    app: TestApp,
    folder: TempDir,
    ada: Actor,
}

impl Forge {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::Folder(folder.path().to_owned());
        let app =
            TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() })
                .await;
        let ada = app.signed_in("ada").await;
        Self { app, folder, ada }
    }

    fn access(&self) -> &str {
        &self.ada.access
    }

    fn part(&self, index: usize) -> Value {
        serde_json::from_slice(
            &URL_SAFE_NO_PAD.decode(self.access().split('.').nth(index).unwrap()).unwrap(),
        )
        .unwrap()
    }

    fn key(&self) -> EncodingKey {
        let kid = self.part(0).text_of("kid").to_owned();
        let pkcs8 =
            fs::read_to_string(self.folder.path().join(format!("keys/signing/{kid}.key"))).unwrap();
        EncodingKey::from_rsa_pem(
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", pkcs8.trim())
                .as_bytes(),
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
        let response = self.app.get("/me").bearer(token).await;
        assert_eq!(
            (response.status, response.text_of("code").as_str()),
            (401, "unauthenticated"),
            "{why}: {response:?}"
        );
    }
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn attack_15_a_token_that_names_no_algorithm_is_refused() {
    let forge = Forge::new().await;
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": forge.part(0)["kid"] });
        for signature in ["", "AAAA"] {
            forge
                .assert_refused(
                    &format!("{}.{}.{signature}", encoded(&header), encoded(&forge.part(1))),
                    alg,
                )
                .await;
        }
    }
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
    let head = if length < 128 { vec![tag, low] } else { vec![tag, 0x82, high, low] };
    [head.as_slice(), content].concat()
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
    der(2, &[sign, bytes].concat())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Every form in which somebody may have the public key at hand.
fn forms(jwk: &Value) -> Vec<Vec<u8>> {
    let decoded = |name: &str| URL_SAFE_NO_PAD.decode(jwk.text_of(name)).unwrap();
    let (n, e) = (decoded("n"), decoded("e"));
    let pkcs1 = der(0x30, &[integer(&n), integer(&e)].concat());
    // rsaEncryption, RFC 8017 appendix A.
    let algorithm = der(
        0x30,
        &[&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], [5, 0].as_slice()].concat(),
    );
    let spki = der(0x30, &[algorithm, der(3, &[&[0], pkcs1.as_slice()].concat())].concat());
    let pems = [pem("RSA PUBLIC KEY", &pkcs1), pem("PUBLIC KEY", &spki)];
    let without_last_line = pems.clone().map(|pem| pem.trim_end().to_owned());
    let texts = pems
        .into_iter()
        .chain(without_last_line)
        .chain([jwk.to_string(), jwk.text_of("n").to_owned()]);
    texts.map(String::into_bytes).chain([pkcs1, spki, n]).collect()
}

#[tokio::test]
async fn attack_16_hs256_keyed_with_the_public_key_is_refused() {
    let forge = Forge::new().await;
    let jwk = forge.app.get("/.well-known/jwks.json").await.json()["keys"][0].clone();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = jwk["kid"].as_str().map(str::to_owned);
    for secret in forms(&jwk) {
        let token = encode(&header, &forge.part(1), &EncodingKey::from_secret(&secret)).unwrap();
        forge.assert_refused(&token, "HS256").await;
    }
    // The forms are right: the very token that is refused as HS256 is good when it is signed.
    let [pkcs1_pem, spki_pem] = [&forms(&jwk)[0], &forms(&jwk)[1]];
    for form in [pkcs1_pem, spki_pem] {
        let key = jsonwebtoken::DecodingKey::from_rsa_pem(form).unwrap();
        let mut validation = jsonwebtoken::Validation::new(Algorithm::RS256);
        validation.set_audience(&["rolecall"]);
        jsonwebtoken::decode::<Value>(forge.access(), &key, &validation).unwrap();
    }
}

#[tokio::test]
async fn attack_17_a_header_that_names_its_own_key_is_refused_and_nothing_is_fetched() {
    let forge = Forge::new().await;
    let claims = forge.part(1);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    for kid in ["unknown", "../../../../dev/null", url.as_str(), "' OR 1=1", "KEYS#PUBLIC"] {
        let mut header: Header = serde_json::from_value(forge.part(0)).unwrap();
        header.kid = Some(kid.to_owned());
        forge.assert_refused(&encode(&header, &claims, &forge.key()).unwrap(), kid).await;
    }
    // The attacker's own key, rightly signed with, and offered in every way that a header has.
    let source = std::sync::Arc::new(rolecall_crypto::MemoryKeys::default());
    let ring = rolecall_crypto::KeyRing::new(std::sync::Arc::clone(&source) as _);
    let own = rolecall_domain::ports::SigningKeys::make_key(
        &ring,
        rolecall_domain::signing::Algorithm::Rs256,
    )
    .await
    .unwrap();
    let pkcs8 = rolecall_crypto::KeySource::read(source.as_ref(), &format!("signing/{}", own.kid))
        .await
        .unwrap()
        .unwrap();
    let key = EncodingKey::from_rsa_pem(pem("PRIVATE KEY", &pkcs8).as_bytes()).unwrap();
    for (name, value) in [
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("jwk", json!({ "kty": "RSA", "n": own.n, "e": own.e })),
    ] {
        for kid in [json!(own.kid), forge.part(0)["kid"].clone()] {
            let mut header = forge.part(0);
            header[name] = value.clone();
            header["kid"] = kid;
            let message = format!("{}.{}", encoded(&header), encoded(&claims));
            let signature =
                jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::RS256).unwrap();
            forge.assert_refused(&format!("{message}.{signature}"), name).await;
        }
    }
    let called = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(called.is_err(), "somebody fetched a key");
}

#[tokio::test]
async fn attack_18_a_time_that_is_no_time_is_refused() {
    let forge = Forge::new().await;
    forge.app.get("/me").bearer(&forge.signed(&forge.part(1))).await.expect(200);
    for value in [
        json!("9999999999"),
        json!(-1),
        json!(null),
        json!(0),
        json!(1.5),
        json!(1e308),
        json!([9_999_999_999_i64]),
    ] {
        for claim in ["exp", "nbf"] {
            let mut claims = forge.part(1);
            claims[claim] = value.clone();
            // A start that lies behind is one.
            let is_a_past_start = claim == "nbf" && value.as_i64().is_some();
            if is_a_past_start {
                forge.app.get("/me").bearer(&forge.signed(&claims)).await.expect(200);
            } else {
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
}

#[tokio::test]
async fn attack_19_one_token_in_anothers_place_is_refused() {
    let app = TestApp::new().await;
    let ada = app.signed_in("ada").await;
    app.post("/auth/register", person("grace")).await.expect(202);
    let verification = app.mailed_token("grace@example.com", 1).await;
    let reset = app.reset_token("ada", 2).await;
    for token in [&ada.refresh, &ada.device, &verification, &reset] {
        app.get("/me").bearer(token).await.expect_problem(401, "unauthenticated");
    }
    for token in [&ada.access, &ada.device, &verification, &reset] {
        app.refresh(token).await.expect_problem(401, "invalid_token");
    }
    for token in [&ada.access, &ada.refresh] {
        app.post(
            "/auth/verify-email",
            json!({ "token": token, "password": crate::support::PASSWORD }),
        )
        .await
        .expect_problem(400, "invalid_token");
    }
}

#[tokio::test]
async fn attack_20_a_wrong_issuer_audience_or_type_or_one_bit_is_refused() {
    let forge = Forge::new().await;
    for (claim, value) in [
        ("iss", "https://evil.example"),
        ("aud", "other"),
        ("sid", "x"),
        ("sub", "x"),
        ("jti", "x"),
        ("jti", "7.x"),
    ] {
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

/// The front answers 431 and hangs up on a header of a megabyte while it is still being sent; some
/// clients see the answer, some only that nobody listens any more.
async fn status_of(client: &reqwest::Client, url: &str, token: &str) -> u16 {
    match client.get(url).bearer_auth(token).send().await {
        Ok(response) => response.status().as_u16(),
        Err(error) => {
            assert!(error.is_request() && token.len() > 100_000, "{error:?}");
            431
        }
    }
}

#[tokio::test]
async fn attack_21_a_token_that_is_no_token_by_size_is_refused_at_once() {
    let forge = Forge::new().await;
    forge.assert_refused(&"a".repeat(60_000), "long").await;
    forge
        .assert_refused(
            &format!("{}.{}.x", URL_SAFE_NO_PAD.encode("[".repeat(2000)), encoded(&forge.part(1))),
            "nested",
        )
        .await;
    let huge = "a".repeat(1 << 20);
    let nested =
        format!("{}.{}.x", URL_SAFE_NO_PAD.encode("[".repeat(10_000)), encoded(&forge.part(1)));
    let client = reqwest::Client::new();
    // Other tests run beside this one: the quickest of a few tries tells what it takes.
    let quickest = async |token: &str| {
        let mut quickest = Duration::MAX;
        for _ in 0..5 {
            let started = Instant::now();
            let status = status_of(&client, &forge.app.url("/api/v1/me"), token).await;
            assert!((400..500).contains(&status), "{status}");
            quickest = quickest.min(started.elapsed());
        }
        quickest
    };
    let ordinary = quickest("a").await;
    for token in [&huge, &nested] {
        // Attack 21 has 50 ms, and a slow machine 25 times what a short one takes there.
        let took = quickest(token).await;
        assert!(
            took <= 25 * ordinary.max(Duration::from_millis(2)),
            "{took:?}, a short one {ordinary:?}"
        );
    }
    forge.ada.get("/me").await.expect(200);
}
