use async_trait::async_trait;
use aws_sdk_dynamodb::types::{Delete, ReturnConsumedCapacity, TransactWriteItem};
use rolecall_domain::{
    account::{Email, FirstAdmin, SignUp, User},
    clock::Timestamp,
    ids::{UserId, WriteId},
    mail::{OutboxMail, TokenHash},
    ports::{AccountStore, Activation, LoginRecord, NewAccount, OnceRecord, Registration, StoreError, Update},
};

use super::{put, put_new, write_delete, write_put, write_update};
use serde::Serialize;

use crate::{
    items::{Login, OnceItem, OutboxItem, PendingSignUp, UserItem, UsernameMarker, account_of},
    keys::{self, Key, SK},
    store::{Item, Refused, Store, Transacted, from_item, number, store_error, text, to_item, units},
};

/// A marker counts as free when a sign-up that is over, or one with the same address, leased it.
const FREE: &str =
    "attribute_not_exists(PK) OR user_id = :user OR (attribute_exists(expires_at) AND (expires_at <= :now OR email = :email))";

/// What a registration writes, in the order of the transaction, to tell which write was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Once,
    Email,
    Username,
    Admin,
    Other,
}

#[derive(Serialize)]
struct FirstAdminMarker {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    user_id: String,
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
        let answer = self.read(call, |answer| units(answer.consumed_capacity())).await.map_err(store_error)?;
        Ok(answer.item)
    }

    /// Puts the marker of a username if it is free for this account.
    fn username_write(&self, marker: &UsernameMarker, user: &User, now: Timestamp) -> Result<TransactWriteItem, StoreError> {
        write_put(
            put(self, marker)?
                .condition_expression(FREE)
                .expression_attribute_values(":user", text(user.id.to_string()))
                .expression_attribute_values(":email", text(user.email.key()))
                .expression_attribute_values(":now", number(now.as_second())),
        )
    }

    /// Puts the idempotency key unless it is remembered.
    fn once_write(&self, once: &OnceRecord, now: Timestamp) -> Result<TransactWriteItem, StoreError> {
        write_put(
            put(self, &OnceItem::from(once))?
                .condition_expression("attribute_not_exists(PK) OR expires_at <= :now")
                .expression_attribute_values(":now", number(now.as_second())),
        )
    }

    async fn register(
        &self,
        parts: Vec<(Part, TransactWriteItem)>,
        once: Option<&OnceRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError> {
        let (mut names, mut writes): (Vec<Part>, Vec<TransactWriteItem>) = parts.into_iter().unzip();
        if let Some(once) = once {
            names.insert(0, Part::Once);
            writes.insert(0, self.once_write(once, now)?);
        }
        let Transacted::Refused(reasons) = self.transact(writes, write).await? else { return Ok(Registration::Done) };
        let refused = names.into_iter().zip(reasons).find_map(|(name, reason)| Some((name, reason?)));
        explain(refused, once)
    }
}

fn explain(refused: Option<(Part, Refused)>, once: Option<&OnceRecord>) -> Result<Registration, StoreError> {
    match (refused, once) {
        (Some((Part::Once, Refused { item: Some(item) })), Some(once)) => {
            Ok(from_item::<OnceItem>(item)?.answer_to(once).map_or(Registration::KeyReused, Registration::Again))
        }
        (Some((Part::Email, _)), _) => Ok(Registration::EmailTaken),
        (Some((Part::Username, _)), _) => Ok(Registration::UsernameTaken),
        (Some((Part::Admin, _)), _) => Ok(Registration::AdminExists),
        _ => Err(StoreError::Broken("a registration was refused for no reason".to_owned())),
    }
}

#[async_trait]
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
        let answer = self.read(call, |answer| units(answer.consumed_capacity())).await.map_err(store_error)?;
        let of = |key: Key| answer.items().iter().find(|item| item.get(SK) == Some(&text(key.sk.clone()))).cloned();
        if let Some(item) = of(keys::login(email.key())) {
            return Ok(LoginRecord::Account(Box::new(from_item::<Login>(item)?.try_into()?)));
        }
        match of(keys::pending(email.key())) {
            Some(item) => Ok(LoginRecord::Pending(Box::new(from_item::<PendingSignUp>(item)?.try_into()?))),
            None => Ok(LoginRecord::Nobody),
        }
    }

    async fn has_owner(&self, email: &Email) -> Result<bool, StoreError> {
        Ok(self.get(&keys::login(email.key())).await?.is_some())
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.get(&keys::user(id)).await?.map(account_of).transpose()
    }

    async fn create(
        &self,
        account: &NewAccount,
        once: Option<&OnceRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError> {
        let user = &account.user;
        let mut parts = Vec::new();
        if account.first_admin == FirstAdmin::Yes {
            let marker = FirstAdminMarker { key: keys::first_admin(), entity: "first admin", user_id: user.id.to_string() };
            parts.push((Part::Admin, put_new(self, &marker)?));
        }
        parts.push((Part::Email, put_new(self, &Login::new(user, &account.password_hash))?));
        parts.push((Part::Username, self.username_write(&UsernameMarker::taken(user), user, now)?));
        parts.push((Part::Other, put_new(self, &UserItem::from(user))?));
        self.register(parts, once, now, write).await
    }

    async fn put_sign_up(
        &self,
        sign_up: &SignUp,
        mail: &OutboxMail,
        once: Option<&OnceRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError> {
        let parts = vec![
            (Part::Username, self.username_write(&UsernameMarker::leased(sign_up), &sign_up.user, now)?),
            (Part::Other, put_new(self, &PendingSignUp::by_token(sign_up))?),
            (Part::Other, write_put(put(self, &PendingSignUp::by_address(sign_up))?)?),
            (Part::Other, put_new(self, &OutboxItem::from(mail))?),
        ];
        self.register(parts, once, now, write).await
    }

    async fn sign_up(&self, token: &TokenHash) -> Result<Option<SignUp>, StoreError> {
        let item = self.get(&keys::sign_up(token)).await?;
        item.map(|item| from_item::<PendingSignUp>(item)?.try_into()).transpose()
    }

    async fn activate(&self, sign_up: &SignUp, user: &User, now: Timestamp, write: WriteId) -> Result<Activation, StoreError> {
        let used = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(keys::sign_up(&sign_up.token).attributes()))
            .condition_expression("attribute_exists(PK) AND expires_at > :now")
            .expression_attribute_values(":now", number(now.as_second()));
        let pending = Delete::builder().table_name(&self.table).set_key(Some(keys::pending(user.email.key()).attributes()));
        let writes = vec![
            write_delete(used)?,
            put_new(self, &Login::new(user, &sign_up.password_hash))?,
            put_new(self, &UserItem::from(user))?,
            self.username_write(&UsernameMarker::taken(user), user, now)?,
            write_delete(pending)?,
        ];
        Ok(match self.transact(writes, write).await? {
            Transacted::Written => Activation::Done,
            Transacted::Refused(_) => Activation::Refused,
        })
    }

    async fn update(&self, before: &User, after: &User, write: WriteId) -> Result<Update, StoreError> {
        let writes = vec![
            write_put(
                put(self, &UserItem::from(after))?
                    .condition_expression("version = :before")
                    .expression_attribute_values(":before", number(before.version)),
            )?,
            self.login_copy(before, after)?,
        ];
        Ok(match self.transact(writes, write).await? {
            Transacted::Written => Update::Done,
            Transacted::Refused(_) => Update::Stale,
        })
    }
}

impl Store {
    /// Brings the login record's copy of the account up to date and leaves the credential as it is.
    fn login_copy(&self, before: &User, after: &User) -> Result<TransactWriteItem, StoreError> {
        let copy = to_item(&Login::new(after, ""))?.remove("account");
        let update = aws_sdk_dynamodb::types::Update::builder()
            .table_name(&self.table)
            .set_key(Some(keys::login(after.email.key()).attributes()))
            .update_expression("SET account = :account")
            .condition_expression("account.version = :before")
            .set_expression_attribute_values(copy.map(|copy| [(":account".to_owned(), copy)].into()))
            .expression_attribute_values(":before", number(before.version));
        write_update(update)
    }
}
