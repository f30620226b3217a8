//! Roles: how much power they stand for, and what they grant.

use std::{collections::BTreeMap, fmt};

use crate::model::{
    clock::Timestamp,
    code::Code,
    ids::UserId,
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
    /// Of whoever has no role.
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

/// A bundle of permissions and modules that members are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub code: Code,
    pub name: Line<100>,
    pub description: Option<Paragraph>,
    /// How much power it stands for.
    pub level: Level,
    /// An inactive one gives nothing.
    pub is_active: bool,
    /// Whether it is one of the six that are always there.
    pub is_system: bool,
    pub permissions: BTreeMap<Code, Grant>,
    /// The modules that it opens.
    pub modules: BTreeMap<Code, Grant>,
    /// Counts the changes, grants included; the `ETag`.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The role whose holders pass every check in every organization. It is assigned in `PLATFORM` and
/// nowhere else.
pub const SUPER_ADMIN: &str = "super_admin";
