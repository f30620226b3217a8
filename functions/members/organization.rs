use rolecall_domain::{
    Fields, Patch,
    account::{Email, PhoneNumber},
    clock::rfc3339,
    code::Code,
    organization::{self, Document, OrganizationFields, OrganizationPatch},
    words::{Line, Paragraph},
};
use rolecall_http::{fields::Change, input, words};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::member::line;
use crate::resource::InJson;

/// A tenant.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    /// No other organization ever has it; of one from before there were ids, its code.
    id: String,
    /// Unique code.
    code: String,
    /// Display name.
    name: String,
    /// Up to 500 characters.
    description: Option<String>,
    /// Nobody can do anything in an inactive organization.
    is_active: bool,
    /// A JSON object of the organization's own.
    #[schema(value_type = words::JsonObject)]
    settings: Map<String, Value>,
    /// Contact email address.
    #[schema(format = "email")]
    contact_email: Option<String>,
    /// Contact phone number, E.164.
    contact_phone: Option<String>,
    website: Option<String>,
    /// Street and number.
    address: Option<String>,
    city: Option<String>,
    /// State or region.
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    /// How many members it has.
    member_count: u64,
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
            id: one.id.map_or_else(|| one.code.to_string(), |id| id.to_string()),
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
            member_count: one.member_count,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

input! {
    /// What a new organization and a change of one have in common.
    pub struct OrganizationRest as OrganizationRest {
        /// Up to 500 characters.
        description: Patch<Paragraph>,
        /// Nobody can do anything in an inactive organization; only super admins change this.
        is_active: Option<bool>,
        /// A JSON object of the organization's own, at most 8 KiB; replaced as a whole.
        settings: Option<Document>,
        /// Contact email address.
        contact_email: Patch<Email>,
        /// Contact phone number, E.164.
        contact_phone: Patch<PhoneNumber>,
        website: Patch<Line<200>>,
        /// Street and number.
        address: Patch<Line<200>>,
        city: Patch<Line<100>>,
        /// State or region.
        state: Patch<Line<100>>,
        postal_code: Patch<Line<20>>,
        country: Patch<Line<100>>,
    }
    into OrganizationPatch { name: None }
}

input! {
    /// A new organization.
    pub struct NewOrganization as NewOrganization {
        /// Unique code; it cannot be changed later.
        code: Code,
        /// Display name.
        name: Line<100>,
        .. rest: OrganizationRest,
    }
}

input! {
    /// Changes to an organization: missing fields stay as they are, `null` clears a field.
    pub struct OrganizationChange as OrganizationPatch {
        /// Display name.
        name: Change<Line<100>>,
        .. rest: OrganizationRest,
    }
}

impl From<NewOrganization> for (Code, OrganizationFields) {
    fn from(NewOrganization { code, name, rest }: NewOrganization) -> Self {
        let mut fields = OrganizationFields::new(name);
        fields.patch(&rest.into());
        (code, fields)
    }
}

impl From<OrganizationChange> for OrganizationPatch {
    fn from(OrganizationChange { name, rest }: OrganizationChange) -> Self {
        Self { name: name.0, ..rest.into() }
    }
}

impl InJson for OrganizationFields {
    type View = Organization;
    type New = NewOrganization;
    type Change = OrganizationChange;
    const LIST: &'static str = "organizations";

    fn example() -> Value {
        json!({
            "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
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
            "member_count": 12,
            "created_at": "2026-11-23T09:30:00.000Z",
            "updated_at": "2026-11-23T09:30:00.000Z",
        })
    }
}
