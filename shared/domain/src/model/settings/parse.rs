//! How values of settings are read.

use std::{collections::BTreeMap, str::FromStr};

use crate::model::{
    account::Email, clock::SignedDuration, permission::Need, smtp::SmtpServer, words::Line,
};

pub(super) fn text(is_right: impl Fn(&str) -> bool) -> impl Fn(&str) -> Option<String> {
    move |text| is_right(text).then(|| text.to_owned())
}

pub(super) fn count<T: FromStr + PartialOrd>(min: T, max: T) -> impl Fn(&str) -> Option<T> {
    move |text| text.parse().ok().filter(|count| (&min..=&max).contains(&count))
}

pub(super) fn seconds(max: i64) -> impl Fn(&str) -> Option<SignedDuration> {
    move |text| count(1, max)(text).map(SignedDuration::from_secs)
}

/// Seconds, or none.
pub(super) fn grace(max: i64) -> impl Fn(&str) -> Option<SignedDuration> {
    move |text| count(0, max)(text).map(SignedDuration::from_secs)
}

pub(super) fn minutes(max: i64) -> impl Fn(&str) -> Option<SignedDuration> {
    move |text| count(1, max)(text).map(SignedDuration::from_mins)
}

pub(super) fn hours(max: i64) -> impl Fn(&str) -> Option<SignedDuration> {
    move |text| count(1, max)(text).map(SignedDuration::from_hours)
}

pub(super) fn days(max: i64) -> impl Fn(&str) -> Option<SignedDuration> {
    move |text| count(1, max)(text).map(|days| SignedDuration::from_hours(24 * days))
}

/// What DynamoDB takes as a table's name.
pub(super) fn is_table_name(text: &str) -> bool {
    (3..=255).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// Whether a proxy is trusted.
pub(super) fn proxy(text: &str) -> Option<bool> {
    match text {
        "off" => Some(false),
        "cloudfront" => Some(true),
        _ => None,
    }
}

/// A name on one line: no header of a mail can begin in it.
pub(super) fn is_name(text: &str) -> bool {
    Line::<64>::parse(text).is_ok_and(|line| line.as_str() == text)
}

/// An address as mail services take it of a sender, letter for letter.
pub(super) fn is_sender(text: &str) -> bool {
    text.is_ascii() && Email::parse(text).is_ok_and(|email| email.address() == text)
}

/// What SES takes as a configuration set's name, or none.
pub(super) fn is_configuration_set(text: &str) -> bool {
    text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

pub(super) fn is_smtp_url(text: &str) -> bool {
    SmtpServer::parse(text).is_some()
}

/// Routes and what they need, of a JSON object.
pub(super) fn needs(text: &str) -> Option<Vec<(String, Need)>> {
    let routes: BTreeMap<String, String> = serde_json::from_str(text).ok()?;
    routes.into_iter().map(|(route, need)| Some((route, Need::parse(&need).ok()?))).collect()
}

/// Origins, separated by commas, as browsers write them: no path, no slash at the end.
pub(super) fn origins(text: &str) -> Option<Vec<String>> {
    let is_origin = |text: &&str| is_base_url(text) && text.matches('/').count() == 2;
    let list = text.split(',').filter(|one| !one.is_empty());
    list.map(|one| is_origin(&one).then(|| one.to_owned())).collect()
}

/// `https://…`, or `http://` to this machine alone; no query, no fragment, no slash at its end.
pub(super) fn is_base_url(text: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost"];
    let is_local = local.iter().any(|base| {
        text.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    let is_https = text
        .strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    (is_https || is_local)
        && !text.ends_with('/')
        && !text.contains(['?', '#', '@', '"', '<', '\\'])
        && !text.contains(char::is_whitespace)
}
