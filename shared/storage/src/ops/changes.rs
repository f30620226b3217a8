use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update as WriteUpdate};
use rolecall_domain::{
    account::User,
    activity::PendingEvents,
    clock::{Timestamp, after as after_time},
    ids::WriteId,
    mail::{Purpose, TokenHash},
    organization::{Memberships, UserWithMemberships},
    ports::{AccountChange, EmailUpdate, StoreError, Update},
};

use super::{members::rules, put_new, update::set_all, write_delete, write_update};
use crate::{
    items::{Login, OPTIONAL, PERIOD, account_attributes, enclose},
    keys,
    store::{Store, Transacted, from_item, number, text, to_item},
};

impl Store {
    pub(super) async fn write_change(
        &self,
        change: &AccountChange<'_>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Update, StoreError> {
        let AccountChange { before, after, password_hash, keep, uses, person, pending_events } =
            *change;
        let is_super_admin = person.is_some_and(|person| person.memberships.is_super_admin());
        let power = self.super_admin_write(
            after.id,
            rules(before, is_super_admin),
            rules(after, is_super_admin),
        )?;
        let mut writes = vec![
            self.user_write(before, after, person)?,
            self.login_write(before, after, password_hash)?,
        ];
        let power_at = power.as_ref().map(|_| writes.len());
        writes.extend(power);
        if let Some(session) = keep {
            let update = WriteUpdate::builder()
                .table_name(&self.table)
                .set_key(Some(keys::session(after.id, session).attributes()))
                .update_expression("SET epoch = :epoch REMOVE enclosed")
                // One that was signed out meanwhile stays so.
                .condition_expression("epoch = :before AND attribute_not_exists(ended_at)")
                .expression_attribute_values(":before", number(before.epoch))
                .expression_attribute_values(":epoch", number(after.epoch));
            writes.push(write_update(update)?);
        }
        if let Some((kind, token)) = uses {
            writes.push(self.use_write(after, kind, token, Some(pending_events), now)?);
            writes.push(self.forget_failed_logins(after)?);
        } else {
            writes.extend(self.filed(pending_events)?);
        }
        Ok(match self.transact(writes, write).await? {
            Transacted::Written => Update::Done,
            Transacted::Refused(reasons) => {
                let refused: Vec<usize> = (0..)
                    .zip(reasons)
                    .filter(|(_, reason)| reason.is_some())
                    .map(|(place, _)| place)
                    .collect();
                if power_at.is_some_and(|place| refused == [place]) {
                    Update::LastSuperAdmin
                } else {
                    Update::Stale
                }
            }
        })
    }

    pub(super) async fn write_email_change(
        &self,
        (before, after): (&User, &User),
        uses: &TokenHash,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<EmailUpdate, StoreError> {
        let Some(login) = self.get(&keys::login(before.email.key())).await? else {
            return Ok(EmailUpdate::Stale);
        };
        let login = from_item::<Login>(login)?;
        let moved = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(keys::login(before.email.key()).attributes()))
            // Memberships that move meanwhile would be lost.
            .condition_expression("account.version = :before AND seats_version = :seats")
            .expression_attribute_values(":seats", number(login.memberships_version()))
            .expression_attribute_values(":before", number(before.version));
        let mut writes = vec![
            put_new(self, &login.moved(after))?,
            self.user_write(before, after, None)?,
            write_delete(moved)?,
            self.use_write(after, Purpose::ChangeEmail, uses, None, now)?,
            self.forget_failed_logins(before)?,
            self.forget_failed_logins(after)?,
        ];
        writes.extend(self.filed(pending_events)?);
        Ok(match self.transact(writes, write).await? {
            Transacted::Written => EmailUpdate::Done,
            // The first write is the new address: where it alone stands in the way, somebody has
            // it.
            Transacted::Refused(reasons) => {
                match reasons.iter().map(Option::is_some).collect::<Vec<_>>().as_slice() {
                    [true, rest @ ..] if !rest.contains(&true) => EmailUpdate::Taken,
                    _ => EmailUpdate::Stale,
                }
            }
        })
    }

    /// Writes the account and leaves its memberships; where they are given they have to be the
    /// stored ones.
    fn user_write(
        &self,
        before: &User,
        after: &User,
        person: Option<&UserWithMemberships>,
    ) -> Result<TransactWriteItem, StoreError> {
        let optional: Vec<&str> = OPTIONAL.into_iter().chain(["enclosed"]).collect();
        let update = set_all(account_attributes(after)?, &optional)
            .table_name(&self.table)
            .set_key(Some(keys::user(after.id).attributes()))
            .expression_attribute_values(":before", number(before.version));
        write_update(match person {
            None => update.condition_expression("version = :before"),
            Some(person) => update
                .condition_expression("version = :before AND seats_version = :seats")
                .expression_attribute_values(":seats", number(person.memberships_version)),
        })
    }

    /// Brings the login record's copy of the account up to date, and the credential if there is a
    /// new one.
    fn login_write(
        &self,
        before: &User,
        after: &User,
        hash: Option<&str>,
    ) -> Result<TransactWriteItem, StoreError> {
        let copy = to_item(&Login::new(after, None, &Memberships::default()))?.remove("account");
        let set = if hash.is_some() {
            "SET account = :account, password_hash = :hash"
        } else {
            "SET account = :account"
        };
        let update = WriteUpdate::builder()
            .table_name(&self.table)
            .set_key(Some(keys::login(after.email.key()).attributes()))
            .update_expression(set)
            .condition_expression("account.version = :before")
            .set_expression_attribute_values(
                copy.map(|copy| [(":account".to_owned(), copy)].into()),
            )
            .expression_attribute_values(":before", number(before.version));
        write_update(match hash {
            Some(hash) => update.expression_attribute_values(":hash", text(hash)),
            None => update,
        })
    }

    /// Uses a token up, if it is the living one.
    fn use_write(
        &self,
        owner: &User,
        purpose: Purpose,
        token: &TokenHash,
        pending_events: Option<&PendingEvents>,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = WriteUpdate::builder()
            .table_name(&self.table)
            .set_key(Some(keys::one_time_token(owner.id, purpose).attributes()))
            .condition_expression("#token = :token AND (ends_at > :now OR asked_3 > :hour_ago)")
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":token", text(token.as_str()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(
                ":hour_ago",
                number(after_time(now, -PERIOD).as_millisecond()),
            );
        update = match pending_events {
            Some(pending_events) => update
                .update_expression("SET enclosed = :enclosed REMOVE #token")
                .expression_attribute_values(":enclosed", text(enclose(pending_events)?)),
            None => update.update_expression("REMOVE #token, enclosed"),
        };
        write_update(update)
    }
}
