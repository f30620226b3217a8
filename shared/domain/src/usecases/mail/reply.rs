//! Replying to somebody who typed an address, in a mail to it.

use super::{DeliverError, Written, link};
use crate::{
    model::{
        account::{AccountStatus, Email, SignUp, User},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{SignedDuration, after},
        event::Event,
        invitation::Invitation,
        mail::{
            AddressRequest, AddressState, MailRequest, MailedReply, Message, OutboxMail,
            mailed_reply,
        },
        organization::Membership,
        token::Purpose,
    },
    ports::{Crypto, Occupant, Ports, Refused, Store, StoreError},
    usecases::{
        account::{VerificationLink, invitation_mail},
        invitation::renewed_mail,
    },
};

/// What answers a request, and whose address it is.
pub(super) struct Reply {
    pub(super) kind: MailedReply,
    request: AddressRequest,
    /// The account of the address, or what the newest sign-up is to become.
    user: Option<User>,
    /// An invitation into an organization that waits for it.
    invitation: Option<Invitation>,
}

impl Reply {
    /// By the state of the address now; none where nothing goes out.
    pub(super) async fn to(
        ports: &Ports<impl Store, impl Crypto>,
        mail: &OutboxMail,
        request: AddressRequest,
    ) -> Result<Option<Self>, StoreError> {
        let Addressee { state, user, invitation } = Addressee::of(ports, mail).await?;
        Ok(mailed_reply(state, request).map(|kind| Self { kind, request, user, invitation }))
    }

    /// Whether it counts as what anybody may have mailed. A link that resets has bounds of its own.
    pub(super) fn is_bounded(&self) -> bool {
        self.kind != MailedReply::ResetLink
    }

    /// The message, to what is stored and not to what somebody typed (CVE-2019-19844). `None` where
    /// nothing goes out after all, or where another mail takes its place.
    pub(super) async fn write(
        self,
        ports: &Ports<impl Store, impl Crypto>,
        mail: &OutboxMail,
    ) -> Result<Option<Written>, DeliverError> {
        let Self { kind, request, user, invitation } = self;
        let to = user.as_ref().map_or(&mail.to, |user| &user.email).clone();
        let language = user.as_ref().and_then(|user| user.profile.language);
        let username = user.as_ref().map(|user| user.username.as_str().to_owned());
        let message = match (kind, &mail.message) {
            (MailedReply::ResetLink, MailRequest::ResetPassword { owner, seed, valid_for }) => {
                // The token is of the account that had the address when it was asked for.
                let Some(user) = user.filter(|user| user.id == *owner) else {
                    return Ok(None);
                };
                let link = link(ports, Purpose::ResetPassword, *owner, *seed).await?;
                let username = user.username.as_str().to_owned();
                Message::ResetPassword { username, link, minutes: valid_for.as_mins() }
            }
            (
                MailedReply::ConfirmationLink,
                MailRequest::ConfirmNewEmail { owner, seed, valid_for },
            ) => {
                let link = link(ports, Purpose::ChangeEmail, *owner, *seed).await?;
                // To the wished address, which nobody has, in the name of the account that wishes
                // it.
                let username = mail.username.as_ref().map(|name| name.as_str().to_owned());
                let (username, hours) = (username.unwrap_or_default(), valid_for.as_hours());
                let message = Message::ConfirmNewEmail { username, link, hours };
                return Ok(Some(Written::to_address(&mail.to, message)));
            }
            (MailedReply::VerificationLink, _) => {
                let own = mail.username.as_ref().filter(|_| request == AddressRequest::SignUp);
                let username = own.map(|name| name.as_str().to_owned()).or(username);
                verification(ports, &to, username.unwrap_or_default(), mail).await?
            }
            (MailedReply::InvitationAgain, _) => {
                if let Some(user) = user {
                    renew_invitation(ports, &user).await?;
                } else if let Some(invitation) = invitation {
                    send_again(ports, &invitation).await?;
                }
                return Ok(None);
            }
            (MailedReply::AlreadyRegistered, _) => Message::AlreadyRegistered,
            (MailedReply::NotActive, _) => Message::NotActive,
            (MailedReply::FormerEmail, _) => Message::FormerEmail,
            (MailedReply::ResetLink | MailedReply::ConfirmationLink, _) => return Ok(None),
        };
        Ok(Some(Written { to, message, language }))
    }
}

/// Whom an address belongs to.
struct Addressee {
    state: AddressState,
    /// The account, or what the newest sign-up is to become.
    user: Option<User>,
    invitation: Option<Invitation>,
}

impl Addressee {
    async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        mail: &OutboxMail,
    ) -> Result<Self, StoreError> {
        if mail.to.is_nobodys() {
            return Ok(Self { state: AddressState::Nobody, user: None, invitation: None });
        }
        match ports.store.occupant(&mail.to, ports.clock.now()).await? {
            Occupant::Owner(user) => {
                return Ok(Self { state: state_of(&user), user: Some(*user), invitation: None });
            }
            // Whoever had it may have it again.
            Occupant::Former(owner) if mail.message.wishes_for() != Some(owner) => {
                return Ok(Self { state: AddressState::Former, user: None, invitation: None });
            }
            Occupant::Former(_) | Occupant::Nobody => {}
        }
        let all = ports.store.sign_ups(&mail.to).await?;
        let (waiting, over) = SignUp::waiting(all, ports.clock.now());
        if !over.is_empty() {
            ports.store.forget_sign_ups(&mail.to, &over).await?;
        }
        let newest = waiting.into_iter().next().map(|sign_up| sign_up.user);
        if newest.is_some() {
            return Ok(Self { state: AddressState::Waiting, user: newest, invitation: None });
        }
        let invited = ports.store.invitations_of(&mail.to, MOST_INVITATIONS).await?;
        let invited = invited.into_iter().filter(|one| one.ends_at > ports.clock.now());
        let invitation = invited.max_by_key(|one| one.made_at);
        let state = invitation.as_ref().map_or(AddressState::Nobody, |_| AddressState::Invited);
        Ok(Self { state, user: None, invitation })
    }
}

fn state_of(user: &User) -> AddressState {
    match user.status {
        AccountStatus::Pending => AddressState::Invited,
        AccountStatus::Active if user.email_verified => AddressState::Active,
        AccountStatus::Active => AddressState::Unproven,
        AccountStatus::Inactive | AccountStatus::Suspended => AddressState::Barred,
        AccountStatus::Deleted => AddressState::Deleted,
    }
}

async fn verification(
    ports: &Ports<impl Store, impl Crypto>,
    to: &Email,
    username: String,
    mail: &OutboxMail,
) -> Result<Message, DeliverError> {
    let valid_for = match &mail.message {
        MailRequest::VerifyEmail { valid_for, .. } => *valid_for,
        _ => ports.settings.verification_lifetime,
    };
    let token = VerificationLink::issue(ports, to, after(mail.created_at, valid_for)).await?;
    let link = super::url(ports, Purpose::VerifyEmail, &token);
    Ok(Message::VerifyEmail { username, link, hours: SignedDuration::as_hours(&valid_for) })
}

/// So many invitations of an address are looked at for the latest.
const MOST_INVITATIONS: usize = 50;

/// Mails an invitation into an organization again; three an hour at most.
async fn send_again(
    ports: &Ports<impl Store, impl Crypto>,
    before: &Invitation,
) -> Result<(), DeliverError> {
    let now = ports.clock.now();
    if before.mailed_again_from() > now {
        return Ok(());
    }
    let next = Invitation { version: before.version + 1, ..before.clone() };
    let (next, mail) = renewed_mail(ports, next, now).await?;
    let asked = Activity::new(ports, Event::InvitationRequested, &Client::default())
        .in_log(&before.log)
        .with("invitation", before.id.to_string());
    let events = PendingEvents::new(asked).mail(mail);
    let (store, write) = (&ports.store, ports.id());
    match store.put_invitation(Some(before), &next, &events, None, now, write).await {
        // It was accepted, withdrawn or mailed meanwhile.
        Err(StoreError::Refused(Refused::Stale)) => Ok(()),
        put => Ok(put?),
    }
}

/// Makes a new link of an invitation, which goes out by a mail of its own; three an hour at most.
async fn renew_invitation(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
) -> Result<(), DeliverError> {
    let person = ports.store.user_with_memberships(user.id).await?;
    let membership = person.as_ref().and_then(|person| person.memberships.iter().next());
    let code = membership.map(|membership| membership.organization.to_string());
    let organization = membership.map(Membership::log_key);
    let (one_time_token, mail) = invitation_mail(ports, user, code).await?;
    let asked = Activity::new(ports, Event::InvitationRequested, &Client::default());
    let asked = Activity { organization, ..asked.of_user(user) };
    let pending_events = PendingEvents::new(asked).mail(mail);
    let now = ports.clock.now();
    ports.store.put_one_time_token(&one_time_token, &pending_events, now).await?;
    Ok(())
}
