//! A user has so many living sessions and no more.

use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        clock::Timestamp,
        event::Event,
        ids::SessionId,
        session::{MOST_SESSIONS, Session},
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// Ends the oldest sessions beyond the fifty that a user may have, of those that `listed` has. The
/// new one is the youngest, and stays.
pub(super) async fn end_beyond(
    ports: &Ports<impl Store, impl Crypto>,
    new: &Session,
    mut listed: Vec<SessionId>,
    client: &Client,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Ids sort by the time they were made.
    listed.sort_unstable();
    listed.retain(|id| *id != new.id);
    let beyond = (listed.len() + 1).saturating_sub(MOST_SESSIONS);
    let ended = listed.into_iter().take(beyond).map(|oldest| async move {
        let activity = Activity::new(ports, Event::SessionEnded, client)
            .of_user(new.user_id)
            .in_session(oldest)
            .with("by", "limit");
        let pending_events = PendingEvents::new(activity);
        ports.store.end_session(new.user_id, oldest, &pending_events, now).await
    });
    futures::future::try_join_all(ended).await.map(drop)
}
