use aws_sdk_dynamodb::types::{AttributeValue, Delete, ReturnConsumedCapacity, TransactWriteItem};
use rolecall_domain::{
    account::{Email, FirstAdmin, SignUp, User, Username},
    activity::{Activity, PendingEvents},
    clock::Timestamp,
    ids::{UserId, WriteId},
    mail::{OutboxMail, TokenHash},
    organization::Memberships,
    ports::{
        AccountChange, AccountStore, Activation, EmailUpdate, IdempotencyRecord, LoginRecord,
        NewAccount, Owner, Registration, StoreError, Update,
    },
    session::FailedLogins,
};

use super::{put, put_new, update::Updated, write_delete, write_put, write_update};

use crate::{
    items::{
        DirectoryItem, FailedLoginsItem, IdempotencyItem, Login, MemberItem, NewOneTimeTokenItem,
        OutboxItem, PendingSignUp, UserItem, UsernameMarker, account_of, enclose, id,
    },
    keys::{self, Key, SK},
    store::{Item, Refused, Store, Transacted, from_item, number, store_error, text, units},
};

/// A marker counts as free when a sign-up that is over, or one with the same address, leased it.
const FREE: &str = "attribute_not_exists(PK) OR user_id = :user OR (attribute_exists(expires_at) \
    AND (expires_at <= :now OR email = :email))";

/// What a registration writes, in the order of the transaction, to tell which write was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Idempotency,
    Email,
    Username,
    Admin,
    Organization,
    Role,
    Other,
}

impl Store {
    pub(super) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        let response = self
            .read(call, |response| units(response.consumed_capacity()))
            .await
            .map_err(store_error)?;
        Ok(response.item)
    }

    /// Puts the marker of a username if it is free for this account.
    fn username_write(
        &self,
        marker: &UsernameMarker,
        user: &User,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        write_put(
            put(self, marker)?
                .condition_expression(FREE)
                .expression_attribute_values(":user", text(user.id.to_string()))
                .expression_attribute_values(":email", text(user.email.key()))
                .expression_attribute_values(":now", number(now.as_second())),
        )
    }

    /// Forgets the failed sign-ins to the address of an account.
    pub(super) fn forget_failed_logins(
        &self,
        user: &User,
    ) -> Result<TransactWriteItem, StoreError> {
        write_delete(
            Delete::builder()
                .table_name(&self.table)
                .set_key(Some(keys::failed_logins(user.email.key()).attributes())),
        )
    }

    /// Makes an account the one super admin, if there is none.
    fn first_admin_write(&self, user: &User) -> Result<TransactWriteItem, StoreError> {
        write_update(
            self.holders_update(user.id, true)
                .condition_expression("attribute_not_exists(holders)"),
        )
    }

    /// Puts the idempotency key unless it is remembered.
    pub(super) fn idempotency_write(
        &self,
        idempotency: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        write_put(
            put(self, &IdempotencyItem::from(idempotency))?
                .condition_expression("attribute_not_exists(PK) OR expires_at <= :now")
                .expression_attribute_values(":now", number(now.as_second())),
        )
    }

    async fn register(
        &self,
        parts: Vec<(Part, TransactWriteItem)>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError> {
        let (mut names, mut writes): (Vec<Part>, Vec<TransactWriteItem>) =
            parts.into_iter().unzip();
        if let Some(idempotency) = idempotency {
            names.insert(0, Part::Idempotency);
            writes.insert(0, self.idempotency_write(idempotency, now)?);
        }
        let Transacted::Refused(reasons) = self.transact(writes, write).await? else {
            return Ok(Registration::Done);
        };
        let refused =
            names.into_iter().zip(reasons).find_map(|(name, reason)| Some((name, reason?)));
        explain(refused, idempotency)
    }
}

fn explain(
    refused: Option<(Part, Refused)>,
    idempotency: Option<&IdempotencyRecord>,
) -> Result<Registration, StoreError> {
    match (refused, idempotency) {
        (Some((Part::Idempotency, Refused { item })), Some(idempotency)) => {
            Ok(IdempotencyItem::response_in(item, idempotency)?
                .map_or(Registration::KeyReused, Registration::Replayed))
        }
        (Some((Part::Email, _)), _) => Ok(Registration::EmailTaken),
        (Some((Part::Username, _)), _) => Ok(Registration::UsernameTaken),
        (Some((Part::Admin, _)), _) => Ok(Registration::AdminExists),
        (Some((Part::Organization, _)), _) => Ok(Registration::NoOrganization),
        (Some((Part::Role, _)), _) => Ok(Registration::RoleMoved),
        _ => Err(StoreError::Broken("a registration was refused for no reason".to_owned())),
    }
}

impl AccountStore for Store {
    async fn login_record(&self, email: &Email) -> Result<LoginRecord, StoreError> {
        let call = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk")
            .expression_attribute_values(":pk", text(keys::email_partition(email.key())))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        let response = self
            .read(call, |response| units(response.consumed_capacity()))
            .await
            .map_err(store_error)?;
        let mut found =
            LoginRecord { owner: Owner::Nobody, failed_logins: FailedLogins::default() };
        let is = |item: &Item, key: Key| item.get(SK) == Some(&text(key.sk));
        for item in response.items.unwrap_or_default() {
            if is(&item, keys::login(email.key())) {
                found.owner = Owner::Account(Box::new(from_item::<Login>(item)?.try_into()?));
            } else if is(&item, keys::failed_logins(email.key())) {
                found.failed_logins = from_item::<FailedLoginsItem>(item)?.try_into()?;
            } else if !matches!(found.owner, Owner::Account(_)) {
                found.owner =
                    Owner::Pending(Box::new(from_item::<PendingSignUp>(item)?.try_into()?));
            }
        }
        Ok(found)
    }

    async fn owner(&self, email: &Email) -> Result<Option<User>, StoreError> {
        let item = self.get(&keys::login(email.key())).await?;
        item.map(|item| from_item::<Login>(item)?.account()).transpose()
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
    ) -> Result<Registration, StoreError> {
        let user = &account.user;
        let mut parts = Vec::new();
        let memberships = Memberships::new(
            account.membership.iter().map(|(membership, _)| membership.clone()).collect(),
        );
        if account.first_admin == FirstAdmin::Yes {
            parts.push((Part::Admin, self.first_admin_write(user)?));
        }
        parts.push((
            Part::Email,
            put_new(self, &Login::new(user, account.password_hash.as_deref(), &memberships))?,
        ));
        parts.push((Part::Username, self.username_write(&UsernameMarker::taken(user), user, now)?));
        parts.push((
            Part::Other,
            put_new(self, &UserItem::new(user, &memberships, Some(enclose(pending_events)?)))?,
        ));
        parts.push((Part::Other, self.forget_failed_logins(user)?));
        // A sign-up with an idempotency key has cost its most: the stream brings it into the
        // directory.
        if idempotency.is_none() || account.membership.is_some() {
            parts.push((Part::Other, put_new(self, &DirectoryItem::new(user.id))?));
        }
        if let Some((_, member)) = &account.membership {
            parts.push((Part::Other, put_new(self, &MemberItem::from(member))?));
            parts.extend(
                self.count_write(member.organization.as_str(), 1)?
                    .map(|count| (Part::Organization, count)),
            );
        }
        for taken in &account.granted_roles {
            parts.push((Part::Role, self.take_write(taken)?));
        }
        if let Some(one_time_token) = &account.one_time_token {
            parts.push((Part::Other, put_new(self, &NewOneTimeTokenItem::from(one_time_token))?));
        }
        self.register(parts, idempotency, now, write).await
    }

    async fn put_sign_up(
        &self,
        sign_up: &SignUp,
        mail: &OutboxMail,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError> {
        let parts = vec![
            (
                Part::Username,
                self.username_write(&UsernameMarker::leased(sign_up), &sign_up.user, now)?,
            ),
            (Part::Other, put_new(self, &PendingSignUp::by_token(sign_up))?),
            (Part::Other, write_put(put(self, &PendingSignUp::by_address(sign_up))?)?),
            (Part::Other, put_new(self, &OutboxItem::new(mail, Some(enclose(pending_events)?))?)?),
        ];
        self.register(parts, idempotency, now, write).await
    }

    async fn sign_up(&self, token: &TokenHash) -> Result<Option<SignUp>, StoreError> {
        let item = self.get(&keys::sign_up(token)).await?;
        item.map(|item| from_item::<PendingSignUp>(item)?.try_into()).transpose()
    }

    async fn activate_account(
        &self,
        sign_up: &SignUp,
        user: &User,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Activation, StoreError> {
        let used = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(keys::sign_up(&sign_up.token).attributes()))
            .condition_expression("attribute_exists(PK) AND expires_at > :now")
            .expression_attribute_values(":now", number(now.as_second()));
        let pending = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(keys::pending(user.email.key()).attributes()));
        let writes = vec![
            write_delete(used)?,
            put_new(
                self,
                &Login::new(user, Some(&sign_up.password_hash), &Memberships::default()),
            )?,
            put_new(
                self,
                &UserItem::new(user, &Memberships::default(), Some(enclose(pending_events)?)),
            )?,
            put_new(self, &DirectoryItem::new(user.id))?,
            self.username_write(&UsernameMarker::taken(user), user, now)?,
            write_delete(pending)?,
            self.forget_failed_logins(user)?,
        ];
        Ok(match self.transact(writes, write).await? {
            Transacted::Written => Activation::Done,
            Transacted::Refused(_) => Activation::Refused,
        })
    }

    async fn change_account(
        &self,
        change: &AccountChange<'_>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Update, StoreError> {
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
    ) -> Result<EmailUpdate, StoreError> {
        self.write_email_change((before, after), uses, pending_events, now, write).await
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
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_item(&keys::failed_logins(email.key()))
            .update_expression(
                "SET version = version + :one, failures = :zero, device_failures = :zero, sources \
                    = :none, enclosed = :enclosed REMOVE locked_until, #unlock",
            )
            .condition_expression("#unlock = :token AND locked_until > :now")
            .expression_attribute_names("#unlock", "unlock")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .expression_attribute_values(":token", text(token.as_str()))
            .expression_attribute_values(":now", number(now.as_millisecond()));
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
