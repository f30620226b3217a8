//! A row of the route table.

use std::ops::Deref;

use http::Method;

use crate::{access::Guarded, openapi::Doc};

/// Where an endpoint is, and what runs there.
#[derive(Clone)]
pub struct Route {
    /// Name of its Lambda function, and of its folder.
    pub name: &'static str,
    /// The folder's folder.
    pub group: &'static str,
    pub method: Method,
    /// A path template, `/api/v1/users/{id}`.
    pub path: &'static str,
    pub handler: Guarded,
}

impl Route {
    /// As API Gateway names it: `POST /api/v1/auth/token`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The parameters that a path has by this template, as they came.
    pub(crate) fn parameters(&self, path: &str) -> Vec<(&'static str, String)> {
        let parts = self.path.split('/').zip(path.split('/'));
        let named = parts.filter_map(|(template, part)| {
            let name = template.strip_prefix('{')?.strip_suffix('}')?;
            Some((name, part.to_owned()))
        });
        named.collect()
    }
}

/// A route, and what the OpenAPI document says of it. Functions hold their route alone, so that no
/// binary carries the document's schemas.
#[derive(Clone)]
pub struct Endpoint {
    pub route: Route,
    pub doc: fn() -> Doc,
}

impl Deref for Endpoint {
    type Target = Route;

    fn deref(&self) -> &Route {
        &self.route
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_the_names_of_the_template() {
        async fn nothing(
            _: crate::Context,
            _: crate::Request,
        ) -> Result<crate::Response, crate::Problem> {
            crate::response::no_content()
        }
        let route = Route {
            name: "unassign_role",
            group: "members",
            method: Method::DELETE,
            path: "/organizations/{code}/roles/{role}",
            handler: crate::access::public(nothing),
        };
        assert_eq!(
            route.parameters("/organizations/ACME/roles/a%20b"),
            [("code", "ACME".to_owned()), ("role", "a%20b".to_owned())]
        );
        assert_eq!(route.key(), "DELETE /organizations/{code}/roles/{role}");
    }
}
