use aws_sdk_dynamodb::{
    primitives::Blob,
    types::{AttributeValue, ReturnConsumedCapacity, ReturnValue},
};
use rolecall_domain::{
    activity::PendingEvents,
    clock::Timestamp,
    code::Code,
    ids::{SessionId, UserId, WriteId},
    organization::LogKey,
    ports::{Rotated, SessionStore, StoreError, Use},
    session::{ActsIn, CallerRecord, Rotation, Session},
};

use super::update::Updated;
use crate::{
    items::{SessionItem, V, enclose, user_with_memberships_of},
    keys::{self, Key, PK},
    store::{Item, Store, from_item, number, store_error, take, text, to_item, units},
    transaction::IntoWrite,
};

/// An ended session cannot be ended, moved or used.
const ALIVE: &str = "attribute_exists(PK) AND attribute_not_exists(ended_at)";

/// Sessions as the list of those that may be alive has them.
pub(super) fn living(sessions: &[SessionId]) -> AttributeValue {
    AttributeValue::Bs(sessions.iter().map(|one| Blob::new(one.as_bytes().as_slice())).collect())
}

impl Store {
    /// Takes a session off the list, where there is one.
    async fn unlist_living(&self, user: UserId, session: SessionId) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::living_sessions(user))
            .update_expression("DELETE live :one")
            .condition_expression("attribute_exists(live)")
            .expression_attribute_values(":one", living(&[session]));
        self.send_update(update).await.map(drop)
    }
}

pub(super) fn session_of(item: Item) -> Result<Session, StoreError> {
    from_item::<SessionItem>(item)?.try_into()
}

impl SessionStore for Store {
    async fn start_session(
        &self,
        session: &Session,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError> {
        let call = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(&SessionItem::new(session, enclose(pending_events)?))?))
            // The same session may be there already when the SDK sent this a second time.
            .condition_expression(
                "attribute_not_exists(PK) OR (generation = :zero AND created_at = :created)",
            )
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":created", number(session.created_at.as_millisecond()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        self.write(call, |response| units(response.consumed_capacity()))
            .await
            .map(drop)
            .map_err(store_error)
    }

    async fn note_login(&self, user: UserId, day: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::user(user))
            .update_expression("SET last_login = :day REMOVE enclosed")
            .condition_expression(
                "attribute_exists(PK) AND (attribute_not_exists(last_login) OR last_login < :day)",
            )
            .expression_attribute_values(":day", number(day.as_millisecond()));
        self.send_update(update).await.map(drop)
    }

    async fn list_living(&self, session: &Session) -> Result<Vec<SessionId>, StoreError> {
        let update = self
            .update_item(&keys::living_sessions(session.user_id))
            .update_expression("SET entity = :entity, v = :v, expires_at = :over ADD live :one")
            .expression_attribute_values(":entity", text("living"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":over", number(session.ends_at.as_second()))
            .expression_attribute_values(":one", living(&[session.id]))
            .return_values(ReturnValue::AllNew);
        let Updated::Done(Some(item)) = self.send_update(update).await? else {
            return Err(StoreError::Broken("a list of sessions answered no item".to_owned()));
        };
        let listed = item.get("live").and_then(|live| live.as_bs().ok()).into_iter().flatten();
        let id = |bytes: &[u8; 16]| SessionId::from_bytes(*bytes);
        Ok(listed.filter_map(|blob| blob.as_ref().first_chunk().map(id)).collect())
    }

    async fn caller(
        &self,
        user: UserId,
        session: Option<SessionId>,
        organization: Option<&Code>,
    ) -> Result<CallerRecord, StoreError> {
        let [.., copy] = *user.as_bytes();
        let always = [keys::user(user), keys::catalogue_state(copy)];
        let session_key = session.map(|session| keys::session(user, session));
        let state_key = organization.map(|code| keys::organization_state(code.as_str()));
        let wanted = always.iter().chain(&session_key).chain(&state_key);
        let mut found = self.get_all(&wanted.cloned().collect::<Vec<_>>()).await?;
        let [user_key, catalogue_state_key] = &always;
        let mut of = |key: &Key| take(&mut found, key);
        Ok(CallerRecord {
            person: of(user_key).map(user_with_memberships_of).transpose()?,
            session: session_key.as_ref().and_then(&mut of).map(session_of).transpose()?,
            catalogue_state: Self::catalogue_state_of(
                of(catalogue_state_key).as_ref(),
                organization.map(|code| (code, state_key.as_ref().and_then(&mut of))),
            )?,
        })
    }

    async fn closed_organizations(&self, codes: &[Code]) -> Result<Vec<Code>, StoreError> {
        let wanted: Vec<Key> =
            codes.iter().map(|code| keys::organization_state(code.as_str())).collect();
        let found = self.get_all_eventually(&wanted).await?;
        let of = |key: &Key| found.iter().find(|item| item.get(PK) == Some(&text(&key.pk)));
        // The list of before is there for those that have no state of their own yet.
        let copy = if wanted.iter().all(|key| of(key).is_some()) {
            None
        } else {
            self.get_all_eventually(&[keys::catalogue_state(self.draw())]).await?.pop()
        };
        let mut closed = Vec::new();
        for (code, key) in codes.iter().zip(&wanted) {
            let state = Self::catalogue_state_of(copy.as_ref(), Some((code, of(key).cloned())))?;
            if !state.organization.is_some_and(|one| one.is_active) {
                closed.push(code.clone());
            }
        }
        Ok(closed)
    }

    async fn rotate_session(
        &self,
        rotation: Rotation,
        pending_events: &PendingEvents,
    ) -> Result<Rotated, StoreError> {
        let now = rotation.now.as_millisecond();
        let next = rotation
            .presented
            .checked_add(1)
            .ok_or_else(|| StoreError::Broken("a session rotated 2^32 times".to_owned()))?;
        let update = self
            .update_item(&keys::session(rotation.user_id, rotation.session_id))
            .update_expression(
                "SET generation = :next, rotated_at = :now, refresh_expires_at = \
                :until, enclosed = :enclosed",
            )
            .condition_expression(format!(
                "{ALIVE} AND generation = :presented AND \
                refresh_expires_at > :now AND ends_at > :now"
            ))
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .expression_attribute_values(":next", number(next))
            .expression_attribute_values(":presented", number(rotation.presented))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(
                ":until",
                number(rotation.refresh_expires_at().as_millisecond()),
            )
            .return_values(ReturnValue::AllNew);
        match self.send_update(update).await? {
            Updated::Done(Some(item)) => Ok(Rotated::Moved(session_of(item)?)),
            Updated::Done(None) => Err(StoreError::Broken("an update answered no item".to_owned())),
            Updated::Refused(item) => Ok(Rotated::Refused(item.map(session_of).transpose()?)),
        }
    }

    async fn switch_session(
        &self,
        user: UserId,
        session: SessionId,
        acts_in: &ActsIn,
        pending_events: &PendingEvents,
    ) -> Result<Option<Session>, StoreError> {
        let ActsIn { organization, organization_id, member_since } = acts_in;
        let log = organization_id.map(|id| LogKey::new(organization, Some(id)));
        // The page is one of where the session was.
        let (mut set, mut gone) =
            ("organization = :organization, enclosed = :enclosed".to_owned(), "#page".to_owned());
        let mut update = self
            .update_item(&keys::session(user, session))
            .expression_attribute_names("#page", "page");
        for (name, value) in [
            ("log", log.map(|log| text(log.as_str()))),
            ("member_since", member_since.map(|since| number(since.as_millisecond()))),
        ] {
            // `log` is a word of DynamoDB's own.
            update = update.expression_attribute_names(format!("#{name}"), name);
            if let Some(value) = value {
                set += &format!(", #{name} = :{name}");
                update = update.expression_attribute_values(format!(":{name}"), value);
            } else {
                gone += &format!(", #{name}");
            }
        }
        let update = update
            .update_expression(format!("SET {set} REMOVE {gone}"))
            .condition_expression(ALIVE)
            .expression_attribute_values(":organization", text(organization.as_str()))
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .return_values(ReturnValue::AllNew);
        match self.send_update(update).await? {
            Updated::Done(item) => item.map(session_of).transpose(),
            Updated::Refused(_) => Ok(None),
        }
    }

    async fn end_session(
        &self,
        user: UserId,
        session: SessionId,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_item(&keys::session(user, session))
            .update_expression("SET ended_at = :now, enclosed = :enclosed")
            .condition_expression(ALIVE)
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .expression_attribute_values(":now", number(now.as_millisecond()));
        let (ended, unlisted) =
            futures::join!(self.send_update(update), self.unlist_living(user, session));
        let is_there = match ended? {
            Updated::Done(_) => true,
            Updated::Refused(there) => there.is_some(),
        };
        unlisted.map(|()| is_there)
    }

    async fn lose_session(
        &self,
        user: UserId,
        session: SessionId,
        pending_events: &PendingEvents,
        now: Timestamp,
        until: Timestamp,
        write: WriteId,
    ) -> Result<bool, StoreError> {
        let key = keys::session(user, session);
        let Some(item) = self.get_all(std::slice::from_ref(&key)).await?.pop() else {
            return Ok(false);
        };
        if item.contains_key("lost") {
            return Ok(true);
        }
        let update = self
            .update(&key)
            .update_expression(
                "SET ended_at = if_not_exists(ended_at, :now), lost = :yes, expires_at = :until, \
                    enclosed = :enclosed",
            )
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(lost)")
            .expression_attribute_values(":enclosed", text(enclose(pending_events)?))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":until", number(until.as_second()));
        let activity = pending_events.activity.as_ref();
        self.transact_recorded(vec![update.write()?], activity, write).await?;
        self.unlist_living(user, session).await?;
        Ok(true)
    }

    async fn is_lost(&self, user: UserId, session: SessionId) -> Result<bool, StoreError> {
        let found = self.get_all_eventually(&[keys::session(user, session)]).await?;
        Ok(found.iter().any(|item| item.contains_key("lost")))
    }

    async fn note_use(&self, usage: &Use) -> Result<(), StoreError> {
        let (mut set, mut conditions) = (Vec::new(), vec![ALIVE]);
        let mut update = self.update_item(&keys::session(usage.user_id, usage.session_id));
        if let Some(generation) = usage.first_of {
            set.push("access_used_generation = :used");
            conditions.push("generation = :used AND access_used_generation < :used");
            update = update.expression_attribute_values(":used", number(generation));
        }
        if let Some(seen) = &usage.seen {
            set.push("last_activity = :now");
            conditions.push("last_activity <= :not_since");
            update = update
                .expression_attribute_values(":now", number(seen.at.as_millisecond()))
                .expression_attribute_values(":not_since", number(seen.not_since.as_millisecond()));
            if let Some(page) = &seen.page {
                set.push("#page = :page");
                update = update
                    .expression_attribute_names("#page", "page")
                    .expression_attribute_values(":page", text(page));
            }
        }
        if let Some(page) = &usage.first_page {
            set.push("#page = :page");
            conditions.push("attribute_not_exists(#page)");
            update = update
                .expression_attribute_names("#page", "page")
                .expression_attribute_values(":page", text(page));
        }
        if set.is_empty() {
            return Ok(());
        }
        // Its pending events were filed from the write before; the stream need not look at it
        // again.
        let update = update
            .update_expression(format!("SET {} REMOVE enclosed", set.join(", ")))
            .condition_expression(conditions.join(" AND "));
        self.send_update(update).await.map(drop)
    }

    async fn sessions(
        &self,
        user: UserId,
        before: Option<SessionId>,
        limit: usize,
    ) -> Result<Vec<Session>, StoreError> {
        let before = before.map(|session| keys::session(user, session));
        let query = self.query(keys::user_partition(user)).begins_with(keys::SESSIONS);
        let page = query.behind(before.as_ref()).backward().limit(limit).strongly().page().await?;
        page.items.into_iter().map(session_of).collect()
    }
}
