use std::sync::Arc;

use rolecall_crypto::{Cost, Crypto, KeySource, MemoryKeys, PasswordPool};
use rolecall_domain::{
    clock::{Clock, SystemClock, Timestamp},
    ids::{Id, UserId},
    ports::{
        Derivation, KeyDirectory, Passwords, Resealed, Sealing, Secrets, SigningKeys, StoredHash,
        Verdict,
    },
    rng::SystemRng,
    signing::{KeyId, SecretKey, SecretKind},
};
use rolecall_storage::Store;

use super::{pending_events, table};

const CHEAP: Cost = Cost { memory_kib: 8, passes: 1 };

/// What a process tags and seals with, over a table of its own.
struct Process {
    _app: crate::support::TestApp,
    store: Store,
    source: Arc<MemoryKeys>,
    crypto: Crypto<Store>,
}

impl Process {
    async fn new() -> Self {
        let (app, store) = table().await;
        let source = Arc::new(MemoryKeys::default());
        let crypto = crypto(&source, &store);
        let process = Self { _app: app, store, source, crypto };
        process.list(&[]).await;
        process
    }

    /// Replaces the list of secret keys; the keys of the stack itself are not on it.
    async fn list(&self, secrets: &[SecretKey]) {
        let list = self.store.public_keys().await.unwrap();
        let mut next = list.without(&[]);
        next.secrets.0 = secrets.to_vec();
        self.store.replace_keys(list.version, &next, &pending_events()).await.unwrap();
        rolecall_domain::ports::Tokens::forget_keys(&self.crypto).await;
    }

    async fn made(&self, kind: SecretKind, makes_from: Timestamp) -> SecretKey {
        let id = self.crypto.make_secret(kind).await.unwrap();
        SecretKey { kind, id, makes_from }
    }
}

fn crypto(source: &Arc<MemoryKeys>, store: &Store) -> Crypto<Store> {
    let pool = PasswordPool::with_cost(CHEAP, Arc::new(SystemRng));
    Crypto::new(Arc::clone(source) as _, store.clone(), Arc::new(SystemClock), pool)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn someone() -> UserId {
    Id::new(&SystemClock, &SystemRng)
}

#[tokio::test]
async fn a_tag_names_the_key_of_its_time_and_is_taken_while_that_key_is_listed() {
    let process = Process::new().await;
    let crypto = &process.crypto;
    let (first, second) = (
        process.made(SecretKind::Server, at(0)).await,
        process.made(SecretKind::Server, at(1000)).await,
    );
    process.list(&[first, second]).await;
    let parts: [&[u8]; 2] = [b"a", b"bc"];
    let early = crypto.tag(Derivation::Device, at(999), &parts).await.unwrap();
    let late = crypto.tag(Derivation::Device, at(1000), &parts).await.unwrap();
    assert_eq!((&early[..4], &late[..4]), (&first.id.as_bytes()[..], &second.id.as_bytes()[..]));
    assert_eq!(early, crypto.tag(Derivation::Device, at(1), &parts).await.unwrap());
    for tag in [&early, &late] {
        assert!(crypto.check_tag(Derivation::Device, &parts, tag).await.unwrap());
        assert!(!crypto.check_tag(Derivation::Stranger, &parts, tag).await.unwrap());
        assert!(!crypto.check_tag(Derivation::Device, &[b"ab", b"c"], tag).await.unwrap());
        assert!(!crypto.check_tag(Derivation::Device, &parts, &tag[..35]).await.unwrap());
    }
    assert_eq!(crypto.tag_by(Derivation::Device, first.id, &parts).await.unwrap(), Some(early));
    process.list(&[second]).await;
    assert!(!crypto.check_tag(Derivation::Device, &parts, &early).await.unwrap());
    assert!(crypto.check_tag(Derivation::Device, &parts, &late).await.unwrap());
    assert_eq!(crypto.tag_by(Derivation::Device, first.id, &parts).await.unwrap(), None);
}

#[tokio::test]
async fn what_was_made_before_keys_had_ids_is_taken_while_that_key_lives() {
    let process = Process::new().await;
    let crypto = &process.crypto;
    let parts: [&[u8]; 1] = [b"a"];
    assert!(crypto.tag(Derivation::Device, at(0), &parts).await.is_err(), "no key is made up");
    process.source.keep("server", &[7; 32]).await.unwrap();
    let tag = crypto.tag(Derivation::Device, at(0), &parts).await.unwrap();
    let of_before = &tag[4..];
    assert!(crypto.check_tag(Derivation::Device, &parts, of_before).await.unwrap());
    let (kind, makes_from) = (SecretKind::Server, at(0));
    let kept = SecretKey { kind, id: KeyId::BEFORE_IDS, makes_from };
    let next = process.made(kind, at(1)).await;
    process.list(&[kept, next]).await;
    assert!(crypto.check_tag(Derivation::Device, &parts, of_before).await.unwrap());
    process.list(&[next]).await;
    assert!(!crypto.check_tag(Derivation::Device, &parts, of_before).await.unwrap());
    assert!(!crypto.check_tag(Derivation::Device, &parts, &tag).await.unwrap());
}

#[tokio::test]
async fn what_is_sealed_opens_while_its_key_is_listed_and_in_another_process() {
    let process = Process::new().await;
    let first = process.made(SecretKind::Server, at(0)).await;
    process.list(&[first]).await;
    let sealed = process.crypto.seal(Sealing::Verifier, b"ada", b"content").await.unwrap();
    let other = crypto(&process.source, &process.store);
    let content = other.open(Sealing::Verifier, b"ada", &sealed).await.unwrap();
    assert_eq!(content.as_deref(), Some(b"content".as_slice()));
    assert_eq!(other.open(Sealing::VerificationLink, b"ada", &sealed).await.unwrap(), None);
    assert_eq!(other.open(Sealing::Verifier, b"eve", &sealed).await.unwrap(), None);
    assert_eq!(other.open(Sealing::Verifier, b"ada", b"abc").await.unwrap(), None);
    let second = process.made(SecretKind::Server, at(1)).await;
    process.list(&[second]).await;
    let content = process.crypto.open(Sealing::Verifier, b"ada", &sealed).await.unwrap();
    assert_eq!(content, None);
}

#[tokio::test]
async fn a_hash_is_sealed_for_its_owner_and_an_older_one_is_sealed_anew() {
    let process = Process::new().await;
    let crypto = &process.crypto;
    let (ada, eve) = (someone(), someone());
    let verify = async |owner, hash: &str| {
        let stored = Some(StoredHash { owner, hash });
        crypto.verify_password("violet-anchor-mosaic", stored, true).await.unwrap()
    };
    let plain = crypto.hash_password(ada, "violet-anchor-mosaic").await.unwrap();
    assert!(plain.starts_with("$argon2id$"), "a stack from before has no key for passwords yet");
    assert_eq!(verify(ada, &plain).await, Verdict::Right);

    let first = process.made(SecretKind::Passwords, at(0)).await;
    process.list(&[first]).await;
    let Verdict::Outdated { renewed: Some(sealed) } = verify(ada, &plain).await else {
        panic!("an unsealed hash is to be sealed");
    };
    assert!(sealed.starts_with("sealed:") && !sealed.contains("argon2"), "{sealed}");
    assert_eq!(verify(ada, &sealed).await, Verdict::Right);
    assert_eq!(verify(eve, &sealed).await, Verdict::Wrong, "it is nobody else's");
    assert_eq!(verify(ada, "sealed:AAAA").await, Verdict::Wrong);
    let turned_away = Some(StoredHash { owner: ada, hash: &sealed });
    let turned_away = crypto.verify_password("violet-anchor-mosaic", turned_away, false).await;
    assert_eq!(turned_away.unwrap(), Verdict::Wrong);
    assert_eq!(crypto.time_of_hash(&sealed).await.unwrap(), None, "nobody brings a sealed one");

    let second = process.made(SecretKind::Passwords, at(1)).await;
    process.list(&[first, second]).await;
    let anew = crypto.import_hash(StoredHash { owner: ada, hash: &plain }).await.unwrap();
    assert_eq!(verify(ada, &anew).await, Verdict::Right);
    let reseal =
        async |hash: &str| crypto.reseal_hash(StoredHash { owner: ada, hash }).await.unwrap();
    assert_eq!(reseal(&anew).await, Resealed::Current);
    assert!(matches!(reseal(&sealed).await, Resealed::Anew(_)));
    assert!(matches!(reseal(&plain).await, Resealed::Anew(_)));
    assert_eq!(reseal("sealed:AAAA").await, Resealed::Ended);
    assert!(matches!(verify(ada, &sealed).await, Verdict::Outdated { renewed: Some(_) }));
    process.list(&[second]).await;
    assert_eq!(verify(ada, &sealed).await, Verdict::Wrong, "its key is gone");
    assert_eq!(verify(ada, &anew).await, Verdict::Right);

    let lost = SecretKey { id: KeyId::from_bytes([1; 4]), ..second };
    process.list(&[lost]).await;
    assert!(crypto.hash_password(ada, "violet-anchor-mosaic").await.is_err(), "never in clear");
    let server = process.made(SecretKind::Server, at(0)).await;
    process.list(&[server]).await;
    assert!(crypto.hash_password(ada, "violet-anchor-mosaic").await.is_err(), "never in clear");
    assert!(SystemClock.now() > server.makes_from);
}

#[tokio::test]
async fn the_parameters_of_a_firebase_project_are_a_secret_of_the_stack_and_hashes_name_them() {
    let process = Process::new().await;
    let crypto = &process.crypto;
    let ada = someone();
    let hash = |signer: &str| {
        format!(
            "$firebase-scrypt$ln=4,r=8${signer}FYm4y7kyQ26eX32iRBpmI3SLSj8bHKWFFXAbcIgAh4O0ukW4yIVh\
             DcUNe8a9HAMnsXuQkDWK2eZ9KwMTZg$Bw$MDEyMzQ1Njc4OQ$yn5XeIxjEtA0+yNDyC7pj4EjtJNs/zH56j5ww\
             0swMG6Nb66RyOwQOV5yqRK68Gzp56laLvNNidu7J4UumQGBOg"
        )
    };
    let (own, other) = (hash("u4xZ"), hash("v4xZ"));
    assert!(crypto.time_of_hash(&own).await.unwrap().is_some());
    let import =
        async |hash: &str| crypto.import_hash(StoredHash { owner: ada, hash }).await.unwrap();
    // This stack has no key for passwords: what is stored can be seen.
    let [stored, again, others] = [import(&own).await, import(&own).await, import(&other).await];
    assert_eq!(stored, again);
    assert_ne!(stored, others);
    let name = stored.split('$').nth(2).unwrap();
    assert_eq!(stored.split('$').count(), 5, "{stored}");
    let secret = process.source.read(&format!("passwords/firebase-{name}")).await.unwrap();
    let secret = String::from_utf8(secret.unwrap()).unwrap();
    assert!(secret.contains("u4xZFYm4") && !stored.contains("u4xZFYm4"), "{secret} {stored}");
    let verify = async |process: &Crypto<Store>, password: &str, hash: &str| {
        let stored = Some(StoredHash { owner: ada, hash });
        process.verify_password(password, stored, true).await
    };
    let another_process = self::crypto(&process.source, &process.store);
    for crypto in [crypto, &another_process] {
        let right = verify(crypto, "violet-anchor-mosaic-91", &stored).await.unwrap();
        assert!(matches!(right, Verdict::Outdated { renewed: Some(_) }));
        for (password, hash) in
            [("violet-anchor-mosaic-92", &stored), ("violet-anchor-mosaic-91", &others)]
        {
            assert_eq!(verify(crypto, password, hash).await.unwrap(), Verdict::Wrong);
        }
    }
    let unknown = stored.replace(name, "00000001");
    assert!(verify(crypto, "violet-anchor-mosaic-91", &unknown).await.is_err(), "out of reach");
}
