use super::{
    scopes::{Networks, Scopes},
    text::{KeyText, SecretHash},
};
use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    code::Code,
    ids::{ApiKeyId, OrganizationId, UserId},
    log_key::LogKey,
    words::Line,
};

/// The most living keys of an owner.
pub const MOST_KEYS: usize = 10;

/// How many days a key lives where nothing is said.
pub const USUAL_DAYS: u16 = 90;

/// How many days a key lives at most.
pub const LONGEST_DAYS: u16 = 365;

/// How often the use of a key is noted.
const NOTE_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// How long before its end its owner is told.
const TOLD_BEFORE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A key as it is kept: its secret is not.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub owner: UserId,
    /// What people call it.
    pub name: Line<100>,
    /// Where it acts.
    pub organization: Code,
    /// That organization's id.
    pub organization_id: Option<OrganizationId>,
    /// When the owner's membership there began, where that may not be the first one: a key of a
    /// membership of before is over.
    pub member_since: Option<Timestamp>,
    pub scopes: Scopes,
    pub networks: Networks,
    pub secret: SecretHash,
    /// The secret of before, while both are good.
    pub former: Option<FormerSecret>,
    /// How many days a secret of it lives.
    pub days: u16,
    /// Who made it.
    pub created_by: UserId,
    /// Who gave it the secret of now.
    pub issued_by: UserId,
    pub created_at: Timestamp,
    /// When its secret was last changed.
    pub rotated_at: Option<Timestamp>,
    /// It is good for nothing from then on.
    pub ends_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// Counts the changes; the condition of every write.
    pub version: u64,
}

/// A secret that was rotated away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerSecret {
    pub secret: SecretHash,
    /// It is good until then.
    pub until: Timestamp,
}

impl ApiKey {
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.ends_at > now
    }

    /// Whether a text is this key, by its secret of now or one that is still good.
    #[must_use]
    pub fn is_proven_by(&self, text: &KeyText, now: Timestamp) -> bool {
        let secret = text.hash();
        let former = self.former.as_ref().filter(|former| former.until > now);
        let is_former = former.is_some_and(|former| former.secret == secret);
        self.id == text.id
            && self.owner == text.owner
            && self.organization_id == text.organization
            && (self.secret == secret || is_former)
    }

    /// The log of where it acts.
    #[must_use]
    pub fn log_key(&self) -> LogKey {
        LogKey::new(&self.organization, self.organization_id)
    }

    /// Whether this use is the first for an hour.
    #[must_use]
    pub fn needs_note(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|at| now.duration_since(at) >= NOTE_EVERY)
    }

    /// The key with another secret, which lives as long as the first one did; that of now is good
    /// for so much longer, but never beyond its own end. One of before that is dead.
    #[must_use]
    pub fn rotated(&self, secret: SecretHash, overlap: SignedDuration, now: Timestamp) -> Self {
        let until = after(now, overlap).min(self.ends_at);
        let former = FormerSecret { secret: self.secret, until };
        Self {
            secret,
            former: Some(former).filter(|former| former.until > now),
            rotated_at: Some(now),
            ends_at: ends_after(now, self.days),
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// When its owner is told that it ends; never of one that lives for a week only.
    #[must_use]
    pub fn reminder(&self) -> Option<DueReminder> {
        let at = after(self.ends_at, -TOLD_BEFORE);
        let made = self.rotated_at.unwrap_or(self.created_at);
        (at > made).then_some(DueReminder { at, owner: self.owner, key: self.id })
    }
}

/// When a secret is over that is made now.
#[must_use]
pub fn ends_after(now: Timestamp, days: u16) -> Timestamp {
    after(now, SignedDuration::from_hours(i64::from(days) * 24))
}

/// That the owner of a key is to be told of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueReminder {
    pub at: Timestamp,
    pub owner: UserId,
    pub key: ApiKeyId,
}

/// The keys of an owner.
#[derive(Debug, Clone, Default)]
pub struct OwnedKeys {
    /// All that are kept, those that are over among them; in no order.
    pub keys: Vec<ApiKey>,
    /// Counts the changes of the list.
    pub version: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{account::UserKind, clock::from_millis, ids::Id};

    fn hours(hours: i64) -> Timestamp {
        from_millis(hours * 3_600_000).unwrap()
    }

    fn text(secret: u8) -> KeyText {
        let (owner, id) = (Id::from_bytes([1; 16]), Id::from_bytes([2; 16]));
        let organization = Some(Id::from_bytes([3; 16]));
        KeyText { kind: UserKind::Human, owner, id, organization, secret: [secret; 32] }
    }

    fn key(days: u16) -> ApiKey {
        let KeyText { owner, id, organization, .. } = text(1);
        ApiKey {
            id,
            owner,
            name: Line::parse("CI").unwrap(),
            organization: Code::known("ACME"),
            organization_id: organization,
            member_since: None,
            scopes: Scopes::new(vec![Code::known("pid.read")]).unwrap(),
            networks: Networks::default(),
            secret: text(1).hash(),
            former: None,
            days,
            created_by: owner,
            issued_by: owner,
            created_at: hours(0),
            rotated_at: None,
            ends_at: ends_after(hours(0), days),
            last_used_at: None,
            version: 1,
        }
    }

    #[test]
    fn two_secrets_live_while_rotating_and_never_three() {
        let day = SignedDuration::from_hours(24);
        let second = key(2).rotated(text(2).hash(), day, hours(1));
        let good = |key: &ApiKey, at| [1, 2, 3].map(|n| key.is_proven_by(&text(n), hours(at)));
        assert_eq!(good(&second, 24), [true, true, false]);
        assert_eq!(good(&second, 25), [false, true, false]);
        assert_eq!((second.ends_at, second.version), (hours(49), 2));
        let third = second.rotated(text(3).hash(), day, hours(2));
        assert_eq!(good(&third, 2), [false, true, true]);
        assert_eq!(
            good(&third.rotated(text(1).hash(), SignedDuration::ZERO, hours(3)), 3),
            [true, false, false]
        );
        let week = SignedDuration::from_hours(7 * 24);
        let late = key(2).rotated(text(2).hash(), week, hours(47));
        assert_eq!(good(&late, 48), [false, true, false], "no secret outlives its own end");
        for wrong in [
            KeyText { owner: Id::from_bytes([9; 16]), ..text(1) },
            KeyText { id: Id::from_bytes([9; 16]), ..text(1) },
            KeyText { organization: None, ..text(1) },
        ] {
            assert!(!key(2).is_proven_by(&wrong, hours(0)));
        }
    }

    #[test]
    fn an_owner_is_told_a_week_before_the_end_if_there_is_a_week() {
        assert_eq!(key(7).reminder(), None);
        assert_eq!(key(8).reminder().unwrap().at, hours(24));
        let rotated = key(8).rotated(text(2).hash(), SignedDuration::ZERO, hours(24));
        assert_eq!(rotated.reminder().unwrap().at, hours(48));
    }

    #[test]
    fn a_use_is_noted_once_an_hour() {
        let used = ApiKey { last_used_at: Some(hours(5)), ..key(9) };
        assert!(key(9).needs_note(hours(0)) && used.needs_note(hours(6)));
        assert!(!used.needs_note(from_millis(6 * 3_600_000 - 1).unwrap()));
    }
}
