use super::error::StoreError;
use crate::model::{
    activity::Activity,
    appearance::{Appearance, Logo},
    ids::WriteId,
};

/// How an appearance changes.
#[derive(Debug, Clone, Copy)]
pub struct AppearanceChange<'a> {
    /// As it is to be; its version is the next one.
    pub after: &'a Appearance,
    /// Another logo, or none any more; `None` leaves it.
    pub logo: Option<Option<&'a Logo>>,
    pub activity: &'a Activity,
}

/// How the product shows itself.
#[trait_variant::make(Send)]
pub trait AppearanceStore: Send + Sync {
    /// As it is now; it may miss what was changed just now, unless it is read to be changed.
    async fn appearance(&self, for_a_change: bool) -> Result<Appearance, StoreError>;
    /// The logo.
    async fn logo(&self) -> Result<Option<Logo>, StoreError>;
    /// MUST write appearance, logo and record over the version before, in one transaction, or
    /// nothing.
    async fn change_appearance(
        &self,
        change: &AppearanceChange<'_>,
        write: WriteId,
    ) -> Result<(), StoreError>;
}
