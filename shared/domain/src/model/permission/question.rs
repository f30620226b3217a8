/// What is asked of somebody's rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    /// May they do this?
    Permission(&'a str),
    /// Is this module open to them?
    Module(&'a str),
}
