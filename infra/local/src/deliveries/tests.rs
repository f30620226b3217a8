use std::sync::{Mutex, PoisonError};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};

use super::*;

/// A function that fails as it is told to, and writes down what it took.
#[derive(Default)]
struct Function {
    /// Records with this number are named as failed so often.
    fails: Mutex<Vec<(u64, u32)>>,
    /// Calls with this record fail as a whole so often.
    breaks: Mutex<Vec<(u64, u32)>>,
    taken: Mutex<Vec<u64>>,
    calls: Mutex<Vec<Vec<u64>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether this number is due to fail, once less from now on.
fn is_due(list: &Mutex<Vec<(u64, u32)>>, number: u64) -> bool {
    let mut list = locked(list);
    let due = list.iter_mut().find(|(one, left)| *one == number && *left > 0);
    due.map(|(_, left)| *left -= 1).is_some()
}

async fn run(
    State(function): State<Arc<Function>>,
    Json(event): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let number = |record: &Value| -> u64 {
        record["dynamodb"]["SequenceNumber"].as_str().unwrap().parse().unwrap()
    };
    let numbers: Vec<u64> = event["Records"].as_array().unwrap().iter().map(number).collect();
    locked(&function.calls).push(numbers.clone());
    if numbers.iter().any(|one| is_due(&function.breaks, *one)) {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    for one in numbers {
        if is_due(&function.fails, one) {
            let failed = json!([{ "itemIdentifier": one.to_string() }]);
            return Ok(Json(json!({ "batchItemFailures": failed })));
        }
        locked(&function.taken).push(one);
    }
    Ok(Json(json!({ "batchItemFailures": [] })))
}

/// Hands over the records 0 to 59.
async fn delivered(function: Function) -> Arc<Function> {
    let function = Arc::new(function);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/2015-03-31/functions/relay/invocations", post(run))
        .with_state(Arc::clone(&function));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let record = |number: u64| json!({ "dynamodb": { "SequenceNumber": number.to_string() } });
    let job = functions::jobs::all().into_iter().find(|job| job.name == "relay").unwrap();
    let invoker = Invoker::Lambda { client: reqwest::Client::new(), endpoint };
    invoker.deliver(&job, (0..60).map(record).collect()).await;
    server.abort();
    function
}

#[tokio::test]
async fn records_come_in_order_and_a_batch_at_a_time() {
    let function = delivered(Function::default()).await;
    assert_eq!(*locked(&function.taken), (0..60).collect::<Vec<_>>());
    assert_eq!(locked(&function.calls).iter().map(Vec::len).collect::<Vec<_>>(), [25, 25, 10]);
}

#[tokio::test]
async fn what_fails_comes_again_before_everything_behind_it() {
    let fails = Mutex::new(vec![(7, 2), (30, 1)]);
    let function = delivered(Function { fails, ..Function::default() }).await;
    assert_eq!(*locked(&function.taken), (0..60).collect::<Vec<_>>(), "each once, in order");
    let firsts: Vec<u64> = locked(&function.calls).iter().map(|call| call[0]).collect();
    assert_eq!(firsts, [0, 7, 7, 30, 55]);
}

#[tokio::test]
async fn a_record_that_breaks_the_call_is_found_by_halves() {
    let breaks = Mutex::new(vec![(12, 12)]);
    let function = delivered(Function { breaks, ..Function::default() }).await;
    assert_eq!(*locked(&function.taken), (0..60).collect::<Vec<_>>(), "each once, in order");
    let alone = locked(&function.calls).iter().filter(|call| call.as_slice() == [12]).count();
    assert!(alone >= 1, "{:?}", locked(&function.calls));
}
