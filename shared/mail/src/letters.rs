use askama::Template;
use rolecall_domain::{clock::rfc3339, mail::Letter};

/// A letter as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without anything that users typed.
    pub subject: String,
    /// For those who read text.
    pub text: String,
    /// For those who read HTML; what users typed is escaped.
    pub html: String,
}

#[derive(Template)]
#[template(path = "verify_email.txt")]
struct VerifyText<'a> {
    username: &'a str,
    link: &'a str,
    hours: i64,
}

#[derive(Template)]
#[template(path = "verify_email.html")]
struct VerifyHtml<'a> {
    username: &'a str,
    link: &'a str,
    hours: i64,
}

#[derive(Template)]
#[template(path = "already_registered.txt")]
struct AlreadyText;

#[derive(Template)]
#[template(path = "already_registered.html")]
struct AlreadyHtml;

#[derive(Template)]
#[template(path = "session_ended.txt")]
struct EndedText<'a> {
    username: &'a str,
    at: &'a str,
}

#[derive(Template)]
#[template(path = "session_ended.html")]
struct EndedHtml<'a> {
    username: &'a str,
    at: &'a str,
}

/// Subject, text and HTML of a letter.
pub fn render(letter: &Letter) -> Result<Rendered, askama::Error> {
    match letter {
        Letter::VerifyEmail { username, link, hours } => {
            let hours = *hours;
            rendered("Confirm your email address", &VerifyText { username, link, hours }, &VerifyHtml { username, link, hours })
        }
        Letter::AlreadyRegistered => rendered("You already have an account", &AlreadyText, &AlreadyHtml),
        Letter::SessionEndedForReuse { username, at } => {
            let at = &rfc3339(*at);
            rendered("We signed a device out of your account", &EndedText { username, at }, &EndedHtml { username, at })
        }
    }
}

fn rendered(subject: &str, text: &impl Template, html: &impl Template) -> Result<Rendered, askama::Error> {
    Ok(Rendered { subject: subject.to_owned(), text: text.render()?, html: html.render()? })
}

#[cfg(test)]
mod tests {
    use rolecall_domain::clock::from_millis;

    use super::*;

    #[test]
    fn names_are_escaped_in_html_and_inert_in_text() {
        let letter = Letter::VerifyEmail {
            username: "<script>{{7*7}}".to_owned(),
            link: "https://id.example.com/verify-email?token=abc".to_owned(),
            hours: 24,
        };
        let mail = render(&letter).unwrap();
        assert!(!mail.html.contains("<script>") && mail.html.contains("{{7*7}}"), "{}", mail.html);
        assert!(mail.text.contains("<script>{{7*7}}") && mail.text.contains("https://id.example.com/verify-email?token=abc"));
        assert!(mail.html.contains("token=abc\""));
    }

    #[test]
    fn every_letter_has_a_subject_of_one_line_and_both_bodies() {
        let at = from_millis(1_800_000_000_000).unwrap();
        let letters = [
            Letter::AlreadyRegistered,
            Letter::SessionEndedForReuse { username: "ada".to_owned(), at },
            Letter::VerifyEmail {
                username: "ada".to_owned(),
                link: "https://x.example/verify-email?token=t".to_owned(),
                hours: 24,
            },
        ];
        for letter in letters {
            let mail = render(&letter).unwrap();
            assert!(!mail.subject.contains('\n') && mail.text.len() > 80 && mail.html.contains("</html>"), "{letter:?}");
        }
    }
}
