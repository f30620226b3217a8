use rolecall_domain::{appearance::AccentColor, clock::from_millis, mail::UndoLine};

use super::{typed::inert, *};

const LINK: &str = "https://id.example.com/do?from=mail&note=\"'<b>&token=abc-_123";
const LINK_IN_HTML: &str =
    "https://id.example.com/do?from=mail&#38;note=&#34;&#39;&#60;b&#62;&#38;token=abc-_123";

/// What the service is called, markup and all.
const PRODUCT: &str = "Müller & <Söhne>";

/// One message of each kind, in which `typed` is all that users typed, with whether it asks for
/// something.
fn every_letter(typed: &str) -> Vec<(Message, bool)> {
    let username = || typed.to_owned();
    let new_email = || typed.to_owned();
    let link = || LINK.to_owned();
    let undo = |hours| Some(UndoLine { link: link(), hours });
    let at = from_millis(1_795_512_600_000).unwrap();
    vec![
        (Message::NotActive, false),
        (Message::AccountDeleted { username: username(), at }, false),
        (Message::VerifyEmail { username: username(), link: link(), hours: 24 }, true),
        (Message::AlreadyRegistered, false),
        (Message::ResetPassword { username: username(), link: link(), minutes: 30 }, true),
        (Message::PasswordChanged { username: username(), at }, false),
        (Message::ConfirmNewEmail { username: username(), link: link(), hours: 1 }, true),
        (
            Message::EmailChangeRequested {
                username: username(),
                new_email: new_email(),
                at,
                undo: undo(24),
            },
            true,
        ),
        (
            Message::EmailChanged {
                username: username(),
                new_email: new_email(),
                at,
                undo: undo(7 * 24),
            },
            true,
        ),
        (Message::EmailChangeUndone { username: username(), at }, false),
        (Message::FormerEmail, false),
        (Message::AccountLocked { username: username(), until: at, link: link() }, true),
        (Message::SessionEndedForReuse { username: username(), at }, false),
        (Message::ApiKeyCreated { username: username(), key: typed.to_owned(), at }, false),
        (Message::ApiKeyRotated { username: username(), key: typed.to_owned(), at }, false),
        (Message::ApiKeyEnds { username: username(), key: typed.to_owned(), at }, false),
        (Message::Invitation { organization: typed.to_owned(), link: link(), days: 7 }, true),
    ]
}

fn letterhead(language: Language) -> Letterhead {
    Letterhead { product: PRODUCT.to_owned(), accent: None, logo_url: None, language }
}

fn every_mail_in(language: Language, typed: &str) -> Vec<(Rendered, bool)> {
    let letters = every_letter(typed).into_iter();
    letters
        .map(|(message, asks)| (render(&message, &letterhead(language)).unwrap(), asks))
        .collect()
}

/// In every language.
fn every_mail(typed: &str) -> Vec<(Rendered, bool)> {
    Language::ALL.into_iter().flat_map(|language| every_mail_in(language, typed)).collect()
}

fn starts_with_http(word: &&str) -> bool {
    word.starts_with("http")
}

#[test]
fn every_letter_has_a_subject_of_one_line_and_both_bodies() {
    for language in Language::ALL {
        let (greeting, end) = match language {
            Language::English => ("Hello", "no answer."),
            Language::German => ("Guten Tag", "keine Antwort."),
        };
        for (mail, _) in every_mail_in(language, "ada") {
            let Rendered { subject, text, html } = &mail;
            assert!(!subject.is_empty() && subject.lines().count() == 1, "{mail:?}");
            let most = 60 + PRODUCT.chars().count();
            assert!(subject.chars().count() <= most, "{subject}");
            assert!(text.starts_with(&format!("{subject}\n\n{greeting}")), "{text}");
            assert!(text.ends_with(end), "{text}");
            assert!(!text.contains("\n\n\n"), "{text}");
            assert!(!text.lines().any(|line| line != line.trim()), "{text}");
            let subject = subject.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
            assert!(html.contains(&format!("<title>{subject}</title>")), "{html}");
            let start =
                format!("<!doctype html>\n<html lang=\"{}\" dir=\"ltr\"", language.as_str());
            assert!(html.starts_with(&start) && html.ends_with("</html>"), "{html}");
            for none in ["<img", "<script", "\"></p>"] {
                assert!(!html.contains(none), "{html}");
            }
        }
    }
}

#[test]
fn every_letter_names_the_service_in_its_subject_its_greeting_and_at_its_end() {
    for (mail, _) in every_mail("ada") {
        assert!(mail.subject.contains(PRODUCT), "{}", mail.subject);
        let paragraphs: Vec<&str> = mail.text.split("\n\n").collect();
        assert!(paragraphs[1].contains(PRODUCT), "{}", mail.text);
        assert!(paragraphs.last().unwrap().contains(PRODUCT), "{}", mail.text);
        assert!(mail.html.matches("Müller &#38; &#60;Söhne&#62;").count() >= 4, "{}", mail.html);
        assert!(!mail.html.contains("<Söhne>"), "{}", mail.html);
    }
}

#[test]
fn subjects_are_no_two_alike() {
    let subjects: std::collections::BTreeSet<_> =
        every_mail("ada").into_iter().map(|(mail, _)| mail.subject).collect();
    assert_eq!(subjects.len(), every_letter("ada").len() * Language::ALL.len());
}

#[test]
fn every_letter_says_what_to_do_when_it_was_not_the_reader() {
    let ways = [
        "If it was not you",
        "If you do not know",
        "If you did not",
        "Wenn Sie es nicht waren",
        "Wenn Sie nicht wissen",
        "Wenn Sie sich nicht",
        "Wenn Sie nichts",
    ];
    for (mail, _) in every_mail("ada") {
        let says = |body: &str| ways.iter().any(|way| body.contains(way));
        assert!(says(&mail.text) && says(&mail.html), "{}", mail.text);
    }
}

#[test]
fn a_logo_and_a_colour_are_shown_and_nothing_else_is_loaded() {
    let letterhead = Letterhead {
        accent: Some(AccentColor::parse("#2b70ea").unwrap()),
        logo_url: Some("https://id.example.com/api/v1/appearance/logo".to_owned()),
        ..letterhead(Language::English)
    };
    for (message, asks) in every_letter("ada") {
        let html = render(&message, &letterhead).unwrap().html;
        let logo = "<img src=\"https://id.example.com/api/v1/appearance/logo\" \
            alt=\"Müller &#38; &#60;Söhne&#62;\"";
        assert_eq!((html.matches("src=").count(), html.matches(logo).count()), (1, 1), "{html}");
        assert_eq!(html.matches("background:#2b70ea").count(), if asks { 2 } else { 0 }, "{html}");
        // White on it can be read in the dark as well.
        assert!(!html.contains("#a9c1ff") && !html.contains("url("), "{html}");
    }
}

#[test]
fn a_language_that_is_written_from_right_to_left_is_laid_out_so() {
    let (message, letterhead) = (Message::NotActive, letterhead(Language::English));
    let page = Page { language: "ar", direction: "rtl", ..Page::new(&message, &letterhead) };
    let html = page.render().unwrap().html;
    assert!(html.starts_with("<!doctype html>\n<html lang=\"ar\" dir=\"rtl\""), "{html}");
    for physical in ["left", "right"] {
        assert!(!html.contains(physical), "{physical}: {html}");
    }
}

#[test]
fn the_link_is_a_line_of_the_text_and_the_button_and_a_line_under_it_in_html() {
    for (mail, asks) in every_mail("ada") {
        let count = usize::from(asks);
        assert_eq!(mail.text.split_whitespace().find(starts_with_http), asks.then_some(LINK));
        assert_eq!(mail.text.lines().filter(|line| *line == LINK).count(), count, "{}", mail.text);
        assert_eq!(mail.text.matches("token=").count(), count);
        assert_eq!(mail.html.matches("href=").count(), count);
        assert_eq!(
            mail.html.matches(&format!("<a href=\"{LINK_IN_HTML}\"")).count(),
            count,
            "{}",
            mail.html
        );
        assert_eq!(
            mail.html.matches(&format!(">{LINK_IN_HTML}</span>")).count(),
            count,
            "{}",
            mail.html
        );
    }
}

#[test]
fn the_notices_of_a_change_say_how_long_their_link_works_and_do_without_one() {
    let notice = |undo: Option<UndoLine>| {
        let (username, at) = ("ada".to_owned(), from_millis(0).unwrap());
        let new_email = "new@example.com".to_owned();
        let message = Message::EmailChanged { username, new_email, at, undo };
        render(&message, &letterhead(Language::English)).unwrap().text
    };
    let with = notice(Some(UndoLine { link: LINK.to_owned(), hours: 7 * 24 }));
    assert!(with.contains("Take the change back:\n") && with.contains("for 7 days."), "{with}");
    let without = notice(None);
    assert!(!without.contains("http") && !without.contains("ake the change back"), "{without}");
    assert!(without.contains("sign in and change your password"), "{without}");
}

#[test]
fn names_are_escaped_in_html_and_stand_in_text_as_they_are() {
    for (mail, _) in
        every_mail("<script>{{7*7}}").into_iter().filter(|(mail, _)| mail.text.contains("{{7*7}}"))
    {
        assert!(
            !mail.html.contains("<script>") && mail.html.contains("&#60;script&#62;{{7*7}}"),
            "{}",
            mail.html
        );
        assert!(
            mail.text.contains("<script>{{7*7}}") && !mail.subject.contains("7*7"),
            "{}",
            mail.text
        );
    }
}

#[test]
fn nothing_typed_makes_a_line_or_a_link_or_a_token() {
    let typed = "Win\r\n\u{2028}\u{85} HTTPS://evil.example/?token=x httpd \
                 \u{202e}https://evil.example www.evil.example evil\u{3002}example \
                 a@evil.example";
    let plain = every_mail("ada");
    for ((mail, asks), (like, _)) in every_mail(typed).into_iter().zip(plain) {
        assert_eq!(mail.subject, like.subject);
        assert_eq!(mail.text.lines().count(), like.text.lines().count(), "{}", mail.text);
        assert_eq!(mail.html.lines().count(), like.html.lines().count(), "{}", mail.html);
        assert_eq!(mail.text.split_whitespace().find(starts_with_http), asks.then_some(LINK));
        for body in [mail.text.to_lowercase(), mail.html.to_lowercase()] {
            for live in [
                "evil.",
                ".evil",
                "evil\u{3002}",
                "www.",
                "//evil",
                "a@",
                "@evil",
                "token=x",
                "\u{202e}",
            ] {
                assert!(!body.contains(live), "{live:?} in {body}");
            }
            assert!(
                !body.contains("evil") || body.contains("evil\u{2060}.\u{2060}example"),
                "{body}"
            );
        }
    }
}

#[test]
fn times_and_spans_are_written_for_people() {
    let at = |millis| from_millis(millis).unwrap();
    assert_eq!(english::moment(at(1_795_512_600_000)), "24 November 2026, 09:30 UTC");
    assert_eq!(english::moment(at(0)), "1 January 1970, 00:00 UTC");
    assert_eq!(german::moment(at(1_795_512_600_000)), "24. November 2026, 09:30 UTC");
    assert_eq!(german::moment(at(5_184_000_000)), "2. März 1970, 00:00 UTC");
    let reset = |language, minutes| {
        let (username, link) = ("ada".to_owned(), LINK.to_owned());
        let message = Message::ResetPassword { username, link, minutes };
        render(&message, &letterhead(language)).unwrap().text
    };
    let english = reset(Language::English, 30);
    assert!(english.contains("The link works once, for 30 minutes."), "{english}");
    assert!(reset(Language::English, 1).contains("for 1 minute."));
    let german = reset(Language::German, 30);
    assert!(german.contains("Der Link funktioniert einmal und gilt 30 Minuten."), "{german}");
    assert!(reset(Language::German, 1).contains("gilt 1 Minute."));
    assert!(reset(Language::English, 30).contains(&inert("ada")));
}
