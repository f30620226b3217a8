//! Headers that hold lists.

use std::{cmp::Reverse, iter};

use http::{HeaderMap, HeaderName, header};

/// Names and values of the cookies of a request (RFC 6265 §4.2.1).
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    items(headers, &header::COOKIE, ';').filter_map(|pair| pair.split_once('='))
}

/// What a request prefers, best first (RFC 9110 §12.4.2); what has the weight 0 is refused.
#[must_use]
pub fn preferences<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let weighted = items(headers, name, ',').map(|item| {
        let (value, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let weight = weight.trim().strip_prefix("q=").map_or(0, thousandths);
        (weight, value.trim())
    });
    let mut wanted: Vec<(u16, &str)> = weighted.filter(|(weight, _)| *weight > 0).collect();
    wanted.sort_by_key(|(weight, _)| Reverse(*weight));
    wanted.into_iter().map(|(_, value)| value).collect()
}

/// A weight (RFC 9110 §12.4.2), 0 to 1 with three digits at most; 0 of what is none. Numbers with
/// a point of any kind would be 10 KiB of every function.
fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    if rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let digits = rest.bytes().chain(iter::repeat(b'0')).take(3);
    let part = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match (whole, part) {
        ("0", part) => part,
        ("1", 0) => 1000,
        _ => 0,
    }
}

fn items<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    between: char,
) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(move |all| all.split(between)).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn cookies_are_pairs_and_what_is_none_is_left_out() {
        let headers = with(header::COOKIE, "a=b; c=d=e;f; =g;h=");
        assert_eq!(
            cookies(&headers).collect::<Vec<_>>(),
            [("a", "b"), ("c", "d=e"), ("", "g"), ("h", "")]
        );
    }

    #[test]
    fn the_best_comes_first_and_the_refused_not_at_all() {
        for (value, wanted) in [
            ("", vec![""]),
            ("gzip", vec!["gzip"]),
            ("fr;q=0.9, en;q=0.3, de", vec!["de", "fr", "en"]),
            ("gzip;q=0, br;q=x,*;q=0.1", vec!["*"]),
        ] {
            let headers = with(header::ACCEPT_LANGUAGE, value);
            assert_eq!(preferences(&headers, &header::ACCEPT_LANGUAGE), wanted, "{value}");
        }
    }
}
