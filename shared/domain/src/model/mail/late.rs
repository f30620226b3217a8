//! The line of mails to an address that is over its bound: one goes out in twenty minutes.

use super::reply::MailedReply;
use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    ids::MailId,
};

/// The time from one to the next.
const EVERY: SignedDuration = SignedDuration::from_mins(20);

/// Nobody stands in line behind so much of it whose mail no other one can take the place of.
const LONGEST: SignedDuration = SignedDuration::from_mins(60);

/// The line, as a mail of one kind finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateLine {
    /// When the next place is free.
    pub free_at: Timestamp,
    /// The mail that last found it empty and went out at once.
    pub at_once: Option<MailId>,
    /// The mail of this kind that took a place last, and when it is due.
    pub placed: Option<(MailId, Timestamp)>,
}

/// What becomes of a mail that comes to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatePlace {
    /// It goes out now.
    Now,
    /// It has its place already, and is due then.
    At(Timestamp),
    /// The next place is free; nobody has it yet.
    Free(Timestamp),
    /// Another one goes out in its place, and serves whoever asked for it.
    Covered,
    /// The line is too long.
    Full,
}

impl LateLine {
    /// The place of mail `id`, whose reply is `reply`. Again is the same place.
    ///
    /// One mail of a kind waits and serves all who ask meanwhile: a verification link is good for
    /// every sign-up of the address. A confirmation link is one account's alone, so each has a
    /// place of its own, in a line of an hour.
    #[must_use]
    pub fn place(&self, id: MailId, reply: MailedReply, now: Timestamp) -> LatePlace {
        if self.at_once == Some(id) {
            return LatePlace::Now;
        }
        let is_own = reply == MailedReply::ConfirmationLink;
        match self.placed {
            Some((one, at)) if one == id => LatePlace::At(at),
            Some((_, at)) if at > now && !is_own => LatePlace::Covered,
            _ if is_own && self.free_at > after(now, LONGEST) => LatePlace::Full,
            _ => LatePlace::Free(self.free_at),
        }
    }
}

/// When the next place is free once one was taken that is due at `at`.
#[must_use]
pub fn next_late_mail(at: Timestamp) -> Timestamp {
    after(at, EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{clock::from_millis, ids::Id};

    fn minute(minute: i64) -> Timestamp {
        from_millis(minute * 60_000).unwrap()
    }

    fn mail(number: u8) -> MailId {
        Id::from_bytes([number; 16])
    }

    /// Mails come at these minutes with these replies; where each is placed.
    fn placed(mails: &[(i64, MailedReply)]) -> Vec<LatePlace> {
        let mut line: Option<(Timestamp, MailId)> = None;
        let mut places: Vec<(MailedReply, MailId, Timestamp)> = Vec::new();
        let mut answers = Vec::new();
        for (number, (at, reply)) in (0..).zip(mails) {
            let (now, id) = (minute(*at), mail(number));
            let Some((free_at, at_once)) = line.filter(|(free_at, _)| *free_at > now) else {
                line = Some((next_late_mail(now), id));
                answers.push(LatePlace::Now);
                continue;
            };
            let placed = places.iter().rev().find(|(one, ..)| one == reply);
            let placed = placed.map(|(_, id, at)| (*id, *at));
            let found = LateLine { free_at, at_once: Some(at_once), placed };
            let place = found.place(id, *reply, now);
            if let LatePlace::Free(at) = place {
                line = Some((next_late_mail(at), at_once));
                places.push((*reply, id, at));
            }
            answers.push(place);
        }
        answers
    }

    #[test]
    fn one_goes_at_once_one_waits_and_serves_the_others_and_so_on_every_twenty_minutes() {
        use LatePlace::{Covered, Free, Now};
        let verification = |at| (at, MailedReply::VerificationLink);
        assert_eq!(
            placed(&[0, 1, 2, 19, 20, 21, 39, 45, 60, 100].map(verification)),
            [
                Now,
                Free(minute(20)),
                Covered,
                Covered,
                Free(minute(40)),
                Covered,
                Covered,
                Free(minute(60)),
                Free(minute(80)),
                Now,
            ]
        );
    }

    #[test]
    fn kinds_do_not_take_each_others_place_and_all_of_them_share_the_line() {
        use LatePlace::{Covered, Free, Full, Now};
        use MailedReply::{AlreadyRegistered, ConfirmationLink, VerificationLink};
        let mails = [
            (0, VerificationLink),
            (0, VerificationLink),
            (1, ConfirmationLink),
            (1, ConfirmationLink),
            (1, ConfirmationLink),
            (1, AlreadyRegistered),
            (2, VerificationLink),
            (2, AlreadyRegistered),
        ];
        assert_eq!(
            placed(&mails),
            [
                Now,
                Free(minute(20)),
                Free(minute(40)),
                Free(minute(60)),
                Full,
                Free(minute(80)),
                Covered,
                Covered,
            ]
        );
    }

    #[test]
    fn whoever_asks_again_has_the_same_place() {
        let reply = MailedReply::VerificationLink;
        let line = LateLine {
            free_at: minute(40),
            at_once: Some(mail(1)),
            placed: Some((mail(2), minute(20))),
        };
        assert_eq!(line.place(mail(1), reply, minute(1)), LatePlace::Now);
        assert_eq!(line.place(mail(2), reply, minute(1)), LatePlace::At(minute(20)));
        assert_eq!(line.place(mail(2), reply, minute(30)), LatePlace::At(minute(20)));
        assert_eq!(line.place(mail(3), reply, minute(19)), LatePlace::Covered);
        assert_eq!(line.place(mail(3), reply, minute(20)), LatePlace::Free(minute(40)));
    }
}
