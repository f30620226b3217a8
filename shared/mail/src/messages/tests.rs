use rolecall_domain::clock::from_millis;

use super::*;

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

fn every_mail(typed: &str) -> Vec<(Rendered, bool)> {
    every_letter(typed)
        .into_iter()
        .map(|(message, asks)| (render(&message, PRODUCT).unwrap(), asks))
        .collect()
}

fn starts_with_http(word: &&str) -> bool {
    word.starts_with("http")
}

#[test]
fn every_letter_has_a_subject_of_one_line_and_both_bodies() {
    for (mail, _) in every_mail("ada") {
        assert!(
            !mail.subject.is_empty()
                && mail.subject.lines().count() == 1
                && mail.subject.len() < 60,
            "{mail:?}"
        );
        assert!(
            mail.text.starts_with(&format!("{}\n\nHello", mail.subject))
                && mail.text.ends_with("no answer."),
            "{mail:?}"
        );
        assert!(
            !mail.text.contains("\n\n\n") && !mail.text.lines().any(|line| line != line.trim()),
            "{}",
            mail.text
        );
        let subject =
            mail.subject.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
        assert!(mail.html.contains(&format!("<title>{subject}</title>")), "{}", mail.html);
        assert!(
            mail.html.starts_with("<!doctype html>\n<html lang=\"en\"")
                && mail.html.ends_with("</html>"),
            "{}",
            mail.html
        );
        assert!(
            !mail.html.contains("<img")
                && !mail.html.contains("<script")
                && !mail.html.contains("\"></p>"),
            "{}",
            mail.html
        );
    }
}

#[test]
fn every_letter_names_the_service() {
    for (mail, _) in every_mail("ada") {
        assert!(mail.text.contains(PRODUCT), "{}", mail.text);
        assert!(mail.html.contains("Müller &#38; &#60;Söhne&#62;"), "{}", mail.html);
        assert!(!mail.html.contains("<Söhne>"), "{}", mail.html);
    }
    let (sign_up, _) = every_mail("ada").swap_remove(2);
    assert_eq!(sign_up.subject, format!("Confirm your email address for {PRODUCT}"));
}

#[test]
fn subjects_are_no_two_alike() {
    let subjects: std::collections::BTreeSet<_> =
        every_mail("ada").into_iter().map(|(mail, _)| mail.subject).collect();
    assert_eq!(subjects.len(), every_letter("ada").len());
}

#[test]
fn every_letter_says_what_to_do_when_it_was_not_the_reader() {
    for (mail, _) in every_mail("ada") {
        let says = |body: &str| {
            ["If it was not you", "If you do not know", "If you did not"]
                .iter()
                .any(|s| body.contains(s))
        };
        assert!(says(&mail.text) && says(&mail.html), "{}", mail.text);
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
        render(&Message::EmailChanged { username, new_email, at, undo }, PRODUCT).unwrap().text
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

#[test]
fn times_and_spans_are_written_for_people() {
    assert_eq!(moment(from_millis(1_795_512_600_000).unwrap()), "24 November 2026, 09:30 UTC");
    assert_eq!(moment(from_millis(0).unwrap()), "1 January 1970, 00:00 UTC");
    assert_eq!(works_once(1, "hour"), "The link works once, for 1 hour.");
    assert_eq!(works_once(30, "minute"), "The link works once, for 30 minutes.");
}
