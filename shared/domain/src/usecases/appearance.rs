//! Reading and changing how the product shows itself.

use crate::{
    model::{
        activity::compared,
        appearance::{AccentColor, Appearance, Language, Links, Logo},
        event::Event,
        fields::audited,
        organization::{LogKey, PLATFORM},
        patch::Patch,
        words::Line,
    },
    ports::{AppearanceChange, Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, Administrator, for_super_admins, matches},
        commit::commit_on,
        permission::renewed,
    },
};

/// An appearance that is wanted: what is left out is as the settings say, but for the logo, which
/// stays.
#[derive(Debug, Clone)]
pub struct WantedAppearance {
    pub product_name: Option<Line<64>>,
    pub accent_color: Option<AccentColor>,
    pub links: Links,
    pub default_language: Language,
    pub logo: Patch<Logo>,
}

/// How the product shows itself.
pub async fn appearance(ports: &Ports<impl Store, impl Crypto>) -> Result<Appearance, StoreError> {
    ports.store.appearance(false).await
}

/// The logo, where there is one.
pub async fn logo(ports: &Ports<impl Store, impl Crypto>) -> Result<Option<Logo>, StoreError> {
    ports.store.logo().await
}

/// Changes it, for super admins.
pub async fn change(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    wanted: &WantedAppearance,
) -> Result<Appearance, AdministerError> {
    let first = (authorization.clone(), ports.store.appearance(true).await?);
    let load = || async move {
        let authorization = renewed(ports, authorization).await?;
        Ok((authorization, ports.store.appearance(true).await?))
    };
    commit_on(first, load, |(authorization, before)| async move {
        let detail = "Only super admins change how the product shows itself.";
        for_super_admins(&authorization, detail)?;
        matches(if_match, before.version)?;
        let after = wanted.over(&before);
        if after == before {
            return Ok(before);
        }
        let after = Appearance { version: before.version + 1, ..after };
        let record = authorization.record(
            ports,
            Event::AppearanceChanged,
            client,
            &LogKey::from_stored(PLATFORM),
        );
        let activity = compared(record, Some(&audited(&before)), Some(&audited(&after)));
        let logo = match &wanted.logo {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(logo) => Some(Some(logo)),
        };
        let change = AppearanceChange { after: &after, logo, activity: &activity };
        ports.store.change_appearance(&change, ports.id()).await?;
        Ok(after)
    })
    .await
}

impl WantedAppearance {
    fn over(&self, before: &Appearance) -> Appearance {
        let logo = match &self.logo {
            Patch::Keep => before.logo.clone(),
            Patch::Clear => None,
            Patch::Set(logo) => Some(logo.hash()),
        };
        Appearance {
            product_name: self.product_name.clone(),
            accent_color: self.accent_color,
            links: self.links.clone(),
            default_language: self.default_language,
            logo,
            version: before.version,
        }
    }
}
