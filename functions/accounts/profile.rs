use rolecall_domain::{
    Patch,
    account::{Bio, PersonName, PhoneNumber, Profile, ProfilePatch},
};
use rolecall_http::input;

input! {
    /// The profile of a new user.
    pub struct NewProfile as NewProfile {
        first_name: Option<PersonName>,
        last_name: Option<PersonName>,
        /// E.164.
        phone_number: Option<PhoneNumber>,
    }
}

impl From<NewProfile> for Profile {
    fn from(NewProfile { first_name, last_name, phone_number }: NewProfile) -> Self {
        Self { first_name, last_name, phone_number, bio: None }
    }
}

input! {
    /// Changes: missing fields stay as they are, `null` clears a field.
    pub struct ProfileChange as ProfilePatch {
        first_name: Patch<PersonName>,
        last_name: Patch<PersonName>,
        /// E.164.
        phone_number: Patch<PhoneNumber>,
        /// About the person, at most 500 characters.
        bio: Patch<Bio>,
    }
}

impl From<ProfileChange> for ProfilePatch {
    fn from(ProfileChange { first_name, last_name, phone_number, bio }: ProfileChange) -> Self {
        Self { first_name, last_name, phone_number, bio }
    }
}
