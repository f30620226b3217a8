//! How the product shows itself: on its pages and in its mails.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::{violation::Violation, words::Line};

/// What a super admin chose; what they did not choose is as the settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Appearance {
    pub product_name: Option<Line<64>>,
    pub accent_color: Option<AccentColor>,
    pub links: Links,
    pub default_language: Language,
    /// The hash of the logo, where there is one.
    pub logo: Option<String>,
    /// 0 before the first change.
    #[serde(skip)]
    pub version: u64,
}

impl Appearance {
    /// What the product is called: as it was chosen, or as the settings say.
    #[must_use]
    pub fn product<'a>(&'a self, by_settings: &'a str) -> &'a str {
        self.product_name.as_ref().map_or(by_settings, Line::as_str)
    }

    /// Where the logo is, of a stack whose URL this is.
    #[must_use]
    pub fn logo_url(&self, issuer: &str) -> Option<String> {
        self.logo.as_ref().map(|_| format!("{issuer}/api/v1/appearance/logo"))
    }
}

/// Where pages and mails lead beside themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    pub home: Option<Link>,
    pub terms: Option<Link>,
    pub privacy: Option<Link>,
    pub support: Option<Link>,
}

/// An address on the web or of a mailbox, 300 characters at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// Reads `https://…` or `mailto:…`: a link of any other scheme could run something. Errors:
    /// `invalid_url`, `too_long`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let is_printed = text.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c));
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("mailto:"));
        if text.len() > 300 {
            return Err(Violation::new("too_long", "At most 300 characters."));
        }
        match rest {
            Some(rest) if is_printed && !rest.is_empty() && !rest.starts_with('/') => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Violation::new(
                "invalid_url",
                "An address that begins with https:// or mailto:, in ASCII.",
            )),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language that pages and mails speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag (BCP 47).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Reads the tag of one of them. Error: `not_allowed`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let found = Self::ALL.into_iter().find(|one| one.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Violation::new("not_allowed", format!("One of: {known}."))
        })
    }
}

/// A colour, `#rrggbb`, that can be read on white and on black, and both can be read on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccentColor([u8; 3]);

/// The least contrast of text (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

impl AccentColor {
    /// Reads `#rrggbb`. Errors: `invalid_color`; `contrast_too_low`, which names the nearest colour
    /// of the same hue that is taken.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let invalid = || Violation::new("invalid_color", "A colour of the form #rrggbb.");
        let digits =
            text.strip_prefix('#').filter(|digits| digits.is_ascii()).ok_or_else(invalid)?;
        let number = match digits.len() {
            6 => u32::from_str_radix(digits, 16).map_err(|_| invalid())?,
            _ => return Err(invalid()),
        };
        let [_, red, green, blue] = number.to_be_bytes();
        // `from_str_radix` takes a sign.
        if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(invalid());
        }
        let color = Self([red, green, blue]);
        if color.is_readable() {
            return Ok(color);
        }
        let nearest = color.nearest().to_string();
        let message =
            format!("The contrast to white and to black must be at least 4.5:1; {nearest} has it.");
        Err(Violation::new("contrast_too_low", message))
    }

    fn is_readable(self) -> bool {
        let luminance = self.luminance();
        let (on_white, on_black) = (1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05);
        on_white >= LEAST_CONTRAST && on_black >= LEAST_CONTRAST
    }

    /// Relative luminance (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
    }

    /// Mixed with black or white until it can be read on both.
    fn nearest(self) -> Self {
        let toward: u32 = if self.luminance() > 0.18 { 0 } else { 255 };
        let mixed = |part: u32| {
            Self(self.0.map(|channel| {
                let (own, other) = (u32::from(channel) * (512 - part), toward * part);
                u8::try_from((own + other) / 512).unwrap_or(u8::MAX)
            }))
        };
        (0..=512).map(mixed).find(|color| color.is_readable()).unwrap_or(Self([0x76; 3]))
    }
}

impl std::fmt::Display for AccentColor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A picture, PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo(Vec<u8>);

impl Logo {
    /// The most bytes of one.
    pub const MOST_BYTES: usize = 40 * 1024;
    /// The most pixels of a side.
    const MOST_PIXELS: u32 = 2048;

    /// Reads a PNG in Base64. Errors: `invalid_image`, `too_large`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let invalid = || Violation::new("invalid_image", "A PNG in Base64.");
        let bytes = STANDARD.decode(text).map_err(|_| invalid())?;
        if bytes.len() > Self::MOST_BYTES {
            return Err(Violation::new("too_large", "A logo has at most 40 KiB."));
        }
        // The signature, and the first chunk with width and height (PNG §5.2, §11.2.2).
        let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").ok_or_else(invalid)?;
        let side = |from: usize| {
            let four = rest.get(from..from + 4).and_then(|four| four.try_into().ok());
            four.map(u32::from_be_bytes).filter(|side| (1..=Self::MOST_PIXELS).contains(side))
        };
        if side(0).is_none() || side(4).is_none() || !bytes.ends_with(b"IEND\xaeB\x60\x82") {
            return Err(invalid());
        }
        Ok(Self(bytes))
    }

    /// The picture as it is.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As [`parse`](Self::parse) reads it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// What tells it from another one.
    #[must_use]
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(color: &str) -> &'static str {
        AccentColor::parse(color).map_or_else(|violation| violation.code, |_| "")
    }

    #[test]
    fn a_colour_can_be_read_on_white_and_on_black() {
        for good in ["#767676", "#2B70EA"] {
            assert_eq!(code(good), "", "{good}");
        }
        for weak in ["#ffff00", "#000000", "#ffffff", "#0000ff", "#777777"] {
            assert_eq!(code(weak), "contrast_too_low", "{weak}");
        }
        for none in
            ["", "#fff", "767676", "#76767", "#7676767", "#gggggg", "#+76767", "red", "#é12"]
        {
            assert_eq!(code(none), "invalid_color", "{none}");
        }
    }

    #[test]
    fn a_link_leads_to_the_web_or_a_mailbox() {
        for good in ["https://example.com", "https://example.com/a?b=c#d", "mailto:a@example.com"] {
            assert!(Link::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "http://example.com",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "mailto:",
            "https://e.com/\"x",
            "https://e.com/ x",
            "HTTPS://example.com",
            "//example.com",
        ] {
            assert_eq!(Link::parse(bad).unwrap_err().code, "invalid_url", "{bad}");
        }
        let long = format!("https://example.com/{}", "x".repeat(300));
        assert_eq!(Link::parse(&long).unwrap_err().code, "too_long");
    }

    #[test]
    fn a_logo_is_a_png_of_forty_kibibytes_at_most() {
        let png = |width: u32, padding: usize| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
            bytes.extend(width.to_be_bytes());
            bytes.extend(1u32.to_be_bytes());
            bytes.extend(vec![0; padding]);
            bytes.extend(b"\0\0\0\0IEND\xaeB\x60\x82");
            STANDARD.encode(bytes)
        };
        assert!(Logo::parse(&png(64, 100)).is_ok());
        for (text, code) in [
            (png(0, 0), "invalid_image"),
            (png(4096, 0), "invalid_image"),
            (png(64, 41_000), "too_large"),
            (STANDARD.encode("<svg/>"), "invalid_image"),
            ("not base64!".to_owned(), "invalid_image"),
        ] {
            assert_eq!(Logo::parse(&text).unwrap_err().code, code);
        }
    }

    proptest! {
        #[test]
        fn the_colour_that_is_named_is_taken(channels in any::<[u8; 3]>()) {
            let nearest = AccentColor(channels).nearest();
            prop_assert!(AccentColor::parse(&nearest.to_string()).is_ok(), "{}", nearest);
        }
    }
}
