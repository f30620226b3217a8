use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use rolecall_domain::{
    activity::PendingEvents,
    clock::{SignedDuration, Timestamp, after},
    ids::UserId,
    mail::Purpose,
    organization::UserWithMemberships,
    ports::{Limits, OneTimeTokenStore, Refused, StoreError},
    recovery::{OneTimeToken, Requested},
    throttle::Rule,
};

use super::update::Updated;
use crate::{
    items::{OneTimeTokenItem, PERIOD, enclose, user_with_memberships_of},
    keys::{self, Key, SK},
    store::{Store, from_item, number, text},
    transaction::{IntoWrite, Write},
};

/// Makes a one-time token the living one, with its pending events.
struct TokenUpdate {
    key: Key,
    expression: String,
    values: HashMap<String, AttributeValue>,
}

impl TokenUpdate {
    /// No three were made within an hour. Not over itself: sent a second time after a lost answer
    /// it would take two of the three.
    const CONDITION: &str = "(attribute_not_exists(asked_3) OR asked_3 <= :before) AND \
        (attribute_not_exists(#token) OR #token <> :token)";

    fn new(
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let OneTimeToken { owner, purpose, ends_at, .. } = *one_time_token;
        let over = ends_at.max(after(now, PERIOD));
        let mut expression = "SET entity = :entity, v = :v, #token = :token, email = :email, \
            credential = :credential, epoch = :epoch, ends_at = :ends, enclosed = :enclosed, \
            expires_at = :over, asked_3 = if_not_exists(asked_2, :never), \
            asked_2 = if_not_exists(asked_1, :never), asked_1 = :now"
            .to_owned();
        let mut values = HashMap::from(
            [
                (":entity", text("ticket")),
                (":v", number(crate::items::V)),
                (":token", text(one_time_token.token.as_str())),
                (":email", text(one_time_token.email.address())),
                (":credential", number(one_time_token.credential)),
                (":epoch", number(one_time_token.epoch)),
                (":ends", number(ends_at.as_millisecond())),
                (":enclosed", text(enclose(pending_events)?)),
                (":over", number(over.as_second())),
                (":never", number(0)),
                (":now", number(now.as_millisecond())),
                (":before", number(after(now, -PERIOD).as_millisecond())),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        if let Some(new_email) = &one_time_token.new_email {
            expression += ", new_email = :new";
            values.insert(":new".to_owned(), text(new_email.address()));
        }
        Ok(Self { key: keys::one_time_token(owner, purpose), expression, values })
    }
}

impl Store {
    /// The same as a write of a transaction.
    pub(super) fn living_token_write(
        &self,
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let TokenUpdate { key, expression, values } =
            TokenUpdate::new(one_time_token, pending_events, now)?;
        let write = self
            .update(&key)
            .update_expression(expression)
            .condition_expression(TokenUpdate::CONDITION)
            .expression_attribute_names("#token", "token")
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .write()?;
        Ok(write.or_by(|item| match item.map(from_item::<OneTimeTokenItem>).transpose()? {
            Some(item) => Ok(Refused::NotBefore(item.asked()?.1)),
            None => Ok(Refused::Stale),
        }))
    }
}

impl OneTimeTokenStore for Store {
    async fn put_one_time_token(
        &self,
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<Requested, StoreError> {
        let activity = pending_events.activity.as_ref();
        if activity.is_some_and(|activity| !activity.allowed_on.is_empty()) {
            let put = self.living_token_write(one_time_token, pending_events, now)?;
            return match self.transact_recorded(vec![put], activity, self.write_id()).await {
                Ok(()) => Ok(Requested::Done),
                Err(StoreError::Refused(Refused::NotBefore(at))) => Ok(Requested::NotBefore(at)),
                Err(error) => Err(error),
            };
        }
        let TokenUpdate { key, expression, values } =
            TokenUpdate::new(one_time_token, pending_events, now)?;
        let update = self
            .update_item(&key)
            .update_expression(expression)
            .condition_expression(TokenUpdate::CONDITION)
            .expression_attribute_names("#token", "token")
            .set_expression_attribute_values(Some(values));
        match self.send_update(update).await? {
            Updated::Done(_) => Ok(Requested::Done),
            Updated::Refused(Some(item)) => match from_item::<OneTimeTokenItem>(item)?.asked()? {
                (Some(token), _) if token == one_time_token.token.as_str() => Ok(Requested::Done),
                (_, next) => Ok(Requested::NotBefore(next)),
            },
            Updated::Refused(None) => {
                Err(StoreError::Broken("a one-time token was refused for no reason".to_owned()))
            }
        }
    }

    async fn one_time_token(
        &self,
        owner: UserId,
        purpose: Purpose,
    ) -> Result<(Option<UserWithMemberships>, Option<OneTimeToken>), StoreError> {
        let (user_key, one_time_token_key) =
            (keys::user(owner), keys::one_time_token(owner, purpose));
        let (mut user, mut one_time_token) = (None, None);
        for item in self.get_all(&[user_key.clone(), one_time_token_key.clone()]).await? {
            if item.get(SK) == Some(&text(user_key.sk.clone())) {
                user = Some(user_with_memberships_of(item)?);
            } else {
                one_time_token =
                    from_item::<OneTimeTokenItem>(item)?.one_time_token(owner, purpose)?;
            }
        }
        Ok((user, one_time_token))
    }
}

/// A counter is kept longer than the longest period that it counts.
const KEPT: SignedDuration = SignedDuration::from_hours(2);

impl Limits for Store {
    async fn count_use(
        &self,
        rule: Rule,
        whose: &str,
        window: Timestamp,
    ) -> Result<u32, StoreError> {
        self.count_more(rule.as_str(), whose, window, 1).await
    }

    async fn count_more(
        &self,
        rule: &str,
        whose: &str,
        window: Timestamp,
        more: u32,
    ) -> Result<u32, StoreError> {
        let update = self
            .update_item(&keys::limit(rule, whose, window))
            .update_expression("SET entity = :entity, v = :v, expires_at = :over ADD hits :more")
            .expression_attribute_values(":entity", text("limit"))
            .expression_attribute_values(":v", number(crate::items::V))
            .expression_attribute_values(":over", number(after(window, KEPT).as_second()))
            .expression_attribute_values(":more", number(more))
            .return_values(ReturnValue::UpdatedNew);
        let Updated::Done(Some(item)) = self.send_update(update).await? else {
            return Err(StoreError::Broken("a counter answered no item".to_owned()));
        };
        let hits =
            item.get("hits").and_then(|hits| hits.as_n().ok()).and_then(|hits| hits.parse().ok());
        hits.ok_or_else(|| StoreError::Broken("a counter is no number".to_owned()))
    }
}
