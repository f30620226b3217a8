use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{TestApp, at_once};

const REGISTER: &str = "/auth/register";

/// 128 characters of letters and look-alike signs, which are words in thousands of ways.
fn hostile() -> String {
    let signs = "@4({[<3691!|0$5+7%2".chars().cycle();
    signs
        .zip("password".chars().cycle())
        .flat_map(|(sign, of_word)| [sign, of_word])
        .take(128)
        .collect()
}

/// As many characters, with nothing to find in them.
fn plain() -> String {
    let words = "violet anchor mosaic lantern meadow copper harbour juniper";
    words.chars().cycle().take(128).collect()
}

/// How long four sign-ups at once take with this password, and five looks at the service's health
/// beside them.
async fn four_at_once(app: &TestApp, password: &str, round: &str) -> [Duration; 2] {
    let bodies = (0..4).map(|n| {
        let name = format!("{round}{n}");
        json!({ "username": name, "email": format!("{name}@example.com"), "password": password })
    });
    let bodies: Vec<_> = bodies.collect();
    let started = Instant::now();
    let sign_ups = async {
        let responses = at_once(bodies.iter().map(|body| app.post(REGISTER, body))).await;
        assert!(responses.iter().all(|response| response.status == 202), "{responses:?}");
        started.elapsed()
    };
    let health = async {
        for _ in 0..5 {
            app.get("/healthz").await.expect(200);
        }
        started.elapsed()
    };
    futures::join!(sign_ups, health).into()
}

#[tokio::test]
async fn attack_64_the_worst_password_is_judged_in_the_time_of_a_plain_one() {
    let app = TestApp::new().await;
    let (hostile, plain) = (hostile(), plain());
    assert_eq!((hostile.chars().count(), plain.chars().count()), (128, 128));
    // Neighbours on the machine only add to a time: the least of each counts.
    let mut least = [[Duration::MAX; 2]; 2];
    for round in 0..4 {
        for (kind, password) in [&hostile, &plain].into_iter().enumerate() {
            let took = four_at_once(&app, password, &format!("ada{kind}{round}")).await;
            for (least, took) in least[kind].iter_mut().zip(took) {
                *least = took.min(*least);
            }
        }
    }
    let [[hostile, beside_hostile], [plain, beside_plain]] = least;
    assert!(hostile < plain * 3, "{hostile:?} beside {plain:?}");
    assert!(beside_hostile < beside_plain * 3, "{beside_hostile:?} beside {beside_plain:?}");
}
