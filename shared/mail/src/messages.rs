//! What mails say, in each language, and how they look.

mod content;
mod english;
mod german;
mod typed;

use askama::Template;
use content::Content;
use rolecall_domain::{
    appearance::Language,
    mail::{Letterhead, Message},
};

/// A message as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without anything that users typed.
    pub subject: String,
    /// For those who read text.
    pub text: String,
    /// For those who read HTML; what users typed is escaped.
    pub html: String,
}

/// What each template is made of.
struct Page<'a> {
    content: Content<'a>,
    product: &'a str,
    /// BCP 47.
    language: &'static str,
    /// `ltr` or `rtl`.
    direction: &'static str,
    /// What stands below the button.
    button: &'static str,
    footer: String,
    /// The colour of the button, where it has one of its own.
    accent: Option<String>,
    logo_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "message.txt")]
struct Text<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "message.html")]
struct Html<'a> {
    page: &'a Page<'a>,
}

/// Subject, text and HTML of a message under a letterhead.
pub fn render(message: &Message, letterhead: &Letterhead) -> Result<Rendered, askama::Error> {
    Page::new(message, letterhead).render()
}

impl<'a> Page<'a> {
    fn new(message: &'a Message, letterhead: &'a Letterhead) -> Self {
        let Letterhead { product, accent, logo_url, language } = letterhead;
        let (content, button, footer) = match language {
            Language::English => {
                (english::content(message, product), english::BUTTON, english::footer(product))
            }
            Language::German => {
                (german::content(message, product), german::BUTTON, german::footer(product))
            }
        };
        Self {
            content,
            product,
            language: language.as_str(),
            direction: "ltr",
            button,
            footer,
            accent: accent.map(|color| color.to_string()),
            logo_url: logo_url.as_deref(),
        }
    }

    fn render(&self) -> Result<Rendered, askama::Error> {
        Ok(Rendered {
            subject: self.content.subject.clone(),
            text: Text { page: self }.render()?,
            html: Html { page: self }.render()?,
        })
    }
}

#[cfg(test)]
mod tests;
