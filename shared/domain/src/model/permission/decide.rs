use super::{catalogue::Catalogue, question::Question, types::Right};
use crate::model::{
    account::{AccountStatus, User},
    api_key::Scopes,
    clock::Timestamp,
    organization::{Membership, MembershipStatus, Memberships, PLATFORM},
    role::{Role, SUPER_ADMIN},
};

/// About whom, and where.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub user: &'a User,
    pub memberships: &'a Memberships,
    /// In which organization; nowhere for a caller without one.
    pub organization: Option<&'a str>,
    /// Whether that organization is there and active.
    pub organization_is_active: bool,
    /// What a key is good for, of all that its owner has; whoever calls without one has no bound.
    pub scopes: Option<&'a Scopes>,
}

/// The answer, with the role that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    Allowed(&'a Role),
    Denied,
}

impl Decision<'_> {
    /// Whether it is a yes.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// The roles of a subject under a catalogue at one instant: what many questions share.
pub struct EffectiveRoles<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) catalogue: &'a Catalogue,
    pub(super) now: Timestamp,
    pub(super) membership: Option<&'a Membership>,
    pub(super) is_super_admin: bool,
    /// Whether anything at all is given: the user, the organization, and unless it is a super admin
    /// the membership.
    is_open: bool,
    /// Which roles of the catalogue the subject has now, by place.
    effective: Vec<bool>,
}

/// Decides one question. The one place that does, for every route, the check endpoint and the
/// authorizer; whatever is unknown, missing, inactive or out of its time gives nothing.
#[must_use]
pub fn decide<'a>(
    subject: Subject<'a>,
    catalogue: &'a Catalogue,
    question: Question<'_>,
    now: Timestamp,
) -> Decision<'a> {
    EffectiveRoles::new(subject, catalogue, now).decide(question)
}

impl<'a> EffectiveRoles<'a> {
    /// Resolves the roles of a subject.
    #[must_use]
    pub fn new(subject: Subject<'a>, catalogue: &'a Catalogue, now: Timestamp) -> Self {
        let membership =
            subject.organization.and_then(|organization| subject.memberships.of(organization));
        let is_super_admin = subject.memberships.is_super_admin();
        let user_is_open =
            subject.user.status == AccountStatus::Active && !subject.user.is_locked(now);
        let membership_is_open = membership
            .is_some_and(|membership| membership.status == MembershipStatus::Active)
            && subject.organization_is_active;
        let mut effective = vec![false; catalogue.places()];
        for assignment in membership.map_or(&[][..], |membership| &membership.roles) {
            let is_now = assignment.has_started(now) && !assignment.is_over(now);
            let place = catalogue.place(assignment.role.as_str()).filter(|_| is_now);
            if let (Some(place), Some(role)) = (place, catalogue.role(assignment.role.as_str()))
                && let Some(effective) = effective.get_mut(place)
            {
                let is_elsewhere = role.code.organization().is_some()
                    && role.code.organization() != subject.organization;
                *effective = role.is_active && role.code.as_str() != SUPER_ADMIN && !is_elsewhere;
            }
        }
        let is_somewhere = subject.organization_is_active || subject.organization.is_none();
        let is_open =
            user_is_open && if is_super_admin { is_somewhere } else { membership_is_open };
        Self { subject, catalogue, now, membership, is_super_admin, is_open, effective }
    }

    #[must_use]
    pub fn decide(&self, question: Question<'_>) -> Decision<'a> {
        if !self.is_open || !self.is_on(question) || !self.is_in_scope(question) {
            return Decision::Denied;
        }
        let role = if self.is_super_admin {
            self.catalogue.role(SUPER_ADMIN)
        } else {
            self.giving(question)
                .find(|place| self.is_effective(*place))
                .and_then(|place| self.catalogue.role_at(place))
        };
        role.map_or(Decision::Denied, Decision::Allowed)
    }

    /// The roles that give something now, by code; `super_admin` alone for super admins.
    #[must_use]
    pub fn roles(&self) -> Vec<&'a Role> {
        if !self.is_open {
            return Vec::new();
        }
        if self.is_super_admin {
            return self.catalogue.role(SUPER_ADMIN).into_iter().collect();
        }
        let all = self.catalogue.roles().into_iter();
        let is_effective = |role: &&Role| {
            let place = self.catalogue.place(role.code.as_str());
            place.is_some_and(|place| self.is_effective(place))
        };
        all.filter(is_effective).collect()
    }

    /// Whether the thing asked for is known and active.
    fn is_on(&self, question: Question<'_>) -> bool {
        let module_is_on =
            |code: &str| self.catalogue.module(code).is_some_and(|module| module.is_active);
        match question {
            Question::Permission(code) => {
                self.catalogue.permission(code).is_some_and(|permission| {
                    permission.is_active && module_is_on(permission.module.as_str())
                })
            }
            Question::Module(code) => module_is_on(code),
        }
    }

    /// Whether the key that somebody calls with is good for it: for a module by any permission of
    /// it.
    pub(super) fn is_in_scope(&self, question: Question<'_>) -> bool {
        let Some(scopes) = self.subject.scopes else { return true };
        match question {
            Question::Permission(code) => scopes.has_permission(code),
            Question::Module(code) => {
                self.catalogue.modules_of(scopes).any(|module| module.as_str() == code)
            }
        }
    }

    /// The places of the roles that give what is asked for, where the subject acts.
    pub(super) fn giving(&self, question: Question<'_>) -> impl Iterator<Item = usize> {
        let counts = self.counts_here(question);
        self.catalogue.giving(question).filter(move |_| counts)
    }

    /// The catalogue is everybody's: the right to change it counts in no other organization than
    /// `PLATFORM`.
    pub(super) fn counts_here(&self, question: Question<'_>) -> bool {
        question != Question::Permission(Right::ManageCatalogue.code())
            || self.subject.organization == Some(PLATFORM)
    }

    fn is_effective(&self, place: usize) -> bool {
        self.effective.get(place).copied().unwrap_or_default()
    }
}
