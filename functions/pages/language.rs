//! The language of a page: the reader's own choice, or else what the browser prefers (RFC 9110
//! §12.5.4).

use http::{HeaderMap, header};

/// In which the reader's own choice is kept; a page writes it.
const CHOICE: &str = "rolecall-language";

/// One of `offered`, whose first one is for those who read none of them.
pub(super) fn of<'a>(headers: &HeaderMap, offered: &[&'a str]) -> &'a str {
    let find = |wanted: &str| {
        // `de-AT` is served with `de`.
        let primary = wanted.split('-').next().unwrap_or_default();
        offered.iter().copied().find(|one| one.eq_ignore_ascii_case(primary))
    };
    chosen(headers)
        .and_then(find)
        .or_else(|| preferred(headers).into_iter().find_map(find))
        .or_else(|| offered.first().copied())
        .unwrap_or_default()
}

fn chosen(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|all| all.split(';')).filter_map(|one| one.split_once('='));
    pairs.find(|(name, _)| name.trim() == CHOICE).map(|(_, value)| value.trim())
}

/// Languages of `Accept-Language`, best first; those of weight 0 are refused.
fn preferred(headers: &HeaderMap) -> Vec<&str> {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let ranges = values.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    let mut weighted: Vec<(f32, &str)> = ranges
        .map(|range| {
            let (language, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
            (weight.unwrap_or(0.0), language.trim())
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    weighted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    weighted.into_iter().map(|(_, language)| language).collect()
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
