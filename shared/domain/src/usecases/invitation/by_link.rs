use super::{
    accept::{accepted, is_taken, membership, without_employee_id},
    rights::InviterRights,
};
use crate::{
    model::{
        account::{
            AccountStatus, Email, NewPassword, PersonName, Profile, User, Username, check_policy_of,
        },
        activity::{Activity, PendingEvents},
        client::Client,
        clock::Timestamp,
        code::Code,
        event::Event,
        invitation::Invitation,
        organization::Memberships,
        throttle::Rule,
        token::{Purpose, TokenHash},
        violation::Violation,
        words::Line,
    },
    ports::{Crypto, NewAccount, Ports, Refused, Store, Unique},
    usecases::{
        account::blank_user,
        commit::commit,
        error::{Refusal, UseCaseError, refusals},
        session::{Granted, begin},
        throttle,
        token_secret::TokenSecret,
    },
};

/// Why the link of an invitation did not do what was asked for.
pub type AcceptError = UseCaseError<AcceptRefusal>;

/// The reasons of [`AcceptError`].
#[derive(Debug, thiserror::Error)]
pub enum AcceptRefusal {
    /// Unknown, withdrawn, used, over, or what the inviter may no longer give.
    #[error("the invitation is not valid")]
    InvalidToken,
    /// The address has an account: its owner accepts signed in.
    #[error("the address has an account")]
    AccountExists,
    /// Another account has that username.
    #[error("the username is taken")]
    UsernameTaken,
    /// The username is not for whoever signs up.
    #[error("the username is reserved")]
    Username(Violation),
    /// The password is easily guessed.
    #[error("the password is refused")]
    Password(Violation),
}

impl Refusal for AcceptRefusal {
    fn of(refused: Refused) -> Result<Self, Refused> {
        match refused {
            Refused::Taken(Unique::Email) => Ok(Self::AccountExists),
            Refused::Taken(Unique::Username) => Ok(Self::UsernameTaken),
            Refused::NoOrganization => Ok(Self::InvalidToken),
            other => Err(other),
        }
    }
}

refusals!(AcceptRefusal);

/// What the link of an invitation offers.
#[derive(Debug, Clone)]
pub struct InvitationOffer {
    pub organization: Code,
    /// What the organization is called.
    pub name: Line<100>,
    pub email: Email,
    /// Whether the address has an account, whose owner accepts signed in.
    pub has_account: bool,
    pub expires_at: Timestamp,
}

/// Who somebody wants to be, who accepts without an account.
#[derive(Debug, Clone)]
pub struct NewMember<'a> {
    pub username: &'a Username,
    pub password: &'a NewPassword,
    /// In the place of the inviter's words.
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
}

/// The invitation of a link that is good now, on what it stands. It uses nothing up.
async fn redeemable(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(Invitation, InviterRights), AcceptError> {
    throttle::check(ports, Rule::Links, client)?;
    let hash = TokenHash::of(Purpose::JoinOrganization, token);
    let found = match TokenSecret::invitation(token) {
        Some(id) => ports.store.invitation(id).await?,
        None => None,
    };
    let (ended_before, now) = (ports.crypto.ended_before().await?, ports.clock.now());
    let found = found.filter(|one| one.token == hash && one.is_good(now, ended_before));
    let Some(invitation) = found else {
        return Err(match throttle::count(ports, Rule::Links, client).await? {
            Some(too_many) => too_many.into(),
            None => AcceptRefusal::InvalidToken.into(),
        });
    };
    let rights = InviterRights::of(ports, &invitation, now).await?;
    Ok((invitation, rights.ok_or(AcceptRefusal::InvalidToken)?))
}

/// What a link offers, for a page that asks before it shows a form.
pub async fn offer(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<InvitationOffer, AcceptError> {
    let (invitation, _) = redeemable(ports, token, client).await?;
    let (organization, owner) = futures::try_join!(
        ports.store.organization(invitation.organization.as_str()),
        ports.store.owner(&invitation.order.email)
    )?;
    let organization = organization.ok_or(AcceptRefusal::InvalidToken)?;
    Ok(InvitationOffer {
        organization: invitation.organization,
        name: organization.fields.name,
        email: invitation.order.email,
        has_account: owner.is_some(),
        expires_at: invitation.ends_at,
    })
}

/// Makes the account of somebody who has none, a member with the roles of the invitation, and signs
/// them in there: the link proves the address.
pub async fn accept_by_link(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    new: &NewMember<'_>,
    client: &Client,
) -> Result<Granted, AcceptError> {
    let (invitation, _) = redeemable(ports, token, client).await?;
    let reserved = &ports.settings.reserved_usernames;
    reserved.check(new.username).map_err(AcceptRefusal::Username)?;
    if ports.store.owner(&invitation.order.email).await?.is_some() {
        return Err(AcceptRefusal::AccountExists.into());
    }
    let order = &invitation.order;
    let user = User {
        status: AccountStatus::Active,
        email_verified: true,
        invited_by: Some(invitation.log.clone()),
        profile: Profile {
            first_name: new.first_name.clone().or_else(|| order.first_name.clone()),
            last_name: new.last_name.clone().or_else(|| order.last_name.clone()),
            ..Profile::default()
        },
        ..blank_user(ports, new.username.clone(), order.email.clone())
    };
    let product = &ports.settings.product_name;
    check_policy_of(&user, new.password, product).map_err(AcceptRefusal::Password)?;
    let hash = ports.crypto.hash_password(user.id, new.password.reveal()).await?;
    let (user, hash) = (&user, &hash);
    let load = || redeemable(ports, token, client);
    let member = commit(load, |(mut invitation, rights)| async move {
        let now = ports.clock.now();
        let membership = membership(&invitation, &rights, now);
        let events = accepted(ports, &invitation, &rights, user, client);
        let events = PendingEvents::new(events);
        loop {
            let member = invitation.member(user.id, now);
            let account = NewAccount {
                membership: Some((membership.clone(), member)),
                granted_roles: rights.granted_roles.clone(),
                invitation: Some(invitation.clone()),
                ..NewAccount::new(user.clone(), Some(hash.clone()))
            };
            let (store, write) = (&ports.store, ports.id());
            match store.create_account(&account, &events, None, now, write).await {
                Err(error) if is_taken(&error, &invitation) => {
                    invitation = without_employee_id(&invitation);
                }
                made => return made.map(|()| membership).map_err(AcceptError::from),
            }
        }
    });
    let membership = member.await?;
    let memberships = Memberships::new(vec![membership.clone()]);
    let (_, granted) = begin(ports, user, memberships, Some(&membership), client).await?;
    Ok(granted)
}

/// Ends an invitation.
pub async fn decline_by_link(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), AcceptError> {
    let load = || redeemable(ports, token, client);
    commit(load, |(invitation, _)| async move {
        let record = Activity::new(ports, Event::InvitationDeclined, client)
            .in_log(&invitation.log)
            .with("invitation", invitation.id.to_string());
        let events = PendingEvents::new(record);
        Ok(ports.store.end_invitation(&invitation, &events, ports.id()).await?)
    })
    .await
}
