//! Setting a stack up from a file: what is wanted is made so, and again changes nothing.

mod activity_stream;
mod catalogue;
mod change;
mod people;
mod run;

pub use activity_stream::WantedTemplate;
pub use catalogue::{WantedDefinition, WantedRole};
pub use change::Change;
pub use people::{WantedMembership, WantedUser};
pub use run::{Setup, WantedOrganization, set_up};
