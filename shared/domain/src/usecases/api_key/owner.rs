use crate::{
    model::{
        activity::{Activity, AllowedOn},
        api_key::{ApiKey, OwnedKeys, Scopes, ends_after},
        authorization::Authorization,
        client::Client,
        clock::Timestamp,
        event::Event,
        ids::{ApiKeyId, UserId},
        organization::{Membership, UserWithMemberships},
        permission::Right,
        process::Process,
        session::{Caller, is_good},
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        account::find,
        administration::{AdministerError, AdministerRefusal},
        organization::acts_on,
        permission::{Forbidden, authorize, renewed},
        session::Whose,
    },
};

/// Whose keys are meant, and by what right: proof that the caller may know of them.
#[derive(Clone)]
pub struct KeyOwner {
    pub(super) person: UserWithMemberships,
    pub(super) caller: Caller,
    /// None for one's own.
    authorization: Option<Authorization>,
}

impl KeyOwner {
    /// The caller, or with `keys.manage` somebody in the caller's organization who is not above
    /// the caller.
    pub async fn find(
        ports: &Ports<impl Store, impl Crypto>,
        caller: &Caller,
        whose: Whose,
    ) -> Result<Self, AdministerError> {
        let (person, caller) = (caller.person().clone(), caller.clone());
        match whose {
            Whose::Of(id) if id != caller.user().id => {
                let authorization = authorize(ports, caller.clone(), &[Right::ManageKeys]).await;
                let not_others = AdministerRefusal::Forbidden("Keys of others need keys.manage.");
                let authorization =
                    authorization.map_err(|error| error.map(|Forbidden| not_others))?;
                Self::of(ports, caller, authorization, id).await
            }
            _ => Ok(Self { person, caller, authorization: None }),
        }
    }

    async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        caller: Caller,
        authorization: Authorization,
        id: UserId,
    ) -> Result<Self, AdministerError> {
        let person = find(ports, &authorization, id).await?;
        let here = authorization.organization().unwrap_or_default();
        acts_on(&authorization, &person, here, ports.clock.now())?;
        Ok(Self { person, caller, authorization: Some(authorization) })
    }

    /// The same as it is now.
    pub(super) async fn again(
        &self,
        ports: &Ports<impl Store, impl Crypto>,
    ) -> Result<Self, AdministerError> {
        let id = self.person.user.id;
        if let Some(authorization) = &self.authorization {
            let authorization = renewed(ports, authorization).await?;
            return Self::of(ports, self.caller.clone(), authorization, id).await;
        }
        // As the gate does: what ended meanwhile makes no key.
        let place = self.caller.session().organization.as_ref();
        let record = ports.store.caller(id, None, place).await?;
        let renewed = self.caller.renewed(record, ports.clock.now());
        let ended = AdministerRefusal::Forbidden("You were signed out meanwhile.");
        let caller = renewed.ok_or(ended)?;
        Ok(Self { person: caller.person().clone(), caller, authorization: None })
    }

    /// Whether the caller may know of a key: it is their own, or acts where they are.
    fn sees(&self, key: &ApiKey) -> bool {
        self.authorization.as_ref().is_none_or(|authorization| {
            authorization.is_super_admin() || key.log_key() == authorization.log()
        })
    }

    /// The keys that the gate would let in, those that the caller may not know of among them; and
    /// the version of their list.
    pub(super) async fn good_keys(
        &self,
        ports: &Ports<impl Store, impl Crypto>,
    ) -> Result<(Vec<ApiKey>, u64), StoreError> {
        let OwnedKeys { mut keys, version } = ports.store.api_keys(self.person.user.id).await?;
        let now = ports.clock.now();
        keys.retain(|key| is_good(key, &self.person, now));
        Ok((keys, version))
    }

    /// A good key that the caller may know of.
    pub(super) async fn key(
        &self,
        ports: &Ports<impl Store, impl Crypto>,
        id: ApiKeyId,
    ) -> Result<ApiKey, AdministerError> {
        let found = ports.store.api_key(self.person.user.id, id).await?;
        let now = ports.clock.now();
        let found = found.filter(|key| self.sees(key) && is_good(key, &self.person, now));
        found.ok_or(AdministerRefusal::NotFound("key").into())
    }

    /// Where a key of this owner acts: of one's own where the caller is, and of a service account
    /// where both are. A super admin makes one for wherever the account belongs, if that is one
    /// place.
    pub(super) fn place(&self) -> Option<&Membership> {
        let memberships = &self.person.memberships;
        let is_anywhere = self.authorization.as_ref().is_some_and(Authorization::is_super_admin);
        if is_anywhere && memberships.count() == 1 {
            return memberships.iter().next();
        }
        memberships.of(self.caller.organization()?)
    }

    /// Refuses whoever may not be given a secret of this owner that lives for so many days: a
    /// person's keys are their own affair, and a program's has nothing that its maker lacks by
    /// then.
    pub(super) fn may_issue(
        &self,
        scopes: &Scopes,
        days: u16,
        now: Timestamp,
    ) -> Result<(), AdministerError> {
        let Some(authorization) = &self.authorization else { return Ok(()) };
        if !self.person.user.is_service {
            return Err(AdministerRefusal::Forbidden("People make their own keys.").into());
        }
        let (catalogue, until) = (authorization.catalogue(), Some(ends_after(now, days)));
        let authority = authorization.authority_until(catalogue, now, until);
        let may = scopes.iter().all(|scope| authority.has_permission(scope.as_str()));
        if may { Ok(()) } else { Err(AdministerRefusal::AboveYourLevel.into()) }
    }

    /// That the caller did something to a key of this owner. It is done only while the caller may,
    /// and the owner is as they were read.
    pub(super) fn record(
        &self,
        process: &Process,
        event: Event,
        key: &ApiKey,
        client: &Client,
    ) -> Activity {
        let (log, user) = (key.log_key(), &self.person.user);
        let mut activity = match &self.authorization {
            Some(authorization) => authorization.record_of(process, event, client, &log, user),
            None => Activity::new(process, event, client).of_user(user).by(&self.caller),
        };
        activity.allowed_on.push(AllowedOn::Account(self.person.state()));
        told(activity.in_log(&log), key)
    }
}

/// With what is told of a key.
pub(super) fn told(activity: Activity, key: &ApiKey) -> Activity {
    activity.with("key", key.id.to_string()).with("name", key.name.as_str())
}

/// The good keys of an owner that the caller may know of, the newest first.
pub async fn list(
    ports: &Ports<impl Store, impl Crypto>,
    owner: &KeyOwner,
) -> Result<Vec<ApiKey>, StoreError> {
    let (mut keys, _) = owner.good_keys(ports).await?;
    keys.retain(|key| owner.sees(key));
    keys.sort_by_key(|one| std::cmp::Reverse(one.id));
    Ok(keys)
}
