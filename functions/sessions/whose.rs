use rolecall_domain::{Violation, session::Whose};
use rolecall_http::extract::Fields;

/// What the documents say of `user_id`.
pub(super) const USER_ID: &str =
    "Whose sessions; somebody else's are for super admins. The caller's own when it is missing.";

/// Takes `user_id`.
pub(super) fn read(fields: &mut Fields) -> Option<Whose> {
    let user_id = fields.optional("user_id", |text| {
        text.parse().map_err(|_| Violation::new("invalid_id", "A user id is a UUID in lower case."))
    });
    Some(user_id?.map_or(Whose::Own, Whose::Of))
}
