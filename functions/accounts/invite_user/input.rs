use rolecall_domain::{
    Violation,
    account::{Invitation, NewEmail, NewService, PersonName, UserKind, Username},
    code::{Code, RoleCode},
};
use rolecall_http::{FieldError, Problem, fields::List, input};

use crate::{accounts::profile::NewProfile, members::invitation::each_once};

input! {
    /// A person to invite, with `username` and `email`; or a service account, with `kind` and
    /// `name`.
    pub struct Input as NewUser {
        /// `person`, where nothing is said, or `service`.
        kind: Option<UserKind>,
        /// 3 to 50 letters of one script, digits, `.`, `_` or `-`; Latin may stand beside another
        /// that does not look like it. Of a person.
        username: Option<Username>,
        /// The address that gets the invitation, of ASCII alone before the `@`. Of a person.
        email: Option<NewEmail>,
        /// The organization to join; the caller's own by default.
        organization: Option<Code>,
        /// The role to assign there. Of a person.
        role: Option<RoleCode>,
        /// What people call a service account.
        name: Option<PersonName>,
        /// The codes of the roles to assign to a service account, at most 20; needs
        /// `roles.assign`.
        roles: Option<List<RoleCode, 0, 20>>,
        .. profile: NewProfile,
    }
}

/// Who gets an account.
pub(super) enum Wanted {
    Human(Box<Invitation>),
    Service(NewService),
}

impl Input {
    /// Either of the two. Problem: a field that one of its kind has to have, or has not.
    pub(super) fn user(self) -> Result<Wanted, Problem> {
        let Self { kind, username, email, organization, role, name, roles, profile } = self;
        match kind.unwrap_or(UserKind::Human) {
            UserKind::Human => {
                let others = [("name", name.is_some()), ("roles", roles.is_some())];
                let (Some(username), Some(email), false) =
                    (username.clone(), email.clone(), others.iter().any(|(_, is)| *is))
                else {
                    let own = [("username", username.is_some()), ("email", email.is_some())];
                    return Err(wrong(&own, &others));
                };
                let (email, role, profile) = (email.into(), role.map(Code::from), profile.into());
                let is_service = false;
                let invitation =
                    Invitation { username, email, organization, role, profile, is_service };
                Ok(Wanted::Human(Box::new(invitation)))
            }
            UserKind::Service => {
                let NewProfile { first_name, last_name, phone_number } = &profile;
                let others = [
                    ("username", username.is_some()),
                    ("email", email.is_some()),
                    ("role", role.is_some()),
                    ("first_name", first_name.is_some()),
                    ("last_name", last_name.is_some()),
                    ("phone_number", phone_number.is_some()),
                ];
                let (Some(name), false) = (name.clone(), others.iter().any(|(_, is)| *is)) else {
                    return Err(wrong(&[("name", name.is_some())], &others));
                };
                let roles = each_once(roles);
                Ok(Wanted::Service(NewService { name, organization, roles }))
            }
        }
    }
}

/// Every field that is missing, and every one that another kind of account has.
fn wrong(own: &[(&str, bool)], others: &[(&str, bool)]) -> Problem {
    let required = || Violation::new("required", "This field is required.");
    let foreign = || Violation::new("not_possible", "Accounts of this kind have no such field.");
    let missing = own.iter().filter(|(_, is_there)| !is_there);
    let missing = missing.map(|(name, _)| FieldError::new(*name, required()));
    let given = others.iter().filter(|(_, is_there)| *is_there);
    let given = given.map(|(name, _)| FieldError::new(*name, foreign()));
    Problem::validation(missing.chain(given).collect())
}
