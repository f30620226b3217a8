//! The suite of [`AppearanceStore`].

use rolecall_domain::{
    appearance::{AccentColor, Appearance, Language, Link, Links, Logo},
    ports::{AppearanceChange, AppearanceStore, Refused},
    words::Line,
};

use super::{id, record, refusal, table};
use crate::support::PIXEL;

#[tokio::test]
async fn an_appearance_and_its_logo_change_over_the_version_before_or_not_at_all() {
    let (_app, store) = table().await;
    assert_eq!(store.appearance(true).await.unwrap(), Appearance::default());
    assert_eq!(store.logo().await.unwrap(), None);
    let link = || Some(Link::parse("https://example.com").unwrap());
    let (logo, activity) = (Logo::parse(PIXEL).unwrap(), record());
    let another = record();
    let appearance = |version| Appearance {
        product_name: Some(Line::parse("Acme").unwrap()),
        accent_color: Some(AccentColor::parse("#2b70ea").unwrap()),
        links: Links { home: link(), terms: link(), privacy: link(), support: link() },
        default_language: Language::German,
        logo: Some(logo.hash()),
        version,
    };
    let first = appearance(1);
    let change = AppearanceChange { after: &first, logo: Some(Some(&logo)), activity: &activity };
    store.change_appearance(&change, id()).await.unwrap();
    assert_eq!(store.appearance(true).await.unwrap(), first);
    assert_eq!(store.logo().await.unwrap(), Some(logo.clone()));
    // Neither the first nor a later version over what is no longer so; the logo stays with it.
    for version in [1, 3] {
        let late = appearance(version);
        let change = AppearanceChange { after: &late, logo: Some(None), activity: &activity };
        assert_eq!(refusal(store.change_appearance(&change, id()).await), Some(Refused::Stale));
    }
    assert_eq!(store.logo().await.unwrap(), Some(logo.clone()));
    let second = Appearance { logo: None, ..appearance(2) };
    let change = AppearanceChange { after: &second, logo: Some(None), activity: &another };
    store.change_appearance(&change, id()).await.unwrap();
    assert_eq!(store.appearance(false).await.unwrap(), second);
    assert_eq!(store.logo().await.unwrap(), None);
}
