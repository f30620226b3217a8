use rolecall_domain::{
    account::Email,
    activity::PendingEvents,
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{InvitationId, WriteId},
    invitation::Invitation,
    ports::{InvitationStore, StoreError},
};

use crate::{
    items::{InvitationEntry, InvitationItem},
    keys::{self, Key},
    store::{Item, Store, from_item, number, text},
    transaction::{IntoWrite, Write},
};

impl InvitationStore for Store {
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        let found = self.get(&keys::invitation(id)).await?;
        Ok(found.map(from_item::<InvitationItem>).transpose()?.map(Invitation::from))
    }

    async fn invitations(
        &self,
        log: &str,
        after: Option<InvitationId>,
        limit: usize,
    ) -> Result<(Vec<Invitation>, Option<InvitationId>), StoreError> {
        let query = self.query(keys::invitations_of(log)).strongly();
        let query = match after {
            Some(after) => query.after(after.to_string()),
            None => query,
        };
        let mut entries = query.up_to(limit + 1).await?;
        let is_cut = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().filter(|_| is_cut).cloned().map(from_item::<InvitationEntry>);
        let last = last.transpose()?.map(|entry| entry.id);
        Ok((self.named_by(entries).await?, last))
    }

    async fn invitations_of(
        &self,
        email: &Email,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError> {
        let query = self.query(keys::invitations_to(email.key())).strongly();
        self.named_by(query.up_to(limit).await?).await
    }

    async fn invitation_to(
        &self,
        log: &str,
        email: &Email,
    ) -> Result<Option<Invitation>, StoreError> {
        let found = self.get(&keys::invitation_to(email.key(), log)).await?;
        match found.map(from_item::<InvitationEntry>).transpose()? {
            Some(entry) => self.invitation(entry.id).await,
            None => Ok(None),
        }
    }

    async fn put_invitation(
        &self,
        before: Option<&Invitation>,
        after: &Invitation,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let (item, entry) = (InvitationItem::from(after), InvitationEntry::of_address(after));
        let listed = InvitationEntry::of_organization(after);
        let mut writes = match before {
            // TTL may leave an entry behind whose invitation is gone.
            None => {
                let entry = self
                    .put(&entry)?
                    .condition_expression("attribute_not_exists(PK) OR expires_at < :now")
                    .expression_attribute_values(":now", number(now.as_second()));
                vec![self.put_new(&item)?, entry.write()?, self.put_new(&listed)?]
            }
            Some(before) => {
                let entry = self
                    .put(&entry)?
                    .condition_expression("id = :id")
                    .expression_attribute_values(":id", text(before.id.to_string()));
                let mut writes = vec![entry.write()?, self.put(&listed)?.write()?];
                if before.id == after.id {
                    let item = self
                        .put(&item)?
                        .condition_expression("version = :before")
                        .expression_attribute_values(":before", number(before.version));
                    writes.push(item.write()?);
                } else {
                    writes.push(self.put_new(&item)?);
                    writes.push(self.invitation_delete(before)?);
                    let listed = keys::invitation_of(before.log.as_str(), before.id);
                    writes.push(self.delete(&listed).write()?);
                }
                writes
            }
        };
        writes.extend(self.filed(pending_events)?);
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    async fn end_invitation(
        &self,
        invitation: &Invitation,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let mut writes = self.ended(invitation)?;
        writes.extend(self.filed(pending_events)?);
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }
}

impl Store {
    /// The invitations of entries, in their order; one whose item is gone is over.
    async fn named_by(&self, entries: Vec<Item>) -> Result<Vec<Invitation>, StoreError> {
        let entries: Result<Vec<InvitationEntry>, _> = entries.into_iter().map(from_item).collect();
        let ids: Vec<InvitationId> = entries?.into_iter().map(|entry| entry.id).collect();
        let mut found: Vec<Invitation> = Vec::new();
        for some in ids.chunks(100) {
            let keys: Vec<Key> = some.iter().map(|id| keys::invitation(*id)).collect();
            for item in self.get_all(&keys).await? {
                found.push(from_item::<InvitationItem>(item)?.into());
            }
        }
        found.sort_by_key(|one| ids.iter().position(|id| *id == one.id));
        Ok(found)
    }

    fn invitation_delete(&self, invitation: &Invitation) -> Result<Write, StoreError> {
        self.delete(&keys::invitation(invitation.id))
            .condition_expression("version = :before")
            .expression_attribute_values(":before", number(invitation.version))
            .write()
    }

    /// An invitation that is over by this very change, as it was read.
    pub(super) fn ended(&self, invitation: &Invitation) -> Result<Vec<Write>, StoreError> {
        let entry = keys::invitation_to(invitation.order.email.key(), invitation.log.as_str());
        let entry = self
            .delete(&entry)
            .condition_expression("id = :id")
            .expression_attribute_values(":id", text(invitation.id.to_string()));
        let listed = keys::invitation_of(invitation.log.as_str(), invitation.id);
        Ok(vec![self.invitation_delete(invitation)?, entry.write()?, self.delete(&listed).write()?])
    }
}
