use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::{
    account::{AccountStatus, Email, User, Username},
    api_key::Scopes,
    clock::{SignedDuration, Timestamp, from_millis},
    code::Code,
    ids::UserId,
    organization::{Assignment, Membership, MembershipStatus, Memberships},
    role::{Grant, Level, Role, RoleFields},
    words::Line,
};

/// A small world: two modules, three permissions, three roles, one member, everything on or off.
#[derive(Debug, Clone)]
struct World {
    modules: [bool; 2],
    permissions: [bool; 3],
    /// Active, granted permissions, opened modules.
    roles: [(bool, [bool; 3], [bool; 2]); 3],
    /// Assigned and how the instants lie: always, not begun, over.
    assigned: [Option<u8>; 3],
    status: AccountStatus,
    is_locked: bool,
    membership: Option<MembershipStatus>,
    organization_is_active: bool,
    /// The permissions that the key names, if it is one.
    scopes: Option<[bool; 3]>,
}

const MODULES: [&str; 2] = ["M0", "M1"];

const PERMISSIONS: [(&str, &str); 3] = [("p0", "M0"), ("p1", "M0"), ("p2", "M1")];

const ROLES: [&str; 3] = ["r0", "r1", "r2"];

fn world() -> impl Strategy<Value = World> {
    let flags = (any::<[bool; 2]>(), any::<[bool; 3]>());
    let mostly = prop::bool::weighted(0.8);
    let roles = prop::array::uniform3((mostly, any::<[bool; 3]>(), any::<[bool; 2]>()));
    let assigned = prop::array::uniform3(prop::option::of(0u8..3));
    let status = prop_oneof![4 => Just(AccountStatus::Active), 1 => Just(AccountStatus::Suspended)];
    let membership = prop_oneof![
        4 => Just(Some(MembershipStatus::Active)),
        1 => Just(Some(MembershipStatus::Suspended)),
        1 => Just(None)
    ];
    let scopes = prop::option::weighted(0.3, any::<[bool; 3]>());
    let rest = (status, prop::bool::weighted(0.2), membership, mostly, scopes);
    (flags, roles, assigned, rest).prop_map(|((modules, permissions), roles, assigned, rest)| {
        let (status, is_locked, membership, active, scopes) = rest;
        World {
            modules,
            permissions,
            roles,
            // Somebody who is no member has no roles.
            assigned: membership.map_or([None; 3], |_| assigned),
            status,
            is_locked,
            membership,
            organization_is_active: active,
            scopes,
        }
    })
}

fn now() -> Timestamp {
    from_millis(1_800_000_000_000).unwrap()
}

impl World {
    fn catalogue(&self) -> Catalogue {
        let at = now();
        let grant = Grant { granted_by: None, granted_at: at };
        let granted = |codes: Vec<&str>| -> BTreeMap<Code, Grant> {
            codes.into_iter().map(|code| (Code::known(code), grant)).collect()
        };
        let modules = MODULES.iter().zip(self.modules).map(|(code, is_active)| {
            let fields = ModuleFields { is_active, ..ModuleFields::new(Line::known(code)) };
            Definition::Module(Module::new(Code::known(code), fields, at))
        });
        let permissions =
            PERMISSIONS.iter().zip(self.permissions).map(|((code, module), is_active)| {
                let (module, name) = (Code::known(module), Line::known(code));
                let fields = PermissionFields {
                    is_active,
                    ..PermissionFields::new(module, name, Action::Read)
                };
                Definition::Permission(Permission::new(Code::known(code), fields, at))
            });
        let roles =
            ROLES.iter().zip(self.roles).map(|(code, (is_active, permissions, modules))| {
                let has = |(code, is): (&'static str, bool)| is.then_some(code);
                let fields = RoleFields {
                    is_active,
                    permissions: granted(
                        PERMISSIONS
                            .map(|(code, _)| code)
                            .into_iter()
                            .zip(permissions)
                            .filter_map(has)
                            .collect(),
                    ),
                    modules: granted(MODULES.into_iter().zip(modules).filter_map(has).collect()),
                    ..RoleFields::new(Line::known(code), Level::LOWEST)
                };
                Definition::Role(Role::new(Code::known(code), fields, at))
            });
        Catalogue::new(1, modules.chain(permissions).chain(roles))
    }

    fn user(&self) -> User {
        let username = Username::parse("ada").unwrap();
        let email = Email::parse("ada@example.com").unwrap();
        User {
            status: self.status,
            locked_until: self.is_locked.then(|| now() + SignedDuration::from_hours(1)),
            ..User::new(UserId::from_bytes([7; 16]), username, email, now())
        }
    }

    /// A key names something, be it nothing that there is.
    fn scopes(&self) -> Option<Scopes> {
        let named = PERMISSIONS.iter().zip(self.scopes?).filter(|(_, is_named)| *is_named);
        let named = named.map(|((code, _), _)| Code::known(code)).chain([Code::known("p8")]);
        Some(Scopes::new(named.collect()).unwrap())
    }

    fn memberships(&self) -> Memberships {
        let hour = SignedDuration::from_hours(1);
        let assignment = |(role, lies): (&&str, Option<u8>)| {
            let lies = lies?;
            let (starts_at, expires_at) = match lies {
                0 => (None, Some(now() + hour)),
                1 => (Some(now() + hour), None),
                _ => (None, Some(now())),
            };
            Some(Assignment { role: Code::known(role), starts_at, expires_at })
        };
        let roles = ROLES.iter().zip(self.assigned).filter_map(assignment).collect();
        let membership =
            |status| Membership { roles, ..Membership::new(Code::known("ACME"), status) };
        Memberships::new(self.membership.map(membership).into_iter().collect())
    }

    fn ask(&self, question: Question<'_>) -> bool {
        self.explained(question).0
    }

    /// The codes of the roles that give something now.
    fn roles(&self) -> Vec<String> {
        let (catalogue, user, memberships) = (self.catalogue(), self.user(), self.memberships());
        let scopes = self.scopes();
        let subject = Subject {
            user: &user,
            memberships: &memberships,
            organization: Some("ACME"),
            organization_is_active: self.organization_is_active,
            scopes: scopes.as_ref(),
        };
        let effective = EffectiveRoles::new(subject, &catalogue, now());
        effective.roles().iter().map(|role| role.code.to_string()).collect()
    }

    /// The answer, and the smallest grant.
    fn explained(&self, question: Question<'_>) -> (bool, Option<Vec<Step>>) {
        let (catalogue, user, memberships) = (self.catalogue(), self.user(), self.memberships());
        let scopes = self.scopes();
        let subject = Subject {
            user: &user,
            memberships: &memberships,
            organization: Some("ACME"),
            organization_is_active: self.organization_is_active,
            scopes: scopes.as_ref(),
        };
        let decided = decide(subject, &catalogue, question, now()).is_allowed();
        let explanation = EffectiveRoles::new(subject, &catalogue, now()).explain(question);
        assert_eq!(explanation.decision.is_allowed(), decided, "with and without explain");
        assert_eq!(
            explanation.blockers.is_empty(),
            decided,
            "a no has its reasons: {explanation:?}"
        );
        (decided, explanation.smallest_grant)
    }

    fn role(code: &Code) -> usize {
        ROLES.iter().position(|role| *role == code.as_str()).unwrap()
    }

    /// Takes a step; false where it is about a role that this world does not change.
    fn take(&mut self, step: &Step, question: Question<'_>) -> bool {
        match step {
            Step::ActivateUser => self.status = AccountStatus::Active,
            Step::UnlockUser => self.is_locked = false,
            Step::WidenKey => self.scopes = Some([true; 3]),
            Step::ActivateMembership => self.membership = Some(MembershipStatus::Active),
            Step::ActivateOrganization => self.organization_is_active = true,
            Step::ActivateModule(code) => {
                self.modules[MODULES.iter().position(|one| *one == code.as_str()).unwrap()] = true;
            }
            Step::ActivatePermission(code) => {
                self.permissions
                    [PERMISSIONS.iter().position(|(one, _)| *one == code.as_str()).unwrap()] = true;
            }
            Step::ActivateRole(code) => {
                let role = Self::role(code);
                self.roles[role].0 = true;
            }
            Step::RenewRole(code) | Step::AssignRole(code) => {
                if !ROLES.contains(&code.as_str()) {
                    return false;
                }
                let role = Self::role(code);
                self.assigned[role] = Some(0);
            }
            Step::GrantPermission(code) | Step::GrantModule(code) => {
                if !ROLES.contains(&code.as_str()) {
                    return false;
                }
                let role = Self::role(code);
                match question {
                    Question::Permission(asked) => {
                        self.roles[role].1
                            [PERMISSIONS.iter().position(|(one, _)| *one == asked).unwrap()] = true;
                    }
                    Question::Module(asked) => {
                        self.roles[role].2[MODULES.iter().position(|one| *one == asked).unwrap()] =
                            true;
                    }
                }
            }
        }
        true
    }
}

fn questions() -> Vec<Question<'static>> {
    let permissions = PERMISSIONS.iter().map(|(code, _)| Question::Permission(code));
    permissions.chain(MODULES.iter().map(|code| Question::Module(code))).collect()
}

proptest! {
    #[test]
    fn adding_a_grant_takes_nothing_away_and_removing_one_gives_nothing(world in world(),
        role in 0usize..3, permission in 0usize..3, module in 0usize..2) {
        let (mut more, mut less) = (world.clone(), world.clone());
        (more.roles[role].1[permission], more.roles[role].2[module]) = (true, true);
        (less.roles[role].1[permission], less.roles[role].2[module]) = (false, false);
        for question in questions() {
            let now = world.ask(question);
            prop_assert!(!now || more.ask(question));
            prop_assert!(now || !less.ask(question));
        }
    }

    #[test]
    fn anything_inactive_gives_nothing(world in world()) {
        let asks =
            |world: &World| questions().into_iter().map(|question| world.ask(
            question)).collect::<Vec<_>>();
        let nothing = vec![false; 5];
        prop_assert_eq!(asks(&World { status: AccountStatus::Inactive, ..world.clone() }),
            nothing.clone());
        prop_assert_eq!(asks(&World { is_locked: true, ..world.clone() }), nothing.clone());
        prop_assert_eq!(asks(&World { membership: Some(MembershipStatus::Pending),
            ..world.clone() }), nothing.clone());
        prop_assert_eq!(asks(&World { membership: None, ..world.clone() }), nothing.clone());
        prop_assert_eq!(asks(&World { organization_is_active: false, ..world.clone() }),
            nothing.clone());
        prop_assert_eq!(asks(&World { modules: [false; 2], ..world.clone() }), nothing.clone());
        let off = world.roles.map(|(_, permissions, modules)| (false, permissions, modules));
        prop_assert_eq!(asks(&World { roles: off, ..world.clone() }), nothing.clone());
        prop_assert_eq!(asks(&World { assigned: world.assigned.map(|one| one.map(|_| 1)),
            ..world.clone() }), nothing.clone());
        prop_assert_eq!(asks(&World { assigned: world.assigned.map(|one| one.map(|_| 2)),
            ..world.clone() }), nothing);
        let mute = World { permissions: [false; 3], ..world };
        prop_assert!(PERMISSIONS.iter().all(|(code, _)| !mute.ask(Question::Permission(code))));
    }

    #[test]
    fn a_key_gives_what_it_names_of_what_its_owner_has(world in world(),
        named in any::<[bool; 3]>()) {
        let owner = World { scopes: None, ..world };
        let key = World { scopes: Some(named), ..owner.clone() };
        for ((code, _), is_named) in PERMISSIONS.iter().zip(named) {
            let question = Question::Permission(code);
            prop_assert_eq!(key.ask(question), is_named && owner.ask(question));
        }
        for module in MODULES {
            let of_module = PERMISSIONS.iter().zip(named).filter(|((_, one), _)| *one == module);
            let question = Question::Module(module);
            let is_named = of_module.into_iter().any(|(_, is_named)| is_named);
            prop_assert_eq!(key.ask(question), is_named && owner.ask(question));
        }
    }

    #[test]
    fn the_effective_roles_are_the_assigned_active_ones_in_their_time(world in world()) {
        let is_open = world.status == AccountStatus::Active
            && !world.is_locked
            && world.membership == Some(MembershipStatus::Active)
            && world.organization_is_active;
        let is_effective =
            |place: usize| is_open && world.assigned[place] == Some(0) && world.roles[place].0;
        let expected: Vec<&str> =
            ROLES.iter().enumerate().filter(|(place, _)| is_effective(*place)).map(|(_,
                code)| *code).collect();
        prop_assert_eq!(world.roles(), expected);
    }

    #[test]
    fn the_smallest_grant_would_allow_it_and_no_step_of_it_is_idle(world in world(),
        which in 0usize..5) {
        let question = questions()[which];
        let (is_allowed, steps) = world.explained(question);
        let steps = steps.unwrap();
        prop_assert_eq!(is_allowed, steps.is_empty());
        let mut granted = world.clone();
        let is_ours = steps.iter().all(|step| granted.take(step, question));
        prop_assume!(is_ours);
        prop_assert!(granted.ask(question), "{:?}", steps);
        for left_out in 0..steps.len() {
            let mut partly = world.clone();
            for (place, step) in steps.iter().enumerate() {
                if place != left_out {
                    partly.take(step, question);
                }
            }
            prop_assert!(!partly.ask(question), "{:?} without {}", steps, left_out);
        }
    }
}

#[test]
fn what_is_unknown_is_not_allowed_and_nothing_would_allow_it() {
    let world = World {
        modules: [true; 2],
        permissions: [true; 3],
        roles: [(true, [true; 3], [true; 2]); 3],
        assigned: [Some(0); 3],
        status: AccountStatus::Active,
        is_locked: false,
        membership: Some(MembershipStatus::Active),
        organization_is_active: true,
        scopes: None,
    };
    for code in ["", "*", "P0", "p0 ", "p0\0", "p9"] {
        assert_eq!(world.explained(Question::Permission(code)), (false, None), "{code:?}");
        assert_eq!(world.explained(Question::Module(code)), (false, None), "{code:?}");
    }
    assert!(world.ask(Question::Permission("p0")));
}
