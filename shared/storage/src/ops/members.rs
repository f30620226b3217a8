use aws_sdk_dynamodb::types::{AttributeValue, builders::UpdateBuilder};
use rolecall_domain::{
    account::{AccountStatus, User},
    clock::Timestamp,
    ids::{UserId, WriteId},
    organization::{
        GrantedRole, MOST_SUPER_ADMINS, Member, Membership, PLATFORM, UserWithMemberships,
    },
    ports::{MemberStore, MemberWrite, Refused, StoreError, Unique},
};
use serde::Serialize;

use crate::{
    condition::Condition,
    items::{EmployeeMarker, MemberItem, StoredMembership, V, id, user_with_memberships_of},
    keys::{self, Key, SK},
    store::{Item, Store, from_item, number, text},
    transaction::{IntoWrite, Write},
};

pub(super) fn member_of(item: Item) -> Result<Member, StoreError> {
    from_item::<MemberItem>(item).map(Member::from)
}

fn attribute(value: &impl Serialize) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value).map_err(|error| StoreError::Broken(error.to_string()))
}

impl Store {
    /// A page of a partition whose sort keys are user ids, read strongly.
    async fn by_user(
        &self,
        partition: &str,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        self.page_of(partition, after.map(|id| id.to_string()), limit).await
    }

    /// Counts that a member has a role from now on; of one that the member has already makes sure
    /// that it is the same.
    pub(super) fn take_write(&self, taken: &GrantedRole) -> Result<Write, StoreError> {
        let key = keys::role_use(taken.role.as_str());
        // A built-in role that nobody changed is at its first version without being stored.
        let is_built_in = taken.created_at == Timestamp::UNIX_EPOCH && taken.version == 1;
        let unstored = if is_built_in { "attribute_not_exists(role_version) OR " } else { "" };
        let condition = format!("{unstored}(role_version = :version AND role_created = :created)");
        let (version, created) = (number(taken.version), number(taken.created_at.as_millisecond()));
        if !taken.is_new {
            return self
                .check(&key)
                .condition_expression(condition)
                .expression_attribute_values(":version", version)
                .expression_attribute_values(":created", created)
                .write();
        }
        self.update(&key)
            .update_expression("SET entity = :entity, v = :v ADD members :one")
            .condition_expression(condition)
            .expression_attribute_values(":entity", text("role use"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":version", version)
            .expression_attribute_values(":created", created)
            .write()
    }

    fn let_go_write(&self, role: &str) -> Result<Write, StoreError> {
        let update = self.update(&keys::role_use(role)).update_expression("ADD members :less");
        update.expression_attribute_values(":less", number(-1)).write()
    }

    /// Counts the members of an organization. The built-in one is not deleted, and so not counted.
    pub(super) fn count_write(
        &self,
        membership: &Membership,
        more: i32,
    ) -> Result<Option<Write>, StoreError> {
        let organization = membership.organization.as_str();
        if organization == PLATFORM {
            return Ok(None);
        }
        let update = self
            .update(&keys::organization(organization))
            .update_expression("ADD members :more")
            .expression_attribute_values(":more", number(more));
        // Another one may have the code by now.
        let is_it = Condition::is_organization(organization, membership.id);
        Ok(Some(update.write()?.and(is_it).or(Refused::NoOrganization)))
    }

    /// Puts somebody into the list of active super admins, or takes them out.
    pub(super) fn holders_update(&self, user: UserId, is: bool) -> UpdateBuilder {
        let word = if is { "ADD" } else { "DELETE" };
        self.update(&keys::super_admins())
            .update_expression(format!("SET entity = :entity, v = :v {word} holders :user"))
            .expression_attribute_values(":user", AttributeValue::Ss(vec![user.to_string()]))
            .expression_attribute_values(":entity", text("super admins"))
            .expression_attribute_values(":v", number(V))
    }

    /// Keeps the list of active super admins, where somebody becomes one or is one no more; the
    /// last one stays, and there are no more than there may be.
    pub(super) fn super_admin_write(
        &self,
        user: UserId,
        was: bool,
        is: bool,
    ) -> Result<Option<Write>, StoreError> {
        let update = self.holders_update(user, is);
        match (was, is) {
            (false, true) => {
                let update = update
                    .condition_expression("attribute_not_exists(holders) OR size(holders) < :most")
                    .expression_attribute_values(":most", number(MOST_SUPER_ADMINS));
                Ok(Some(update.write()?.or(Refused::TooManySuperAdmins)))
            }
            (true, false) => {
                let update = update
                    .condition_expression("size(holders) > :one")
                    .expression_attribute_values(":one", number(1));
                Ok(Some(update.write()?.or(Refused::LastSuperAdmin)))
            }
            _ => Ok(None),
        }
    }

    fn memberships_write(
        &self,
        change: &MemberWrite<'_>,
        moves_power: bool,
    ) -> Result<Write, StoreError> {
        let before = change.before;
        let condition = if moves_power {
            "seats_version = :before AND version = :account"
        } else {
            "seats_version = :before"
        };
        let update = self
            .update(&keys::user(before.user.id))
            .update_expression("SET seats = :seats, seats_version = :next REMOVE enclosed")
            .condition_expression(condition)
            .expression_attribute_values(
                ":seats",
                attribute(&StoredMembership::all(change.memberships))?,
            )
            .expression_attribute_values(":next", number(before.memberships_version + 1))
            .expression_attribute_values(":before", number(before.memberships_version));
        if moves_power {
            update.expression_attribute_values(":account", number(before.user.version)).write()
        } else {
            update.write()
        }
    }

    /// Brings what logins read of the memberships up to date.
    fn login_memberships_write(&self, change: &MemberWrite<'_>) -> Result<Write, StoreError> {
        let before = change.before;
        self.update(&keys::login(before.user.email.key()))
            .update_expression("SET seats = :seats, seats_version = :next")
            .condition_expression("account.id = :user")
            .expression_attribute_values(":user", text(before.user.id.to_string()))
            .expression_attribute_values(
                ":seats",
                attribute(&StoredMembership::bare(change.memberships))?,
            )
            .expression_attribute_values(":next", number(before.memberships_version + 1))
            .write()
    }

    fn member_write(
        &self,
        before: Option<&Member>,
        after: Option<&Member>,
    ) -> Result<Write, StoreError> {
        match (before, after) {
            (Some(before), Some(after)) => self
                .put(&MemberItem::from(after))?
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before.version))
                .write(),
            (Some(before), None) => self
                .delete(&keys::member(before.organization.as_str(), before.user_id))
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before.version))
                .write(),
            (None, Some(after)) => self.put_new(&MemberItem::from(after)),
            (None, None) => Err(StoreError::Broken("a change of nothing".to_owned())),
        }
    }

    /// The first membership of a new account.
    pub(super) fn new_member_writes(
        &self,
        membership: &Membership,
        member: &Member,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = vec![self.put_new(&MemberItem::from(member))?];
        writes.extend(self.count_write(membership, 1)?);
        if let Some(marker) = EmployeeMarker::of(member) {
            writes.push(self.put_new(&marker)?.or(Refused::Taken(Unique::EmployeeId)));
        }
        Ok(writes)
    }

    fn membership_writes(&self, change: &MemberWrite<'_>) -> Result<Vec<Write>, StoreError> {
        let Some((before, after)) = change.member else {
            return Ok(Vec::new());
        };
        let mut writes = vec![self.member_write(before, after)?];
        // Nobody signs in where there is no name.
        if change.before.user.holds_names() {
            writes.push(self.login_memberships_write(change)?);
        }
        let more = i32::from(after.is_some()) - i32::from(before.is_some());
        let of = |member: &Member| {
            let organization = member.organization.as_str();
            change.memberships.of(organization).or(change.before.memberships.of(organization))
        };
        if let Some(membership) = after.or(before).and_then(of).filter(|_| more != 0) {
            writes.extend(self.count_write(membership, more)?);
        }
        if before.and_then(|one| one.employee_id.as_ref())
            != after.and_then(|one| one.employee_id.as_ref())
        {
            if let Some(marker) = after.and_then(EmployeeMarker::of) {
                writes.push(self.put_new(&marker)?.or(Refused::Taken(Unique::EmployeeId)));
            }
            if let Some((organization, employee_id)) =
                before.and_then(|one| Some((&one.organization, one.employee_id.as_ref()?)))
            {
                let key = keys::employee(organization.as_str(), employee_id.as_str());
                writes.push(self.delete(&key).write()?);
            }
        }
        Ok(writes)
    }
}

/// Whether an account counts as a super admin: one who is active.
pub(super) fn rules(user: &User, is_super_admin: bool) -> bool {
    is_super_admin && user.status == AccountStatus::Active
}

impl MemberStore for Store {
    async fn user_with_memberships(
        &self,
        id: UserId,
    ) -> Result<Option<UserWithMemberships>, StoreError> {
        self.get(&keys::user(id)).await?.map(user_with_memberships_of).transpose()
    }

    async fn users_with_memberships(
        &self,
        ids: &[UserId],
    ) -> Result<Vec<UserWithMemberships>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = ids.iter().map(|id| keys::user(*id)).collect();
        self.get_all(&keys).await?.into_iter().map(user_with_memberships_of).collect()
    }

    async fn directory(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, StoreError> {
        let found = self.by_user(keys::USERS, after, limit).await?;
        let broken = || StoreError::Broken("an account has no id".to_owned());
        found
            .iter()
            .map(|item| id(item.get(SK).and_then(|sk| sk.as_s().ok()).ok_or_else(broken)?))
            .collect()
    }

    async fn member(&self, organization: &str, user: UserId) -> Result<Option<Member>, StoreError> {
        self.get(&keys::member(organization, user)).await?.map(member_of).transpose()
    }

    async fn members(
        &self,
        organization: &str,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Member>, StoreError> {
        let found = self.by_user(&keys::members_partition(organization), after, limit).await?;
        found.into_iter().map(member_of).collect()
    }

    async fn count_members(&self, organization: &str) -> Result<u64, StoreError> {
        let query = self.query(keys::members_partition(organization)).only(keys::SK);
        Ok(query.up_to(usize::MAX).await?.len() as u64)
    }

    async fn employee(
        &self,
        organization: &str,
        employee_id: &str,
    ) -> Result<Option<UserId>, StoreError> {
        let found = self.get(&keys::employee(organization, employee_id)).await?;
        found.map(|item| id(&from_item::<EmployeeMarker>(item)?.user_id)).transpose()
    }

    async fn super_admins(&self) -> Result<usize, StoreError> {
        let found = self.get(&keys::super_admins()).await?;
        Ok(found
            .and_then(|item| Some(item.get("holders")?.as_ss().ok()?.len()))
            .unwrap_or_default())
    }

    async fn write_membership(
        &self,
        change: &MemberWrite<'_>,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let user = &change.before.user;
        let (was, is) =
            (change.before.memberships.is_super_admin(), change.memberships.is_super_admin());
        let mut writes = vec![self.memberships_write(change, was != is)?];
        writes.extend(self.membership_writes(change)?);
        for taken in change.granted_roles {
            writes.push(self.take_write(taken)?);
        }
        for role in change.revoked_roles {
            writes.push(self.let_go_write(role.as_str())?);
        }
        writes.extend(self.super_admin_write(user.id, rules(user, was), rules(user, is))?);
        if let Some(invitation) = change.accepts {
            writes.extend(self.ended(invitation)?);
        }
        writes.push(self.recorded(change.activity)?);
        self.transact_recorded(writes, Some(change.activity), write).await
    }
}
