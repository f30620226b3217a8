use std::collections::HashMap;

use rolecall_domain::{
    account::User,
    activity::PendingEvents,
    clock::{Timestamp, after as after_time},
    ids::WriteId,
    mail::{Purpose, TokenHash},
    organization::{Memberships, UserWithMemberships},
    ports::{AccountChange, Refused, StoreError},
    recovery::OneTimeToken,
};

use super::{members::rules, sessions::living, update::replaced};
use crate::{
    items::{
        FormerEmailItem, Login, NewOneTimeTokenItem, PERIOD, V, account_attributes, enclose,
        login_of,
    },
    keys,
    store::{Store, number, text, to_item},
    transaction::{IntoWrite, Write},
};

impl Store {
    pub(super) async fn write_change(
        &self,
        change: &AccountChange<'_>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let AccountChange { before, after, keep, uses, person, spends, .. } = *change;
        let pending_events = change.pending_events;
        let is_super_admin = person.is_some_and(|person| person.memberships.is_super_admin());
        let power = self.super_admin_write(
            after.id,
            rules(before, is_super_admin),
            rules(after, is_super_admin),
        )?;
        let mut writes = vec![self.user_write(before, after, person)?];
        writes.extend(self.names_writes(change, now)?);
        writes.extend(power);
        writes.extend(self.erasure_writes(before, after, now)?);
        if after.is_nameless() && before.holds_names() {
            writes.push(self.forget_failed_logins(before)?);
            for former in before.former_emails.iter().filter(|one| one.is_kept(now)) {
                writes.push(self.delete(&keys::failed_logins(former.email.key())).write()?);
            }
        }
        if let Some(one_time_token) = change.one_time_token {
            writes.push(self.put(&NewOneTimeTokenItem::from(one_time_token))?.write()?);
        }
        if let Some(session) = keep {
            let update = self
                .update(&keys::session(after.id, session))
                .update_expression("SET epoch = :epoch REMOVE enclosed")
                // One that was signed out meanwhile stays so.
                .condition_expression("epoch = :before AND attribute_not_exists(ended_at)")
                .expression_attribute_values(":before", number(before.epoch))
                .expression_attribute_values(":epoch", number(after.epoch));
            writes.push(update.write()?);
            // All others of the list are over.
            let list = self
                .update(&keys::living_sessions(after.id))
                .update_expression("SET entity = :entity, v = :v, live = :kept")
                .expression_attribute_values(":entity", text("living"))
                .expression_attribute_values(":v", number(V))
                .expression_attribute_values(":kept", living(&[session]));
            writes.push(list.write()?);
        }
        if let Some(spent) = spends {
            writes.push(self.spent_write(spent, after.id)?);
        }
        if let Some((kind, token)) = uses {
            writes.push(self.use_write(after, kind, token, Some(pending_events), now)?);
            writes.push(self.forget_failed_logins(after)?);
        } else {
            writes.extend(self.filed(pending_events)?);
        }
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    /// The login record, and the marker of the username, as they follow the account.
    fn names_writes(
        &self,
        change: &AccountChange<'_>,
        now: Timestamp,
    ) -> Result<Vec<Write>, StoreError> {
        let AccountChange { before, after, password_hash, person, uses, spends, .. } = *change;
        let proven = (uses.is_some() || spends.is_some()).then_some(now);
        let (had, has) = (before.holds_names(), after.holds_names());
        let mut writes = Vec::new();
        let is_moved = before.email.key() != after.email.key();
        if had && has && !is_moved {
            writes.push(self.login_write(before, after, password_hash, proven)?);
        } else {
            if had {
                writes.push(self.leave_write(before, after, None)?);
            }
            if has {
                let nowhere = Memberships::default();
                let memberships = person.map_or(&nowhere, |person| &person.memberships);
                let version = person.map_or(0, |person| person.memberships_version);
                let login = Login::new(after, password_hash, memberships).at(version);
                writes.push(self.address_write(&login, after, now)?);
                writes.push(self.forget_failed_logins(after)?);
            }
        }
        writes.extend(self.freed(before, after, now)?);
        let is_renamed = before.username.key() != after.username.key();
        if had && (!has || is_renamed) {
            let delete = self
                .delete(&keys::username(before.username.key()))
                .condition_expression("user_id = :user")
                .expression_attribute_values(":user", text(before.id.to_string()));
            writes.push(delete.write()?);
        }
        if has && (!had || is_renamed) {
            writes.push(self.username_write(after)?);
        }
        Ok(writes)
    }

    pub(super) async fn write_email_change(
        &self,
        (before, after): (&User, &User),
        uses: &TokenHash,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let Some(login) = self.get(&keys::login(before.email.key())).await? else {
            return Err(Refused::Stale.into());
        };
        let Some(login) = login_of(login)? else {
            return Err(Refused::Stale.into());
        };
        let memberships_version = login.memberships_version();
        let mut writes = vec![
            self.address_write(&login.moved(after), after, now)?,
            self.user_write(before, after, None)?,
            self.leave_write(before, after, Some(memberships_version))?,
            self.use_write(after, Purpose::ChangeEmail, uses, None, now)?,
            self.forget_failed_logins(before)?,
            self.forget_failed_logins(after)?,
        ];
        writes.extend(self.freed(before, after, now)?);
        writes.extend(self.filed(pending_events)?);
        self.transact(writes, write).await
    }

    /// Takes the login record away from the address of before, which stays taken where it is a
    /// former one from now on.
    fn leave_write(
        &self,
        before: &User,
        after: &User,
        memberships_version: Option<u64>,
    ) -> Result<Write, StoreError> {
        let (key, condition) = (keys::login(before.email.key()), "account.version = :before");
        let former = after.former_emails.iter().find(|one| one.email.key() == before.email.key());
        // Memberships that move meanwhile would be lost.
        let condition = match memberships_version {
            Some(_) => format!("{condition} AND seats_version = :seats"),
            None => condition.to_owned(),
        };
        let mut values = HashMap::from([(":before".to_owned(), number(before.version))]);
        values.extend(memberships_version.map(|version| (":seats".to_owned(), number(version))));
        match former {
            Some(former) => self
                .put(&FormerEmailItem::new(former, after.id))?
                .condition_expression(condition)
                .set_expression_attribute_values(Some(values))
                .write(),
            None => self
                .delete(&key)
                .condition_expression(condition)
                .set_expression_attribute_values(Some(values))
                .write(),
        }
    }

    /// Frees the addresses that are former no more. One whose time is over may be another's.
    fn freed(&self, before: &User, after: &User, now: Timestamp) -> Result<Vec<Write>, StoreError> {
        let stays = |key: &str| {
            key == after.email.key() || after.former_emails.iter().any(|one| one.email.key() == key)
        };
        let freed = before.former_emails.iter().filter(|one| one.is_kept(now));
        freed
            .filter(|one| !stays(one.email.key()))
            .map(|one| {
                self.delete(&keys::login(one.email.key()))
                    .condition_expression("attribute_not_exists(PK) OR former_owner = :user")
                    .expression_attribute_values(":user", text(after.id.to_string()))
                    .write()
            })
            .collect()
    }

    pub(super) async fn write_wish(
        &self,
        (before, after): (&User, &User),
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let writes = vec![
            self.user_write(before, after, None)?,
            self.login_write(before, after, None, None)?,
            self.living_token_write(one_time_token, pending_events, now)?,
        ];
        self.transact(writes, write).await
    }

    /// Writes the account and leaves its memberships; where they are given they have to be the
    /// stored ones.
    fn user_write(
        &self,
        before: &User,
        after: &User,
        person: Option<&UserWithMemberships>,
    ) -> Result<Write, StoreError> {
        let (was, is) = (account_attributes(before)?, account_attributes(after)?);
        let update = replaced(&was, is, &["enclosed"])
            .table_name(&self.table)
            .set_key(Some(keys::user(after.id).attributes()))
            .expression_attribute_values(":before", number(before.version));
        let update = match person {
            None => update.condition_expression("version = :before"),
            Some(person) => update
                .condition_expression("version = :before AND seats_version = :seats")
                .expression_attribute_values(":seats", number(person.memberships_version)),
        };
        update.write()
    }

    /// Brings the login record's copy of the account up to date, and the credential if there is a
    /// new one. A proof of the address forgets what came back from it.
    fn login_write(
        &self,
        before: &User,
        after: &User,
        hash: Option<&str>,
        proven_at: Option<Timestamp>,
    ) -> Result<Write, StoreError> {
        let copy = to_item(&Login::new(after, None, &Memberships::default()))?.remove("account");
        let mut set = "SET account = :account".to_owned();
        if hash.is_some() {
            set += ", password_hash = :hash";
        }
        if proven_at.is_some() {
            set += ", proven_at = :proven REMOVE delivery";
        }
        let update = self
            .update(&keys::login(after.email.key()))
            .update_expression(set)
            .condition_expression("account.version = :before")
            .set_expression_attribute_values(
                copy.map(|copy| [(":account".to_owned(), copy)].into()),
            )
            .expression_attribute_values(":before", number(before.version));
        let mut update = update;
        if let Some(hash) = hash {
            update = update.expression_attribute_values(":hash", text(hash));
        }
        if let Some(at) = proven_at {
            update = update.expression_attribute_values(":proven", number(at.as_millisecond()));
        }
        update.write()
    }

    /// Uses a token up, if it is the living one.
    fn use_write(
        &self,
        owner: &User,
        purpose: Purpose,
        token: &TokenHash,
        pending_events: Option<&PendingEvents>,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let mut update = self
            .update(&keys::one_time_token(owner.id, purpose))
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
        update.write()
    }
}
