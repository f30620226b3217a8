use rolecall_domain::{administration::AdministerError, ids::UserId};
use rolecall_http::{Problem, Request, extract};

/// The user's id in a path, counted from its end. What is no id names nobody.
pub(super) fn user(request: &Request, index: usize) -> Result<UserId, Problem> {
    extract::segment_from_end(request, index)
        .parse()
        .map_err(|_| AdministerError::NotFound("member").into())
}
