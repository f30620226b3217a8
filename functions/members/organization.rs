use rolecall_domain::{
    Fields, Patch,
    account::{Email, PhoneNumber},
    clock::rfc3339,
    code::Code,
    organization::{self, Document, OrganizationFields, OrganizationPatch},
    words::{Line, Paragraph},
};
use rolecall_http::{fields::Change, input};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::member::line;
use crate::resource::InJson;

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

input! {
    /// What an organization may say beside its name.
    pub struct OrganizationRest as OrganizationRest {
        /// What it is.
        description: Patch<Paragraph>,
        /// Whether anybody can do anything in it; for super admins to say.
        is_active: Option<bool>,
        /// What its own clients keep here, as a whole; at most 8 KiB.
        settings: Option<Document>,
        /// Whom to write to.
        contact_email: Patch<Email>,
        /// Whom to call; E.164.
        contact_phone: Patch<PhoneNumber>,
        /// Its page.
        website: Patch<Line<200>>,
        /// Street and number.
        address: Patch<Line<200>>,
        /// City.
        city: Patch<Line<100>>,
        /// State or region.
        state: Patch<Line<100>>,
        /// Postal code.
        postal_code: Patch<Line<20>>,
        /// Country.
        country: Patch<Line<100>>,
    }
}

input! {
    /// An organization that is to be, with everything that a change may set.
    pub struct NewOrganization as NewOrganization {
        /// Its code, for good.
        code: Code,
        /// Its name.
        name: Line<100>,
        .. rest: OrganizationRest,
    }
}

input! {
    /// What changes of an organization: a missing field stays, `null` clears it.
    pub struct OrganizationChange as OrganizationPatch {
        /// Its name.
        name: Change<Line<100>>,
        .. rest: OrganizationRest,
    }
}

impl OrganizationRest {
    pub(crate) fn patch(self, name: Option<Line<100>>) -> OrganizationPatch {
        let Self {
            description,
            is_active,
            settings,
            contact_email,
            contact_phone,
            website,
            address,
            city,
            state,
            postal_code,
            country,
        } = self;
        OrganizationPatch {
            name,
            description,
            is_active,
            settings,
            contact_email,
            contact_phone,
            website,
            address,
            city,
            state,
            postal_code,
            country,
        }
    }
}

impl From<NewOrganization> for (Code, OrganizationFields) {
    fn from(NewOrganization { code, name, rest }: NewOrganization) -> Self {
        let mut fields = OrganizationFields::new(name);
        fields.patch(&rest.patch(None));
        (code, fields)
    }
}

impl From<OrganizationChange> for OrganizationPatch {
    fn from(OrganizationChange { name, rest }: OrganizationChange) -> Self {
        rest.patch(name.0)
    }
}

impl InJson for OrganizationFields {
    type View = Organization;
    type New = NewOrganization;
    type Change = OrganizationChange;
    const LIST: &'static str = "organizations";

    fn example() -> Value {
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
}
