//! The language that a reader prefers, of those that pages and mails speak.

use http::{HeaderMap, header};
use rolecall_domain::appearance::Language;

use crate::headers::{cookies, preferences};

/// In which the reader's own choice is kept; a page writes it.
const CHOICE: &str = "rolecall-language";

/// The reader's own choice, or else what the browser prefers (RFC 9110 §12.5.4).
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Option<Language> {
    // `de-AT` is served with `de`.
    let find = |wanted: &str| Language::parse(wanted.split('-').next().unwrap_or_default()).ok();
    let chosen = cookies(headers).find(|(name, _)| *name == CHOICE).map(|(_, value)| value);
    let accepted = || preferences(headers, &header::ACCEPT_LANGUAGE).into_iter().find_map(find);
    chosen.and_then(find).or_else(accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_comes_before_what_the_browser_prefers() {
        for (cookie, accept, language) in [
            ("", "", None),
            ("", "de", Some(Language::German)),
            ("", "de-AT,en;q=0.5", Some(Language::German)),
            ("", "fr;q=0.9, en;q=0.3, de;q=0.7", Some(Language::German)),
            ("", "DE", Some(Language::German)),
            ("", "de;q=0, en", Some(Language::English)),
            ("", "fr, *;q=0.1", None),
            ("", "de;q=x", None),
            ("a=b; rolecall-language=de", "en", Some(Language::German)),
            ("rolecall-language=fr", "de", Some(Language::German)),
            ("rolecall-language=", "de", Some(Language::German)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
            assert_eq!(preferred(&headers), language, "{cookie:?} {accept:?}");
        }
    }
}
