//! Keeps secrets that clients send along out of the log (OWASP Logging Cheat Sheet, "Data to
//! exclude").

use serde_json::{Map, Value};

/// What stands in the place of a secret.
const REDACTED: &str = "***";

/// One of these words in a name says that its value is a secret.
const SECRET_WORDS: [&str; 13] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "authorization",
    "credential",
    "credentials",
    "cookie",
    "apikey",
    "otp",
];

/// So do these words one after the other.
const SECRET_PAIRS: [(&str, &str); 5] = [
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("signing", "key"),
    ("encryption", "key"),
];

/// The object with the values of secret names redacted, however deep they are.
#[must_use]
pub(crate) fn redacted(object: Map<String, Value>) -> Map<String, Value> {
    let redact = |(name, value): (String, Value)| {
        let value = if is_secret(&name) && !value.is_null() {
            Value::from(REDACTED)
        } else {
            inside(value)
        };
        (name, value)
    };
    object.into_iter().map(redact).collect()
}

fn inside(value: Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(redacted(object)),
        Value::Array(list) => Value::Array(list.into_iter().map(inside).collect()),
        other => other,
    }
}

fn is_secret(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| SECRET_WORDS.contains(&word.as_str()))
        || words
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if SECRET_PAIRS.contains(&(a.as_str(), b.as_str()))))
}

/// The words of `api_key`, `api-key`, `apiKey` and `APIKey`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let characters: Vec<char> = name.chars().collect();
    for (place, &c) in characters.iter().enumerate() {
        let is_after_lower = place
            .checked_sub(1)
            .and_then(|before| characters.get(before))
            .is_some_and(|b| b.is_lowercase());
        let is_before_lower = characters.get(place + 1).is_some_and(|next| next.is_lowercase());
        let begins =
            !c.is_alphanumeric() || (c.is_uppercase() && (is_after_lower || is_before_lower));
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secret_names_are_masked_however_they_are_written_and_however_deep() {
        for name in [
            "password",
            "newPassword",
            "api_key",
            "API-Key",
            "APIKey",
            "apikey",
            "refreshToken",
            "Set-Cookie",
            "x.secret",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in
            ["tokens_used", "keyboard", "passport", "secretary", "monkey", "api", "key", "author"]
        {
            assert!(!is_secret(name), "{name}");
        }
        let given = json!({ "a": [{ "token": "x", "n": 1 }], "secret": { "deep": 1 }, "otp": null,
            "s": 0.25 });
        let expected =
            json!({ "a": [{ "token": "***", "n": 1 }], "secret": "***", "otp": null, "s": 0.25 });
        assert_eq!(Value::Object(redacted(given.as_object().unwrap().clone())), expected);
    }
}
