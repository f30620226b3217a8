use rolecall_domain::{
    Violation,
    account::{AccountStatus, NewEmail, Username},
};
use rolecall_http::{fields::Change, input, texts};

use crate::accounts::profile::ProfileChange;

input! {
    /// Changes to a user: names, profile and status.
    pub struct Input as UserPatch {
        /// 3 to 50 letters, digits, `.`, `_` or `-`.
        username: Change<Username>,
        /// The address of a pending account, which gets the invitation anew.
        email: Change<NewEmail>,
        /// `active`, `inactive` or `suspended`.
        status: Change<Settable>,
        .. profile: ProfileChange,
    }
}

/// A status that an administrator sets.
pub struct Settable(pub(super) AccountStatus);

/// A deleted account is restored, and a pending one activates itself.
const SETTABLE: [AccountStatus; 3] =
    [AccountStatus::Active, AccountStatus::Inactive, AccountStatus::Suspended];

texts! {
    Settable: settable, { "enum": SETTABLE.map(AccountStatus::as_str) };
}

fn settable(text: &str) -> Result<Settable, Violation> {
    let status = SETTABLE.into_iter().find(|status| status.as_str() == text);
    status.map(Settable).ok_or_else(|| {
        let names = SETTABLE.map(AccountStatus::as_str).join(", ");
        Violation::new("unknown_status", format!("One of: {names}."))
    })
}
