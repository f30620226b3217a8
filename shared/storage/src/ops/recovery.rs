use aws_sdk_dynamodb::types::ReturnValue;
use rolecall_domain::{
    activity::PendingEvents,
    clock::{SignedDuration, Timestamp, after},
    ids::UserId,
    mail::Purpose,
    organization::UserWithMemberships,
    ports::{Limits, OneTimeTokenStore, StoreError},
    recovery::{OneTimeToken, Requested},
    throttle::Rule,
};

use super::update::Updated;
use crate::{
    items::{OneTimeTokenItem, PERIOD, enclose, user_with_memberships_of},
    keys::{self, SK},
    store::{Store, from_item, number, text},
};

impl OneTimeTokenStore for Store {
    async fn put_one_time_token(
        &self,
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<Requested, StoreError> {
        let mut set = "SET entity = :entity, v = :v, #token = :token, email = :email, \
            credential = :credential, epoch = :epoch, \
                       ends_at = :ends, enclosed = :enclosed, expires_at = :over, \
                           asked_3 = if_not_exists(asked_2, :never), \
                       asked_2 = if_not_exists(asked_1, :never), asked_1 = :now"
            .to_owned();
        let over = one_time_token.ends_at.max(after(now, PERIOD));
        let mut update = self
            .update_item(&keys::one_time_token(one_time_token.owner, one_time_token.purpose))
            // Not over itself: sent a second time after a lost answer it would take two of the
            // three.
            .condition_expression(
                "(attribute_not_exists(asked_3) OR asked_3 <= :before) AND \
                    (attribute_not_exists(#token) OR #token <> :token)",
            )
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":entity", text("ticket"))
            .expression_attribute_values(":v", number(crate::items::V))
            .expression_attribute_values(":token", text(one_time_token.token.as_str()))
            .expression_attribute_values(":email", text(one_time_token.email.address()))
            .expression_attribute_values(":credential", number(one_time_token.credential))
            .expression_attribute_values(":epoch", number(one_time_token.epoch))
            .expression_attribute_values(":ends", number(one_time_token.ends_at.as_millisecond()))
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .expression_attribute_values(":over", number(over.as_second()))
            .expression_attribute_values(":never", number(0))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":before", number(after(now, -PERIOD).as_millisecond()));
        if let Some(new_email) = &one_time_token.new_email {
            set += ", new_email = :new";
            update = update.expression_attribute_values(":new", text(new_email.address()));
        }
        match self.send_update(update.update_expression(set)).await? {
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
