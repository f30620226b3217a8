//! Limits a route and network: how often it may fail, sign up, or ask for mail, in a minute; and
//! how much mail an address gets that strangers can ask for.
//!
//! Counted in the table, so that all instances of a function count together, and beside the
//! request, so that counting costs no round trip. An instance that learns that a network is over
//! its limit turns it away until the minute is over, before anything is read or hashed.

use crate::{
    model::{
        activity::Activity,
        client::{Client, Network},
        clock::{SignedDuration, after, start_of as window},
        event::Event,
        mail::OutboxMail,
        throttle::{Rule, TooMany},
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// The period of a network's limits.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// The period of an address's limit.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The period in which one mail goes out to an address that is over its limit.
const LATE: SignedDuration = SignedDuration::from_mins(20);

/// Refuses a network that is known to be over its limit.
pub fn check(
    ports: &Ports<impl Store, impl Crypto>,
    rule: Rule,
    client: &Client,
) -> Result<(), TooMany> {
    let now = ports.clock.now();
    match ports.blocked.until(rule, &client.network()) {
        Some(until) if until > now => Err(TooMany(until.duration_since(now))),
        _ => Ok(()),
    }
}

/// Counts one; the first one over the limit is recorded.
pub async fn count(
    ports: &Ports<impl Store, impl Crypto>,
    rule: Rule,
    client: &Client,
) -> Result<Option<TooMany>, StoreError> {
    let (now, network) = (ports.clock.now(), client.network());
    let window = window(now, MINUTE);
    let (counted, most) =
        (ports.store.count_use(rule, network.as_str(), window).await?, rule.most(&ports.settings));
    if counted <= most {
        return Ok(None);
    }
    let until = after(window, MINUTE);
    ports.blocked.set(rule, network, until);
    if counted == most + 1 {
        let activity = Activity::new(ports, Event::RateLimit, client)
            .with("limit", rule.as_str())
            .with("most", most);
        ports.store.record(&activity).await?;
    }
    Ok(Some(TooMany(until.duration_since(now))))
}

/// Counts a mail to an address that somebody typed: whether it may go out. Nobody but its owner can
/// tell.
///
/// One network has half of what an address gets in an hour, so that strangers leave the rest to its
/// owner; when all of it is used up, one mail in twenty minutes still goes out, and its link serves
/// every sign-up that waits. What one network, and what all together may have mailed in an hour is
/// bounded, too.
pub(crate) async fn may_mail(
    ports: &Ports<impl Store, impl Crypto>,
    mail: &OutboxMail,
) -> Result<bool, StoreError> {
    let (now, to) = (ports.clock.now(), mail.to.key());
    let network = mail.asked_by.as_ref().map(Network::as_str).unwrap_or_default();
    let hour = window(now, HOUR);
    let within = async |rule: Rule, whose: &str, window| {
        let counted = ports.store.count_use(rule, whose, window).await?;
        Ok::<_, StoreError>(counted <= rule.most(&ports.settings))
    };
    let is_within_share = within(Rule::MailShare, &format!("{to} {network}"), hour).await?;
    let is_within = is_within_share && within(Rule::Mails, to, hour).await?;
    if !is_within && !within(Rule::LateMail, to, window(now, LATE)).await? {
        return Ok(false);
    }
    Ok(within(Rule::NetworkMails, network, hour).await?
        && within(Rule::StackMails, "all", hour).await?)
}
