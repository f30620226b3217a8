use rolecall_domain::clock::Timestamp;
use rolecall_http::input;

input! {
    /// How a role is assigned to a member.
    pub struct Input as Assignment {
        /// Whether it becomes the primary role; unchanged when missing.
        is_primary: Option<bool>,
        /// The role has no effect before.
        starts_at: Option<Timestamp>,
        /// The role has no effect from then on.
        expires_at: Option<Timestamp>,
    }
}
