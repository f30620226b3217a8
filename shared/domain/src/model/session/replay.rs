use super::types::Session;
use crate::model::clock::{SignedDuration, Timestamp};

/// How long a used token still gives the successor that it gave before.
const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// What a token that is not the live one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// A lost race or a lost answer: the same successor again.
    SameSuccessor,
    /// A used token came back (RFC 9700 §4.14.2).
    Theft,
    /// The session is over, or the token was never given out.
    Dead,
}

/// Judges a token of generation `presented` that did not move the counter of `session`.
#[must_use]
pub fn replay(session: &Session, presented: u32, now: Timestamp) -> Replay {
    if !session.is_alive(now) || presented >= session.generation {
        return Replay::Dead;
    }
    let is_predecessor = presented.checked_add(1) == Some(session.generation);
    let successor_is_unused = session.access_used_generation < session.generation;
    if is_predecessor && successor_is_unused && now.duration_since(session.rotated_at) <= GRACE {
        Replay::SameSuccessor
    } else {
        Replay::Theft
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::ids::SessionId;
    use crate::model::ids::UserId;
    use crate::model::{client::Client, clock::from_millis};

    fn session(generation: u32, access_used_generation: u32) -> Session {
        let start = from_millis(1_800_000_000_000).unwrap();
        Session {
            id: SessionId::from_bytes([1; 16]),
            user_id: UserId::from_bytes([2; 16]),
            organization: None,
            epoch: 0,
            generation,
            rotated_at: start,
            access_used_generation,
            refresh_expires_at: start + SignedDuration::from_hours(168),
            ends_at: start + SignedDuration::from_hours(720),
            ended_at: None,
            created_at: start,
            last_activity: start,
            client: Client::default(),
            page: None,
        }
    }

    proptest! {
        #[test]
        fn the_same_successor_only_for_the_last_token_unused_within_a_minute(
            generation in 0u32..5, presented in 0u32..6, used in 0u32..5, millis in 0i64..120_000,
                ended in any::<bool>(),
        ) {
            let mut session = session(generation, used.min(generation));
            let now = session.rotated_at + SignedDuration::from_millis(millis);
            session.ended_at = ended.then_some(now);
            let verdict = replay(&session, presented, now);
            let kept =
                !ended && presented + 1 == generation && used < generation && millis <= 60_000;
            prop_assert_eq!(verdict == Replay::SameSuccessor, kept);
            prop_assert_eq!(verdict == Replay::Dead, ended || presented >= generation);
        }
    }
}
