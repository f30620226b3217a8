use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use rolecall_domain::{
    account::Email,
    activity::PendingEvents,
    clock::{SignedDuration, Timestamp, after, from_millis},
    ids::MailId,
    mail::{DueMail, LateLine, MailFailure, MailedReply},
    ports::{Claim, Outbox, StoreError},
};

use super::update::Updated;
use crate::{
    items::{DueMailItem, OutboxItem, V, enclose},
    keys::{self, Key},
    store::{Item, Store, from_item, number, text},
};

/// That a mail waits: it is there, was not sent, and is not given up.
const WAITS: &str =
    "attribute_exists(PK) AND attribute_not_exists(sent_at) AND attribute_not_exists(failed_at)";

impl Outbox for Store {
    async fn claim_mail(
        &self,
        id: MailId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError> {
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression("SET claimed_until = :until REMOVE enclosed ADD claims :one")
            .condition_expression(format!(
                "{WAITS} AND (attribute_not_exists(claimed_until) OR claimed_until <= :now) AND \
                (attribute_not_exists(next_attempt_at) OR next_attempt_at <= :now)"
            ))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .return_values(ReturnValue::AllNew);
        match self.send_update(update).await? {
            Updated::Done(Some(item)) => {
                let item = from_item::<OutboxItem>(item)?;
                let (attempt, is_admitted) = (item.claims(), item.is_admitted());
                Ok(Claim::Mine { attempt, is_admitted, mail: Box::new(item.try_into()?) })
            }
            Updated::Done(None) => Err(StoreError::Broken("an update answered no item".to_owned())),
            Updated::Refused(Some(item)) => why_not(&item, now),
            Updated::Refused(None) => Ok(Claim::Done),
        }
    }

    async fn mark_mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::outbox(id))
            // Whose it was, and what it said, is nobody's any more.
            .update_expression("SET sent_at = :now REMOVE claimed_until, next_attempt_at, mail")
            .condition_expression(WAITS)
            .expression_attribute_values(":now", number(now.as_millisecond()));
        self.send_update(update).await.map(drop)
    }

    async fn mark_mail_failed(
        &self,
        id: MailId,
        failure: &MailFailure,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let reason = match failure.code() {
            Some(code) => format!("{}: {code}", failure.as_str()),
            None => failure.as_str().to_owned(),
        };
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression(
                "SET failed_at = :now, reason = :reason, enclosed = :enclosed \
                REMOVE claimed_until, next_attempt_at",
            )
            .condition_expression(WAITS)
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":reason", text(reason))
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?));
        Ok(matches!(self.send_update(update).await?, Updated::Done(_)))
    }

    async fn release_mail(
        &self,
        id: MailId,
        attempt: u32,
        next: Timestamp,
        is_admitted: bool,
    ) -> Result<(), StoreError> {
        // The count of claims tells whose claim it is.
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression(
                "SET next_attempt_at = :next, admitted = :admitted REMOVE claimed_until",
            )
            .condition_expression(format!("{WAITS} AND claims = :attempt"))
            .expression_attribute_values(":admitted", AttributeValue::Bool(is_admitted))
            .expression_attribute_values(":attempt", number(attempt))
            .expression_attribute_values(":next", number(next.as_millisecond()));
        self.send_update(update).await.map(drop)
    }

    async fn start_late_line(
        &self,
        to: &Email,
        reply: MailedReply,
        id: MailId,
        now: Timestamp,
        next: Timestamp,
    ) -> Result<Option<LateLine>, StoreError> {
        let update = self
            .update_item(&late_line(to))
            .update_expression(
                "SET entity = :entity, v = :v, expires_at = :over, free_at = :next, at_once = :id",
            )
            .condition_expression("attribute_not_exists(free_at) OR free_at <= :now")
            .expression_attribute_values(":entity", text("limit"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":over", number(after(next, LINE_KEPT).as_second()))
            .expression_attribute_values(":next", number(next.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":id", text(id.to_string()));
        match self.send_update(update).await? {
            Updated::Done(_) => Ok(None),
            Updated::Refused(Some(item)) => line_of(&item, reply).map(Some),
            Updated::Refused(None) => {
                Err(StoreError::Broken("a line was refused for no reason".to_owned()))
            }
        }
    }

    async fn take_late_place(
        &self,
        to: &Email,
        reply: MailedReply,
        id: MailId,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<bool, StoreError> {
        let [placed, due] = place_of(reply);
        let update = self
            .update_item(&late_line(to))
            .update_expression("SET expires_at = :over, free_at = :next, #placed = :id, #due = :at")
            .condition_expression("free_at = :at")
            .expression_attribute_names("#placed", placed)
            .expression_attribute_names("#due", due)
            .expression_attribute_values(":over", number(after(next, LINE_KEPT).as_second()))
            .expression_attribute_values(":next", number(next.as_millisecond()))
            .expression_attribute_values(":at", number(at.as_millisecond()))
            .expression_attribute_values(":id", text(id.to_string()));
        match self.send_update(update).await? {
            Updated::Done(_) => Ok(true),
            // Sent a second time after a lost answer, it finds itself.
            Updated::Refused(Some(item)) => {
                Ok(line_of(&item, reply)?.placed.is_some_and(|(one, due)| one == id && due == at))
            }
            Updated::Refused(None) => Ok(false),
        }
    }

    async fn list_due_mail(&self, due: DueMail) -> Result<(), StoreError> {
        self.put_over(&DueMailItem::new(due)).await
    }

    async fn due_mails(
        &self,
        now: Timestamp,
        after: Option<DueMail>,
        limit: usize,
    ) -> Result<Vec<DueMail>, StoreError> {
        let found = self.due(keys::DUE_MAILS, now, after.map(keys::due_mail), limit).await?;
        Ok(found.iter().filter_map(|sort_key| keys::due_mail_of(sort_key)).collect())
    }

    async fn forget_due_mail(&self, due: DueMail) -> Result<(), StoreError> {
        self.delete_item(&keys::due_mail(due)).await
    }
}

/// How long the line of an address is kept once nobody is in it.
const LINE_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// The line of mails to an address that is over its bound: one, without a period.
fn late_line(to: &Email) -> Key {
    keys::limit("late-mail", to.key(), Timestamp::UNIX_EPOCH)
}

/// The attributes of the line that say which mail of a kind has a place, and when it is due.
fn place_of(reply: MailedReply) -> [String; 2] {
    [format!("{}_mail", reply.as_str()), format!("{}_due_at", reply.as_str())]
}

fn line_of(item: &Item, reply: MailedReply) -> Result<LateLine, StoreError> {
    let instant = |name: &str| from_millis(item.get(name)?.as_n().ok()?.parse().ok()?);
    let mail = |name: &str| item.get(name)?.as_s().ok()?.parse().ok();
    let [placed, due] = place_of(reply);
    Ok(LateLine {
        free_at: instant("free_at")
            .ok_or_else(|| StoreError::Broken("a line has no next place".to_owned()))?,
        at_once: mail("at_once"),
        placed: mail(&placed).zip(instant(&due)),
    })
}

/// Why the mail of this item cannot be claimed.
fn why_not(item: &Item, now: Timestamp) -> Result<Claim, StoreError> {
    let later = |name: &str| -> Option<Timestamp> {
        let at = from_millis(item.get(name)?.as_n().ok()?.parse().ok()?);
        at.filter(|at| *at > now)
    };
    if item.contains_key("sent_at") || item.contains_key("failed_at") {
        return Ok(Claim::Done);
    }
    if let Some(until) = later("claimed_until") {
        return Ok(Claim::Busy { until });
    }
    let waits = later("next_attempt_at").map(|_| Claim::Waiting);
    waits.ok_or_else(|| StoreError::Broken("a mail's times cannot be read".to_owned()))
}
