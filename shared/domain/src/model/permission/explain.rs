use super::{
    decide::{Decision, EffectiveRoles},
    question::Question,
};
use crate::model::{
    account::AccountStatus,
    code::Code,
    organization::MembershipStatus,
    role::{Role, SUPER_ADMIN},
};

/// One reason for a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocker {
    /// No role of the member gives it.
    NoGrant,
    /// A role that gives it is inactive.
    RoleInactive,
    /// A role that gives it is over for this member.
    RoleExpired,
    /// A role that gives it has not begun for this member.
    RoleNotStarted,
    PermissionInactive,
    ModuleInactive,
    /// There is no membership, or it is not active.
    MembershipInactive,
    OrganizationInactive,
    /// The account is not active.
    UserInactive,
    /// The account is locked.
    UserLocked,
    /// The key that the caller uses does not name it.
    NotInScope,
}

impl Blocker {
    pub const ALL: [Self; 11] = [
        Self::NoGrant,
        Self::RoleInactive,
        Self::RoleExpired,
        Self::RoleNotStarted,
        Self::PermissionInactive,
        Self::ModuleInactive,
        Self::MembershipInactive,
        Self::OrganizationInactive,
        Self::UserInactive,
        Self::UserLocked,
        Self::NotInScope,
    ];

    /// Its name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoGrant => "no_grant",
            Self::RoleInactive => "role_inactive",
            Self::RoleExpired => "role_expired",
            Self::RoleNotStarted => "role_not_started",
            Self::PermissionInactive => "permission_inactive",
            Self::ModuleInactive => "module_inactive",
            Self::MembershipInactive => "membership_inactive",
            Self::OrganizationInactive => "organization_inactive",
            Self::UserInactive => "user_inactive",
            Self::UserLocked => "user_locked",
            Self::NotInScope => "not_in_scope",
        }
    }
}

/// Declares the steps, each with its name in the API and what it is.
macro_rules! steps {
    ($($step:ident $(($code:ty))?: $name:literal, $what:literal;)*) => {
        /// One step that would have to be taken.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Step {
            $(#[doc = $what] $step $(($code))?,)*
        }

        impl Step {
            /// Every name.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Its name in the API.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$step { .. } => $name,)*
                }
            }
        }
    };
}

steps! {
    ActivateUser: "activate_user", "Make the account active.";
    UnlockUser: "unlock_user", "End the account's lock.";
    WidenKey: "widen_key", "Call with a key that names the permission.";
    ActivateMembership: "activate_membership", "Make the membership, or make it active.";
    ActivateOrganization: "activate_organization", "Make the organization active.";
    ActivateModule(Code): "activate_module", "Make the module active.";
    ActivatePermission(Code): "activate_permission", "Make the permission active.";
    ActivateRole(Code): "activate_role", "Make the role active.";
    RenewRole(Code): "renew_role", "Have the member's role begin now, or go on.";
    AssignRole(Code): "assign_role", "Give the member the role.";
    GrantPermission(Code): "grant_permission", "Give the role the permission that was asked for.";
    GrantModule(Code): "grant_module", "Give the role the module that was asked for.";
}

impl Step {
    /// The code that it is about.
    #[must_use]
    pub fn code(&self) -> Option<&Code> {
        match self {
            Self::ActivateUser
            | Self::UnlockUser
            | Self::WidenKey
            | Self::ActivateMembership
            | Self::ActivateOrganization => None,
            Self::ActivateModule(code)
            | Self::ActivatePermission(code)
            | Self::ActivateRole(code)
            | Self::RenewRole(code)
            | Self::AssignRole(code)
            | Self::GrantPermission(code)
            | Self::GrantModule(code) => Some(code),
        }
    }
}

/// Why the answer is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// The answer: the very one of [`EffectiveRoles::decide`].
    pub decision: Decision<'a>,
    /// Every reason for a no, with the role that it is about.
    pub blockers: Vec<(Blocker, Option<Code>)>,
    /// The fewest steps to a yes, those that touch the fewest others first; none where nothing is
    /// known by that code.
    pub smallest_grant: Option<Vec<Step>>,
}

/// A way to a yes by one role.
struct Way<'a> {
    role: &'a Role,
    steps: Vec<Step>,
    /// Whether it changes what a role gives to everybody who has it.
    touches_others: bool,
}

impl<'a> EffectiveRoles<'a> {
    /// Decides one question and says why.
    #[must_use]
    pub fn explain(&self, question: Question<'_>) -> Explanation<'a> {
        let decision = self.decide(question);
        if decision.is_allowed() {
            return Explanation {
                decision,
                blockers: Vec::new(),
                smallest_grant: Some(Vec::new()),
            };
        }
        let (mut blockers, mut steps) = self.around(question);
        let is_known = match question {
            Question::Permission(code) => self.catalogue.permission(code).is_some(),
            Question::Module(code) => self.catalogue.module(code).is_some(),
        };
        if self.is_super_admin && is_known {
            return Explanation { decision, blockers, smallest_grant: Some(steps) };
        }
        let way = self.ways(question).into_iter().min_by_key(|way| {
            let conveys = way.role.permissions.len() + way.role.modules.len();
            (
                way.steps.len(),
                way.touches_others,
                std::cmp::Reverse(way.role.level),
                conveys,
                way.role.code.clone(),
            )
        });
        blockers.extend(self.of_roles(question));
        let smallest_grant = way.filter(|_| is_known && self.counts_here(question)).map(|way| {
            steps.extend(way.steps);
            steps
        });
        Explanation { decision, blockers, smallest_grant }
    }

    /// What stands in the way whatever the roles are.
    fn around(&self, question: Question<'_>) -> (Vec<(Blocker, Option<Code>)>, Vec<Step>) {
        let mut found = Vec::new();
        let mut block = |is_so: bool, blocker: Blocker, step: Step| {
            if is_so {
                found.push(((blocker, None), step));
            }
        };
        block(
            self.subject.user.status != AccountStatus::Active,
            Blocker::UserInactive,
            Step::ActivateUser,
        );
        block(self.subject.user.is_locked(self.now), Blocker::UserLocked, Step::UnlockUser);
        block(!self.is_in_scope(question), Blocker::NotInScope, Step::WidenKey);
        if !self.is_super_admin {
            let is_member = self
                .membership
                .is_some_and(|membership| membership.status == MembershipStatus::Active);
            block(!is_member, Blocker::MembershipInactive, Step::ActivateMembership);
        }
        let is_nowhere = self.is_super_admin && self.subject.organization.is_none();
        let is_closed = !self.subject.organization_is_active && !is_nowhere;
        block(is_closed, Blocker::OrganizationInactive, Step::ActivateOrganization);
        let permission = match question {
            Question::Permission(code) => self.catalogue.permission(code),
            Question::Module(_) => None,
        };
        let module = match question {
            Question::Permission(_) => permission.map(|permission| permission.module.as_str()),
            Question::Module(code) => Some(code),
        };
        if let Some(permission) = permission {
            block(
                !permission.is_active,
                Blocker::PermissionInactive,
                Step::ActivatePermission(permission.code.clone()),
            );
        }
        if let Some(module) = module.and_then(|code| self.catalogue.module(code)) {
            block(
                !module.is_active,
                Blocker::ModuleInactive,
                Step::ActivateModule(module.code.clone()),
            );
        }
        found.into_iter().unzip()
    }

    /// What is wrong with the member's roles that give it; that there is none.
    fn of_roles(&self, question: Question<'_>) -> Vec<(Blocker, Option<Code>)> {
        let giving: Vec<&Role> =
            self.giving(question).filter_map(|place| self.catalogue.role_at(place)).collect();
        let assigned = giving
            .iter()
            .filter_map(|role| Some((role, self.membership?.assignment(role.code.as_str())?)));
        let mut blockers = Vec::new();
        let mut is_given = false;
        for (role, assignment) in assigned.filter(|(role, _)| role.code.as_str() != SUPER_ADMIN) {
            is_given = true;
            let reasons = [
                (!role.is_active, Blocker::RoleInactive),
                (assignment.is_over(self.now), Blocker::RoleExpired),
                (!assignment.has_started(self.now), Blocker::RoleNotStarted),
            ];
            let of_role = reasons
                .into_iter()
                .filter(|(is_so, _)| *is_so)
                .map(|(_, blocker)| (blocker, Some(role.code.clone())));
            blockers.extend(of_role);
        }
        if !is_given {
            blockers.push((Blocker::NoGrant, None));
        }
        blockers
    }

    /// Every way by one role of the catalogue. `super_admin` is none: it is not for one question.
    fn ways(&self, question: Question<'_>) -> Vec<Way<'a>> {
        let all = self.catalogue.roles().into_iter();
        let roles = all.filter(|role| role.code.as_str() != SUPER_ADMIN);
        roles.map(|role| self.way(role, question)).collect()
    }

    fn way(&self, role: &'a Role, question: Question<'_>) -> Way<'a> {
        let mut steps = Vec::new();
        let code = || role.code.clone();
        match self.membership.and_then(|membership| membership.assignment(role.code.as_str())) {
            None => steps.push(Step::AssignRole(code())),
            Some(one) if one.is_over(self.now) || !one.has_started(self.now) => {
                steps.push(Step::RenewRole(code()));
            }
            Some(_) => {}
        }
        if !role.is_active {
            steps.push(Step::ActivateRole(code()));
        }
        let grant = match question {
            Question::Permission(permission) => {
                (!role.permissions.contains_key(permission)).then(|| Step::GrantPermission(code()))
            }
            Question::Module(module) => {
                (!role.modules.contains_key(module)).then(|| Step::GrantModule(code()))
            }
        };
        let touches_others = grant.is_some() || !role.is_active;
        steps.extend(grant);
        Way { role, steps, touches_others }
    }
}
