use super::granted::Granted;
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        organization::{Membership, MembershipStatus},
        session::{ActsIn, Caller, Presence, Unauthenticated},
    },
    ports::{Crypto, Ports, Store},
    usecases::error::{Refusal, UseCaseError, refusals},
};

/// Why a session acts where it did.
pub type SwitchError = UseCaseError<SwitchRefusal>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SwitchRefusal {
    /// The caller is no active member there, or the organization is closed.
    #[error("not a member of that organization")]
    NotAMember,
    /// The session ended meanwhile.
    #[error(transparent)]
    Unauthenticated(#[from] Unauthenticated),
}

impl Refusal for SwitchRefusal {}
refusals!(SwitchRefusal);

/// Has the caller's session act in another organization; answers its pair there. Access tokens of
/// before are dead, as they name another one; the refresh token stays the live one, so that a lost
/// answer costs one refresh: of two who hold it, the second use ends the session, as ever.
pub async fn switch_organization(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    organization: &str,
    client: &Client,
) -> Result<Granted, SwitchError> {
    let is_open = |one: &&Membership| one.status == MembershipStatus::Active;
    let membership = caller.memberships().of(organization).filter(is_open);
    let membership = membership.ok_or(SwitchRefusal::NotAMember)?;
    let asked = std::slice::from_ref(&membership.organization);
    // Before the session moves: a pair has to go out then.
    let (closed, ready) = futures::join!(
        ports.store.closed_organizations(asked),
        ports.crypto.signing_key_is_ready(),
    );
    ready?;
    if !closed?.is_empty() {
        return Err(SwitchRefusal::NotAMember.into());
    }
    let (user, session, now) = (caller.user(), caller.session(), ports.clock.now());
    // Where somebody comes from is not told where they go.
    let activity = Activity::new(ports, Event::OrganizationSwitched, client)
        .of_self(user)
        .in_session(session.id)
        .in_log(&membership.log_key());
    let switched = PendingEvents::new(activity);
    let acts_in = ActsIn::from(membership);
    let moved = ports.store.switch_session(user.id, session.id, &acts_in, &switched).await?;
    let moved = moved.ok_or(SwitchRefusal::Unauthenticated(Unauthenticated))?;
    // Nothing is decided on it, and the next minute notes it.
    let presence = Presence::of(&moved, now);
    let _noted = ports.store.note_presence(&presence, ports.settings.shards).await;
    let person = (user.clone(), caller.memberships().clone());
    Ok(Granted::of(ports, &moved, person, now).await?)
}
