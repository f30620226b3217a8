//! A row of the route table.

use std::ops::Deref;

use http::Method;

use crate::{access::Guarded, openapi::Doc};

/// Where an endpoint is, and what runs there.
#[derive(Clone)]
pub struct Route<S, C> {
    /// Name of its Lambda function, and of its folder.
    pub name: &'static str,
    /// The folder's folder.
    pub group: &'static str,
    pub method: Method,
    /// A path template, `/api/v1/users/{id}`.
    pub path: &'static str,
    pub handler: Guarded<S, C>,
}

impl<S, C> Route<S, C> {
    /// As API Gateway names it: `POST /api/v1/auth/token`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The parameters that a path has by a template, as they came.
pub(crate) fn parameters(template: &'static str, path: &str) -> Vec<(&'static str, String)> {
    let parts = template.split('/').zip(path.split('/'));
    let named = parts.filter_map(|(template, part)| {
        let name = template.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, part.to_owned()))
    });
    named.collect()
}

/// A route, and what the OpenAPI document says of it. Functions hold their route alone, so that no
/// binary carries the document's schemas.
#[derive(Clone)]
pub struct Endpoint<S, C> {
    pub route: Route<S, C>,
    pub doc: fn() -> Doc,
}

impl<S, C> Deref for Endpoint<S, C> {
    type Target = Route<S, C>;

    fn deref(&self) -> &Route<S, C> {
        &self.route
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_the_names_of_the_template() {
        assert_eq!(
            parameters("/organizations/{code}/roles/{role}", "/organizations/ACME/roles/a%20b"),
            [("code", "ACME".to_owned()), ("role", "a%20b".to_owned())]
        );
    }
}
