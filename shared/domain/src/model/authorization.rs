//! What a caller may do, and what they may give.

use std::{collections::HashSet, sync::Arc};

use crate::model::{
    activity::{Activity, AllowedOn, LoggedUser},
    api_key::Scopes,
    client::Client,
    clock::Timestamp,
    code::Code,
    event::Event,
    ids::UserId,
    organization::{Assignment, LogKey, Membership, Memberships, UserWithMemberships},
    permission::{Catalogue, EffectiveRoles, Question, Right, Subject},
    process::Process,
    role::{Level, Role, SUPER_ADMIN},
    session::{Caller, CallerRecord, OrganizationState},
};

/// Proof that somebody may administer: a caller with a right, or an operator. Only
/// `authorize` and `operator` make one.
#[derive(Debug, Clone)]
pub struct Authorization {
    caller: Option<Box<Caller>>,
    catalogue: Arc<Catalogue>,
    any_of: &'static [Right],
}

/// What somebody has to give: nobody gives more than that.
#[derive(Debug, Clone)]
pub struct Authority {
    /// The level of the most powerful role that gives something now.
    pub level: Level,
    /// Whether there is no bound.
    pub is_super_admin: bool,
    permissions: HashSet<Code>,
    modules: HashSet<Code>,
}

impl Authorization {
    /// Of a caller who has one of these rights; none for one who has not.
    pub(crate) fn of(
        caller: Caller,
        catalogue: Arc<Catalogue>,
        any_of: &'static [Right],
        now: Timestamp,
    ) -> Option<Self> {
        let authorization = Self { caller: Some(Box::new(caller)), catalogue, any_of };
        any_of.iter().any(|right| authorization.has(*right, now)).then_some(authorization)
    }

    /// Of somebody with the AWS account's own credentials.
    pub(crate) fn of_operator(catalogue: Arc<Catalogue>) -> Self {
        Self { caller: None, catalogue, any_of: &[] }
    }

    /// The same over another catalogue, and of the caller's account as it is now. `None`: it may
    /// not do this any more.
    pub(crate) fn renewed(
        &self,
        catalogue: Arc<Catalogue>,
        record: CallerRecord,
        now: Timestamp,
    ) -> Option<Self> {
        let Some(caller) = self.caller() else {
            return Some(Self::of_operator(catalogue));
        };
        Self::of(caller.renewed(record, now)?, catalogue, self.any_of, now)
    }

    /// The same over another catalogue: that of an organization that the caller does not act in.
    pub(crate) fn over(&self, catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, ..self.clone() }
    }

    /// What a change is made upon: nobody who lost the right meanwhile changes anything. It is the
    /// caller's account and, where a role of theirs is their organization's own, its own roles. An
    /// operator has no account.
    #[must_use]
    pub fn allowed_on(&self) -> Vec<AllowedOn> {
        self.caller().map_or_else(Vec::new, |caller| {
            let roles = caller.organization().and_then(|organization| {
                let state = caller.catalogue_state().organization.as_ref()?;
                relied_on(caller.memberships().of(organization)?, state)
            });
            [AllowedOn::Account(caller.person().state())].into_iter().chain(roles).collect()
        })
    }

    /// The caller; nobody where it is an operator.
    #[must_use]
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_deref()
    }

    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.caller().map(|caller| caller.user().id)
    }

    /// The catalogue that was current at the gate.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Whether there is no bound: a super admin, or an operator. Whoever calls with a key has what
    /// it names, and no more.
    #[must_use]
    pub fn is_super_admin(&self) -> bool {
        self.caller()
            .is_none_or(|caller| caller.scopes().is_none() && caller.memberships().is_super_admin())
    }

    /// Whether the caller has a right in the active organization.
    #[must_use]
    pub fn has(&self, right: Right, now: Timestamp) -> bool {
        let Some(caller) = self.caller() else {
            return true;
        };
        EffectiveRoles::new(subject(caller), &self.catalogue, now)
            .decide(Question::Permission(right.code()))
            .is_allowed()
    }

    /// Where the caller acts.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.caller().and_then(Caller::organization)
    }

    /// Whether the caller may know of what is in an organization: the own one, or for super admins
    /// any that can be.
    #[must_use]
    pub fn sees(&self, organization: &str) -> bool {
        self.organization() == Some(organization)
            || (self.is_super_admin() && Code::parse(organization).is_ok())
    }

    /// What the caller has now, under `catalogue`: nobody touches what is above it.
    #[must_use]
    pub fn authority(&self, catalogue: &Catalogue, now: Timestamp) -> Authority {
        self.authority_over(catalogue, now, |_| true)
    }

    /// What the caller has to give away until `end`, or for good: what they lose before is not
    /// theirs to give for longer, or an administrator for a day would be one for ever.
    #[must_use]
    pub fn authority_until(
        &self,
        catalogue: &Catalogue,
        now: Timestamp,
        end: Option<Timestamp>,
    ) -> Authority {
        self.authority_over(catalogue, now, |assigned| {
            assigned.expires_at.is_none_or(|own| end.is_some_and(|end| end <= own))
        })
    }

    fn authority_over(
        &self,
        catalogue: &Catalogue,
        now: Timestamp,
        counts: impl Fn(&Assignment) -> bool,
    ) -> Authority {
        let roles = match self.caller() {
            Some(caller) => {
                let membership = caller
                    .organization()
                    .and_then(|organization| caller.memberships().of(organization));
                let counts_here = |role: &&Role| {
                    membership
                        .and_then(|membership| membership.assignment(role.code.as_str()))
                        .is_none_or(&counts)
                };
                EffectiveRoles::new(subject(caller), catalogue, now)
                    .roles()
                    .into_iter()
                    .filter(counts_here)
                    .collect()
            }
            None => Vec::from_iter(catalogue.role(SUPER_ADMIN)),
        };
        let authority = Authority::over(roles, self.is_super_admin());
        match self.caller().and_then(|caller| Some((caller, caller.scopes()?))) {
            None => authority,
            Some((caller, scopes)) => {
                let has_all = caller.memberships().is_super_admin();
                authority.within(scopes, catalogue, has_all)
            }
        }
    }

    /// Whether the caller may bring all roles of a membership back to life.
    #[must_use]
    pub fn may_revive(
        &self,
        membership: &Membership,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> bool {
        membership.roles.iter().filter(|one| !one.is_over(now)).all(|one| {
            let role = catalogue.role(one.role.as_str());
            self.is_super_admin()
                || role.is_some_and(|role| {
                    self.authority_until(catalogue, now, one.expires_at).may_give(role)
                })
        })
    }

    /// That the caller did something to no user in particular.
    #[must_use]
    pub fn record(
        &self,
        process: &Process,
        event: Event,
        client: &Client,
        log: &LogKey,
    ) -> Activity {
        let mut activity = Activity::new(process, event, client).in_log(log);
        activity.actor = self.caller().map(|caller| caller.user().into());
        activity.session_id = self.caller().map(|caller| caller.session().id);
        activity.allowed_on = self.allowed_on();
        activity
    }

    /// That the caller did something to a user.
    #[must_use]
    pub fn record_of(
        &self,
        process: &Process,
        event: Event,
        client: &Client,
        log: &LogKey,
        user: impl Into<LoggedUser>,
    ) -> Activity {
        let by = self.user_id().map_or_else(|| "operator".to_owned(), |id| id.to_string());
        self.record(process, event, client, log).of_user(user).with("by", by)
    }

    /// The log that a change of an account belongs to: that of the caller's organization.
    #[must_use]
    pub fn log(&self) -> LogKey {
        self.caller().map_or_else(LogKey::platform, Caller::log_key)
    }
}

/// The own roles of an organization, where a member's rights come from one.
pub(crate) fn relied_on(membership: &Membership, state: &OrganizationState) -> Option<AllowedOn> {
    let has_own = membership.roles.iter().any(|one| one.role.organization().is_some());
    has_own.then(|| AllowedOn::Roles(state.log.clone(), state.roles_version))
}

/// The caller, in the active organization.
pub(crate) fn subject(caller: &Caller) -> Subject<'_> {
    Subject {
        user: caller.user(),
        memberships: caller.memberships(),
        organization: caller.organization(),
        // The gate lets nobody in otherwise.
        organization_is_active: caller.organization().is_some(),
        scopes: caller.scopes(),
    }
}

impl Authority {
    /// Of somebody who has these roles.
    pub(crate) fn over<'a>(
        roles: impl IntoIterator<Item = &'a Role>,
        is_super_admin: bool,
    ) -> Self {
        let roles: Vec<&Role> = roles.into_iter().collect();
        Self {
            level: roles.iter().map(|role| role.level).min().unwrap_or(Level::NONE),
            is_super_admin,
            permissions: roles.iter().flat_map(|role| role.permissions.keys().cloned()).collect(),
            modules: roles.iter().flat_map(|role| role.modules.keys().cloned()).collect(),
        }
    }

    /// What of it a key with these scopes has. A super admin `has_all`.
    fn within(mut self, scopes: &Scopes, catalogue: &Catalogue, has_all: bool) -> Self {
        let modules: HashSet<Code> = catalogue.modules_of(scopes).cloned().collect();
        if has_all {
            self.permissions = scopes.iter().cloned().collect();
            self.modules = modules;
        } else {
            self.permissions.retain(|code| scopes.has_permission(code.as_str()));
            self.modules.retain(|code| modules.contains(code));
        }
        self
    }

    /// Whether something of that level is not above the caller.
    #[must_use]
    pub fn reaches(&self, level: Level) -> bool {
        self.is_super_admin || !level.is_above(self.level)
    }

    /// Whether the caller has a permission to give.
    #[must_use]
    pub fn has_permission(&self, code: &str) -> bool {
        self.is_super_admin || self.permissions.contains(code)
    }

    /// Whether the caller has a module to give.
    #[must_use]
    pub fn has_module(&self, code: &str) -> bool {
        self.is_super_admin || self.modules.contains(code)
    }

    /// Whether the caller has more power than that of a level.
    #[must_use]
    pub fn is_over(&self, level: Level) -> bool {
        self.is_super_admin || self.level.is_above(level)
    }

    /// Whether the caller may change a role: it is not above the caller, and where it is an
    /// organization's own it is below. `super_admin` is above everybody else, whatever the level of
    /// a role of theirs.
    #[must_use]
    pub fn may_define(&self, role: &Role) -> bool {
        if role.organization.is_some() { self.is_over(role.level) } else { self.reaches_role(role) }
    }

    /// Whether a role is not above the caller. `super_admin` is above everybody else, whatever the
    /// level of a role of theirs.
    #[must_use]
    pub fn reaches_role(&self, role: &Role) -> bool {
        self.is_super_admin || (role.code.as_str() != SUPER_ADMIN && self.reaches(role.level))
    }

    /// Whether the caller may give a role: it is not above the caller, and holds nothing that the
    /// caller lacks, whether or not it is active now.
    #[must_use]
    pub fn may_give(&self, role: &Role) -> bool {
        self.reaches_role(role)
            && role.permissions.keys().all(|code| self.has_permission(code.as_str()))
            && role.modules.keys().all(|code| self.has_module(code.as_str()))
    }
}

impl UserWithMemberships {
    /// The user as the caller may see them: of an organization that is not the caller's nothing is
    /// told.
    #[must_use]
    pub fn seen_by(&self, authorization: &Authorization) -> Self {
        if authorization.is_super_admin() {
            return self.clone();
        }
        let memberships = match authorization.organization() {
            Some(own) => self.memberships.within(Some(own)),
            None => Memberships::default(),
        };
        Self { memberships, ..self.clone() }
    }
}
