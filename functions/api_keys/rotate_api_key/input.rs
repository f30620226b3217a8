use rolecall_domain::{Violation, clock::SignedDuration};
use rolecall_http::{
    extract::Fields,
    fields::{Components, Json, Value},
    input,
};
use serde_json::json;

input! {
    /// How a key is given another secret.
    pub struct Input as KeyRotation {
        /// How many seconds the secret of now stays good, too; it ends at once where nothing is
        /// said.
        overlap_seconds: Option<Overlap>,
    }
}

/// How long two secrets live.
pub struct Overlap(pub(super) SignedDuration);

/// A week.
const LONGEST: i64 = 604_800;

impl Value for Overlap {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.whole_number(name, &json, |seconds| {
            let is_in = (0..=LONGEST).contains(&seconds);
            let overlap = is_in.then(|| Self(SignedDuration::from_secs(seconds)));
            let message = || format!("A whole number from 0 to {LONGEST}.");
            overlap.ok_or_else(|| Violation::new("out_of_range", message()))
        })
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "integer", "minimum": 0, "maximum": LONGEST })
    }
}
