use proptest::prelude::*;

use super::*;

#[test]
fn one_address_in_every_spelling_has_one_key() {
    let spellings = [
        "ada@example.com",
        "Ada@Example.COM",
        "ＡＤＡ@example.com",
        "ada@ｅｘａｍｐｌｅ.com",
        "ADA@EXAMPLE。com",
    ];
    for spelling in spellings {
        assert_eq!(Email::parse(spelling).unwrap().key(), "ada@example.com", "{spelling}");
    }
    assert_eq!(
        Email::parse("j\u{f6}@b\u{fc}cher.example").unwrap(),
        Email::parse("jo\u{308}@xn--bcher-kva.example").unwrap()
    );
}

#[test]
fn a_look_alike_is_another_address() {
    assert_ne!(
        Email::parse("m\u{131}ke@example.com").unwrap().key(),
        Email::parse("mike@example.com").unwrap().key()
    );
}

#[test]
fn addresses_that_only_attackers_write_are_refused() {
    let bad = [
        "",
        "@",
        "a@",
        "@b.example",
        "a@b",
        "a@@b.example",
        "a@b@c.example",
        "\"victim@x.com evil\"@y.com",
        "a(b)@c.example",
        "a b@c.example",
        "a@c.example\r\nBcc: x@y.example",
        ".a@b.example",
        "a..b@c.example",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@-b.example",
        "a@b.example.",
        "a\0@b.example",
        "a,b@c.example",
        "<a@b.example>",
    ];
    for text in bad {
        assert!(Email::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_username_is_neither_an_address_nor_an_id() {
    assert_eq!(Username::parse("ada@example.com").unwrap_err().code, "invalid_characters");
    assert_eq!(
        Username::parse("0190b5a4-9d5e-7c3a-8a61-3f2d5c6b7a89").unwrap_err().code,
        "reserved"
    );
    assert_eq!(Username::parse("0190b5a49d5e7c3a8a613f2d5c6b7a89").unwrap_err().code, "reserved");
}

#[test]
fn nothing_that_cannot_be_seen_makes_another_name_or_address() {
    for filler in ['\u{3164}', '\u{115f}', '\u{ffa0}', '\u{200d}', '\u{ad}'] {
        assert!(Username::parse(&format!("ada{filler}")).is_err(), "{filler:?}");
        assert!(Email::parse(&format!("ada{filler}@example.com")).is_err(), "{filler:?}");
    }
}

#[test]
fn a_letter_may_have_marks_and_nothing_else_may() {
    let four = "m\u{300}\u{301}\u{302}\u{303}x";
    for name in ["हिन्दी", "ไม้เอก", "שָׁלוֹם", four] {
        assert_eq!(Username::parse(name).map(|name| name.as_str().to_owned()), Ok(name.to_owned()));
        assert!(Email::parse(&format!("{name}@example.com")).is_ok(), "{name}");
    }
    for name in
        ["\u{301}ada", "\u{93f}abc", "ada._\u{301}x", "mx\u{300}\u{301}\u{302}\u{303}\u{304}"]
    {
        assert_eq!(Username::parse(name).unwrap_err().code, "invalid_characters", "{name}");
    }
    // Persian's zero width non-joiner cannot be seen.
    assert_eq!(Username::parse("می\u{200c}خواهم").unwrap_err().code, "invalid_characters");
}

#[test]
fn a_name_from_before_a_rule_is_read_as_it_is() {
    assert_eq!(Username::parse("p\u{430}ypal").unwrap_err().code, "mixed_scripts");
    assert_eq!(Username::stored("p\u{430}ypal").unwrap().as_str(), "p\u{430}ypal");
}

#[test]
fn mail_reaches_ascii_before_the_at_sign_alone() {
    for email in ["ada+x@example.com", "a@b\u{fc}cher.example", "ＡＤＡ@example.com"] {
        assert!(NewEmail::parse(email).is_ok(), "{email}");
    }
    for email in ["j\u{f6}@example.com", "संपर्क@example.com", "\u{430}da@example.com"]
    {
        assert_eq!(NewEmail::parse(email).unwrap_err().code, "email_not_deliverable", "{email}");
        assert!(!Email::parse(email).unwrap().is_deliverable());
    }
    let joined = NewEmail::parse("می\u{200c}خواهم@example.com").unwrap_err();
    assert_eq!(joined.code, "email_not_deliverable");
    assert_eq!(NewEmail::parse("a b@example.com").unwrap_err().code, "invalid_email");
    assert_eq!(NewEmail::parse("nobody").unwrap_err().code, "invalid_email");
}

#[test]
fn blanks_around_are_dropped_before_anything_is_counted() {
    for blank in [" ", "\t", "\r\n", "\u{a0}", "\u{2009}", "\u{3000}"] {
        let around = |text: &str| format!("{0}{text}{0}", blank.repeat(300));
        assert_eq!(Email::parse(&around("ada@example.com")).unwrap().address(), "ada@example.com");
        assert_eq!(Username::parse(&around("ada")).unwrap().as_str(), "ada");
        assert_eq!(PersonName::parse(&around("Ada")).unwrap().as_str(), "Ada");
    }
}

#[test]
fn names_keep_markup_and_refuse_line_breaks() {
    assert_eq!(PersonName::parse(" <script>{{7*7}} ").unwrap().as_str(), "<script>{{7*7}}");
    for text in ["a\r\nb", "a\u{2028}b", "", "  ", "\u{1b}[31m"] {
        assert!(PersonName::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn phone_numbers_become_e164() {
    assert_eq!(PhoneNumber::parse("+41 (44) 668-18.00").unwrap().as_str(), "+41446681800");
    for text in ["0446681800", "+0123456789", "+12", "+1234567890123456", "+41x446681800"] {
        assert!(PhoneNumber::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn reading_what_was_read_changes_nothing(
        text in "\\PC{1,20}@[a-zA-Z\u{fc}]{1,10}\\.[a-z]{2,5}") {
        if let Ok(email) = Email::parse(&text) {
            let again = Email::parse(email.address()).unwrap();
            prop_assert_eq!(&again, &email);
            let by_key = Email::parse(email.key()).unwrap();
            prop_assert_eq!(by_key.key(), email.key());
        }
    }

    #[test]
    fn usernames_have_one_key_in_every_case(text in "[a-zA-Z0-9][a-zA-Z0-9._-]{2,30}") {
        if let Ok(name) = Username::parse(&text) {
            let upper = Username::parse(&text.to_uppercase()).unwrap();
            prop_assert_eq!(name.key(), upper.key());
        }
    }
}
