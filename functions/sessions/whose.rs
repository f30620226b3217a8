use rolecall_domain::{Violation, session::Whose};
use rolecall_http::extract::Fields;

/// What the documents say of `user_id`.
pub(super) const USER_ID: &str =
    "Whose sessions; the caller's own by default. Other users' sessions are for super admins.";

/// Takes `user_id`.
pub(super) fn read(fields: &mut Fields) -> Option<Whose> {
    let user_id = fields.optional("user_id", |text| {
        text.parse().map_err(|_| Violation::new("invalid_id", "A user id is a lower-case UUID."))
    });
    Some(user_id?.map_or(Whose::Own, Whose::Of))
}
