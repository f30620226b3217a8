use std::sync::Arc;

use super::catalogue::Catalogue;
use crate::{Crypto, Ports, Store, ports::StoreError};

/// The catalogue as of `version` or later: the one that the process keeps, or read again when the
/// gate saw a newer version. So a right that was taken away is gone at the next call.
pub async fn current(
    ports: &Ports<impl Store, impl Crypto>,
    version: u64,
) -> Result<Arc<Catalogue>, StoreError> {
    if let Some(kept) = ports.catalogue.at(version) {
        return Ok(kept);
    }
    let read = Arc::new(ports.store.catalogue(version).await?);
    ports.catalogue.keep(&read);
    Ok(read)
}
