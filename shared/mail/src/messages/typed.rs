//! What users typed, as a message shows it.

/// WORD JOINER: cannot be seen, and keeps what stands around it from being read as one address.
const JOINER: char = '\u{2060}';

/// What somebody typed, on one line. It looks the same, but neither a mail client nor a program
/// that seeks the link of the message finds one in it.
pub(super) fn inert(typed: &str) -> String {
    typed.split_whitespace().map(inert_word).collect::<Vec<_>>().join(" ")
}

/// An address as it is, so that its reader can tell it, unless its first part looks like a link or
/// a token.
pub(super) fn shown(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    let is_plain = local.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
    let is_link = ["http", "www."]
        .iter()
        .any(|start| local.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(start)));
    if is_plain && !is_link { address.to_owned() } else { inert(address) }
}

fn inert_word(word: &str) -> String {
    let word: String = word.chars().filter(|c| !c.is_control() && !turns_text(*c)).collect();
    let mut safe = String::with_capacity(word.len());
    if word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http")) {
        safe.push(JOINER);
    }
    for c in word.chars() {
        if is_joint(c) {
            // On both sides: some readers take a joiner for a letter of the host, others for one of
            // the top-level domain.
            safe.extend([JOINER, c, JOINER]);
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Where addresses and tokens are put together; the last three are dots to IDNA.
fn is_joint(c: char) -> bool {
    matches!(c, '.' | ':' | '/' | '@' | '=' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// Marks that change the direction of the text behind them, and so could turn our words around.
fn turns_text(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_as_it_is_unless_it_looks_like_a_link() {
        assert_eq!(shown("ada.l+x@example.com"), "ada.l+x@example.com");
        for typed in [
            "www.evil.example/pay@x.com",
            "token=abc@x.com",
            "https@evil.example",
            "WWW.evil@x.com",
            "{{7*7}}&'@x.com",
        ] {
            assert_ne!(shown(typed), typed);
        }
    }
}
