//! SSM Parameter Store, as far as keys use it (JSON 1.1 over HTTP), with everything that it was
//! asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What is kept, and in which type.
#[derive(Default)]
pub(crate) struct Parameters {
    values: Mutex<BTreeMap<String, (String, String)>>,
}

impl Parameters {
    /// Serves on loopback; the endpoint.
    pub(crate) async fn serve() -> (Arc<Self>, String) {
        let parameters = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().route("/", post(response)).with_state(Arc::clone(&parameters));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (parameters, endpoint)
    }

    /// Keeps a secret, in base64, as an operator does.
    pub(crate) fn put(&self, name: &str, value: &str) {
        let kept = ("SecureString".to_owned(), value.to_owned());
        self.values.lock().unwrap().insert(name.to_owned(), kept);
    }

    /// Names and types.
    pub(crate) fn kept(&self) -> Vec<(String, String)> {
        self.values
            .lock()
            .unwrap()
            .iter()
            .map(|(name, (kind, _))| (name.clone(), kind.clone()))
            .collect()
    }
}

async fn response(
    State(parameters): State<Arc<Parameters>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!(
        headers["authorization"]
            .to_str()
            .unwrap()
            .starts_with("AWS4-HMAC-SHA256 Credential=local/")
    );
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let name = text("Name");
    let mut values = parameters.values.lock().unwrap();
    match headers["x-amz-target"].to_str().unwrap() {
        "AmazonSSM.GetParameter" => match values.get(&name) {
            Some((kind, value)) if body["WithDecryption"] == true => {
                Json(json!({ "Parameter": { "Name": name, "Type": kind, "Value": value } }))
                    .into_response()
            }
            Some(_) => Json(json!({ "Parameter": { "Name": name, "Value": "ciphertext" } }))
                .into_response(),
            None => error("ParameterNotFound"),
        },
        "AmazonSSM.PutParameter" if values.contains_key(&name) && body["Overwrite"] == false => {
            error("ParameterAlreadyExists")
        }
        "AmazonSSM.PutParameter" => {
            values.insert(name, (text("Type"), text("Value")));
            Json(json!({ "Version": 1 })).into_response()
        }
        "AmazonSSM.DeleteParameter" => match values.remove(&name) {
            Some(_) => Json(json!({})).into_response(),
            None => error("ParameterNotFound"),
        },
        _ => error("UnknownOperationException"),
    }
}

fn error(kind: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "__type": kind, "message": kind }))).into_response()
}
