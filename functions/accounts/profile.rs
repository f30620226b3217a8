use rolecall_domain::{
    Patch,
    account::{Bio, PersonName, PhoneNumber, Profile, ProfilePatch},
    appearance::Language,
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
    into Profile { bio: None, language: None }
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
        /// The language that they read (BCP 47).
        language: Patch<Language>,
    }
    into ProfilePatch {}
}
