//! `infra/prices.yaml` counts what operations take, with everything behind them.

use std::{collections::BTreeMap, time::Duration};

use functions::jobs::Trigger;
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{
    Actor, Json, OTHER_PASSWORD, PASSWORD, TestApp, binaries::root, counting_proxy::CountingProxy,
    options, person,
};

/// How much what is counted may differ from what the file says: the stream's functions take more
/// records at once where more come together.
const DIFFERENCE: f64 = 0.15;

fn prices() -> Value {
    let text = std::fs::read_to_string(root().join("infra/prices.yaml")).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// What the file says that an operation takes: its call, the gate, its record and the stream.
fn said(prices: &Value, operation: &str) -> (f64, f64) {
    let one = &prices["operations"][operation];
    let mut sum =
        (one.number_of("call/rru"), one.number_of("call/wru") + one.number_of("record_wru"));
    if one["gated"] == true {
        sum.0 += prices.number_of("gate/rru");
    }
    for run in one["stream"].as_array().into_iter().flatten() {
        sum = (sum.0 + run.number_of("rru"), sum.1 + run.number_of("wru"));
    }
    sum
}

/// Waits until the stream is read and what came of it is written, and answers what there was spent.
async fn spent(proxy: &CountingProxy, since: (f64, f64)) -> (f64, f64) {
    const LOOKS: u32 = 40;
    let mut look = tokio::time::interval(Duration::from_millis(25));
    let (mut last, mut quiet) = (proxy.spent(), 0);
    while quiet < LOOKS {
        look.tick().await;
        let now = proxy.spent();
        quiet = if now == last { quiet + 1 } else { 0 };
        last = now;
    }
    (last.0 - since.0, last.1 - since.1)
}

#[tokio::test]
async fn the_price_list_has_the_units_that_operations_take() {
    let table = TestApp::start(Options { dynamodb_endpoint: None, ..options() }).await;
    let proxy = CountingProxy::to(table.stack.dynamodb_endpoint()).await;
    let app = TestApp::with_admin_on(
        "verified",
        Options {
            dynamodb_endpoint: Some(proxy.url.clone()),
            table: "counted".to_owned(),
            ..options()
        },
    )
    .await;
    let root = app.admin().await;
    let organization = json!({ "code": "MY_COMPANY", "name": "My Company" });
    root.post("/organizations", organization).await.expect(201);
    let in_it = json!({ "email": "ada@example.com", "password": PASSWORD,
        "organization": "MY_COMPANY" });
    let mut since = spent(&proxy, (0.0, 0.0)).await;
    let (mut differ, mut counted) = (Vec::new(), BTreeMap::new());
    let mut done = async |operation: &'static str| {
        let (read, written) = spent(&proxy, since).await;
        since = (since.0 + read, since.1 + written);
        counted.entry(operation).or_insert_with(Vec::new).push((read, written));
    };
    app.post("/auth/register", person("ada")).await.expect(202);
    let token = app.mailed_token("ada@example.com", 1).await;
    done("register").await;
    app.verify(&token, PASSWORD).await.expect(204);
    done("verify_email").await;
    let bob = app.signed_in("bob").await;
    root.put(&bob.at("MY_COMPANY"), json!({})).await.expect(201);
    let ada = app.sign_in("ada").actor().await;
    root.put(&ada.at("MY_COMPANY"), json!({})).await.expect(201);
    // The first sign-in of a day is noted at the account, and in the lists that show it.
    app.advance(24 * 3600).await;
    done("").await;
    let ada: Actor = app.post("/auth/token", &in_it).actor().await;
    done("login").await;
    let ada = ada.refreshed().await;
    done("refresh").await;
    let bob: Actor = app
        .post(
            "/auth/token",
            json!({ "email": "bob@example.com", "password": PASSWORD,
                "organization": "MY_COMPANY" }),
        )
        .actor()
        .await;
    done("").await;
    // Neither of these is the first call of a minute, which the file has as a share.
    ada.get("/me").await.expect(200);
    done("").await;
    ada.check(json!({ "permission": "pid.create" })).await;
    done("check").await;
    ada.get("/user-sessions").await.expect(200);
    done("read").await;
    // The first of its type in a log costs more.
    bob.track(json!({})).await;
    done("").await;
    // The first one opens an entry of the activity stream, the second goes into it.
    for _ in 0..2 {
        ada.track(json!({})).await;
        done("track").await;
    }
    app.post("/auth/token/revoke", json!({ "refresh": ada.refresh })).await.expect(204);
    done("logout").await;
    let token = app.reset_token("ada", 2).await;
    done("request_password_reset").await;
    let reset = json!({ "token": token, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", reset).await.expect(204);
    done("confirm_password_reset").await;
    let prices = prices();
    for operation in counted.keys().filter(|name| !name.is_empty()) {
        let all: &Vec<(f64, f64)> = &counted[operation];
        #[expect(clippy::cast_precision_loss, reason = "two at most")]
        let times = all.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).sum::<f64>() / times;
        let (read, written) = (mean(|one| one.0), mean(|one| one.1));
        let (rru, wru) = said(&prices, operation);
        let is_near =
            |said: f64, counted: f64| (said - counted).abs() <= 1.5_f64.max(said * DIFFERENCE);
        if !is_near(rru, read) || !is_near(wru, written) {
            differ.push(format!("{operation}: {read} RRU, {written} WRU, and not {rru}, {wru}"));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn every_function_of_the_price_list_is_there() {
    let text = std::fs::read_to_string(root().join("infra/functions.yaml")).unwrap();
    let known: Value = serde_saphyr::from_str(&text).unwrap();
    let prices = prices();
    let operations = prices["operations"].as_object().unwrap().values();
    let runs = operations.flat_map(|one| {
        let stream = one["stream"].as_array().cloned().unwrap_or_default();
        stream.into_iter().chain([one["call"].clone()])
    });
    let jobs = prices["jobs"].as_object().unwrap().values().map(|job| job["run"].clone());
    let jobs: Vec<Value> = jobs.filter(Value::is_object).collect();
    let scheduled = functions::jobs::all()
        .into_iter()
        .filter(|job| matches!(job.trigger, Trigger::EveryDays(_) | Trigger::EveryMinutes(_)));
    for job in scheduled {
        assert!(jobs.iter().any(|run| run["function"] == job.name), "{}", job.name);
    }
    for run in runs.chain(jobs) {
        let name = run.text_of("function");
        assert!(known["functions"][name].is_object(), "{name}");
    }
}
