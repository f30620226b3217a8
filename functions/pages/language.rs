//! The language of a page: the reader's own choice, or else what the browser prefers (RFC 9110
//! §12.5.4).

use http::{HeaderMap, header};
use rolecall_http::headers::{cookies, preferences};

/// In which the reader's own choice is kept; a page writes it.
const CHOICE: &str = "rolecall-language";

/// One of `offered`, whose first one is for those who read none of them.
pub(super) fn of<'a>(headers: &HeaderMap, offered: &[&'a str]) -> &'a str {
    let chosen = cookies(headers).find(|(name, _)| *name == CHOICE).map(|(_, value)| value);
    let preferred = preferences(headers, &header::ACCEPT_LANGUAGE);
    let find = |wanted: &str| {
        // `de-AT` is served with `de`.
        let primary = wanted.split('-').next().unwrap_or_default();
        offered.iter().copied().find(|one| one.eq_ignore_ascii_case(primary))
    };
    let wanted = chosen.into_iter().chain(preferred);
    wanted.filter_map(find).chain(offered.iter().copied()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_comes_before_what_the_browser_prefers_and_english_is_for_everybody_else() {
        for (cookie, accept, language) in [
            ("", "", "en"),
            ("", "de", "de"),
            ("", "de-AT,en;q=0.5", "de"),
            ("", "fr;q=0.9, en;q=0.3, de;q=0.7", "de"),
            ("", "DE", "de"),
            ("", "de;q=0, en", "en"),
            ("", "fr, *;q=0.1", "en"),
            ("", "de;q=x", "en"),
            ("a=b; rolecall-language=de", "en", "de"),
            ("rolecall-language=fr", "de", "de"),
            ("rolecall-language=", "de", "de"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
            assert_eq!(of(&headers, &["en", "de"]), language, "{cookie:?} {accept:?}");
        }
    }
}
