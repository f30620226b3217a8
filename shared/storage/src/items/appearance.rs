use rolecall_domain::{
    appearance::{AccentColor, Appearance, Language, Link, Links, Logo},
    ports::StoreError,
    words::Line,
};
use serde::{Deserialize, Serialize};

use super::V;
use crate::keys::{self, Key};

/// How the product shows itself.
#[derive(Serialize, Deserialize)]
pub(crate) struct AppearanceItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_name: Option<Line<64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accent_color: Option<AccentColor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terms: Option<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    privacy: Option<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    support: Option<Link>,
    default_language: Language,
    /// The hash of the logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
}

impl From<&Appearance> for AppearanceItem {
    fn from(one: &Appearance) -> Self {
        let Appearance { product_name, accent_color, links, default_language, logo, version } =
            one.clone();
        let Links { home, terms, privacy, support } = links;
        Self {
            key: keys::appearance(),
            entity: "appearance".to_owned(),
            v: V,
            version,
            product_name,
            accent_color,
            home,
            terms,
            privacy,
            support,
            default_language,
            logo,
        }
    }
}

impl From<AppearanceItem> for Appearance {
    fn from(item: AppearanceItem) -> Self {
        let AppearanceItem { home, terms, privacy, support, .. } = item;
        Self {
            product_name: item.product_name,
            accent_color: item.accent_color,
            links: Links { home, terms, privacy, support },
            default_language: item.default_language,
            logo: item.logo,
            version: item.version,
        }
    }
}

/// Its logo.
#[derive(Serialize, Deserialize)]
pub(crate) struct LogoItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    /// PNG in Base64.
    png: String,
}

impl From<&Logo> for LogoItem {
    fn from(logo: &Logo) -> Self {
        Self { key: keys::logo(), entity: "logo".to_owned(), v: V, png: logo.to_base64() }
    }
}

impl TryFrom<LogoItem> for Logo {
    type Error = StoreError;

    fn try_from(item: LogoItem) -> Result<Self, StoreError> {
        let broken = |what: &str| StoreError::Broken(format!("the logo: {what}"));
        Self::parse(&item.png).map_err(|violation| broken(&violation.message))
    }
}
