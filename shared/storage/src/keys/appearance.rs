use super::Key;

/// How the product shows itself.
#[must_use]
pub fn appearance() -> Key {
    Key::new("APPEARANCE".to_owned(), "APPEARANCE")
}

/// Its logo, which is read by itself.
#[must_use]
pub fn logo() -> Key {
    Key::new("APPEARANCE".to_owned(), "LOGO")
}
