use rolecall_domain::{Violation, account::AccountStatus};
use rolecall_http::{fields::Change, input, texts};

use crate::accounts::profile::ProfileChange;

input! {
    /// Changes to a user: profile and status.
    pub struct Input as UserPatch {
        /// `active`, `inactive` or `suspended`.
        status: Change<Settable>,
        .. profile: ProfileChange,
    }
}

/// A status that an administrator sets.
pub struct Settable(pub(super) AccountStatus);

texts! {
    Settable: settable, { "enum": ["active", "inactive", "suspended"] };
}

fn settable(text: &str) -> Result<Settable, Violation> {
    AccountStatus::parse(text)
        .ok()
        .filter(|status| !matches!(status, AccountStatus::Pending | AccountStatus::Deleted))
        .map(Settable)
        .ok_or_else(|| Violation::new("unknown_status", "One of: active, inactive, suspended."))
}
