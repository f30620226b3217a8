//! A row of the route table.

use std::{collections::BTreeMap, ops::Deref};

use http::Method;
use percent_encoding::percent_decode_str;

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

/// The parameters that a path has by a template, decoded once: an encoded `/` makes no segment.
#[must_use]
pub fn parameters(template: &str, path: &str) -> BTreeMap<String, String> {
    let parts = template.split('/').zip(path.split('/'));
    let named = parts.filter_map(|(template, part)| {
        let value = percent_decode_str(part).decode_utf8_lossy().into_owned();
        Some((name(template)?.to_owned(), value))
    });
    named.collect()
}

/// The names of a template's parameters.
pub(crate) fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('/').filter_map(name)
}

fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Whether a parameter is an id, by its name; all others are codes.
pub(crate) fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("_id")
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
            parameters("/organizations/{code}/roles/{role}", "/organizations/AC%2FME/roles/a%2520"),
            BTreeMap::from(
                [("code", "AC/ME"), ("role", "a%20")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            )
        );
    }
}
