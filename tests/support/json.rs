use serde_json::Value;

/// Reading JSON that is to be there: a test fails with the whole of it where it is not.
pub(crate) trait Json {
    /// What is at a place, `items/0/code` say.
    fn at(&self, place: &str) -> &Value;

    /// The text at a place.
    fn text_of(&self, place: &str) -> &str;

    /// The list at a place.
    fn list_of(&self, place: &str) -> &Vec<Value>;

    /// The number at a place.
    fn number_of(&self, place: &str) -> f64;

    /// The whole number at a place, which is not below zero.
    fn count_of(&self, place: &str) -> u64;

    /// It with other fields beside or in the place of its own.
    fn with(self, fields: Self) -> Self;

    /// What is on a page of a list.
    fn items(&self) -> &Vec<Value> {
        self.list_of("items")
    }

    /// A text of each one on a page of a list.
    fn each(&self, name: &str) -> Vec<&str> {
        self.items().iter().map(|one| one.text_of(name)).collect()
    }
}

impl Json for Value {
    #[track_caller]
    fn at(&self, place: &str) -> &Value {
        self.pointer(&format!("/{place}")).unwrap_or_else(|| panic!("no {place}: {self}"))
    }

    #[track_caller]
    fn text_of(&self, place: &str) -> &str {
        self.at(place).as_str().unwrap_or_else(|| panic!("{place} is no text: {self}"))
    }

    #[track_caller]
    fn list_of(&self, place: &str) -> &Vec<Value> {
        self.at(place).as_array().unwrap_or_else(|| panic!("{place} is no list: {self}"))
    }

    #[track_caller]
    fn count_of(&self, place: &str) -> u64 {
        self.at(place).as_u64().unwrap_or_else(|| panic!("{place} is no count: {self}"))
    }

    #[track_caller]
    fn with(self, fields: Self) -> Self {
        match (self, fields) {
            (Self::Object(own), Self::Object(fields)) => own.into_iter().chain(fields).collect(),
            (one, other) => panic!("fields are those of objects: {one}, {other}"),
        }
    }

    #[track_caller]
    fn number_of(&self, place: &str) -> f64 {
        self.at(place).as_f64().unwrap_or_else(|| panic!("{place} is no number: {self}"))
    }
}
