//! What lives as long as the process.

use std::sync::Arc;

use crate::model::{
    clock::Clock, ids::Id, permission::KeptCatalogue, quota::Quotas, rng::Rng, settings::Settings,
    throttle::Blocked,
};

/// What lives as long as the process, of which a host makes the ports of each request.
#[derive(Clone)]
pub struct Process {
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub rng: Arc<dyn Rng>,
    pub settings: Arc<Settings>,
    /// Networks that this process turns away for now.
    pub blocked: Arc<Blocked>,
    /// What signed-in users did in this minute.
    pub quotas: Arc<Quotas>,
    /// The catalogue as it was last read.
    pub catalogue: Arc<KeptCatalogue>,
}

impl Process {
    /// A new id that sorts by the time it was made.
    #[must_use]
    pub fn id<Kind>(&self) -> Id<Kind> {
        Id::new(self.clock.as_ref(), self.rng.as_ref())
    }
}
