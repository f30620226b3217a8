/// Who may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Anybody who proves an address.
    Verified,
    Open,
    /// Nobody: accounts come from invitations.
    Invite,
}

impl RegistrationMode {
    pub const ALL: [Self; 3] = [Self::Verified, Self::Open, Self::Invite];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Open => "open",
            Self::Invite => "invite",
        }
    }
}
