use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update as WriteUpdate};
use rolecall_domain::{
    account::User,
    activity::Enclosed,
    clock::Timestamp,
    ids::WriteId,
    mail::TokenHash,
    ports::{AccountChange, StoreError, Update},
    recovery::TicketKind,
};

use super::{put, put_new, write_delete, write_put, write_update};
use crate::{
    items::{Login, UserItem, enclose},
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
        let AccountChange { before, after, password_hash, keep, uses, enclosed } = *change;
        let mut writes = vec![self.user_write(before, after)?, self.login_write(before, after, password_hash)?];
        if let Some(session) = keep {
            let update = WriteUpdate::builder()
                .table_name(&self.table)
                .set_key(Some(keys::session(after.id, session).attributes()))
                .update_expression("SET epoch = :epoch REMOVE enclosed")
                .condition_expression("attribute_exists(PK)")
                .expression_attribute_values(":epoch", number(after.epoch));
            writes.push(write_update(update)?);
        }
        if let Some(token) = uses {
            let forgotten =
                Delete::builder().table_name(&self.table).set_key(Some(keys::attempts(after.email.key()).attributes()));
            writes.push(self.use_write(after, TicketKind::ResetPassword, token, Some(enclosed), now)?);
            writes.push(write_delete(forgotten)?);
        } else {
            writes.extend(self.filed(enclosed)?);
        }
        self.write_all(writes, write).await
    }

    pub(super) async fn write_email_change(
        &self,
        (before, after): (&User, &User),
        uses: &TokenHash,
        enclosed: &Enclosed,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Update, StoreError> {
        let Some(login) = self.get(&keys::login(before.email.key())).await? else { return Ok(Update::Stale) };
        let hash = from_item::<Login>(login)?.password_hash();
        let moved = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(keys::login(before.email.key()).attributes()))
            .condition_expression("account.version = :before")
            .expression_attribute_values(":before", number(before.version));
        let mut writes = vec![
            self.user_write(before, after)?,
            put_new(self, &Login::new(after, hash.as_deref()))?,
            write_delete(moved)?,
            self.use_write(after, TicketKind::ChangeEmail, uses, None, now)?,
        ];
        writes.extend(self.filed(enclosed)?);
        self.write_all(writes, write).await
    }

    async fn write_all(&self, writes: Vec<TransactWriteItem>, write: WriteId) -> Result<Update, StoreError> {
        Ok(match self.transact(writes, write).await? {
            Transacted::Written => Update::Done,
            Transacted::Refused(_) => Update::Stale,
        })
    }

    fn user_write(&self, before: &User, after: &User) -> Result<TransactWriteItem, StoreError> {
        write_put(
            put(self, &UserItem::from(after))?
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before.version)),
        )
    }

    /// Brings the login record's copy of the account up to date, and the credential if there is a new one.
    fn login_write(&self, before: &User, after: &User, hash: Option<&str>) -> Result<TransactWriteItem, StoreError> {
        let copy = to_item(&Login::new(after, None))?.remove("account");
        let set = if hash.is_some() { "SET account = :account, password_hash = :hash" } else { "SET account = :account" };
        let update = WriteUpdate::builder()
            .table_name(&self.table)
            .set_key(Some(keys::login(after.email.key()).attributes()))
            .update_expression(set)
            .condition_expression("account.version = :before")
            .set_expression_attribute_values(copy.map(|copy| [(":account".to_owned(), copy)].into()))
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
        kind: TicketKind,
        token: &TokenHash,
        enclosed: Option<&Enclosed>,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = WriteUpdate::builder()
            .table_name(&self.table)
            .set_key(Some(keys::ticket(owner.id, kind).attributes()))
            .condition_expression("#token = :token AND ends_at > :now")
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":token", text(token.as_str()))
            .expression_attribute_values(":now", number(now.as_millisecond()));
        update = match enclosed {
            Some(enclosed) => update
                .update_expression("SET enclosed = :enclosed REMOVE #token")
                .expression_attribute_values(":enclosed", text(enclose(enclosed)?)),
            None => update.update_expression("REMOVE #token, enclosed"),
        };
        write_update(update)
    }
}
