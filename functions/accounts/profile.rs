use rolecall_domain::{
    Patch,
    account::{Bio, PersonName, PhoneNumber, Profile, ProfilePatch},
};
use rolecall_http::input;

input! {
    /// What is known of somebody from the start.
    pub struct NewProfile as NewProfile {
        /// First name.
        first_name: Option<PersonName>,
        /// Last name.
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
    /// What changes: a missing field stays, `null` clears it.
    pub struct ProfileChange as ProfilePatch {
        /// First name.
        first_name: Patch<PersonName>,
        /// Last name.
        last_name: Patch<PersonName>,
        /// E.164.
        phone_number: Patch<PhoneNumber>,
        /// About, at most 500 characters.
        bio: Patch<Bio>,
    }
}

impl From<ProfileChange> for ProfilePatch {
    fn from(ProfileChange { first_name, last_name, phone_number, bio }: ProfileChange) -> Self {
        Self { first_name, last_name, phone_number, bio }
    }
}
