use crate::token::Caller;

/// What somebody wants to do to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Look at it.
    Read,
    /// Create, change or delete it.
    Write,
}

/// Whether an object belongs to the caller's active organization. An object of no organization is
/// nobody's, and a caller without an active organization has none.
#[must_use]
pub fn same_organization(caller: &Caller, object_organization: Option<&str>) -> bool {
    let own = caller.organization.as_deref();
    own.is_some() && own == object_organization
}

/// Which objects of a kind a caller may read and write. It comes after the permission check, which
/// says whether the caller may do so at all.
///
/// By default every object may be read, and those of the caller's organization may be written.
///
/// ```
/// use rolecall_client::{Caller, Operation, Policy};
///
/// struct Drawing {
///     organization: Option<String>,
///     is_frozen: bool,
/// }
///
/// struct Drawings;
///
/// impl Policy<Drawing> for Drawings {
///     fn organization<'a>(&self, drawing: &'a Drawing) -> Option<&'a str> {
///         drawing.organization.as_deref()
///     }
///
///     // Beside that, nobody writes a drawing that is frozen.
///     fn may_write(&self, caller: &Caller, drawing: &Drawing) -> bool {
///         !drawing.is_frozen && self.is_own(caller, drawing)
///     }
/// }
///
/// let drawing = Drawing { organization: Some("ACME".to_owned()), is_frozen: false };
/// let frozen = Drawing { is_frozen: true, organization: Some("ACME".to_owned()) };
/// let (own, other) = (Caller::new("ada", Some("ACME")), Caller::new("bob", Some("OTHER")));
/// assert!(Drawings.allows(&own, Operation::Write, &drawing));
/// assert!(!Drawings.allows(&own, Operation::Write, &frozen));
/// assert!(!Drawings.allows(&other, Operation::Write, &drawing));
/// assert!(Drawings.allows(&other, Operation::Read, &drawing));
/// ```
pub trait Policy<T: ?Sized> {
    /// The organization to which an object belongs.
    fn organization<'a>(&self, object: &'a T) -> Option<&'a str>;

    /// Whether an object belongs to the caller's active organization.
    fn is_own(&self, caller: &Caller, object: &T) -> bool {
        same_organization(caller, self.organization(object))
    }

    /// Whether a caller who may read such objects may read this one; by default any.
    fn may_read(&self, _caller: &Caller, _object: &T) -> bool {
        true
    }

    /// Whether a caller who may write such objects may write this one; by default those of their
    /// organization.
    fn may_write(&self, caller: &Caller, object: &T) -> bool {
        self.is_own(caller, object)
    }

    /// Whether a caller may do an operation to an object.
    fn allows(&self, caller: &Caller, operation: Operation, object: &T) -> bool {
        match operation {
            Operation::Read => self.may_read(caller, object),
            Operation::Write => self.may_write(caller, object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_nobody_is_nobodys() {
        let of = |organization| Caller::new("u", organization);
        for (caller, object, is_same) in [
            (Some("ACME"), Some("ACME"), true),
            (Some("ACME"), Some("acme"), false),
            (Some("ACME"), Some("OTHER"), false),
            (Some("ACME"), None, false),
            (None, Some("ACME"), false),
            (None, None, false),
        ] {
            assert_eq!(same_organization(&of(caller), object), is_same, "{caller:?} {object:?}");
        }
    }
}
