use super::error::StoreError;
use crate::model::{
    ids::UserId,
    organization::LogKey,
    people::{Filling, ListedPeople, PeopleList},
};

/// The lists that people are found in: copies of what is shown of them, behind by as long as the
/// table's stream is.
#[trait_variant::make(Send)]
pub trait PeopleStore: Send + Sync {
    /// Brings the lists up to what a user is now. MUST be right whatever else lists the same user
    /// at the same time, and when it is done again after it stopped anywhere. `again` writes all of
    /// it, whatever the lists are said to have.
    async fn list_person(&self, user: UserId, again: bool) -> Result<(), StoreError>;
    /// Those of a list behind a position, at most `limit`: of everybody, or of an organization.
    /// MUST cost what it finds.
    async fn listed(
        &self,
        organization: Option<&LogKey>,
        list: &PeopleList,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ListedPeople, StoreError>;
    /// Whether the lists have everybody; asked of the table until they have.
    async fn has_everybody(&self) -> Result<bool, StoreError>;
    /// How far the lists are filled; nothing where nobody began. Read eventually: what is filled
    /// twice is as it was.
    async fn filling(&self) -> Result<Option<Filling>, StoreError>;
    /// Notes that.
    async fn note_filling(&self, filling: Filling) -> Result<(), StoreError>;
}
