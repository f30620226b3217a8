use super::types::{Bio, PersonName, PhoneNumber};
use crate::model::{appearance::Language, fields::fields};

fields! {
    /// What somebody says of themself.
    #[derive(Default)]
    Profile,
    /// A change of a profile.
    ProfilePatch {
        first_name: Option<PersonName>,
        last_name: Option<PersonName>,
        phone_number: Option<PhoneNumber>,
        bio: Option<Bio>,
        /// The language that they read.
        language: Option<Language>,
    }
}

impl Profile {
    /// The first and the last name, as far as they are known.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        [&self.first_name, &self.last_name].into_iter().flatten().map(PersonName::as_str)
    }
}
