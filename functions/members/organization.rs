use rolecall_domain::{
    Patch,
    account::{Email, PhoneNumber},
    clock::rfc3339,
    organization::{self, Document, OrganizationPatch},
    words::{Line, Paragraph},
};
use rolecall_http::extract::Fields;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::member::line;

/// A tenant.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// What it is.
    description: Option<String>,
    /// In an inactive one nobody can do anything.
    is_active: bool,
    /// What its own clients keep here.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Whom to write to.
    #[schema(format = "email")]
    contact_email: Option<String>,
    /// Whom to call; E.164.
    contact_phone: Option<String>,
    /// Its page.
    website: Option<String>,
    /// Street and number.
    address: Option<String>,
    /// City.
    city: Option<String>,
    /// State or region.
    state: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Country.
    country: Option<String>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

impl From<&organization::Organization> for Organization {
    fn from(one: &organization::Organization) -> Self {
        Self {
            code: one.code.to_string(),
            name: one.name.as_str().to_owned(),
            description: one.description.as_ref().map(|text| text.as_str().to_owned()),
            is_active: one.is_active,
            settings: one.settings.object().clone(),
            contact_email: one.contact_email.as_ref().map(|email| email.address().to_owned()),
            contact_phone: one.contact_phone.as_ref().map(|phone| phone.as_str().to_owned()),
            website: line(one.website.as_ref()),
            address: line(one.address.as_ref()),
            city: line(one.city.as_ref()),
            state: line(one.state.as_ref()),
            postal_code: line(one.postal_code.as_ref()),
            country: line(one.country.as_ref()),
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

/// What changes of an organization: a missing field stays, `null` clears it.
#[derive(ToSchema)]
#[schema(as = OrganizationPatch)]
pub struct PatchInput {
    /// Its name.
    #[schema(value_type = Option<String>, max_length = 100)]
    name: Option<Line<100>>,
    /// What it is.
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Patch<Paragraph>,
    /// Whether anybody can do anything in it; for super admins to say.
    is_active: Option<bool>,
    /// What its own clients keep here, as a whole; at most 8 KiB.
    #[schema(value_type = Option<Object>)]
    settings: Option<Document>,
    /// Whom to write to.
    #[schema(value_type = Option<String>, format = "email")]
    contact_email: Patch<Email>,
    /// Whom to call; E.164.
    #[schema(value_type = Option<String>)]
    contact_phone: Patch<PhoneNumber>,
    /// Its page.
    #[schema(value_type = Option<String>, max_length = 200)]
    website: Patch<Line<200>>,
    /// Street and number.
    #[schema(value_type = Option<String>, max_length = 200)]
    address: Patch<Line<200>>,
    /// City.
    #[schema(value_type = Option<String>, max_length = 100)]
    city: Patch<Line<100>>,
    /// State or region.
    #[schema(value_type = Option<String>, max_length = 100)]
    state: Patch<Line<100>>,
    /// Postal code.
    #[schema(value_type = Option<String>, max_length = 20)]
    postal_code: Patch<Line<20>>,
    /// Country.
    #[schema(value_type = Option<String>, max_length = 100)]
    country: Patch<Line<100>>,
}

impl PatchInput {
    /// Takes every field but the name.
    pub(super) fn read_rest(fields: &mut Fields) -> Option<Self> {
        let description = fields.patch("description", Paragraph::parse);
        let is_active = fields.choice("is_active");
        let settings = fields.object("settings", Document::parse);
        let contact_email = fields.patch("contact_email", Email::parse);
        let contact_phone = fields.patch("contact_phone", PhoneNumber::parse);
        let website = fields.patch("website", Line::parse);
        let address = fields.patch("address", Line::parse);
        let city = fields.patch("city", Line::parse);
        let state = fields.patch("state", Line::parse);
        let postal_code = fields.patch("postal_code", Line::parse);
        let country = fields.patch("country", Line::parse);
        Some(Self {
            name: None,
            description: description?,
            is_active: is_active?,
            settings: settings?,
            contact_email: contact_email?,
            contact_phone: contact_phone?,
            website: website?,
            address: address?,
            city: city?,
            state: state?,
            postal_code: postal_code?,
            country: country?,
        })
    }

    /// Takes every field.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.change("name", Line::parse);
        let rest = Self::read_rest(fields);
        Some(Self { name: name?, ..rest? })
    }
}

impl From<PatchInput> for OrganizationPatch {
    fn from(patch: PatchInput) -> Self {
        Self {
            name: patch.name,
            description: patch.description,
            is_active: patch.is_active,
            settings: patch.settings,
            contact_email: patch.contact_email,
            contact_phone: patch.contact_phone,
            website: patch.website,
            address: patch.address,
            city: patch.city,
            state: patch.state,
            postal_code: patch.postal_code,
            country: patch.country,
        }
    }
}

/// An organization for the OpenAPI document.
pub(super) fn example() -> Value {
    json!({
        "code": "MY_COMPANY",
        "name": "My Company",
        "description": null,
        "is_active": true,
        "settings": { "theme": "dark", "features": ["analytics", "reporting"] },
        "contact_email": "office@example.com",
        "contact_phone": null,
        "website": null,
        "address": null,
        "city": null,
        "state": null,
        "postal_code": null,
        "country": null,
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
    })
}
