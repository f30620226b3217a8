//! `PUT /api/v1/appearance`: changing how the product shows itself.

use http::StatusCode;
use rolecall_domain::{
    Patch,
    appearance::{self, AccentColor, Language, Link, Links, Logo, WantedAppearance},
    permission::Authorization,
    words::Line,
};
use rolecall_http::{Problem, Request, Response, extract, input, openapi::Doc, response};
use serde_json::json;

use super::{Shown, shown};
use crate::{Context, resource::administrator};

input! {
    /// How the product is to show itself. What is left out is as the settings say; the logo stays
    /// where it is left out, and `null` takes it away.
    pub struct Input as NewAppearance {
        /// What the product is called.
        product_name: Option<Line<64>>,
        /// `#rrggbb`, with a contrast of at least 4.5:1 to white and to black.
        accent_color: Option<AccentColor>,
        links: Option<LinksInput>,
        /// The language for those who read none of the others.
        default_language: Option<Language>,
        /// A PNG in Base64, 40 KiB at most.
        logo: Patch<Logo>,
    }
}

input! {
    /// Where pages and mails lead beside themselves: `https://…` or `mailto:…`.
    pub struct LinksInput as NewAppearanceLinks {
        home: Option<Link>,
        terms: Option<Link>,
        privacy: Option<Link>,
        support: Option<Link>,
    }
    into Links {}
}

/// Changes it, for super admins.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let wanted = WantedAppearance {
        product_name: input.product_name,
        accent_color: input.accent_color,
        links: input.links.map(Links::from).unwrap_or_default(),
        default_language: input.default_language.unwrap_or_default(),
        logo: input.logo,
    };
    let by = administrator(&ctx, &authorization, &request);
    let appearance = appearance::change(&ctx.ports, by, &wanted).await?;
    let shown = Shown::new(&appearance, &ctx.ports.settings);
    response::with_etag(response::json(StatusCode::OK, &shown), appearance.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "For super admins. Pages show it within five minutes.";
    Doc::new("Update the appearance", rules)
        .if_match()
        .input::<Input>(json!({
            "product_name": "Acme",
            "accent_color": "#2b70ea",
            "links": { "home": "https://example.com", "support": "mailto:help@example.com" },
            "default_language": "en",
        }))
        .response::<Shown>(200, "The appearance as it is now.", shown::example())
        .etag()
}
