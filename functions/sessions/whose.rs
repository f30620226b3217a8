use rolecall_domain::{ids::UserId, session::Whose};
use rolecall_http::input;

input! {
    /// Whose sessions.
    pub struct WhoseQuery as WhoseQuery {
        /// Whose sessions; the caller's own by default. Other users' sessions are for super admins.
        user_id: Option<UserId>,
    }
}

impl From<WhoseQuery> for Whose {
    fn from(WhoseQuery { user_id }: WhoseQuery) -> Self {
        user_id.map_or(Self::Own, Self::Of)
    }
}
