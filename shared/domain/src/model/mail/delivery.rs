//! When a mail is tried again, and when it is over.

use super::outbox::{MailRequest, OutboxMail};
use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    ids::MailId,
};

/// The longest that a mail is tried: a day less than the outbox keeps it, so that the table never
/// drops one in silence.
const LONGEST: SignedDuration = SignedDuration::from_hours(6 * 24);

/// The wait after a first failure; it doubles.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(2);

/// No wait is longer: what an operator repaired goes out within the hour.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(60);

/// Why a mail never goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFailure {
    /// The mail service refused it for good, in this word of its own.
    Refused(String),
    /// It was of use to nobody any more: its link was over, or a week was.
    Expired,
    /// What is stored of it cannot be read.
    Unreadable,
}

impl MailFailure {
    /// Its name in the table, the log and the metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Expired => "expired",
            Self::Unreadable => "unreadable",
        }
    }

    /// The mail service's word for it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(code) => Some(code),
            Self::Expired | Self::Unreadable => None,
        }
    }
}

/// A mail that is to be tried from an instant on. A mail may be on the list more than once; only
/// its claim decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueMail {
    pub at: Timestamp,
    pub id: MailId,
}

/// When a mail whose `attempt`th attempt failed at `now` is tried again: after 2 minutes, 4, 8, and
/// so on to 60.
#[must_use]
pub fn next_attempt(now: Timestamp, attempt: u32) -> Timestamp {
    let doubled = FIRST_WAIT.checked_mul(1 << attempt.saturating_sub(1).min(5));
    after(now, doubled.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

impl OutboxMail {
    /// From when on it is of use to nobody: its link is over. What tells of something that happened
    /// is of use days later, too; so is the news of a lock that has ended meanwhile.
    #[must_use]
    pub fn useful_until(&self) -> Timestamp {
        let longest = after(self.created_at, LONGEST);
        let link = match &self.message {
            MailRequest::VerifyEmail { valid_for, .. }
            | MailRequest::ConfirmNewEmail { valid_for, .. }
            | MailRequest::ResetPassword { valid_for, .. }
            | MailRequest::JoinOrganization { valid_for, .. }
            | MailRequest::Invitation { valid_for, .. } => after(self.created_at, *valid_for),
            MailRequest::AccountLocked { .. }
            | MailRequest::AccountDeleted { .. }
            | MailRequest::PasswordChanged { .. }
            | MailRequest::EmailChangeRequested { .. }
            | MailRequest::EmailChanged { .. }
            | MailRequest::EmailChangeUndone { .. }
            | MailRequest::ApiKeyCreated { .. }
            | MailRequest::ApiKeyRotated { .. }
            | MailRequest::ApiKeyEnds { .. }
            | MailRequest::SessionEndedForReuse { .. } => longest,
        };
        link.min(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        account::Email, clock::from_millis, ids::Id, secret_key::KeyId, token::TokenSeed,
    };

    fn mail(message: MailRequest) -> OutboxMail {
        OutboxMail {
            id: Id::from_bytes([7; 16]),
            to: Email::parse("ada@example.com").unwrap(),
            username: None,
            message,
            language: None,
            asked_by: None,
            created_at: from_millis(0).unwrap(),
        }
    }

    #[test]
    fn waits_double_up_to_an_hour() {
        let now = from_millis(0).unwrap();
        let waits = [0, 1, 2, 3, 4, 5, 6, 7, u32::MAX]
            .map(|attempt| next_attempt(now, attempt).as_second());
        assert_eq!(waits.map(|seconds| seconds / 60), [2, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn a_mail_is_of_use_as_long_as_its_link_and_a_notice_for_days() {
        let hours = |message| mail(message).useful_until().as_second() / 3600;
        let valid_for = SignedDuration::from_hours(24);
        let seed = TokenSeed { key: KeyId::BEFORE_IDS, nonce: [0; 32] };
        assert_eq!(hours(MailRequest::VerifyEmail { again: false, valid_for }), 24);
        assert_eq!(hours(MailRequest::PasswordChanged { at: Timestamp::UNIX_EPOCH }), 6 * 24);
        let owner = Id::from_bytes([8; 16]);
        let invitation = MailRequest::Invitation {
            owner,
            organization: None,
            seed,
            valid_for: SignedDuration::from_hours(90 * 24),
        };
        assert_eq!(hours(invitation), 6 * 24, "the outbox keeps it for seven days");
        let until = from_millis(900_000).unwrap();
        assert_eq!(hours(MailRequest::AccountLocked { owner, seed, until }), 6 * 24);
    }
}
