use super::{granted::Granted, refresh_token::RefreshToken};
use crate::{
    model::{
        account::User,
        activity::{Activity, LoggedUser, PendingEvents},
        client::Client,
        clock::Timestamp,
        event::Event,
        mail::{MailRequest, OutboxMail},
        organization::UserWithMemberships,
        process::Process,
        quota::Quota,
        session::{CatalogueState, Replay, Rotation, Session, may_go_on, replay},
        throttle::Rule,
    },
    ports::{Crypto, Ports, Rotated, Store, StoreError},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        quota, throttle,
    },
};

/// Why there is no new pair.
pub type RefreshError = UseCaseError<InvalidRefreshToken>;

/// The refresh token is forged, over, or was used before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the refresh token is not valid")]
pub struct InvalidRefreshToken;

impl Refusal for InvalidRefreshToken {}
refusals!(InvalidRefreshToken);

/// Uses a refresh token: one conditional write moves the counter, and beside it one read asks
/// whether the account may go on. A second round trip is made only to look again or to end a
/// session.
pub async fn refresh(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<Granted, RefreshError> {
    let text = token;
    let Some(token) = RefreshToken::authentic(ports, text).await? else {
        // One of ours is never stopped by what others do in its network.
        throttle::check(ports, Rule::Tokens, client)?;
        let over = throttle::count(ports, Rule::Tokens, client).await?;
        return Err(over.map_or(InvalidRefreshToken.into(), RefreshError::TooMany));
    };
    // Before the counter moves: a token that is used up without an answer would look like theft in
    // a minute.
    ports.crypto.signing_key_is_ready().await?;
    let now = ports.clock.now();
    let rotation = Rotation {
        user_id: token.user_id,
        session_id: token.session_id,
        presented: token.generation,
        now,
        lifetime: ports.settings.refresh_lifetime,
    };
    let renewed = PendingEvents::new(
        record(ports, Event::SessionRenewed, &token, client).of_self(token.user_id),
    );
    let (rotated, read, keys) = futures::join!(
        ports.store.rotate_session(rotation, &renewed),
        // The write answers the session.
        ports.store.caller(token.user_id, None, token.organization.as_ref()),
        ports.crypto.renew_keys(),
    );
    let (rotated, read) = (rotated?, read?);
    keys?;
    // By the keys as they are now: the one that made it may have been dropped.
    if RefreshToken::authentic(ports, text).await?.is_none() {
        return Err(InvalidRefreshToken.into());
    }
    let (catalogue_state, person) = (read.catalogue_state, read.person.ok_or(InvalidRefreshToken)?);
    let session = match rotated {
        Rotated::Moved(session) => session,
        Rotated::Refused(Some(session)) => {
            match replay(&session, token.generation, ports.settings.rotation_grace, now) {
                Replay::SameSuccessor => session,
                Replay::Theft => {
                    return Err(theft(ports, &token, &person.user, &session, client, now).await);
                }
                Replay::Dead => {
                    // Each is recorded, and so counted.
                    let user = &person.user;
                    let taken =
                        quota::take::<RefreshError>(ports, Quota::Writes, user, 1, client).await?;
                    quota::tell(ports, taken).await?;
                    ports
                        .store
                        .record(
                            &record(ports, Event::SessionUseAfterExpire, &token, client)
                                .of_user(user),
                        )
                        .await?;
                    return Err(InvalidRefreshToken.into());
                }
            }
        }
        Rotated::Refused(None) => return Err(InvalidRefreshToken.into()),
    };
    let user = LoggedUser::from(&person.user);
    let Some((person, session)) = still_good(ports, person, session, &catalogue_state, now).await?
    else {
        // Its token is used up and no successor goes out: without this, trying again would look
        // like theft.
        let ended = PendingEvents::new(
            record(ports, Event::SessionEnded, &token, client).of_user(user).with("by", "refresh"),
        );
        ports.store.end_session(token.user_id, token.session_id, &ended, now).await?;
        return Err(InvalidRefreshToken.into());
    };
    Ok(Granted::of(ports, &session, (person.user, person.memberships), now).await?)
}

/// The user and the session if it may go on. Each was read for itself, so what does not fit
/// together is looked at again in one read: another session may have been ended at this moment, and
/// this one kept; or the token names no organization, or another one.
async fn still_good(
    ports: &Ports<impl Store, impl Crypto>,
    person: UserWithMemberships,
    session: Session,
    catalogue_state: &CatalogueState,
    now: Timestamp,
) -> Result<Option<(UserWithMemberships, Session)>, StoreError> {
    if may_go_on(&person, &session, catalogue_state, now) {
        return Ok(Some((person, session)));
    }
    let organization = session.organization.as_ref();
    let read = ports.store.caller(session.user_id, Some(session.id), organization).await?;
    let (Some(person), Some(newer)) = (read.person, read.session) else {
        return Ok(None);
    };
    let session = Session { epoch: newer.epoch, ended_at: newer.ended_at, ..session };
    Ok(may_go_on(&person, &session, &read.catalogue_state, now).then_some((person, session)))
}

/// Ends the session of a used token that came back, records it and tells the owner.
async fn theft(
    ports: &Ports<impl Store, impl Crypto>,
    token: &RefreshToken,
    user: &User,
    session: &Session,
    client: &Client,
    now: Timestamp,
) -> RefreshError {
    let message = MailRequest::SessionEndedForReuse { at: now };
    let mail = OutboxMail::to_user(ports, user, message);
    // Tells slow tabs from thieves, where the grace is to be measured.
    let age = now.duration_since(session.rotated_at).as_secs();
    let activity = record(ports, Event::TokenReuse, token, client)
        .of_user(user)
        .with("seconds_since_rotation", age);
    let theft = PendingEvents::new(activity).mail(mail);
    match ports.store.end_session(token.user_id, token.session_id, &theft, now).await {
        Ok(_) => InvalidRefreshToken.into(),
        Err(error) => error.into(),
    }
}

fn record(process: &Process, event: Event, token: &RefreshToken, client: &Client) -> Activity {
    Activity::new(process, event, client).in_session(token.session_id)
}
