use askama::Template;
use rolecall_domain::{
    clock::Timestamp,
    mail::{Message, UndoLine},
};

/// A message as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without anything that users typed.
    pub subject: String,
    /// For those who read text.
    pub text: String,
    /// For those who read HTML; what users typed is escaped.
    pub html: String,
}

/// What a message says, the same in text and in HTML.
struct Content<'a> {
    subject: String,
    greeting: String,
    paragraphs: Vec<String>,
    action: Option<Action<'a>>,
    /// What to do when it was not the reader.
    closing: &'static str,
}

/// The one thing that a message asks for.
struct Action<'a> {
    label: &'static str,
    link: &'a str,
    /// How long the link works, or what it does.
    note: String,
}

#[derive(Template)]
#[template(path = "message.txt")]
struct Text<'a> {
    message: &'a Content<'a>,
    product: &'a str,
}

#[derive(Template)]
#[template(path = "message.html")]
struct Html<'a> {
    message: &'a Content<'a>,
    product: &'a str,
}

/// Subject, text and HTML of a message of the service that is called `product`.
pub fn render(message: &Message, product: &str) -> Result<Rendered, askama::Error> {
    let message = &content(message, product);
    Ok(Rendered {
        subject: message.subject.clone(),
        text: Text { message, product }.render()?,
        html: Html { message, product }.render()?,
    })
}

#[expect(clippy::too_many_lines, reason = "one arm a message")]
fn content<'a>(message: &'a Message, product: &str) -> Content<'a> {
    match message {
        Message::VerifyEmail { username, link, hours } => Content::new(
            format!("Confirm your email address for {product}"),
            Some(username),
        )
        .says(format!(
            "Somebody, hopefully you, signed up for {product} with this email address and the \
                 username {}. If it was you, please confirm that the address is yours: follow the \
                 link and enter the password that you chose.",
            inert(username)
        ))
        .asks("Confirm the address", link, works_once(*hours, "hour"))
        .closes(
            "If you did not sign up, there is nothing to do: without your confirmation and their \
                 password no account comes to be.",
        ),
        Message::AlreadyRegistered => Content::new("You already have an account", None)
            .says(format!(
                "Somebody, maybe you, tried to sign up for {product} with this email address, or \
                to give it to another account."
            ))
            .says(
                "This address already has an account: just sign in. If you forgot the password, \
                ask for a new one.",
            )
            .closes("If it was not you, there is nothing to do. Nothing was changed."),
        Message::NotActive => Content::new("Your account is not active", None)
            .says(
                "Somebody, maybe you, asked to sign in, to sign up or for a new password with this \
                email address.",
            )
            .says(format!(
                "The account of this address at {product} is not active, so none of that is \
                possible. If you want it back, ask those who run {product}."
            ))
            .closes("If it was not you, there is nothing to do. Nothing was changed."),
        Message::ResetPassword { username, link, minutes } => {
            Content::new(format!("Choose a new password for {product}"), Some(username))
                .says(format!(
                    "Somebody, hopefully you, asked for a new password for your account at \
                    {product}."
                ))
                .asks("Choose a new password", link, works_once(*minutes, "minute"))
                .closes(
                    "If it was not you, do not follow the link, and show it to nobody. Your \
                password stays as it is.",
                )
        }
        Message::PasswordChanged { username, at } => {
            Content::new("Your password was changed", Some(username))
                .says(format!(
                    "The password of your account at {product} was changed on {}.",
                    moment(*at)
                ))
                .says("If it was you, all is well and there is nothing to do.")
                .closes(
                    "If it was not you, \
                    reset the password right away: ask for a new one where you sign in, \
                 and we send a link to this address.",
                )
        }
        Message::ConfirmNewEmail { username, link, hours } => Content::new(
            "Confirm your new email \
            address",
            Some(username),
        )
        .says(format!(
            "Somebody, hopefully you, asked to make this the email address of the account {}. \
                 Until it is confirmed, the account keeps the address that it has.",
            inert(username)
        ))
        .asks("Confirm the new address", link, works_once(*hours, "hour"))
        .closes("If it was not you, do not follow the link: without it nothing changes."),
        Message::EmailChangeRequested { username, new_email, at, undo } => {
            let content = Content::new("Request to change your email address", Some(username))
                .says(format!(
                    "Somebody who is signed in to your account, hopefully you, \
                        asked to change its email address to {}. \
                     That was on {}.",
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
            let content = Content::new("Your email address was changed", Some(username))
                .says(format!(
                    "The email address of your account was changed to {} on {}.",
                    shown(new_email),
                    moment(*at)
                ))
                .says(
                    "If it was you, there is nothing to do. Mail about the account goes to the new \
                    address from now on.",
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
                    "If it was not you, sign in and change your password right away. \
                    If you cannot sign in, ask those who run this service for help.",
                ),
            }
        }
        Message::EmailChangeUndone { username, at } => {
            Content::new("The change of your email address was taken back", Some(username))
                .says(format!(
                    "Your account at {product} has the email address of before again, since {}. \
                    Somebody followed the link that was mailed to it. Every device was signed \
                    out, and the password counts no more.",
                    moment(*at)
                ))
                .says("Mail about the account goes to the address of before from now on.")
                .closes("If you do not know why this happened, ask those who run this service.")
        }
        Message::FormerEmail => Content::new("An account had this address lately", None)
            .says(format!(
                "Somebody, maybe you, tried to use this email address at {product}: to sign up, to \
                give it to an account, or for a new password."
            ))
            .says(
                "An account had this address until it was changed to another one. If that was not \
                you, look for our mail “Your email address was changed”: it has a link that \
                takes the change back, for 7 days. If it was you, sign in with the new address.",
            )
            .closes(
                "Nobody else can use this address until the 7 days are over. If you did not ask \
                for anything, there is nothing to do.",
            ),
        Message::AccountLocked { username, until, link } => Content::new(
            "Your account is locked \
            for a while",
            Some(username),
        )
        .says(format!(
            "There were too many failed sign-ins to your account. To protect it, \
                    new devices cannot sign in until {}. \
                 Devices that signed in before are not affected.",
            moment(*until)
        ))
        .asks(
            "Unlock the account",
            link,
            "You can wait, or follow the link to unlock the \
                account at once."
                .to_owned(),
        )
        .closes(
            "If it was not you, there is nothing to do: nobody got in that way, and the \
                lock ends by itself.",
        ),
        Message::AccountDeleted { username, at } => {
            Content::new("Your account was deleted", Some(username))
                .says(format!(
                    "Your account at {product} was deleted on {}, with your password.",
                    moment(*at)
                ))
                .closes(
                    "If it was not you, or if you want it back, ask those who run this service \
                    soon.",
                )
        }
        Message::SessionEndedForReuse { username, at } => Content::new(
            "We signed a device out of \
            your account",
            Some(username),
        )
        .says(format!(
            "A sign-in token of your account was used a second time, on {}. \
                 That can mean that somebody copied it, so we signed that device out.",
            moment(*at)
        ))
        .says("Sign in again to go on.")
        .closes("If you do not know why this happened, change your password."),
        Message::ApiKeyCreated { username, key, at } => {
            let subject = "Your account has a new API key";
            Content::of_api_key(subject, username).says(format!(
                "The API key “{}” of your account at {product} was made on {}. Programs \
                that have it call in your name, as far as it allows.",
                inert(key),
                moment(*at)
            ))
        }
        Message::ApiKeyRotated { username, key, at } => {
            let subject = "An API key of yours has a new secret";
            Content::of_api_key(subject, username).says(format!(
                "The API key “{}” of your account at {product} got a new secret on {}.",
                inert(key),
                moment(*at)
            ))
        }
        Message::ApiKeyEnds { username, key, at } => {
            Content::new("An API key ends in a week", Some(username))
                .says(format!(
                    "The API key “{}” at {product} ends on {}. Programs that have it \
                    are refused from then on.",
                    inert(key),
                    moment(*at)
                ))
                .says("Rotate it before, and give the new secret to those programs.")
                .closes("If you do not know what it is for, let it end, or revoke it now.")
        }
        Message::Invitation { organization, link, days } => Content::new("You are invited", None)
            .says(format!(
                "You are invited to join “{}”. Follow the link to choose a password, and your \
                    account is ready.",
                inert(organization)
            ))
            .asks("Choose a password", link, works_once(*days, "day"))
            .closes(
                "If you do not know why you are invited, do not follow the link: without it \
                nothing happens.",
            ),
    }
}

impl<'a> Content<'a> {
    fn new(subject: impl Into<String>, username: Option<&str>) -> Self {
        let greeting =
            username.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {},", inert(name)));
        Self {
            subject: subject.into(),
            greeting,
            paragraphs: Vec::new(),
            action: None,
            closing: "",
        }
    }

    /// That a key was issued, whose owner may not know of it.
    fn of_api_key(subject: &str, username: &str) -> Self {
        Self::new(subject, Some(username)).closes(
            "If it was you, there is nothing to do. If it was not you, revoke the key and change \
            your password right away: somebody else may be using your account.",
        )
    }

    fn says(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    fn asks(self, label: &'static str, link: &'a str, note: String) -> Self {
        Self { action: Some(Action { label, link, note }), ..self }
    }

    fn closes(self, closing: &'static str) -> Self {
        Self { closing, ..self }
    }
}

fn works_once(count: i64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("The link works once, for {count} {unit}{plural}.")
}

/// A time for people: `24 November 2026, 09:30 UTC`.
fn moment(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// WORD JOINER: cannot be seen, and keeps what stands around it from being read as one address.
const JOINER: char = '\u{2060}';

/// What somebody typed, on one line. It looks the same, but neither a mail client nor a program
/// that seeks the link of the message finds one in it.
fn inert(typed: &str) -> String {
    typed.split_whitespace().map(inert_word).collect::<Vec<_>>().join(" ")
}

/// An address as it is, so that its reader can tell it, unless its first part looks like a link or
/// a token.
fn shown(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    let is_plain = local.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
    let is_link = ["http", "www."]
        .iter()
        .any(|start| local.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(start)));
    if is_plain && !is_link { address.to_owned() } else { inert(address) }
}

fn inert_word(word: &str) -> String {
    let word: String = word.chars().filter(|c| !c.is_control() && !turns_text(*c)).collect();
    let mut safe = String::with_capacity(word.len());
    if word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http")) {
        safe.push(JOINER);
    }
    for c in word.chars() {
        if is_joint(c) {
            // On both sides: some readers take a joiner for a letter of the host, others for one of
            // the top-level domain.
            safe.extend([JOINER, c, JOINER]);
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Where addresses and tokens are put together; the last three are dots to IDNA.
fn is_joint(c: char) -> bool {
    matches!(c, '.' | ':' | '/' | '@' | '=' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// Marks that change the direction of the text behind them, and so could turn our words around.
fn turns_text(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
