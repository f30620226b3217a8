//! What a request meets before the handler.

use axum::{
    Router,
    body::Body,
    routing::{get, post},
};
use http::{Request, StatusCode};
use rolecall_client::{Authenticate, Caller, Client, RequireModule, RequirePermission};
use serde_json::Value;
use tower_service::Service;

use super::{Office, nobody};
use crate::support::Json;

fn service(client: &Client) -> Router {
    let who = |request: Request<Body>| async move {
        request.extensions().get::<Caller>().unwrap().user_id.clone()
    };
    Router::new()
        .route("/me", get(who).layer(Authenticate::new(client)))
        .route("/drawings", post(who).layer(RequirePermission::new(client, "pid.create")))
        .route("/statistics", get(who).layer(RequireModule::new(client, "PID")))
}

/// Status, `WWW-Authenticate`, body.
async fn send(
    service: &mut Router,
    route: &str,
    authorization: &[&str],
) -> (StatusCode, String, String) {
    let (method, path) = route.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for value in authorization {
        request = request.header("authorization", *value);
    }
    let response = service.call(request.body(Body::empty()).unwrap()).await.unwrap();
    let asks = response.headers().get("www-authenticate");
    let asks = asks.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, asks, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_handler_is_called_for_whoever_has_the_right() {
    let office = Office::new().await;
    let Office { ada, bob, key, client, .. } = &office;
    let mut service = service(client);
    let routes = ["GET /me", "POST /drawings", "GET /statistics"];
    for route in routes {
        let bearer = format!("bearer {}", ada.access);
        let (status, _, body) = send(&mut service, route, &[&bearer]).await;
        assert_eq!((status.as_u16(), body.as_str()), (200, ada.id.as_str()), "{route}");
    }
    for (route, status) in routes.into_iter().zip([200, 403, 403]) {
        let bearer = format!("Bearer {}", bob.access);
        assert_eq!(send(&mut service, route, &[&bearer]).await.0, status, "{route}");
    }
    let good = format!("Bearer {}", ada.access);
    for (wrong, asks) in [
        (&[][..], "Bearer"),
        (&["Basic YWRhOnNlY3JldA=="], "Bearer"),
        (&["Bearer"], "Bearer error=\"invalid_token\""),
        (&[&format!("Bearer {key}")], "Bearer error=\"invalid_token\""),
        (&[&good, &good], "Bearer error=\"invalid_token\""),
    ] {
        for route in routes {
            let (status, told, body) = send(&mut service, route, wrong).await;
            assert_eq!((status.as_u16(), told.as_str()), (401, asks), "{route} {wrong:?}");
            let problem: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(problem.text_of("code"), "unauthenticated");
        }
    }
}

#[tokio::test]
async fn nobody_is_let_in_where_the_server_is_away() {
    let office = Office::new().await;
    let Office { ada, .. } = &office;
    let mut service = service(&nobody());
    for route in ["GET /me", "POST /drawings", "GET /statistics"] {
        let bearer = format!("Bearer {}", ada.access);
        let (status, _, body) = send(&mut service, route, &[&bearer]).await;
        assert_eq!(status, 503, "{route}");
        assert!(body.contains("unavailable"), "{body}");
    }
}
