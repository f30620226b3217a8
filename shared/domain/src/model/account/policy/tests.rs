use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use super::*;

fn check(password: &str) -> Result<(), &'static str> {
    let username = Username::parse("ada.lovelace").unwrap();
    let email = Email::parse("countess@analytical.example").unwrap();
    let names = ["Ada", "Lovelace", "Augusta King"];
    NewPassword::parse(password)
        .and_then(|password| check_policy(&password, &username, &email, &names, "Rolecall"))
        .map_err(|violation| violation.code)
}

#[test]
fn every_refusal_has_its_code() {
    for common in [
        "password1",
        "qwertyuiop",
        "Password123!",
        "Passw0rd!2024",
        "12345678",
        "aaaaaaaaaaaa",
        "abcabcabc",
        "\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}",
    ] {
        assert_eq!(check(common), Err("password_too_common"), "{common}");
    }
    for own in [
        "ada.lovelace",
        "Ada.Lovelace1!",
        "countess@analytical.example",
        "rolecall123",
        "RoleCall!",
        "R0le(a11",
        "ADALOVELACE1915",
        "xLovelace99",
        "Augusta2024!",
        "analytical-x1",
        "nalytical.exa",
        "1ovelace!ada",
        "ada12345",
        "Ada2024!",
    ] {
        assert_eq!(check(own), Err("password_too_similar"), "{own}");
    }
    for good in [
        "correct horse battery staple",
        "violet-anchor-mosaic-91",
        "päßwörter sind wörter",
        "lovelace8f2K",
        "analytical-engine-5",
        "ADaAqnNn",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
}

#[test]
fn the_name_of_the_product_is_the_one_that_it_has() {
    let of = |product: &str, password: &str| {
        let username = Username::parse("ada").unwrap();
        let email = Email::parse("ada@example.com").unwrap();
        let password = NewPassword::parse(password).unwrap();
        check_policy(&password, &username, &email, &[], product).map_err(|refused| refused.code)
    };
    for (product, password) in [
        ("Acme Cloud", "acme-cloud-2026"),
        ("Acme Cloud", "AcmeCloud1!"),
        ("Acme Cloud", "acmecl0ud"),
        ("Go Do", "G0D0-g0d0!"),
        ("Büro & Söhne", "BüroSöhne99"),
        ("Büro & Söhne", "buro&sohne"),
    ] {
        assert_eq!(of(product, password), Err("password_too_similar"), "{product}: {password}");
        assert_eq!(of("Rolecall", password), Ok(()), "{password}");
    }
    for product in ["Acme Cloud", "Go Do", "!", "Ü"] {
        assert_eq!(of(product, "rolecall-forever-7"), Ok(()), "{product}");
        assert_eq!(of(product, "violet-anchor-mosaic-91"), Ok(()), "{product}");
    }
}

#[test]
fn a_refusal_says_why() {
    let why = |password: &str| {
        check_policy(
            &NewPassword::parse(password).unwrap(),
            &Username::parse("ada").unwrap(),
            &Email::parse("ada@example.com").unwrap(),
            &[],
            "Rolecall",
        )
        .unwrap_err()
        .message
    };
    for (password, reason) in [
        ("Password123!", "it is a common password, or hides one."),
        ("abcdefgh", "it is a run of neighbouring keys, letters or digits."),
        ("xyxyxyxy", "it repeats one character or a short piece."),
    ] {
        let message = why(password);
        assert!(message.contains(reason), "{message}");
        assert!(message.contains("do not help; three or four unrelated words do"), "{message}");
    }
    assert!(why("ada20242024").starts_with("This password is made of your username"));
}

/// The same random texts each time.
fn refused_of(count: usize, strategy: impl Strategy<Value = String>) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let texts = (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    texts.filter(|text| check(text).is_err()).collect()
}

fn eight(characters: impl Strategy<Value = char>) -> impl Strategy<Value = String> {
    vec(characters, 8).prop_map(String::from_iter)
}

#[test]
fn of_twenty_thousand_random_texts_of_eight_characters_every_one_is_taken() {
    let none = Vec::<String>::new();
    assert_eq!(refused_of(20_000, eight(prop::char::range('!', '~'))), none);
    let alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let alphanumeric = prop::sample::select(alphanumeric.chars().collect::<Vec<_>>());
    assert_eq!(refused_of(10_000, eight(alphanumeric)), none);
    assert_eq!(refused_of(2_000, eight(prop::char::range('a', 'z'))), none);
    assert_eq!(refused_of(2_000, eight(prop::char::range('\u{4e00}', '\u{9fff}'))), none);
}

proptest! {
    #![proptest_config(Config::with_cases(256))]

    #[test]
    fn eight_random_characters_are_taken(
        text in eight(prop::char::range('!', '~')),
        chinese in eight(prop::char::range('\u{4e00}', '\u{9fff}')),
    ) {
        prop_assert_eq!(check(&text), Ok(()));
        prop_assert_eq!(check(&chinese), Ok(()));
    }

    #[test]
    fn what_is_written_around_a_common_password_and_for_its_letters_does_not_hide_it(
        before in "[!#*]?",
        word in prop::sample::select(vec!["password", "sunshine", "football", "princess"]),
        replaced in any::<[bool; 8]>(),
        upper in any::<[bool; 8]>(),
        after in "[0-9]{0,2}[!.]?",
    ) {
        let write = |(at, c): (usize, char)| match c {
            'a' if replaced[at] => '@',
            'e' if replaced[at] => '3',
            'i' | 'l' if replaced[at] => '1',
            'o' if replaced[at] => '0',
            's' if replaced[at] => '$',
            't' if replaced[at] => '7',
            c if upper[at] => c.to_ascii_uppercase(),
            c => c,
        };
        let word: String = word.chars().enumerate().map(write).collect();
        prop_assert_eq!(check(&format!("{before}{word}{after}")), Err("password_too_common"));
    }

    #[test]
    fn no_password_makes_the_check_panic(text in "\\PC{0,140}") {
        let _ = check(&text);
    }
}
