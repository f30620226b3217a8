use super::one_time_token::{InvalidToken, OneTimeTokenError, redeemable};
use crate::{
    model::{
        account::{AccountStatus, Email, NewPassword, User, check_policy_of},
        activity::{Activity, LoggedUser, PendingEvents},
        client::Client,
        clock::after,
        event::Event,
        ids::UserId,
        mail::{MailRequest, OutboxMail},
        organization::{Membership, UserWithMemberships},
        recovery::{OneTimeToken, Requested},
        throttle::Rule,
        token::Purpose,
        violation::Violation,
    },
    ports::{AccountChange, Crypto, Derivation, KeyError, Ports, Store, StoreError},
    usecases::{
        commit::commit_on,
        error::{Refusal, UseCaseError, refusals},
        throttle,
        token_secret::TokenSecret,
    },
};

/// Why a password was not reset.
pub type ResetError = UseCaseError<ResetRefusal>;

/// The reasons of [`ResetError`].
#[derive(Debug, thiserror::Error)]
pub enum ResetRefusal {
    /// The token is not good.
    #[error(transparent)]
    InvalidToken(#[from] InvalidToken),
    /// The new password breaks the policy; the token is not used up.
    #[error("the password is refused")]
    Password(Violation),
}

impl Refusal for ResetRefusal {}
refusals!(ResetRefusal);

/// Asks for a reset mail. The same reads and the same write for an address that has an account and
/// for one that has none; `deliver_mail` finds out whether there is somebody to write to (OWASP
/// ASVS 6.3.8).
///
/// One owner gets at most three mails an hour; the fourth request is only recorded, and the last
/// link goes on working until there can be another one
/// ([`OneTimeToken::last_until`]).
pub async fn request_password_reset(
    ports: &Ports<impl Store, impl Crypto>,
    email: &Email,
    client: &Client,
) -> Result<(), OneTimeTokenError> {
    throttle::check(ports, Rule::Resets, client)?;
    let (user, over) =
        futures::join!(ports.store.owner(email), throttle::count(ports, Rule::Resets, client));
    let (user, over) = (user?, over?);
    if let Some(too_many) = over {
        return Err(too_many.into());
    }
    let now = ports.clock.now();
    let owner = match &user {
        Some(user) => user.id,
        None => stranger(ports, email).await?,
    };
    let (one_time_token, mail) = reset_mail(ports, owner, email, user.as_ref()).await?;
    let mail = mail.asked_by(client);
    let mut activity = Activity::new(ports, Event::ResetRequested, client);
    activity.subject = user.as_ref().map(LoggedUser::from);
    // The asking is recorded whether or not it changes anything.
    match ports
        .store
        .put_one_time_token(&one_time_token, &PendingEvents::new(activity.clone()).mail(mail), now)
        .await?
    {
        Requested::Done => Ok(()),
        Requested::NotBefore(_) => Ok(ports.store.record(&activity).await?),
    }
}

/// The token of a reset, and the mail that carries it; `owner` is the id of `user`, or of nobody.
pub(super) async fn reset_mail(
    ports: &Ports<impl Store, impl Crypto>,
    owner: UserId,
    email: &Email,
    user: Option<&User>,
) -> Result<(OneTimeToken, OutboxMail), KeyError> {
    let (now, valid_for) = (ports.clock.now(), ports.settings.reset_lifetime);
    let token = TokenSecret::new(ports, Purpose::ResetPassword, Some(owner)).await?;
    let message = MailRequest::ResetPassword { owner, seed: token.seed, valid_for };
    let one_time_token = OneTimeToken {
        owner,
        purpose: Purpose::ResetPassword,
        token: token.hash(),
        email: email.clone(),
        credential: user.map_or(0, |user| user.credential),
        epoch: user.map_or(0, |user| user.epoch),
        new_email: None,
        made_at: now,
        ends_at: after(now, valid_for),
        last_until: None,
    };
    Ok((one_time_token, OutboxMail::new(ports, email, None, message)))
}

/// The id under which an address without an account is counted, always the same one.
async fn stranger(
    ports: &Ports<impl Store, impl Crypto>,
    email: &Email,
) -> Result<UserId, KeyError> {
    let (now, parts) = (ports.clock.now(), [email.key().as_bytes()]);
    let tag = ports.crypto.tag(Derivation::Stranger, now, &parts).await?;
    Ok(UserId::from_bytes(*tag.last_chunk::<16>().unwrap_or(&[0; 16])))
}

/// What a token that sets a password is for.
fn purpose_of(token: &str) -> Purpose {
    if TokenSecret::says_invitation(token) { Purpose::Invitation } else { Purpose::ResetPassword }
}

/// Whether a token would be taken now. It does not use it up: a page asks this before it shows a
/// form.
pub async fn verify_password_reset(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), OneTimeTokenError> {
    redeemable(ports, purpose_of(token), token, client).await.map(drop)
}

/// Sets a new password, uses the token up, ends every session, forgets failed sign-ins and tells
/// the owner, in one transaction. It signs nobody in. An invitation's token sets the first
/// password, and the account turns active.
pub async fn confirm_password_reset(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    password: &NewPassword,
    client: &Client,
) -> Result<(), ResetError> {
    let purpose = purpose_of(token);
    let redeem = || async move {
        let redeemed = redeemable(ports, purpose, token, client).await;
        redeemed.map_err(|error| error.map(ResetRefusal::from))
    };
    let redeemed = redeem().await?;
    let product = &ports.settings.product_name;
    check_policy_of(&redeemed.0.user, password, product).map_err(ResetRefusal::Password)?;
    let hash = ports.crypto.hash_password(redeemed.0.user.id, password.reveal()).await?;
    let hash = &hash;
    commit_on(redeemed, redeem, |(person, one_time_token)| async move {
        match purpose {
            Purpose::Invitation => accept(ports, &person, &one_time_token, hash, client).await?,
            _ => set_password(ports, &person.user, &one_time_token, hash, client).await?,
        }
        Ok(())
    })
    .await
}

async fn set_password(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    one_time_token: &OneTimeToken,
    hash: &str,
    client: &Client,
) -> Result<(), StoreError> {
    // Who follows the link reads the mailbox.
    let now = ports.clock.now();
    let after = before.with_new_password(now).with_proven_email(false, now);
    let activity =
        Activity::new(ports, Event::PasswordChange, client).of_self(before).with("by", "reset");
    let mail = MailRequest::PasswordChanged { at: after.updated_at };
    let mail = OutboxMail::to_user(ports, before, mail);
    let pending_events = &PendingEvents::new(activity).mail(mail);
    let uses = Some((one_time_token.purpose, &one_time_token.token));
    let change = AccountChange {
        password_hash: Some(hash),
        uses,
        ..AccountChange::new(before, &after, pending_events)
    };
    ports.store.change_account(&change, after.updated_at, ports.id()).await
}

/// Activates an invited account: following the link proves the address.
async fn accept(
    ports: &Ports<impl Store, impl Crypto>,
    person: &UserWithMemberships,
    one_time_token: &OneTimeToken,
    hash: &str,
    client: &Client,
) -> Result<(), StoreError> {
    let before = &person.user;
    let now = ports.clock.now();
    let after = before.with_new_password(now).with_proven_email(false, now);
    let after = User { status: AccountStatus::Active, ..after };
    let organization = person.memberships.iter().next().map(Membership::log_key);
    let activity = Activity {
        organization,
        ..Activity::new(ports, Event::InvitationAccepted, client).of_self(before)
    };
    let pending_events = &PendingEvents::new(activity);
    let uses = Some((one_time_token.purpose, &one_time_token.token));
    let change = AccountChange {
        password_hash: Some(hash),
        uses,
        person: Some(person),
        ..AccountChange::new(before, &after, pending_events)
    };
    ports.store.change_account(&change, after.updated_at, ports.id()).await
}
