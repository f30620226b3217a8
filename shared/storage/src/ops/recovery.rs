use async_trait::async_trait;
use aws_sdk_dynamodb::types::ReturnValue;
use rolecall_domain::{
    activity::Enclosed,
    clock::{SignedDuration, Timestamp, after},
    ids::UserId,
    organization::Person,
    ports::{Limits, StoreError, TicketStore},
    recovery::{Asked, Ticket, TicketKind},
    throttle::Rule,
};

use super::update::Updated;
use crate::{
    items::{PERIOD, TicketItem, enclose, person_of},
    keys::{self, SK},
    store::{Store, from_item, number, text},
};

#[async_trait]
impl TicketStore for Store {
    async fn put_ticket(
        &self,
        ticket: &Ticket,
        enclosed: &Enclosed,
        now: Timestamp,
    ) -> Result<Asked, StoreError> {
        let mut set = "SET entity = :entity, v = :v, #token = :token, email = :email, credential = :credential, epoch = :epoch, \
                       ends_at = :ends, enclosed = :enclosed, expires_at = :over, asked_3 = if_not_exists(asked_2, :never), \
                       asked_2 = if_not_exists(asked_1, :never), asked_1 = :now"
            .to_owned();
        let over = ticket.ends_at.max(after(now, PERIOD));
        let mut update = self
            .update_item(&keys::ticket(ticket.owner, ticket.kind))
            // Not over itself: sent a second time after a lost answer it would take two of the
            // three.
            .condition_expression(
                "(attribute_not_exists(asked_3) OR asked_3 <= :before) AND \
                    (attribute_not_exists(#token) OR #token <> :token)",
            )
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":entity", text("ticket"))
            .expression_attribute_values(":v", number(crate::items::V))
            .expression_attribute_values(":token", text(ticket.token.as_str()))
            .expression_attribute_values(":email", text(ticket.email.address()))
            .expression_attribute_values(":credential", number(ticket.credential))
            .expression_attribute_values(":epoch", number(ticket.epoch))
            .expression_attribute_values(":ends", number(ticket.ends_at.as_millisecond()))
            .expression_attribute_values(":enclosed", text(enclose(enclosed)?))
            .expression_attribute_values(":over", number(over.as_second()))
            .expression_attribute_values(":never", number(0))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":before", number(after(now, -PERIOD).as_millisecond()));
        if let Some(new_email) = &ticket.new_email {
            set += ", new_email = :new";
            update = update.expression_attribute_values(":new", text(new_email.address()));
        }
        match self.send_update(update.update_expression(set)).await? {
            Updated::Done(_) => Ok(Asked::Done),
            Updated::Refused(Some(item)) => match from_item::<TicketItem>(item)?.asked()? {
                (Some(token), _) if token == ticket.token.as_str() => Ok(Asked::Done),
                (_, next) => Ok(Asked::NotBefore(next)),
            },
            Updated::Refused(None) => Err(StoreError::Broken(
                "a ticket was refused for no reason".to_owned(),
            )),
        }
    }

    async fn ticket(
        &self,
        owner: UserId,
        kind: TicketKind,
    ) -> Result<(Option<Person>, Option<Ticket>), StoreError> {
        let (user_key, ticket_key) = (keys::user(owner), keys::ticket(owner, kind));
        let (mut user, mut ticket) = (None, None);
        for item in self
            .get_all(&[user_key.clone(), ticket_key.clone()])
            .await?
        {
            if item.get(SK) == Some(&text(user_key.sk.clone())) {
                user = Some(person_of(item)?);
            } else {
                ticket = from_item::<TicketItem>(item)?.ticket(owner, kind)?;
            }
        }
        Ok((user, ticket))
    }
}

/// A counter is kept longer than the longest period that it counts.
const KEPT: SignedDuration = SignedDuration::from_hours(2);

#[async_trait]
impl Limits for Store {
    async fn count(&self, rule: Rule, whose: &str, window: Timestamp) -> Result<u32, StoreError> {
        let update = self
            .update_item(&keys::limit(rule.as_str(), whose, window))
            .update_expression("SET entity = :entity, v = :v, expires_at = :over ADD hits :one")
            .expression_attribute_values(":entity", text("limit"))
            .expression_attribute_values(":v", number(crate::items::V))
            .expression_attribute_values(":over", number(after(window, KEPT).as_second()))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::UpdatedNew);
        let Updated::Done(Some(item)) = self.send_update(update).await? else {
            return Err(StoreError::Broken("a counter answered no item".to_owned()));
        };
        let hits = item
            .get("hits")
            .and_then(|hits| hits.as_n().ok())
            .and_then(|hits| hits.parse().ok());
        hits.ok_or_else(|| StoreError::Broken("a counter is no number".to_owned()))
    }
}
