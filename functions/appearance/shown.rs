use rolecall_domain::{
    account::{LONGEST_PASSWORD, SHORTEST_PASSWORD},
    appearance::{self, Appearance, Language},
    settings::Settings,
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// How the product shows itself, and what its pages offer.
#[derive(Serialize, ToSchema)]
#[schema(as = Appearance)]
pub struct Shown {
    /// What the product is called.
    product_name: String,
    /// A PNG.
    #[schema(format = "uri")]
    logo_url: Option<String>,
    /// `#rrggbb`; it can be read on white and on black.
    #[schema(pattern = "^#[0-9a-f]{6}$")]
    accent_color: Option<String>,
    links: Links,
    /// Who may sign up.
    #[schema(value_type = words::RegistrationMode)]
    registration: &'static str,
    password: PasswordBounds,
    /// The languages that pages and mails speak (BCP 47).
    #[schema(value_type = Vec<words::Language>)]
    languages: [&'static str; 2],
    /// The one for those who read none of them.
    #[schema(value_type = words::Language)]
    default_language: &'static str,
}

/// Where pages and mails lead beside themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = AppearanceLinks)]
struct Links {
    #[schema(format = "uri")]
    home: Option<String>,
    #[schema(format = "uri")]
    terms: Option<String>,
    #[schema(format = "uri")]
    privacy: Option<String>,
    #[schema(format = "uri")]
    support: Option<String>,
}

/// How many characters a new password has, after NFC.
#[derive(Serialize, ToSchema)]
struct PasswordBounds {
    #[schema(minimum = 1)]
    min: usize,
    #[schema(minimum = 1)]
    max: usize,
}

impl Shown {
    /// An appearance of a stack with these settings.
    #[must_use]
    pub fn new(one: &Appearance, settings: &Settings) -> Self {
        let text =
            |link: &Option<appearance::Link>| link.as_ref().map(|one| one.as_str().to_owned());
        let links = &one.links;
        Self {
            product_name: one.product(&settings.product_name).to_owned(),
            logo_url: one.logo_url(&settings.issuer),
            accent_color: one.accent_color.map(|color| color.to_string()),
            links: Links {
                home: text(&links.home),
                terms: text(&links.terms),
                privacy: text(&links.privacy),
                support: text(&links.support),
            },
            registration: settings.registration.as_str(),
            password: PasswordBounds { min: SHORTEST_PASSWORD, max: LONGEST_PASSWORD },
            languages: Language::ALL.map(Language::as_str),
            default_language: one.default_language.as_str(),
        }
    }
}

/// One for the OpenAPI document.
#[must_use]
pub fn example() -> Value {
    json!({
        "product_name": "Acme",
        "logo_url": "https://id.example.com/api/v1/appearance/logo",
        "accent_color": "#2b70ea",
        "links": {
            "home": "https://example.com",
            "terms": "https://example.com/terms",
            "privacy": "https://example.com/privacy",
            "support": "mailto:help@example.com",
        },
        "registration": "verified",
        "password": { "min": 8, "max": 128 },
        "languages": ["en", "de"],
        "default_language": "en",
    })
}
