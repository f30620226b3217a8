//! Messages in English.

use rolecall_domain::{
    clock::Timestamp,
    mail::{Message, UndoLine},
};

use super::{
    content::Content,
    typed::{inert, shown},
};

/// What a message of the service that is called `product` says.
#[expect(clippy::too_many_lines, reason = "one arm a message")]
pub(super) fn content<'a>(message: &'a Message, product: &str) -> Content<'a> {
    let to = |username: &str| format!("Hello {}, this is {product}.", inert(username));
    let hello = || format!("Hello, this is {product}.");
    match message {
        Message::VerifyEmail { username, link, hours } => {
            Content::new(format!("Confirm your email address for {product}"), to(username))
                .says(format!(
                    "Somebody, hopefully you, signed up for {product} with this email address and \
                     the username {}. If it was you, please confirm that the address is yours: \
                     follow the link.",
                    inert(username)
                ))
                .asks("Confirm the address", link, works_once(*hours, "hour"))
                .closes(
                    "If you did not sign up, there is nothing to do: without your confirmation \
                     and their password no account comes to be.",
                )
        }
        Message::AlreadyRegistered => {
            Content::new(format!("You already have an account at {product}"), hello())
                .says(
                    "Somebody, maybe you, tried to sign up with this email address, or to give it \
                     to another account.",
                )
                .says(
                    "This address already has an account: just sign in. If you forgot the \
                     password, ask for a new one.",
                )
                .closes("If it was not you, there is nothing to do. Nothing was changed.")
        }
        Message::NotActive => {
            Content::new(format!("Your account at {product} is not active"), hello())
                .says(
                    "Somebody, maybe you, asked to sign in, to sign up or for a new password with \
                     this email address.",
                )
                .says(format!(
                    "The account of this address is not active, so none of that is possible. If \
                     you want it back, ask those who run {product}."
                ))
                .closes("If it was not you, there is nothing to do. Nothing was changed.")
        }
        Message::ResetPassword { username, link, minutes } => {
            Content::new(format!("Choose a new password for {product}"), to(username))
                .says("Somebody, hopefully you, asked for a new password for your account.")
                .asks("Choose a new password", link, works_once(*minutes, "minute"))
                .closes(
                    "If it was not you, do not follow the link, and show it to nobody. Your \
                     password stays as it is.",
                )
        }
        Message::PasswordChanged { username, at } => {
            Content::new(format!("Your password at {product} was changed"), to(username))
                .says(format!("The password of your account was changed on {}.", moment(*at)))
                .says("If it was you, all is well and there is nothing to do.")
                .closes(
                    "If it was not you, reset the password right away: ask for a new one where \
                     you sign in, and we send a link to this address.",
                )
        }
        Message::ConfirmNewEmail { username, link, hours } => {
            Content::new(format!("Confirm your new email address for {product}"), to(username))
                .says(format!(
                    "Somebody, hopefully you, asked to make this the email address of the account \
                     {}. Until it is confirmed, the account keeps the address that it has.",
                    inert(username)
                ))
                .asks("Confirm the new address", link, works_once(*hours, "hour"))
                .closes("If it was not you, do not follow the link: without it nothing changes.")
        }
        Message::EmailChangeRequested { username, new_email, at, undo } => {
            let subject = format!("Request to change your email address at {product}");
            let content = Content::new(subject, to(username))
                .says(format!(
                    "Somebody who is signed in to your account, hopefully you, asked to change \
                     its email address to {}. That was on {}.",
                    shown(new_email),
                    moment(*at)
                ))
                .says(
                    "If it was you, follow the link that we sent to the new address. Until then \
                     this one stays.",
                );
            match undo {
                Some(UndoLine { link, hours }) => {
                    content.asks("Stop the change", link, works_once(*hours, "hour")).closes(
                        "If it was not you, stop the change, and then change your password: \
                         somebody else may be using your account.",
                    )
                }
                None => content.closes(
                    "If it was not you, change your password right away: somebody else may be \
                     using your account.",
                ),
            }
        }
        Message::EmailChanged { username, new_email, at, undo } => {
            let subject = format!("Your email address at {product} was changed");
            let content = Content::new(subject, to(username))
                .says(format!(
                    "The email address of your account was changed to {} on {}.",
                    shown(new_email),
                    moment(*at)
                ))
                .says(
                    "If it was you, there is nothing to do. Mail about the account goes to the \
                     new address from now on.",
                );
            match undo {
                Some(UndoLine { link, hours }) => content
                    .says(
                        "If it was not you, take the change back. The account gets this address \
                         again, every device is signed out, the password counts no more, and we \
                         send you a link for a new one.",
                    )
                    .asks("Take the change back", link, works_once(*hours / 24, "day"))
                    .closes(
                        "Until then nobody else can use this address. Do not follow the link if \
                         it was you, and show it to nobody.",
                    ),
                None => content.closes(
                    "If it was not you, sign in and change your password right away. If you \
                     cannot sign in, ask those who run this service for help.",
                ),
            }
        }
        Message::EmailChangeUndone { username, at } => {
            let subject = format!("The change of your email address at {product} was taken back");
            Content::new(subject, to(username))
                .says(format!(
                    "Your account has the email address of before again, since {}. Somebody \
                     followed the link that was mailed to it. Every device was signed out, and \
                     the password counts no more.",
                    moment(*at)
                ))
                .says("Mail about the account goes to the address of before from now on.")
                .closes("If you do not know why this happened, ask those who run this service.")
        }
        Message::FormerEmail => {
            Content::new(format!("An account at {product} had this address lately"), hello())
                .says(
                    "Somebody, maybe you, tried to use this email address: to sign up, to give it \
                     to an account, or for a new password.",
                )
                .says(
                    "An account had this address until it was changed to another one. If that was \
                     not you, look for our mail about that change: it has a link that takes it \
                     back, for 7 days. If it was you, sign in with the new address.",
                )
                .closes(
                    "Nobody else can use this address until the 7 days are over. If you did not \
                     ask for anything, there is nothing to do.",
                )
        }
        Message::AccountLocked { username, until, link } => {
            Content::new(format!("Your account at {product} is locked for a while"), to(username))
                .says(format!(
                    "There were too many failed sign-ins to your account. To protect it, new \
                     devices cannot sign in until {}. Devices that signed in before are not \
                     affected.",
                    moment(*until)
                ))
                .asks(
                    "Unlock the account",
                    link,
                    "You can wait, or follow the link to unlock the account at once.".to_owned(),
                )
                .closes(
                    "If it was not you, there is nothing to do: nobody got in that way, and the \
                     lock ends by itself.",
                )
        }
        Message::AccountDeleted { username, at } => {
            Content::new(format!("Your account at {product} was deleted"), to(username))
                .says(format!("Your account was deleted on {}, with your password.", moment(*at)))
                .closes(
                    "If it was not you, or if you want it back, ask those who run this service \
                     soon.",
                )
        }
        Message::SessionEndedForReuse { username, at } => {
            Content::new(format!("{product} signed a device out of your account"), to(username))
                .says(format!(
                    "A sign-in token of your account was used a second time, on {}. That can mean \
                     that somebody copied it, so we signed that device out.",
                    moment(*at)
                ))
                .says("Sign in again to go on.")
                .closes("If you do not know why this happened, change your password.")
        }
        Message::ApiKeyCreated { username, key, at } => {
            Content::new(format!("Your account at {product} has a new API key"), to(username))
                .says(format!(
                    "The API key “{}” of your account was made on {}. Programs that have it \
                     call in your name, as far as it allows.",
                    inert(key),
                    moment(*at)
                ))
                .closes(KEY)
        }
        Message::ApiKeyRotated { username, key, at } => {
            let subject = format!("An API key of yours at {product} has a new secret");
            Content::new(subject, to(username))
                .says(format!(
                    "The API key “{}” of your account got a new secret on {}.",
                    inert(key),
                    moment(*at)
                ))
                .closes(KEY)
        }
        Message::ApiKeyEnds { username, key, at } => {
            Content::new(format!("An API key at {product} ends in a week"), to(username))
                .says(format!(
                    "The API key “{}” ends on {}. Programs that have it are refused from then \
                     on.",
                    inert(key),
                    moment(*at)
                ))
                .says("Rotate it before, and give the new secret to those programs.")
                .closes("If you do not know what it is for, let it end, or revoke it now.")
        }
        Message::Invitation { organization, link, days } => {
            Content::new(format!("You are invited to {product}"), hello())
                .says(format!(
                    "You are invited to join “{}”. Follow the link to choose a password, and \
                     your account is ready.",
                    inert(organization)
                ))
                .asks("Choose a password", link, works_once(*days, "day"))
                .closes(
                    "If you do not know why you are invited, do not follow the link: without it \
                     nothing happens.",
                )
        }
    }
}

/// To the owner of a key that was issued, who may not know of it.
const KEY: &str = "If it was you, there is nothing to do. If it was not you, revoke the key and \
    change your password right away: somebody else may be using your account.";

/// What stands below the button, and below everything.
pub(super) const BUTTON: &str = "If the button does not work, copy this address into your browser:";

pub(super) fn footer(product: &str) -> String {
    format!("{product} sent this mail automatically; it needs no answer.")
}

fn works_once(count: i64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("The link works once, for {count} {unit}{plural}.")
}

/// A time for people: `24 November 2026, 09:30 UTC`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}
