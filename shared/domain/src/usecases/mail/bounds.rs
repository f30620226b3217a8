//! How much mail goes out that anybody may ask for by typing an address, and when the rest does.

use crate::{
    model::{
        client::Network,
        clock::{SignedDuration, Timestamp, after, start_of},
        mail::{LatePlace, MailedReply, OutboxMail, next_late_mail},
        throttle::Rule,
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// The period of all bounds.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Mail of a network waits for room in so many hours to come: a lecture hall that signs up at once
/// gets all of its mail, and a flood has at most so much of it on the list of due mails.
const NETWORK_HOURS: u32 = 3;

/// Mail of all networks waits for room in so many: as long as a link works by default.
const STACK_HOURS: u32 = 24;

/// So often a place in the line of an address is tried for that somebody else was faster at.
const ATTEMPTS: usize = 10;

/// Whether and when a mail goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// From then on; it is let through.
    At(Timestamp),
    /// Another mail goes out in its place.
    Covered,
    /// Never: there is no room while it is of use.
    Full,
}

/// Counts a mail to an address that somebody typed, and says when it may go out. Nobody but its
/// owner can tell.
///
/// What one network, and what all together may have mailed in an hour is bounded; what is over it
/// has its place in the next hour with room. One network has half of what an address gets in an
/// hour, so that strangers leave the rest to its owner. When all of it is used up, one mail in
/// twenty minutes goes out, and one of a kind waits for that and serves all who ask meanwhile.
pub(super) async fn admission(
    ports: &Ports<impl Store, impl Crypto>,
    mail: &OutboxMail,
    reply: MailedReply,
) -> Result<Admission, StoreError> {
    let bounds = Bounds { ports, mail };
    let (now, to) = (ports.clock.now(), mail.to.key());
    let network = mail.asked_by.as_ref().map(Network::as_str).unwrap_or_default();
    let Some(after_network) = bounds.room(Rule::NetworkMails, network, now, NETWORK_HOURS).await?
    else {
        return Ok(Admission::Full);
    };
    let Some(at) = bounds.room(Rule::StackMails, "all", after_network, STACK_HOURS).await? else {
        return Ok(Admission::Full);
    };
    let hour = start_of(at, HOUR);
    let share = format!("{to} {network}");
    if bounds.is_within(Rule::MailShare, &share, hour).await?
        && bounds.is_within(Rule::Mails, to, hour).await?
    {
        return Ok(Admission::At(at));
    }
    // A place of a network that has to wait itself would make others of the address wait with it.
    if after_network > now {
        return Ok(Admission::Full);
    }
    Ok(match bounds.late(reply, now).await? {
        Admission::At(late) => Admission::At(late.max(at)),
        other => other,
    })
}

struct Bounds<'a, S, C> {
    ports: &'a Ports<S, C>,
    mail: &'a OutboxMail,
}

impl<S: Store, C: Crypto> Bounds<'_, S, C> {
    /// Counts one: whether it is within a rule in the period that begins at `window`.
    async fn is_within(
        &self,
        rule: Rule,
        whose: &str,
        window: Timestamp,
    ) -> Result<bool, StoreError> {
        let counted = self.ports.store.count_use(rule, whose, window).await?;
        Ok(counted <= rule.most(&self.ports.settings))
    }

    /// Takes a place in the first hour from `from` on that has room, of this one and `hours` to
    /// come, while the mail is of use.
    async fn room(
        &self,
        rule: Rule,
        whose: &str,
        from: Timestamp,
        hours: u32,
    ) -> Result<Option<Timestamp>, StoreError> {
        let mut window = start_of(from, HOUR);
        for _ in 0..=hours {
            let at = window.max(from);
            if at >= self.mail.useful_until() {
                break;
            }
            if self.is_within(rule, whose, window).await? {
                return Ok(Some(at));
            }
            window = after(window, HOUR);
        }
        Ok(None)
    }

    /// Takes a place in the line of the address.
    async fn late(&self, reply: MailedReply, now: Timestamp) -> Result<Admission, StoreError> {
        let (store, to, id) = (&self.ports.store, &self.mail.to, self.mail.id);
        for _ in 0..ATTEMPTS {
            let next = next_late_mail(now);
            let Some(line) = store.start_late_line(to, reply, id, now, next).await? else {
                return Ok(Admission::At(now));
            };
            match line.place(id, reply, now) {
                LatePlace::Now => return Ok(Admission::At(now)),
                LatePlace::At(at) => return Ok(Admission::At(at)),
                LatePlace::Covered => return Ok(Admission::Covered),
                LatePlace::Full => return Ok(Admission::Full),
                LatePlace::Free(at) if at >= self.mail.useful_until() => {
                    return Ok(Admission::Full);
                }
                LatePlace::Free(at) => {
                    if store.take_late_place(to, reply, id, at, next_late_mail(at)).await? {
                        return Ok(Admission::At(at));
                    }
                }
            }
        }
        Err(StoreError::Unavailable("the line of an address changed too often".into()))
    }
}
