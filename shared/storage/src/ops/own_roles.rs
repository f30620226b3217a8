use aws_sdk_dynamodb::types::AttributeValue;
use rolecall_domain::{
    ids::WriteId,
    organization::{LogKey, PLATFORM},
    permission::{Definition, OwnRoles},
    ports::{Refused, StoreError},
    role::Role,
    session::OrganizationState,
};

use super::definitions::{are_shown, last_changes, slot_name};
use crate::{
    condition::Condition,
    items::{OrganizationStateItem, V},
    keys,
    store::{CONFLICT_ATTEMPTS, Item, Store, from_item, number, text},
    transaction::{IntoWrite, Write},
};

impl Store {
    pub(super) async fn read_own_roles(
        &self,
        organization: &LogKey,
        at_least: u64,
    ) -> Result<OwnRoles, StoreError> {
        for attempt in 0..CONFLICT_ATTEMPTS {
            let (before, changes) = self.read_roles_state(organization).await?;
            let found = self.definitions(&keys::own_roles(organization.as_str())).await?;
            if before >= at_least
                && are_shown(changes, &found)
                && self.read_roles_state(organization).await?.0 == before
            {
                let roles = found.into_iter().filter_map(|(.., definition)| match definition {
                    Definition::Role(role) => Some(role),
                    Definition::Module(_) | Definition::Permission(_) => None,
                });
                let (organization, roles) = (organization.clone(), roles.collect());
                return Ok(OwnRoles { organization, version: before, roles });
            }
            self.back_off(attempt).await;
        }
        Err(StoreError::Unavailable("an organization's own roles changed too often".into()))
    }

    pub(super) async fn take_own_role_away(
        &self,
        organization: &LogKey,
        role: &Role,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let key = keys::own_role(organization.as_str(), role.code.as_str());
        let count = self
            .delete(&keys::role_use(role.code.as_str()))
            .condition_expression("role_created = :created")
            .expression_attribute_values(":created", number(role.created_at.as_millisecond()));
        let both = vec![self.delete(&key).write()?, count.write()?];
        match self.transact(both, write).await {
            Err(StoreError::Refused(_)) => self.delete_item(&key).await,
            taken => taken,
        }
    }

    /// The version of an organization's own roles, and their last changes. Another one that has its
    /// code by now has none of its roles.
    async fn read_roles_state(
        &self,
        organization: &LogKey,
    ) -> Result<(u64, Vec<(u64, String)>), StoreError> {
        // In a batch, as the gate reads it.
        let key = keys::organization_state(organization.code());
        let state: Option<Item> = self.get_all(&[key]).await?.pop();
        let Some(state) = state else { return Ok((0, Vec::new())) };
        let changes = last_changes(&state)?;
        let state: OrganizationStateItem = from_item(state)?;
        let is_same = state.id == organization.id();
        Ok(if is_same { (state.roles_version, changes) } else { (0, Vec::new()) })
    }

    /// The next version of an organization's own roles.
    pub(super) fn roles_version_write(
        &self,
        organization: &OrganizationState,
        before: u64,
        change: AttributeValue,
    ) -> Result<Write, StoreError> {
        let log = &organization.log;
        let update = self
            .update(&keys::organization_state(log.code()))
            .expression_attribute_names("#slot", slot_name(before + 1))
            .expression_attribute_values(":entity", text("organization state"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":active", AttributeValue::Bool(organization.is_active))
            .expression_attribute_values(":first", number(0))
            .expression_attribute_values(":version", number(before + 1))
            .expression_attribute_values(":change", change);
        // Those from before there were states have none until now.
        let update = update.update_expression(
            "SET entity = :entity, v = :v, is_active = if_not_exists(is_active, :active), \
                version = if_not_exists(version, :first), roles_version = :version, \
                #slot = :change",
        );
        Ok(update.write()?.and(Condition::has_roles(before)).and(Condition::is_of(log.id())))
    }

    /// That an organization is there, and no other one of its code. The built-in one always is.
    pub(super) fn organization_check(&self, log: &LogKey) -> Result<Option<Write>, StoreError> {
        if log.code() == PLATFORM {
            return Ok(None);
        }
        let is_it = Condition::is_organization(log.code(), log.id());
        let check = self.check_that(&keys::organization(log.code()), is_it)?;
        Ok(Some(check.or(Refused::NoOrganization)))
    }
}
