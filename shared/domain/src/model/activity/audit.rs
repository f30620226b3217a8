use serde_json::{Map, Value};

use super::types::Activity;

/// Writes into a record what was and what is: of a change the fields that differ, otherwise the
/// whole.
pub(crate) fn compared(
    activity: Activity,
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
) -> Activity {
    let [was, is] = differing(before, after);
    activity.with("before", was).with("after", is)
}

/// The fields that differ, as they were and as they are.
pub(crate) fn differing(
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
) -> [Value; 2] {
    let differs =
        |name: &String| before.and_then(|map| map.get(name)) != after.and_then(|map| map.get(name));
    [before, after].map(|map| match map {
        Some(map) => map
            .iter()
            .filter(|(name, _)| differs(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        None => Value::Null,
    })
}
