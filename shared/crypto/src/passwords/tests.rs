use rolecall_domain::rng::SystemRng;

use super::*;

#[tokio::test]
async fn hashes_are_phc_strings_of_the_agreed_parameters_and_verify() {
    let meter = Arc::new(Meter::default());
    let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
    let hash = pool.hash_password("violet-anchor-mosaic").await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, pool.hash_password("violet-anchor-mosaic").await.unwrap());
    assert_eq!(
        pool.verify_password("violet-anchor-mosaic", Some(&hash)).await.unwrap(),
        Verdict::Right
    );
    assert_eq!(
        pool.verify_password("violet-anchor-mosaiC", Some(&hash)).await.unwrap(),
        Verdict::Wrong
    );
    assert_eq!(meter.cost().hashes, 4);
}

#[tokio::test]
async fn nobody_costs_one_hash_and_is_never_right() {
    let meter = Arc::new(Meter::default());
    let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
    assert_eq!(pool.verify_password("anything", None).await.unwrap(), Verdict::Wrong);
    assert_eq!(meter.cost().hashes, 1);
}

#[tokio::test]
async fn other_parameters_and_other_systems_are_outdated_and_cost_one_hash_right_or_wrong() {
    let meter = Arc::new(Meter::default());
    let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
    let weak = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$iXxw2+6M+HpYZ1PGvtSVVKJ\
        xQ1YvW0f5uqU5k9pU5wI";
    assert_eq!(
        pool.verify_password("violet-anchor-mosaic", Some(weak)).await.unwrap(),
        Verdict::Wrong
    );
    let bcrypt = "$2b$04$abcdefghijklmnopqrstuuEZh1jXTSFDbXHBiN2ZyFfVV2Zj0bbfe";
    assert_eq!(
        pool.verify_password("violet-anchor-mosaic", Some(bcrypt)).await.unwrap(),
        Verdict::Wrong
    );
    assert_eq!(meter.cost().hashes, 2);
}

#[tokio::test]
async fn a_hash_that_cannot_be_read_or_asks_for_too_much_is_wrong_at_the_cost_of_one() {
    let meter = Arc::new(Meter::default());
    let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
    let greedy = "$argon2id$v=19$m=300000,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$iXxw2+6M+HpYZ1PGvtS\
        VVKJxQ1YvW0f5uqU5k9pU5wI";
    for stored in [
        greedy,
        "$argon2id$v=19$m=19456,t=2,p=1$",
        "$argon2id$v=19$",
        "",
        "!",
        "$argon2id$v=19$m=x$a$b",
    ] {
        assert_eq!(
            pool.verify_password("violet-anchor-mosaic", Some(stored)).await.unwrap(),
            Verdict::Wrong,
            "{stored}"
        );
    }
    assert_eq!(meter.cost().hashes, 6);
    assert!(pool.shared.memories.lock().unwrap().iter().all(|memory| memory.len() <= KEPT_BLOCKS));
}

#[tokio::test]
async fn a_digest_that_is_fast_to_try_is_stored_in_argon2id() {
    let pool = PasswordPool::new(Arc::new(SystemRng));
    let fast = "{SSHA}LgExjeo+0pxdPaUs+yIHpERFyUcAAXNhbHRzYWx0";
    let wrapped = pool.wrap(fast).await.unwrap();
    let start = "$digest-sha1$suffix$AAFzYWx0c2FsdA$argon2id$v=19$m=19456,t=2,p=1$";
    assert!(wrapped.starts_with(start), "{wrapped}");
    let meter = Arc::new(Meter::default());
    let pool = pool.metered(Arc::clone(&meter));
    let verify = async |password: &str, hash: &str| {
        pool.verify_password(password, Some(hash)).await.unwrap()
    };
    let outdated = Verdict::Outdated { renewed: None };
    assert_eq!(verify("violet-anchor-mosaic-91", &wrapped).await, outdated);
    assert_eq!(verify("violet-anchor-mosaic-92", &wrapped).await, Verdict::Wrong);
    assert_eq!(verify("violet-anchor-mosaic-91", fast).await, Verdict::Wrong, "never as it is");
    assert_eq!(meter.cost().hashes, 3);
    let bcrypt = "$2b$04$abcdefghijklmnopqrstuuEZh1jXTSFDbXHBiN2ZyFfVV2Zj0bbfe";
    assert_eq!(pool.wrap(bcrypt).await.unwrap(), bcrypt);
}

#[tokio::test]
async fn of_hashes_that_cost_the_same_one_is_timed() {
    let meter = Arc::new(Meter::default());
    let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
    let hash = |cost: &str, last: char| {
        format!("$2b${cost}$abcdefghijklmnopqrstuuEZh1jXTSFDbXHBiN2ZyFfVV2Zj0bbf{last}")
    };
    let mut times = Vec::new();
    for (cost, last) in [("04", 'e'), ("05", 'e'), ("04", 'u'), ("05", 'u')] {
        times.push(pool.time_of_hash(&hash(cost, last)).await.unwrap().unwrap());
    }
    assert_eq!(times[..2], times[2..]);
    assert_eq!(meter.cost().hashes, 2);
    assert_eq!(pool.time_of_hash("no hash").await.unwrap(), None);
}

#[tokio::test]
async fn past_the_queue_requests_are_turned_away_and_places_come_back() {
    let pool = PasswordPool::new(Arc::new(SystemRng));
    let places: Vec<_> =
        (0..pool.shared.limit).map(|_| Place::take(&pool.shared).unwrap()).collect();
    assert!(matches!(
        pool.hash_password("violet-anchor-mosaic").await,
        Err(PasswordError::Overloaded)
    ));
    drop(places);
    assert!(pool.hash_password("violet-anchor-mosaic").await.is_ok());
}
