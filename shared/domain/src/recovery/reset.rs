use super::ticket::{Asked, Ticket, TicketError, TicketKind, redeemable};
use crate::{
    Ports, Violation,
    account::{AccountStatus, Email, NewPassword, User, check_policy_of},
    activity::{Activity, Enclosed, Event},
    administration::{ATTEMPTS, changed_too_often},
    clock::after,
    ids::UserId,
    mail::{MailToken, Message, OutboxMail},
    organization::Person,
    ports::{AccountChange, Derivation, KeyError, PasswordError, StoreError, Update},
    session::Client,
    throttle::{self, Rule},
};

/// Why a password was not reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The token, or the network that brings it.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The new password breaks the policy; the token is not used up.
    #[error("the password is refused")]
    Password(Violation),
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for a reset mail. The same reads and the same write for an address that has an account and
/// for one that has none; `deliver_mail` finds out whether there is somebody to write to (OWASP
/// ASVS 6.3.8).
///
/// One owner gets three mails an hour at most, whoever asks; the fourth asking changes nothing but
/// is recorded, and the last link goes on working until there can be another one
/// ([`Ticket::last_until`]).
pub async fn ask_reset(ports: &Ports, email: &Email, client: &Client) -> Result<(), TicketError> {
    throttle::check(ports, Rule::Resets, client)?;
    let (user, over) = futures::join!(
        ports.accounts.owner(email),
        throttle::count(ports, Rule::Resets, client)
    );
    let (user, over) = (user?, over?);
    if let Some(too_many) = over {
        return Err(too_many.into());
    }
    let now = ports.clock.now();
    let valid_for = ports.settings.reset_lifetime;
    let owner = match &user {
        Some(user) => user.id,
        None => stranger(ports, email).await?,
    };
    let token = MailToken::new(ports, TicketKind::ResetPassword.purpose(), Some(owner)).await?;
    let mail = OutboxMail::new(
        ports,
        email,
        None,
        Message::ResetPassword {
            owner,
            nonce: token.nonce,
            valid_for,
        },
    );
    let mut activity = Activity::new(ports, Event::ResetAsked, client);
    activity.user_id = user.as_ref().map(|user| user.id);
    let ticket = Ticket {
        owner,
        kind: TicketKind::ResetPassword,
        token: token.hash(),
        email: email.clone(),
        credential: user.as_ref().map_or(0, |user| user.credential),
        epoch: user.as_ref().map_or(0, |user| user.epoch),
        new_email: None,
        ends_at: after(now, valid_for),
        last_until: None,
    };
    // The asking is recorded whether or not it changes anything.
    match ports
        .tickets
        .put_ticket(&ticket, &Enclosed::new(activity.clone()).mail(mail), now)
        .await?
    {
        Asked::Done => Ok(()),
        Asked::NotBefore(_) => Ok(ports.activities.record(&activity).await?),
    }
}

/// The id under which an address without an account is counted, always the same one.
async fn stranger(ports: &Ports, email: &Email) -> Result<UserId, KeyError> {
    let mac = ports
        .secrets
        .derive(Derivation::Stranger, &[email.key().as_bytes()])
        .await?;
    Ok(UserId::from_bytes(
        *mac.first_chunk::<16>().unwrap_or(&[0; 16]),
    ))
}

/// What a token that sets a password is for.
fn kind_of(token: &str) -> TicketKind {
    if MailToken::says_invitation(token) {
        TicketKind::Invitation
    } else {
        TicketKind::ResetPassword
    }
}

/// Whether a token would be taken now. It does not use it up: a page asks this before it shows a
/// form.
pub async fn verify_reset(ports: &Ports, token: &str, client: &Client) -> Result<(), TicketError> {
    redeemable(ports, kind_of(token), token, client)
        .await
        .map(drop)
}

/// Sets a new password, uses the token up, ends every session, forgets failed sign-ins and tells
/// the owner, in one transaction. It signs nobody in. An invitation's token sets the first
/// password, and the account turns active.
pub async fn confirm_reset(
    ports: &Ports,
    token: &str,
    password: &NewPassword,
    client: &Client,
) -> Result<(), ResetError> {
    let kind = kind_of(token);
    let (mut person, mut ticket) = redeemable(ports, kind, token, client).await?;
    check_policy_of(&person.user, password).map_err(ResetError::Password)?;
    let hash = ports.passwords.hash(password.reveal()).await?;
    for _ in 0..ATTEMPTS {
        let update = match kind {
            TicketKind::Invitation => accept(ports, &person, &ticket, &hash, client).await?,
            _ => set_password(ports, &person.user, &ticket, &hash, client).await?,
        };
        if update == Update::Done {
            return Ok(());
        }
        (person, ticket) = redeemable(ports, kind, token, client).await?;
    }
    Err(changed_too_often().into())
}

async fn set_password(
    ports: &Ports,
    before: &User,
    ticket: &Ticket,
    hash: &str,
    client: &Client,
) -> Result<Update, StoreError> {
    let after = before.with_new_password(ports.clock.now());
    let activity = Activity::new(ports, Event::PasswordChange, client)
        .of_user(before.id)
        .with("by", "reset");
    let mail = Message::PasswordChanged {
        at: after.updated_at,
    };
    let mail = OutboxMail::new(ports, &before.email, Some(&before.username), mail);
    let enclosed = &Enclosed::new(activity).mail(mail);
    let uses = Some((ticket.kind, &ticket.token));
    let change = AccountChange {
        password_hash: Some(hash),
        uses,
        ..AccountChange::new(before, &after, enclosed)
    };
    ports
        .accounts
        .change(&change, after.updated_at, ports.id())
        .await
}

/// Turns an invited account active: whoever follows the link has proven the address.
async fn accept(
    ports: &Ports,
    person: &Person,
    ticket: &Ticket,
    hash: &str,
    client: &Client,
) -> Result<Update, StoreError> {
    let before = &person.user;
    let after = before.with_new_password(ports.clock.now());
    let after = User {
        status: AccountStatus::Active,
        email_verified: true,
        ..after
    };
    let organization = person
        .seats
        .iter()
        .next()
        .map(|seat| seat.organization.to_string());
    let activity = Activity {
        organization,
        ..Activity::new(ports, Event::InvitationAccepted, client).of_user(before.id)
    };
    let enclosed = &Enclosed::new(activity);
    let uses = Some((ticket.kind, &ticket.token));
    let change = AccountChange {
        password_hash: Some(hash),
        uses,
        person: Some(person),
        ..AccountChange::new(before, &after, enclosed)
    };
    ports
        .accounts
        .change(&change, after.updated_at, ports.id())
        .await
}
