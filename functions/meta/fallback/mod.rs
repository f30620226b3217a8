//! API Gateway's `$default` route: 404 for a path that nobody has, 405 for a method that a path
//! does not offer.

use std::{collections::BTreeMap, sync::LazyLock};

use http::Method;
use matchit::Router;
use rolecall_http::{ErrorCode, Problem, Response, extract::AnyQuery};
use serde::Deserialize;
use serde_json::Value;

use crate::{Context, pages};

/// Paths with the methods that they offer, from the OpenAPI document: naming the handlers would
/// link them all.
static OFFERED: LazyLock<Router<String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Document {
        paths: BTreeMap<String, BTreeMap<String, Value>>,
    }
    let mut router = Router::new();
    let paths = serde_json::from_str::<Document>(super::OPENAPI)
        .map(|document| document.paths)
        .unwrap_or_default();
    for path in pages::PATHS {
        let _ = router.insert(path, "GET, HEAD".to_owned());
    }
    for (path, methods) in paths {
        let mut methods: Vec<String> =
            methods.into_keys().map(|method| method.to_ascii_uppercase()).collect();
        if methods.contains(&"GET".to_owned()) {
            methods.push("HEAD".to_owned());
        }
        // A path that cannot be inserted stays a 404.
        let _ = router.insert(path, methods.join(", "));
    }
    router
});

/// Refuses, but for the console with a slash behind it.
pub async fn handler(_: Context, AnyQuery(request): AnyQuery) -> Result<Response, Problem> {
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    if reads && request.uri().path() == pages::CONSOLE {
        return pages::handler(&request);
    }
    match OFFERED.at(request.uri().path()) {
        Ok(found) => Err(Problem::method_not_allowed(found.value)),
        Err(_) => Err(Problem::new(ErrorCode::NotFound, "No route has this path.")),
    }
}
