use super::{
    administer::{find, may_change},
    register::blank_user,
    types::{AccountStatus, Email, PersonName, PhoneNumber, User, Username},
};
use crate::{
    Ports,
    activity::{Enclosed, Event},
    administration::{ATTEMPTS, AdministerError, Unique, changed_too_often},
    clock::after,
    code::Code,
    ids::UserId,
    mail::{MailToken, Message, OutboxMail},
    organization::{Assignment, Member, MembershipStatus, PLATFORM, Person, RoleUse, Seat, Seats},
    permission::{Permit, Right},
    ports::{FirstAnswer, KeyError, NewAccount, Once, Registration},
    recovery::{Asked, Ticket, TicketKind},
    role::SUPER_ADMIN,
    session::Client,
    throttle::TooMany,
};

/// Somebody who is to be invited.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The username.
    pub username: Username,
    /// Where the invitation goes.
    pub email: Email,
    /// First name.
    pub first_name: Option<PersonName>,
    /// Last name.
    pub last_name: Option<PersonName>,
    /// Phone number.
    pub phone_number: Option<PhoneNumber>,
    /// Where they are to belong; the caller's own organization, if that is not `PLATFORM`.
    pub organization: Option<Code>,
    /// The role that they are to have there.
    pub role: Option<Code>,
    /// Whether the account is a program's: only an operator makes those.
    pub is_service: bool,
}

/// What became of an invitation.
#[derive(Debug, Clone)]
pub enum Invited {
    /// There is a pending account, and a mail is on its way.
    Person(Box<Person>),
    /// The same `Idempotency-Key` and body were here before; this was the answer.
    Again(FirstAnswer),
}

/// Makes a pending account with a membership and mails the link by which its owner chooses a
/// password: nobody else ever sees or sets one (OWASP ASVS 6.4.1).
pub async fn invite(
    ports: &Ports,
    permit: &Permit,
    invitation: &Invitation,
    once: Option<&Once<'_, Person>>,
    client: &Client,
) -> Result<Invited, AdministerError> {
    let mut permit = permit.clone();
    for _ in 0..ATTEMPTS {
        let seat = seat(ports, &permit, invitation)?;
        let takes: Vec<RoleUse> = seat
            .as_ref()
            .map(|(_, takes)| takes.clone())
            .unwrap_or_default();
        let seat = seat.map(|(seat, _)| seat);
        let user = User {
            first_name: invitation.first_name.clone(),
            last_name: invitation.last_name.clone(),
            phone_number: invitation.phone_number.clone(),
            is_service: invitation.is_service,
            ..blank_user(ports, invitation.username.clone(), invitation.email.clone())
        };
        let (id, now) = (user.id, user.created_at);
        let organization = seat.as_ref().map(|seat| seat.organization.to_string());
        let record = permit.record_of(
            ports,
            Event::UserInvited,
            client,
            organization.as_deref().unwrap_or(permit.log()),
            id,
        );
        let record = record
            .with("username", user.username.as_str())
            .with("role", invitation.role.as_ref().map(Code::as_str));
        let (ticket, mail) = letter(ports, &user, organization).await?;
        let seats = Seats::new(seat.iter().cloned().collect());
        let person = Person {
            user: user.clone(),
            seats,
            seats_version: 0,
        };
        let membership = seat.map(|seat| {
            let member = Member::new(seat.organization.clone(), id, seat.status, now);
            (seat, member)
        });
        let account = NewAccount {
            membership,
            takes,
            ticket: Some(ticket),
            ..NewAccount::new(user, None)
        };
        let once = once.map(|once| once.record(&person, now));
        let write = ports.id();
        let enclosed = Enclosed::new(record).mail(mail);
        match ports
            .accounts
            .create(&account, &enclosed, once.as_ref(), now, write)
            .await?
        {
            Registration::Done => return Ok(Invited::Person(Box::new(person))),
            Registration::Again(first) => return Ok(Invited::Again(first)),
            Registration::KeyReused => return Err(AdministerError::KeyReused),
            Registration::EmailTaken => return Err(AdministerError::Taken(Unique::Email)),
            Registration::UsernameTaken => return Err(AdministerError::Taken(Unique::Username)),
            Registration::NoOrganization => return Err(AdministerError::NotFound("organization")),
            Registration::AdminExists | Registration::RoleMoved => {
                permit = permit.renewed(ports).await?
            }
        }
    }
    Err(changed_too_often().into())
}

/// Mails another link to somebody whose invitation waits or is over; the one before is dead. Three
/// an hour at most.
pub async fn invite_again(
    ports: &Ports,
    permit: &Permit,
    id: UserId,
    client: &Client,
) -> Result<Person, AdministerError> {
    let person = find(ports, permit, id).await?;
    let now = ports.clock.now();
    may_change(permit, &person, now)?;
    if !person
        .seats
        .iter()
        .all(|seat| permit.may_revive(seat, permit.catalogue(), now))
    {
        return Err(AdministerError::AboveYourLevel);
    }
    if person.user.status != AccountStatus::Pending {
        return Err(AdministerError::NotPending);
    }
    let organization = person
        .seats
        .iter()
        .next()
        .map(|seat| seat.organization.to_string());
    let record = permit.record_of(
        ports,
        Event::UserInvited,
        client,
        organization.as_deref().unwrap_or(permit.log()),
        id,
    );
    let (ticket, mail) = letter(ports, &person.user, organization).await?;
    match ports
        .tickets
        .put_ticket(&ticket, &Enclosed::new(record).mail(mail), now)
        .await?
    {
        Asked::Done => Ok(person.seen_by(permit)),
        Asked::NotBefore(at) => Err(TooMany(at.duration_since(now)).into()),
    }
}

/// The token of an invitation, and the mail that carries it.
async fn letter(
    ports: &Ports,
    user: &User,
    organization: Option<String>,
) -> Result<(Ticket, OutboxMail), KeyError> {
    let valid_for = ports.settings.invitation_lifetime;
    let token = MailToken::new(ports, TicketKind::Invitation.purpose(), Some(user.id)).await?;
    let message = Message::Invitation {
        owner: user.id,
        organization,
        nonce: token.nonce,
        valid_for,
    };
    let ticket = Ticket {
        owner: user.id,
        kind: TicketKind::Invitation,
        token: token.hash(),
        email: user.email.clone(),
        credential: user.credential,
        epoch: user.epoch,
        new_email: None,
        ends_at: after(ports.clock.now(), valid_for),
        last_until: None,
    };
    Ok((
        ticket,
        OutboxMail::new(ports, &user.email, Some(&user.username), message),
    ))
}

/// The seat that the caller may give, and the role that it takes.
fn seat(
    ports: &Ports,
    permit: &Permit,
    invitation: &Invitation,
) -> Result<Option<(Seat, Vec<RoleUse>)>, AdministerError> {
    let own = permit
        .organization()
        .filter(|own| *own != PLATFORM)
        .map(Code::known);
    let Some(organization) = invitation.organization.clone().or(own) else {
        return match invitation.role {
            None => Ok(None),
            Some(_) => Err(AdministerError::Invalid(
                "organization",
                crate::Violation::new("required", "A role is had somewhere."),
            )),
        };
    };
    if !permit.sees(organization.as_str()) {
        return Err(AdministerError::NotFound("organization"));
    }
    let mut seat = Seat::new(organization, MembershipStatus::Active);
    let Some(role) = &invitation.role else {
        return Ok(Some((seat, Vec::new())));
    };
    let now = ports.clock.now();
    if !permit.has(Right::AssignRoles, now) {
        return Err(AdministerError::Forbidden(
            "Who invites into a role needs roles.assign.",
        ));
    }
    let role = permit.catalogue().role(role.as_str()).ok_or_else(|| {
        AdministerError::Invalid(
            "role",
            crate::Violation::new("unknown_role", "There is no such role."),
        )
    })?;
    if !permit
        .authority_until(permit.catalogue(), now, None)
        .may_give(role)
    {
        return Err(AdministerError::AboveYourLevel);
    }
    if role.code.as_str() == SUPER_ADMIN && seat.organization.as_str() != PLATFORM {
        let violation = crate::Violation::new(
            "platform_only",
            "This role is assigned in PLATFORM and nowhere else.",
        );
        return Err(AdministerError::Invalid("role", violation));
    }
    seat.roles.push(Assignment {
        role: role.code.clone(),
        starts_at: None,
        expires_at: None,
    });
    Ok(Some((seat, vec![RoleUse::of(role)])))
}
