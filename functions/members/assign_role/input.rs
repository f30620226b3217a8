use rolecall_domain::clock::Timestamp;
use rolecall_http::input;

input! {
    /// How a member is to have a role.
    pub struct Input as Assignment {
        /// Whether it is to be the primary role; missing leaves that as it is.
        is_primary: Option<bool>,
        /// It gives nothing before.
        starts_at: Option<Timestamp>,
        /// It gives nothing from then on.
        expires_at: Option<Timestamp>,
    }
}
