//! Prints the time of what an operation computes, in microseconds, without the calls to the store:
//! one line each.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement")]

use std::{hint::black_box, sync::Arc, time::Instant};

use rolecall_crypto::{AccessTokens, Crypto, KeyRing, KeySource, MemoryKeys, PasswordPool};
use rolecall_domain::{
    account::{AccountStatus, Email, NewPassword, User, Username, check_policy},
    activity::{Activity, PendingEvents},
    api_key::{ApiKey, KeyText, Networks, Scopes},
    clock::{Clock, SystemClock, Timestamp},
    code::Code,
    ids::{Id, WriteId},
    organization::{Membership, MembershipStatus, Memberships, UserWithMemberships},
    ports::{Derivation, KeyDirectory, Secrets, SigningKeys, StoreError, Tokens},
    rng::SystemRng,
    session::{
        AccessClaims, CallerRecord, CatalogueState, Client, KeyRecord, OrganizationState, Session,
        authenticate_caller, authenticate_key,
    },
    signing::{Algorithm, KeyList, PublishedKey, SecretKey, SecretKeys, SecretKind, TokenType},
    words::Line,
};

/// A directory that never changes.
struct Fixed(KeyList);

impl KeyDirectory for Fixed {
    async fn public_keys(&self) -> Result<KeyList, StoreError> {
        Ok(self.0.clone())
    }

    async fn replace_keys(&self, _: u64, _: &KeyList, _: &PendingEvents) -> Result<(), StoreError> {
        Err(StoreError::Broken("no keys are kept here".to_owned()))
    }

    async fn order_keys(
        &self,
        _: u64,
        _: &KeyList,
        _: &Activity,
        _: WriteId,
    ) -> Result<(), StoreError> {
        Err(StoreError::Broken("no keys are kept here".to_owned()))
    }

    async fn end_everything(
        &self,
        _: u64,
        _: &KeyList,
        _: Timestamp,
        _: &PendingEvents,
        _: WriteId,
    ) -> Result<(), StoreError> {
        Err(StoreError::Broken("no keys are kept here".to_owned()))
    }
}

const ROUNDS: u32 = 2000;

/// The median of the rounds: a neighbour on the machine disturbs a few of them.
async fn measure(name: &str, rounds: u32, mut work: impl AsyncFnMut()) {
    let mut nanos = Vec::new();
    for _ in 0..rounds {
        let started = Instant::now();
        work().await;
        nanos.push(started.elapsed().as_nanos());
    }
    nanos.sort_unstable();
    let median = nanos.get(nanos.len() / 2).copied().unwrap_or_default();
    println!("{name} {}.{}", median / 1000, median % 1000 / 100);
}

fn caller(now: Timestamp) -> (User, Session) {
    let username = Username::parse("ada").expect("a username");
    let email = Email::parse("ada@example.com").expect("an address");
    let user = User {
        status: AccountStatus::Active,
        ..User::new(Id::new(&SystemClock, &SystemRng), username, email, now)
    };
    let session = Session {
        id: Id::new(&SystemClock, &SystemRng),
        user_id: user.id,
        organization: None,
        organization_id: None,
        member_since: None,
        epoch: 0,
        generation: 0,
        rotated_at: now,
        access_used_generation: 0,
        refresh_expires_at: Timestamp::MAX,
        ends_at: Timestamp::MAX,
        ended_at: None,
        created_at: now,
        last_activity: now,
        client: Client::default(),
        page: None,
    };
    (user, session)
}

async fn measure_tokens(ring: &Arc<KeyRing>, algorithm: Algorithm) {
    let now = SystemClock.now();
    let key = ring.make_key(algorithm).await.expect("a key");
    let keys = vec![PublishedKey { key, signs_from: Timestamp::UNIX_EPOCH, published_at: None }];
    let list = KeyList { version: 1, keys, ..KeyList::default() };
    let tokens = AccessTokens::new(Arc::clone(ring), Fixed(list), Arc::new(SystemClock));
    let (user, session) = caller(now);
    let claims = AccessClaims {
        client_id: "rolecall".to_owned(),
        iss: "https://id.example.com".to_owned(),
        aud: "rolecall".to_owned(),
        sub: user.id.to_string(),
        sid: session.id.to_string(),
        org: None,
        iat: now.as_second(),
        exp: now.as_second() + 3600,
        nbf: None,
        jti: "0.AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    };
    let record = CallerRecord {
        person: Some(UserWithMemberships {
            user,
            memberships: Memberships::default(),
            memberships_version: 0,
            last_login_at: None,
        }),
        session: Some(session),
        catalogue_state: CatalogueState::default(),
    };
    let token = tokens.sign_token(&claims, TokenType::AccessToken).await.expect("a token");
    measure(&format!("gate-{}", algorithm.as_str()), ROUNDS, async || {
        let verified = tokens.verify_token(&token).await.expect("a good token");
        tokens.renew_keys().await.expect("the keys");
        assert!(tokens.is_published(&verified.kid).await);
        black_box(authenticate_caller(record.clone(), &verified.claims, now).expect("a caller"));
    })
    .await;
    let name = format!("sign-{}", algorithm.as_str());
    measure(&name, ROUNDS / 4, async || {
        drop(black_box(tokens.sign_token(&claims, TokenType::AccessToken).await));
    })
    .await;
}

/// A key that names fifty permissions and twenty networks.
async fn measure_key() {
    let now = SystemClock.now();
    let (user, _) = caller(now);
    let code = |text: &str| Code::parse(text).expect("a code");
    let membership = Membership::new(code("ACME"), MembershipStatus::Active);
    let (kind, secret) = (user.kind(), [7; 32]);
    let id = Id::new(&SystemClock, &SystemRng);
    let text = KeyText { kind, owner: user.id, id, organization: None, secret };
    let network = |n: u8| format!("203.0.{n}.0/24").parse().expect("a network");
    let scopes = (0..50).map(|n| code(&format!("module_{n}.do_something"))).collect();
    let key = ApiKey {
        id,
        owner: user.id,
        name: Line::parse("Nightly backup").expect("a name"),
        organization: membership.organization.clone(),
        organization_id: None,
        member_since: None,
        scopes: Scopes::new(scopes).expect("scopes"),
        networks: Networks::new((1..=20).map(network).collect()).expect("networks"),
        secret: text.hash(),
        former: None,
        days: 90,
        created_by: user.id,
        issued_by: user.id,
        created_at: now,
        rotated_at: None,
        ends_at: Timestamp::MAX,
        last_used_at: Some(now),
        version: 1,
    };
    let log = membership.log_key();
    let organization = Some(OrganizationState { log, is_active: true, roles_version: 0 });
    let record = KeyRecord {
        caller: CallerRecord {
            person: Some(UserWithMemberships {
                user,
                memberships: Memberships::new(vec![membership]),
                memberships_version: 0,
                last_login_at: None,
            }),
            session: None,
            catalogue_state: CatalogueState { organization, ..CatalogueState::default() },
        },
        key: Some(key),
    };
    let shown = text.reveal();
    measure("gate-key", ROUNDS, async || {
        let text = KeyText::parse(&shown).expect("a key");
        let caller = authenticate_key(record.clone(), &text, Some("203.0.20.7"), now);
        black_box(caller.expect("a caller"));
    })
    .await;
}

/// 128 characters that are words in thousands of ways (attack 64).
fn hostile() -> String {
    let signs = "@4({[<3691!|0$5+7%2".chars().cycle();
    let pairs = signs.zip("password".chars().cycle());
    pairs.flat_map(|(sign, of_word)| [sign, of_word]).take(128).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let source: Arc<dyn KeySource> = Arc::new(MemoryKeys::default());
    let ring = Arc::new(KeyRing::new(Arc::clone(&source)));
    for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
        measure_tokens(&ring, algorithm).await;
    }
    measure_key().await;
    let pool = PasswordPool::new(Arc::new(SystemRng));
    let (kind, makes_from) = (SecretKind::Server, Timestamp::UNIX_EPOCH);
    let id = ring.make_secret(kind).await.expect("a server key");
    let secrets = SecretKeys(vec![SecretKey { kind, id, makes_from }]);
    let directory = Fixed(KeyList { version: 1, secrets, ..KeyList::default() });
    let crypto = Crypto::new(source, directory, Arc::new(SystemClock), pool.clone());
    let parts: [&[u8]; 1] = [&[7; 36]];
    let tag = crypto.tag(Derivation::RefreshToken, SystemClock.now(), &parts).await.expect("a tag");
    measure("revoke", ROUNDS, async || {
        let is_ours = crypto.check_tag(Derivation::RefreshToken, &parts, &tag).await;
        black_box(is_ours.expect("an answer"));
    })
    .await;
    let email = Email::parse("countess@analytical.example").expect("an address");
    let username = Username::parse("ada.lovelace").expect("a username");
    for (name, text) in [("register", "violet-anchor-mosaic-91"), ("register-hostile", &hostile())]
    {
        let password = NewPassword::parse(text).expect("a password");
        measure(name, ROUNDS / 4, async || {
            let judged =
                check_policy(&password, &username, &email, &["Ada", "Lovelace"], "Rolecall");
            black_box(judged).expect("a good password");
        })
        .await;
    }
    measure("argon2", ROUNDS / 100, async || {
        drop(black_box(pool.hash_password("violet-anchor-mosaic-91").await));
    })
    .await;
}
