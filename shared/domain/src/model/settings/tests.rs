use super::*;

fn read(set: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::read(|name| {
        set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_examples_work_and_the_defaults_are_those_of_the_contract() {
    let examples: Vec<_> =
        VARIABLES.iter().map(|variable| (variable.name, variable.example)).collect();
    assert!(read(&examples).is_ok());
    let least = read(&[
        ("ROLECALL_ISSUER", "https://id.example.com"),
        ("ROLECALL_MAIL_FROM", "a@example.com"),
    ])
    .unwrap();
    assert_eq!(least.access_lifetime, SignedDuration::from_mins(60));
    assert_eq!(least.refresh_lifetime, SignedDuration::from_hours(7 * 24));
    assert_eq!(least.session_lifetime, SignedDuration::from_hours(30 * 24));
    assert_eq!(least.verification_lifetime, SignedDuration::from_hours(24));
    assert_eq!(least.reset_lifetime, SignedDuration::from_mins(30));
    assert_eq!(least.link_base(), "https://id.example.com");
    assert_eq!(least.registration, RegistrationMode::Verified);
}

#[test]
fn nothing_in_a_setting_becomes_a_header_or_another_address() {
    let with = |name: &str, value: &str| {
        let least = [
            ("ROLECALL_ISSUER", "https://id.example.com"),
            ("ROLECALL_MAIL_FROM", "a@example.com"),
        ];
        let set: Vec<_> = [(name, value)].into_iter().chain(least).collect();
        read(&set)
    };
    for name in ["ROLECALL_PRODUCT_NAME", "ROLECALL_MAIL_FROM_NAME"] {
        assert!(with(name, "Acme, Inc. \"Z\" Ü").is_ok());
        for wrong in ["A\r\nBcc: eve@example.com", "A\nB", "A\u{2028}B", " A", &"A".repeat(65)] {
            assert!(with(name, wrong).is_err(), "{name}={wrong:?}");
        }
    }
    for name in ["ROLECALL_MAIL_FROM", "ROLECALL_MAIL_REPLY_TO"] {
        for wrong in ["a@example.com\r\nBcc: e@x.com", " a@example.com", "ü@example.com", "a"] {
            assert!(with(name, wrong).is_err(), "{name}={wrong:?}");
        }
    }
    for (url, is_taken) in [
        ("smtps://mail.example.com:465", true),
        ("smtp://mail.example.com:587", true),
        ("smtp://127.0.0.1:1025", true),
        ("smtp://[::1]:1025", true),
        ("smtp://mail.example.com", false),
        ("smtp://user:secret@mail.example.com:587", false),
        ("smtp://mail.example.com:587?tls=none", false),
        ("smtp://mail.example.com:0", false),
        ("https://mail.example.com:465", false),
        ("smtp://mail.example.com:587/x", false),
    ] {
        assert_eq!(with("ROLECALL_SMTP_URL", url).is_ok(), is_taken, "{url}");
    }
}

/// `(1, 20)` of "…, 1 to 20".
fn bounds(wants: &str) -> Option<(i64, i64)> {
    let words: Vec<&str> = wants.split([' ', ',', ';']).collect();
    words.windows(3).find_map(|three| match three {
        [least, "to", most] => Some((least.parse().ok()?, most.parse().ok()?)),
        _ => None,
    })
}

#[test]
fn a_number_says_both_of_its_bounds_and_they_are_true() {
    let examples: Vec<_> =
        VARIABLES.iter().map(|variable| (variable.name, variable.example)).collect();
    let numbers = VARIABLES.iter().filter(|one| one.example.parse::<i64>().is_ok());
    for Variable { name, wants, .. } in numbers {
        let (least, most) = bounds(wants).unwrap_or_else(|| panic!("{name}: {wants}"));
        for (value, is_taken) in
            [(least - 1, false), (least, true), (most, true), (most + 1, false)]
        {
            let value = value.to_string();
            let set: Vec<_> =
                [(*name, value.as_str())].into_iter().chain(examples.iter().copied()).collect();
            assert_eq!(read(&set).is_ok(), is_taken, "{name}={value}: {wants}");
        }
    }
}

#[test]
fn all_errors_come_together_and_each_names_variable_want_and_example() {
    let error = read(&[
        ("ROLECALL_REGISTRATION", "maybe"),
        ("ROLECALL_ACCESS_MINUTES", "0"),
        ("ROLECALL_ISSUER", "http://evil.example"),
    ])
    .unwrap_err();
    let text = error.to_string();
    let names: Vec<_> = error.0.iter().map(|one| one.variable.name).collect();
    assert_eq!(
        names,
        [
            "ROLECALL_REGISTRATION",
            "ROLECALL_ISSUER",
            "ROLECALL_MAIL_FROM",
            "ROLECALL_ACCESS_MINUTES"
        ]
    );
    assert!(text.contains("ROLECALL_MAIL_FROM is not set: it wants the address"), "{text}");
    assert!(text.contains("for example ROLECALL_ACCESS_MINUTES=60"), "{text}");
}
