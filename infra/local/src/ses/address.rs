//! Addresses, as SES takes them.

use super::Refusal;

/// The longest address, in octets (RFC 5321 §4.5.3.1).
const LONGEST: usize = 320;

/// The address alone of `name@example.com` or `Name <name@example.com>`. SES takes no SMTPUTF8: the
/// local part is 7-bit ASCII, and a domain with other characters is Punycode (SES API v2,
/// `Destination`).
pub(super) fn address(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => {
            rest.strip_suffix('>').ok_or_else(|| Refusal::bad("Missing '>'"))?.trim()
        }
        None => text,
    };
    let (local, domain) =
        address.rsplit_once('@').ok_or_else(|| Refusal::bad("Missing final '@domain'"))?;
    let is_bad = |c: char| c.is_control() || c.is_whitespace();
    if text.chars().any(char::is_control) || local.chars().any(is_bad) {
        return Err(Refusal::bad("Local address contains control or whitespace"));
    }
    if domain.chars().any(is_bad) {
        return Err(Refusal::bad("Domain contains control or whitespace"));
    }
    if !local.is_ascii() {
        return Err(Refusal::bad("Local address contains non-ASCII characters"));
    }
    if !domain.is_ascii() {
        return Err(Refusal::bad("Domain contains non-ASCII characters"));
    }
    if local.is_empty() || local.contains(['@', '(', ')', ',', ';', ':', '"']) {
        return Err(Refusal::bad("Local address contains illegal characters"));
    }
    if domain.starts_with('.') {
        return Err(Refusal::bad("Domain starts with dot"));
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if !domain.split('.').all(is_label) {
        return Err(Refusal::bad("Domain contains illegal characters"));
    }
    if address.len() > LONGEST {
        return Err(Refusal::bad("The address is too long"));
    }
    Ok(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ses_takes_is_taken_and_what_it_documents_to_refuse_is_not() {
        for (text, taken) in [
            ("ada@example.com", "ada@example.com"),
            ("Ada <ada+x@example.com>", "ada+x@example.com"),
            ("\"Ada, L\" <ada@xn--mnchen-3ya.example>", "ada@xn--mnchen-3ya.example"),
        ] {
            assert_eq!(address(text).unwrap(), taken);
        }
        for text in [
            "jürgen@example.com",
            "ada@münchen.example",
            "ada lovelace@example.com",
            "ada\r\nBcc: eve@example.com",
            "ada@example .com",
            "Ada <ada@example.com",
            "ada",
            "@example.com",
            "ada@",
            "ada@.example.com",
            "ada@example..com",
            "a@b@example.com",
            "Ada\n <ada@example.com>",
        ] {
            let refusal = address(text).unwrap_err();
            assert_eq!(refusal.kind, "BadRequestException", "{text}");
        }
    }
}
