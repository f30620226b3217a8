//! Who a mail is from.

use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_domain::settings::Settings;

/// Who mails are from, and who answers to them.
#[derive(Debug, Clone)]
pub struct Sender {
    pub(crate) address: String,
    /// The name beside the address, where it is not the product's.
    name: Option<String>,
    pub(crate) reply_to: Option<String>,
}

impl Sender {
    /// As the settings say.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let given = |text: &String| Some(text).filter(|text| !text.is_empty()).cloned();
        Self {
            address: settings.mail_from.clone(),
            name: given(&settings.mail_from_name),
            reply_to: given(&settings.mail_reply_to),
        }
    }

    /// The name beside the address: its own, or the product's.
    pub(crate) fn name<'a>(&'a self, product: &'a str) -> &'a str {
        self.name.as_deref().unwrap_or(product)
    }

    /// The `From` header: `"Acme, Inc." <a@example.com>`, in 7-bit ASCII.
    pub(crate) fn from(&self, product: &str) -> String {
        format!("{} <{}>", phrase(self.name(product)), self.address)
    }
}

/// So many bytes are in an encoded word at most: with their base64 and what stands around it 75
/// characters (RFC 2047 §2).
const MOST_ENCODED: usize = 45;

/// A display name: a quoted string (RFC 5322 §3.2.4), or encoded words (RFC 2047) where it is not
/// ASCII. It has no control characters: the settings take none.
fn phrase(name: &str) -> String {
    if name.is_ascii() {
        return format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let mut parts = vec![String::new()];
    for c in name.chars() {
        match parts.last_mut() {
            Some(part) if part.len() + c.len_utf8() <= MOST_ENCODED => part.push(c),
            _ => parts.push(c.to_string()),
        }
    }
    let word = |part: &String| format!("=?UTF-8?B?{}?=", STANDARD.encode(part));
    parts.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_quoted_or_encoded_and_reads_back() {
        assert_eq!(phrase("Acme"), "\"Acme\"");
        assert_eq!(phrase(r#"Acme, "The" \ Co. <x>"#), r#""Acme, \"The\" \\ Co. <x>""#);
        let long = "Übung macht den Meister, sagte die Großmutter — ".repeat(2);
        let encoded = phrase(&long);
        let mut read = Vec::new();
        for word in encoded.split(' ') {
            assert!(word.len() <= 75 && word.is_ascii(), "{word}");
            let base64 = word.strip_prefix("=?UTF-8?B?").unwrap().strip_suffix("?=").unwrap();
            read.extend(STANDARD.decode(base64).unwrap());
        }
        assert_eq!(String::from_utf8(read).unwrap(), long);
    }
}
