/// What a message says, the same in text and in HTML.
pub(super) struct Content<'a> {
    pub(super) subject: String,
    pub(super) greeting: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) action: Option<Action<'a>>,
    /// What to do when it was not the reader.
    pub(super) closing: &'static str,
}

/// The one thing that a message asks for.
pub(super) struct Action<'a> {
    pub(super) label: &'static str,
    pub(super) link: &'a str,
    /// How long the link works, or what it does.
    pub(super) note: String,
}

impl<'a> Content<'a> {
    pub(super) fn new(subject: String, greeting: String) -> Self {
        Self { subject, greeting, paragraphs: Vec::new(), action: None, closing: "" }
    }

    pub(super) fn says(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    pub(super) fn asks(self, label: &'static str, link: &'a str, note: String) -> Self {
        Self { action: Some(Action { label, link, note }), ..self }
    }

    pub(super) fn closes(self, closing: &'static str) -> Self {
        Self { closing, ..self }
    }
}
