use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue};
use rolecall_domain::{
    activity::PendingEvents,
    clock::{Timestamp, from_millis},
    ids::MailId,
    mail::{DueMail, MailFailure},
    ports::{Claim, Outbox, StoreError},
};

use super::update::Updated;
use crate::{
    items::{DueMailItem, OutboxItem, enclose},
    keys,
    store::{Item, Store, from_item, number, store_error, text, units},
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
                Ok(Claim::Mine { attempt: item.claims(), mail: Box::new(item.try_into()?) })
            }
            Updated::Done(None) => Err(StoreError::Broken("an update answered no item".to_owned())),
            Updated::Refused(Some(item)) => why_not(&item, now),
            Updated::Refused(None) => Ok(Claim::Done),
        }
    }

    async fn mark_mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression("SET sent_at = :now REMOVE claimed_until, next_attempt_at")
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
    ) -> Result<(), StoreError> {
        // The count of claims tells whose claim it is.
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression("SET next_attempt_at = :next REMOVE claimed_until")
            .condition_expression(format!("{WAITS} AND claims = :attempt"))
            .expression_attribute_values(":attempt", number(attempt))
            .expression_attribute_values(":next", number(next.as_millisecond()));
        self.send_update(update).await.map(drop)
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
        // Behind every key of this instant, and before those of the next millisecond.
        let last = format!("{}~", keys::due_mails_at(now));
        let first = after.map_or_else(|| "0".to_owned(), |due| keys::due_mail(due).sk + "~");
        let found = self.query(keys::DUE_MAILS).between(first, last).up_to(limit).await?;
        let due = |item: &Item| keys::due_mail_of(item.get(keys::SK)?.as_s().ok()?);
        Ok(found.iter().filter_map(due).collect())
    }

    async fn forget_due_mail(&self, due: DueMail) -> Result<(), StoreError> {
        let call = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(keys::due_mail(due).attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        self.write(call, |response| units(response.consumed_capacity()))
            .await
            .map(drop)
            .map_err(store_error)
    }
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
