use super::{
    granted::{Granted, new_session},
    living::end_beyond,
};
use crate::{
    model::{
        account::User,
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        organization::{Membership, Memberships},
        session::Session,
    },
    ports::{Crypto, KeyError, Ports, Store, StoreError},
    usecases::error::{Refusal, UseCaseError},
};

/// Begins a session of somebody who is known to be the account's owner, in an organization or in
/// none.
pub(crate) async fn begin<R: Refusal>(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
    memberships: Memberships,
    place: Option<&Membership>,
    client: &Client,
) -> Result<(Session, Granted), UseCaseError<R>>
where
    UseCaseError<R>: From<StoreError> + From<KeyError>,
{
    let now = ports.clock.now();
    let session = new_session(ports, user, place, client, now);
    let granted = Granted::of(ports, &session, (user.clone(), memberships), now).await?;
    let activity =
        Activity::new(ports, Event::LoginSuccess, client).of_self(user).in_session(session.id);
    let pending_events = PendingEvents::new(activity);
    let (started, listed) = futures::join!(
        ports.store.start_session(&session, &pending_events),
        ports.store.list_living(&session)
    );
    started?;
    end_beyond(ports, &session, listed?, client, now).await?;
    Ok((session, granted))
}
