use crate::model::appearance::{AccentColor, Appearance, Language};

/// How the product shows itself in a mail, and what the mail speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// What the product is called.
    pub product: String,
    /// The colour of the button.
    pub accent: Option<AccentColor>,
    /// Where the logo is, which stands on top.
    pub logo_url: Option<String>,
    pub language: Language,
}

impl Letterhead {
    /// As `appearance` has it, or else as the settings do, in the reader's language where it is
    /// known.
    #[must_use]
    pub fn new(
        appearance: &Appearance,
        by_settings: &str,
        issuer: &str,
        language: Option<Language>,
    ) -> Self {
        Self {
            product: appearance.product(by_settings).to_owned(),
            accent: appearance.accent_color,
            logo_url: appearance.logo_url(issuer),
            language: language.unwrap_or(appearance.default_language),
        }
    }
}
