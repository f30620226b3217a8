use crate::model::violation::Violation;

/// What a route of somebody else's API needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// That the gate lets the caller in: `signed-in`.
    SignedIn,
    /// A permission: `reports.read`.
    Permission(String),
    /// A module: `module:PID`.
    Module(String),
}

impl Need {
    /// Reads a need. Error: `invalid_need`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        match text.strip_prefix("module:") {
            _ if text == "signed-in" => Ok(Self::SignedIn),
            Some(module) if !module.is_empty() => Ok(Self::Module(module.to_owned())),
            None if !text.is_empty() => Ok(Self::Permission(text.to_owned())),
            _ => Err(Violation::new(
                "invalid_need",
                "A need is a permission's code, module:CODE or signed-in.",
            )),
        }
    }
}
