//! `POST /drawings` of the drawing office as a Lambda function behind an HTTP API: the layer asks
//! for `pid.create`, and what was tracked is sent before the function answers, because a frozen
//! function sends nothing.

use lambda_http::{Body, Error, Request, Response, service_fn, tower::ServiceBuilder};
use rolecall_client::{Activity, Caller, Client, RequirePermission, Tracker};
use serde_json::{Value, json};

async fn create(tracker: Tracker, request: Request) -> Result<Response<Body>, Error> {
    let caller = request.extensions().get::<Caller>().ok_or("the layer adds the caller")?;
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let Some(code) = body.get("code").and_then(Value::as_str) else {
        return Ok(Response::builder().status(422).body("`code` is missing".into())?);
    };
    let tracker = tracker.acting_as(caller.token());
    tracker.track(
        Activity::new("drawing_saved")
            .description(format!("Drawing {code} was saved."))
            .category("data_management")
            .tag("pid")
            .related("drawing", code),
    );
    tracker.flush().await?;
    let drawing = json!({ "code": code, "organization": caller.organization }).to_string();
    let response = Response::builder().status(201).header("content-type", "application/json");
    Ok(response.body(drawing.into())?)
}

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "a program reads its settings when it starts")]
async fn main() -> Result<(), Error> {
    let client = Client::new(std::env::var("ROLECALL_URL")?)?;
    let tracker = Tracker::new(&client, std::env::var("ROLECALL_KEY")?);
    let handler = service_fn(move |request| create(tracker.clone(), request));
    let service =
        ServiceBuilder::new().layer(RequirePermission::new(&client, "pid.create")).service(handler);
    lambda_http::run(service).await
}
