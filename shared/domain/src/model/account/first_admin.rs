/// Whether the account to be made is the first super admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstAdmin {
    /// The one and only; refused when there is one.
    Yes,
    No,
}
