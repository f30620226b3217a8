use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use rolecall_domain::{
    account::{Email, EmailDelivery, FirstAdmin, SignUp, Spent, User, Username},
    activity::{Activity, PendingEvents},
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{UserId, WriteId},
    mail::{OutboxMail, TokenHash},
    organization::Memberships,
    ports::{
        AccountChange, AccountStore, LoginRecord, NewAccount, Occupant, Refused, StoreError, Unique,
    },
    recovery::OneTimeToken,
    session::{FailedLogins, Network},
};

use super::update::Updated;

use crate::{
    items::{
        DirectoryItem, FailedLoginsItem, IdempotencyItem, Login, NewOneTimeTokenItem, OutboxItem,
        SignUpItem, SpentItem, StoredDelivery, UserItem, UsernameMarker, account_of, enclose, id,
        login_of, occupant_of,
    },
    keys::{self, Key, SK},
    store::{Item, Store, from_item, number, store_error, text, to_item, units},
    transaction::{IntoWrite, Write},
};

/// A marker counts as free when a sign-up leased it, when those held names.
const FREE: &str = "attribute_not_exists(PK) OR attribute_exists(expires_at)";

/// A former address is its account's own, and free once its time is over. A login record has
/// neither of the two.
const FREE_ADDRESS: &str = "attribute_not_exists(PK) OR kept_until <= :now OR former_owner = :user";

impl Store {
    pub(super) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        self.get_as(key, true).await
    }

    /// An item of which an older state does no harm: half a read unit.
    pub(super) async fn get_eventually(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        self.get_as(key, false).await
    }

    async fn get_as(&self, key: &Key, strongly: bool) -> Result<Option<Item>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(strongly)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        let response = self
            .read(call, |response| units(response.consumed_capacity()))
            .await
            .map_err(store_error)?;
        Ok(response.item)
    }

    /// Puts the login record of an account under its address, if that is free or was its own.
    pub(super) fn address_write(
        &self,
        login: &Login,
        user: &User,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let put = self
            .put(login)?
            .condition_expression(FREE_ADDRESS)
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":user", text(user.id.to_string()));
        Ok(put.write()?.or(Refused::Taken(Unique::Email)))
    }

    /// Puts the marker of a username if it is free.
    pub(super) fn username_write(&self, user: &User) -> Result<Write, StoreError> {
        let put = self.put(&UsernameMarker::taken(user))?.condition_expression(FREE);
        Ok(put.write()?.or(Refused::Taken(Unique::Username)))
    }

    /// Makes sure that no account has a username.
    fn username_check(&self, username: &Username) -> Result<Write, StoreError> {
        let check = self.check(&keys::username(username.key())).condition_expression(FREE);
        Ok(check.write()?.or(Refused::Taken(Unique::Username)))
    }

    /// Marks a link as used by an account.
    pub(super) fn spent_write(&self, spent: &Spent, user: UserId) -> Result<Write, StoreError> {
        self.put_new(&SpentItem::new(spent, user))
    }

    /// Forgets the failed sign-ins to the address of an account.
    pub(super) fn forget_failed_logins(&self, user: &User) -> Result<Write, StoreError> {
        self.delete(&keys::failed_logins(user.email.key())).write()
    }

    /// Makes an account the one super admin, if there is none.
    fn first_admin_write(&self, user: &User) -> Result<Write, StoreError> {
        let update = self
            .holders_update(user.id, true)
            .condition_expression("attribute_not_exists(holders)");
        Ok(update.write()?.or(Refused::AdminExists))
    }

    /// Puts the idempotency key unless it is remembered: then with the answer that it got.
    pub(super) fn idempotency_write(
        &self,
        idempotency: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let put = self
            .put(&IdempotencyItem::from(idempotency))?
            .condition_expression("attribute_not_exists(PK) OR expires_at <= :now")
            .expression_attribute_values(":now", number(now.as_second()));
        Ok(put.write()?.or_by(IdempotencyItem::refusal))
    }
}

impl AccountStore for Store {
    async fn login_record(&self, email: &Email) -> Result<LoginRecord, StoreError> {
        let page = self.query(keys::email_partition(email.key())).strongly().page().await?;
        let mut found = LoginRecord { owner: None, failed_logins: FailedLogins::default() };
        let is = |item: &Item, key: Key| item.get(SK) == Some(&text(key.sk));
        for item in page.items {
            if is(&item, keys::login(email.key())) {
                let login = login_of(item)?.map(TryInto::try_into).transpose()?;
                found.owner = login.map(Box::new);
            } else if is(&item, keys::failed_logins(email.key())) {
                found.failed_logins = from_item::<FailedLoginsItem>(item)?.try_into()?;
            }
        }
        Ok(found)
    }

    async fn owner(&self, email: &Email) -> Result<Option<User>, StoreError> {
        let item = self.get(&keys::login(email.key())).await?;
        Ok(item.map(login_of).transpose()?.flatten().map(Login::account))
    }

    async fn occupant(&self, email: &Email, now: Timestamp) -> Result<Occupant, StoreError> {
        let item = self.get(&keys::login(email.key())).await?;
        item.map_or(Ok(Occupant::Nobody), |item| occupant_of(item, now))
    }

    async fn owner_of_username(&self, username: &Username) -> Result<Option<UserId>, StoreError> {
        let found = self.get(&keys::username(username.key())).await?;
        let marker = found.map(from_item::<UsernameMarker>).transpose()?;
        marker.and_then(UsernameMarker::owner).map(|owner| id(&owner)).transpose()
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.get(&keys::user(id)).await?.map(account_of).transpose()
    }

    async fn create_account(
        &self,
        account: &NewAccount,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let user = &account.user;
        let memberships = Memberships::new(
            account.membership.iter().map(|(membership, _)| membership.clone()).collect(),
        );
        let login = Login::new(user, account.password_hash.as_deref(), &memberships);
        let mut writes = vec![
            self.address_write(&login, user, now)?,
            self.username_write(user)?,
            self.put_new(&UserItem::new(user, &memberships, Some(enclose(pending_events)?)))?,
            self.forget_failed_logins(user)?,
        ];
        if account.first_admin == FirstAdmin::Yes {
            writes.insert(0, self.first_admin_write(user)?);
        }
        // A sign-up with an idempotency key has cost its most: the stream brings it into the
        // directory.
        if idempotency.is_none() || account.membership.is_some() {
            writes.push(self.put_new(&DirectoryItem::new(user.id))?);
        }
        if let Some((membership, member)) = &account.membership {
            writes.extend(self.new_member_writes(membership, member)?);
        }
        for taken in &account.granted_roles {
            writes.push(self.take_write(taken)?);
        }
        if let Some(one_time_token) = &account.one_time_token {
            writes.push(self.put_new(&NewOneTimeTokenItem::from(one_time_token))?);
        }
        let spent = account.spends.as_ref().map(|spent| self.spent_write(spent, user.id));
        writes.extend(spent.transpose()?);
        let ended = account.invitation.as_ref().map(|invitation| self.ended(invitation));
        writes.extend(ended.transpose()?.into_iter().flatten());
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    async fn put_sign_up(
        &self,
        sign_up: &SignUp,
        mail: &OutboxMail,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let mut writes = vec![
            self.username_check(&sign_up.user.username)?,
            self.put(&SignUpItem::from(sign_up))?.write()?,
            self.put_new(&OutboxItem::new(mail, Some(enclose(pending_events)?))?)?,
        ];
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact(writes, write).await
    }

    async fn sign_ups(&self, email: &Email) -> Result<Vec<SignUp>, StoreError> {
        let page = self.query(keys::sign_ups(email.key())).strongly().page().await?;
        page.items.into_iter().map(|item| from_item::<SignUpItem>(item)?.try_into()).collect()
    }

    async fn forget_sign_ups(&self, email: &Email, of: &[Network]) -> Result<(), StoreError> {
        let keys = of.iter().map(|network| keys::sign_up(email.key(), network));
        self.delete_all(&keys.collect::<Vec<_>>()).await
    }

    async fn spent_by(&self, link: &TokenHash) -> Result<Option<UserId>, StoreError> {
        let item = self.get(&keys::spent(link)).await?;
        Ok(item.map(from_item::<SpentItem>).transpose()?.map(|spent| spent.user_id))
    }

    async fn put_mail(
        &self,
        mail: &OutboxMail,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError> {
        self.put_once(&OutboxItem::new(mail, Some(enclose(pending_events)?))?).await
    }

    async fn change_account(
        &self,
        change: &AccountChange<'_>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        self.write_change(change, now, write).await
    }

    async fn change_email(
        &self,
        before: &User,
        after: &User,
        uses: &TokenHash,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        self.write_email_change((before, after), uses, pending_events, now, write).await
    }

    async fn request_email_change(
        &self,
        before: &User,
        after: &User,
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        self.write_wish((before, after), one_time_token, pending_events, now, write).await
    }

    async fn renew_hash(&self, email: &Email, before: &str, after: &str) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::login(email.key()))
            .update_expression("SET password_hash = :after")
            .condition_expression("password_hash = :before")
            .expression_attribute_values(":before", text(before))
            .expression_attribute_values(":after", text(after));
        self.send_update(update).await.map(drop)
    }

    async fn note_delivery(
        &self,
        email: &Email,
        delivery: &EmailDelivery,
    ) -> Result<bool, StoreError> {
        let stored = AttributeValue::M(to_item(&StoredDelivery::from(delivery))?);
        let update = self
            .update_item(&keys::login(email.key()))
            .update_expression("SET delivery = :delivery")
            .condition_expression(
                "attribute_exists(account) AND (attribute_not_exists(delivery) OR \
                delivery.#at <= :at) AND (attribute_not_exists(proven_at) OR proven_at < :at)",
            )
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":delivery", stored)
            .expression_attribute_values(":at", number(delivery.at.as_millisecond()));
        Ok(matches!(self.send_update(update).await?, Updated::Done(_)))
    }

    async fn put_failed_logins(
        &self,
        email: &Email,
        before: u64,
        failed_logins: &FailedLogins,
        pending_events: &PendingEvents,
    ) -> Result<Option<FailedLogins>, StoreError> {
        let at = pending_events.activity.as_ref().map_or(Timestamp::UNIX_EPOCH, Activity::at);
        let item =
            FailedLoginsItem::new(email.key(), failed_logins, Some(enclose(pending_events)?), at);
        moved(self.put_version(&item, before).await?)
    }

    async fn forgive_failed_logins(
        &self,
        email: &Email,
        before: u64,
        failed_logins: &FailedLogins,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let item = FailedLoginsItem::new(email.key(), failed_logins, None, write.made_at());
        let put = self.put(&item)?.condition_expression("version = :before");
        let put = put.expression_attribute_values(":before", number(before));
        let mut writes = vec![put.write()?];
        writes.extend(self.filed(pending_events)?);
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    async fn settle_failed_logins(
        &self,
        email: &Email,
        read: &FailedLogins,
        next: Option<&FailedLogins>,
        now: Timestamp,
    ) -> Result<Option<FailedLogins>, StoreError> {
        let Some(next) = next else {
            let item = self.get(&keys::failed_logins(email.key())).await?;
            let stored = item.map_or(Ok(FailedLogins::default()), |item| {
                from_item::<FailedLoginsItem>(item)?.try_into()
            })?;
            return Ok((stored != *read).then_some(stored));
        };
        moved(
            self.put_version(&FailedLoginsItem::new(email.key(), next, None, now), read.version)
                .await?,
        )
    }

    async fn unlock_account(
        &self,
        email: &Email,
        token: &TokenHash,
        ended_before: Option<Timestamp>,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_item(&keys::failed_logins(email.key()))
            .update_expression(
                "SET version = version + :one, failures = :zero, device_failures = :zero, sources \
                    = :none, enclosed = :enclosed REMOVE locked_until, #unlock, \
                    unlock_made_at",
            )
            .condition_expression(match ended_before {
                None => "#unlock = :token AND locked_until > :now",
                Some(_) => "#unlock = :token AND locked_until > :now AND unlock_made_at > :ended",
            })
            .expression_attribute_names("#unlock", "unlock")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .expression_attribute_values(":token", text(token.as_str()))
            .expression_attribute_values(":now", number(now.as_millisecond()));
        let update = match ended_before {
            Some(at) => update.expression_attribute_values(":ended", number(at.as_millisecond())),
            None => update,
        };
        Ok(matches!(self.send_update(update).await?, Updated::Done(_)))
    }
}

/// What is stored when a write on a version was refused.
fn moved(outcome: Updated) -> Result<Option<FailedLogins>, StoreError> {
    match outcome {
        Updated::Done(_) => Ok(None),
        Updated::Refused(Some(item)) => from_item::<FailedLoginsItem>(item)?.try_into().map(Some),
        // It was there when this was read, and is not any more.
        Updated::Refused(None) => Ok(Some(FailedLogins::default())),
    }
}
