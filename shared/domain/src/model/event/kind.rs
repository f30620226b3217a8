use crate::model::violation::Violation;

/// How much an activity matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Happens all the time.
    Info,
    Low,
    Normal,
    /// Somebody should look soon.
    High,
    /// Somebody should look now.
    Critical,
}

impl Severity {
    /// Every severity, the least first. The table holds their places here.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Normal, Self::High, Self::Critical];

    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name. Error: `unknown_severity`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        let known = Self::ALL.into_iter().find(|severity| severity.as_str() == name);
        known.ok_or_else(|| {
            Violation::new("unknown_severity", "One of: info, low, normal, high, critical.")
        })
    }

    /// Whether somebody should look.
    #[must_use]
    pub fn is_high(self) -> bool {
        self >= Self::High
    }
}

/// What an activity is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    Authentication,
    /// Who may do what.
    Authorization,
    /// Things that people keep.
    DataManagement,
    SystemOperation,
    Security,
    /// Calls of an API.
    Api,
    MlAi,
    Communication,
    Maintenance,
}

impl Category {
    /// Every category. The table holds their places here: a new one comes last.
    pub const ALL: [Self; 9] = [
        Self::Authentication,
        Self::Authorization,
        Self::DataManagement,
        Self::SystemOperation,
        Self::Security,
        Self::Api,
        Self::MlAi,
        Self::Communication,
        Self::Maintenance,
    ];

    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Authorization => "authorization",
            Self::DataManagement => "data_management",
            Self::SystemOperation => "system_operation",
            Self::Security => "security",
            Self::Api => "api",
            Self::MlAi => "ml_ai",
            Self::Communication => "communication",
            Self::Maintenance => "maintenance",
        }
    }

    /// The category of that name. Error: `unknown_category`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::ALL.into_iter().find(|category| category.as_str() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            Violation::new("unknown_category", format!("One of: {names}."))
        })
    }
}
