use super::types::Session;
use crate::model::clock::{SignedDuration, Timestamp};

/// How long a used token gives its successor again while that is not in use: an answer was lost.
const LOST_ANSWER: SignedDuration = SignedDuration::from_secs(60);

/// What a token that is not the live one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// A lost race, another tab or a lost answer: the same successor again.
    SameSuccessor,
    /// A used token came back (RFC 9700 §4.14.2).
    Theft,
    /// The session is over, or the token was never given out.
    Dead,
}

/// Judges a token of generation `presented` that did not move the counter of `session`.
///
/// Only the live token's predecessor is ever forgiven, so a successor that was refreshed itself is
/// given to nobody again. Within `grace` of the first use it does not matter whether the successor
/// is in use.
#[must_use]
pub fn replay(session: &Session, presented: u32, grace: SignedDuration, now: Timestamp) -> Replay {
    if !session.is_alive(now) || presented >= session.generation {
        return Replay::Dead;
    }
    let is_predecessor = presented.checked_add(1) == Some(session.generation);
    let is_unused = session.access_used_generation < session.generation;
    let age = now.duration_since(session.rotated_at);
    let is_another_tab = !grace.is_zero() && age <= grace;
    let is_lost_answer = is_unused && age <= LOST_ANSWER;
    if is_predecessor && (is_another_tab || is_lost_answer) {
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
            organization_id: None,
            member_since: None,
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
        fn the_same_successor_for_the_last_token_within_the_grace_or_unused_within_a_minute(
            generation in 0u32..5, presented in 0u32..6, used in 0u32..5, millis in 0i64..120_000,
                grace in 0i64..=60, ended in any::<bool>(),
        ) {
            let mut session = session(generation, used.min(generation));
            let now = session.rotated_at + SignedDuration::from_millis(millis);
            session.ended_at = ended.then_some(now);
            let verdict = replay(&session, presented, SignedDuration::from_secs(grace), now);
            let is_unused = used < generation;
            let kept = !ended
                && presented + 1 == generation
                && ((grace > 0 && millis <= grace * 1000) || (is_unused && millis <= 60_000));
            prop_assert_eq!(verdict == Replay::SameSuccessor, kept);
            prop_assert_eq!(verdict == Replay::Dead, ended || presented >= generation);
        }

        #[test]
        fn time_and_use_never_turn_theft_into_a_successor(
            generation in 1u32..5, presented in 0u32..5, millis in 0i64..120_000,
                more in 0i64..120_000, grace in 0i64..=60,
        ) {
            let grace = SignedDuration::from_secs(grace);
            let (unused, used) = (session(generation, 0), session(generation, generation));
            let now = unused.rotated_at + SignedDuration::from_millis(millis);
            let later = now + SignedDuration::from_millis(more);
            if replay(&unused, presented, grace, now) == Replay::Theft {
                prop_assert_eq!(replay(&unused, presented, grace, later), Replay::Theft);
                prop_assert_eq!(replay(&used, presented, grace, now), Replay::Theft);
            }
        }
    }
}
