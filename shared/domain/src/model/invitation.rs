//! Invitations into organizations.

use crate::model::{
    account::{Email, PersonName},
    activity::LoggedUser,
    clock::{SignedDuration, Timestamp, after},
    code::Code,
    ids::{InvitationId, UserId},
    organization::{LogKey, Member, MembershipStatus},
    token::TokenHash,
    words::Line,
};

/// What somebody is invited to, as the inviter says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationOrder {
    pub email: Email,
    /// The roles that they are to have, at most [`MOST_INVITED_ROLES`].
    pub roles: Vec<Code>,
    pub employee_id: Option<Line<64>>,
    pub department: Option<Line<100>>,
    pub job_title: Option<Line<100>>,
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
}

/// So many roles at most come with an invitation.
pub const MOST_INVITED_ROLES: usize = 20;

/// An invitation of an address into an organization. Whoever accepts it becomes a member, with or
/// without an account before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub organization: Code,
    /// The organization, for good.
    pub log: LogKey,
    pub order: InvitationOrder,
    /// Whose rights it stands on, then and when it is accepted.
    pub invited_by: LoggedUser,
    /// The token of the link that was mailed last.
    pub token: TokenHash,
    pub made_at: Timestamp,
    /// It is good until then.
    pub ends_at: Timestamp,
    /// When its link was mailed, the last three times.
    pub mailed: Vec<Timestamp>,
    /// Counts the changes.
    pub version: u64,
}

/// Three mails of an invitation an hour.
const MOST_MAILS: usize = 3;
const MAIL_PERIOD: SignedDuration = SignedDuration::from_hours(1);

/// The same invitation within this time is one sent twice.
const SAME: SignedDuration = SignedDuration::from_mins(10);

impl Invitation {
    /// Whether it can be accepted, as far as it says itself.
    #[must_use]
    pub fn is_good(&self, now: Timestamp, ended_before: Option<Timestamp>) -> bool {
        now < self.ends_at && ended_before.is_none_or(|end| self.made_at > end)
    }

    /// Whether somebody sent the same order a moment ago.
    #[must_use]
    pub fn is_same(&self, order: &InvitationOrder, by: Option<UserId>, now: Timestamp) -> bool {
        self.order == *order
            && by == Some(self.invited_by.id)
            && now < after(self.made_at, SAME).min(self.ends_at)
    }

    /// From when on another mail may go out.
    #[must_use]
    pub fn mailed_again_from(&self) -> Timestamp {
        match self.mailed.len().checked_sub(MOST_MAILS).and_then(|first| self.mailed.get(first)) {
            Some(third) => after(*third, MAIL_PERIOD),
            None => Timestamp::MIN,
        }
    }

    /// With one mail more.
    #[must_use]
    pub fn with_mail(mut self, at: Timestamp) -> Self {
        self.mailed.push(at);
        let beyond = self.mailed.len().saturating_sub(MOST_MAILS);
        self.mailed.drain(..beyond);
        self
    }

    /// What people see of the membership that it makes.
    #[must_use]
    pub fn member(&self, user: UserId, now: Timestamp) -> Member {
        let InvitationOrder { employee_id, department, job_title, .. } = self.order.clone();
        let member = Member::new(self.organization.clone(), user, MembershipStatus::Active, now);
        Member { employee_id, department, job_title, ..member }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{clock::from_millis, ids::Id};

    fn at(minute: i64) -> Timestamp {
        from_millis(minute * 60_000).unwrap()
    }

    fn invitation() -> Invitation {
        Invitation {
            id: Id::from_bytes([7; 16]),
            organization: Code::known("ACME"),
            log: LogKey::from_stored("ACME"),
            order: InvitationOrder {
                email: Email::parse("grace@example.com").unwrap(),
                roles: Vec::new(),
                employee_id: None,
                department: None,
                job_title: None,
                first_name: None,
                last_name: None,
            },
            invited_by: UserId::from_bytes([8; 16]).into(),
            token: TokenHash::from_stored("t".to_owned()),
            made_at: at(0),
            ends_at: at(7 * 24 * 60),
            mailed: Vec::new(),
            version: 1,
        }
    }

    proptest! {
        #[test]
        fn no_more_than_three_mails_go_out_in_any_hour(
            waits in proptest::collection::vec(0_i64..40, 1..60),
        ) {
            let (mut one, mut minute, mut sent) = (invitation(), 0, Vec::new());
            for wait in waits {
                minute += wait;
                if one.mailed_again_from() <= at(minute) {
                    one = one.with_mail(at(minute));
                    sent.push(minute);
                }
            }
            prop_assert!(one.mailed.len() <= MOST_MAILS);
            prop_assert!(sent.windows(4).all(|four| four[3] - four[0] >= 60), "{sent:?}");
        }
    }

    #[test]
    fn the_same_order_is_one_sent_twice_for_ten_minutes_and_of_one_inviter() {
        let one = invitation();
        let (order, by) = (one.order.clone(), Some(one.invited_by.id));
        assert!(one.is_same(&order, by, at(9)));
        assert!(!one.is_same(&order, by, at(10)));
        assert!(!one.is_same(&order, Some(UserId::from_bytes([9; 16])), at(9)));
        assert!(!one.is_same(&order, None, at(9)));
        let other = InvitationOrder { department: Some(Line::parse("Art").unwrap()), ..order };
        assert!(!one.is_same(&other, by, at(9)));
    }

    #[test]
    fn it_is_good_until_its_end_and_not_from_before_everybody_was_signed_out() {
        let one = invitation();
        assert!(one.is_good(at(0), None) && !one.is_good(one.ends_at, None));
        assert!(!one.is_good(at(1), Some(at(0))) && one.is_good(at(1), Some(at(-1))));
    }
}
