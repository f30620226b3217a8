//! Roles: how much power they stand for, and what they grant.

use std::{collections::BTreeMap, fmt};

use serde::{Serialize, Serializer};

use crate::model::{
    clock::Timestamp,
    code::Code,
    fields::fields,
    ids::UserId,
    versioned::Versioned,
    violation::Violation,
    words::{Line, Paragraph},
};

/// How much power a role stands for: 1 is most, 6 is least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(u8);

impl Level {
    /// Of `super_admin`.
    pub const HIGHEST: Self = Self(1);
    /// Of the least powerful role.
    pub const LOWEST: Self = Self(6);
    /// Of somebody without a role.
    pub const NONE: Self = Self(7);

    /// The level of a number. Error: `out_of_range`.
    pub fn parse(number: i64) -> Result<Self, Violation> {
        u8::try_from(number).ok().filter(|level| (1..=6).contains(level)).map(Self).ok_or_else(
            || {
                Violation::new(
                    "out_of_range",
                    "A level is a whole number from 1, the most power, to 6.",
                )
            },
        )
    }

    pub(crate) const fn known(number: u8) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// Whether it stands for more power than `other`.
    #[must_use]
    pub fn is_above(self, other: Self) -> bool {
        self.0 < other.0
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// That a role was given something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Who gave it; nobody where the system or an operator did.
    pub granted_by: Option<UserId>,
    pub granted_at: Timestamp,
}

fields! {
    /// What a role says of itself, and what it grants.
    RoleFields,
    /// A change of a role.
    RolePatch {
        name: Line<100>,
        description: Option<Paragraph>,
        /// How much power it stands for.
        level: Level,
        /// An inactive one gives nothing.
        is_active: bool,
    }
    fixed {
        /// Whether it is one of the six that are always there.
        #[serde(skip)]
        is_system: bool,
        /// Whose own it is; all organizations share it where it is nobody's. Its code says the
        /// same.
        #[serde(skip)]
        organization: Option<Code>,
        #[serde(serialize_with = "codes")]
        permissions: BTreeMap<Code, Grant>,
        /// The modules that it opens.
        #[serde(serialize_with = "codes")]
        modules: BTreeMap<Code, Grant>,
    }
}

impl RoleFields {
    /// Of an active role that grants nothing yet, with nothing but its name.
    #[must_use]
    pub fn new(name: Line<100>, level: Level) -> Self {
        Self {
            name,
            description: None,
            level,
            is_active: true,
            is_system: false,
            organization: None,
            permissions: BTreeMap::new(),
            modules: BTreeMap::new(),
        }
    }
}

/// A bundle of permissions and modules that members are given. Its version counts its grants, too.
pub type Role = Versioned<RoleFields>;

fn codes<S: Serializer>(grants: &BTreeMap<Code, Grant>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(grants.keys())
}

/// The role whose holders pass every check in every organization. It is assigned in `PLATFORM` and
/// nowhere else.
pub const SUPER_ADMIN: &str = "super_admin";
