//! One JSON line an event, for CloudWatch Logs.
//!
//! The line of a request, of a job's run, or of what a job gave up, is also CloudWatch's embedded
//! metric format: its numbers become metrics of the namespace `Rolecall`, by stack, and nobody
//! calls CloudWatch for it (CloudWatch user guide, "Specification: Embedded metric format").

use std::fmt;

use rolecall_domain::clock::{Clock, SystemClock, Timestamp, rfc3339};
use serde_json::{Map, Value, json};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// The route whose 200 is a login.
pub(crate) const LOGIN: &str = "POST /api/v1/auth/token";

const NAMESPACE: &str = "Rolecall";

/// What a job says of a mail, or of a record of the stream, that it will never handle.
const GIVEN_UP: &str = "given up";

/// Which function of which stack writes, as Lambda names it: `{stack}-{group}-{function}`.
pub(crate) struct Lines {
    stack: String,
    function: String,
}

impl Lines {
    /// Of the function with this name; a name without a stack is one on somebody's machine.
    pub(crate) fn of(name: &str) -> Self {
        // Only a stack's name may have a `-` of its own.
        let mut parts = name.rsplitn(3, '-');
        let (function, _group) = (parts.next().unwrap_or(name), parts.next());
        let stack = parts.next().unwrap_or("local");
        Self { stack: stack.to_owned(), function: function.to_owned() }
    }

    fn line(&self, now: Timestamp, event: &Event<'_>) -> Value {
        let mut fields = Fields(Map::new());
        event.record(&mut fields);
        let Fields(mut line) = fields;
        line.insert("timestamp".to_owned(), rfc3339(now).into());
        line.insert("level".to_owned(), event.metadata().level().as_str().into());
        line.insert("target".to_owned(), event.metadata().target().into());
        line.insert("function".to_owned(), self.function.as_str().into());
        match line.get("message").and_then(Value::as_str) {
            Some("request" | "run") => self.measure(now, &mut line),
            Some(GIVEN_UP) => self.count(now, &mut line, &["given_up"], &[]),
            _ => {}
        }
        Value::Object(line)
    }

    /// Makes metrics of a request's numbers. Those that count nothing are left out: a metric
    /// without data costs nothing.
    fn measure(&self, now: Timestamp, line: &mut Map<String, Value>) {
        let status = line.get("status").and_then(Value::as_u64).unwrap_or_default();
        let is_login = status == 200 && line.get("route").is_some_and(|route| route == LOGIN);
        let has_failed = status >= 500 || line.get("failed").is_some_and(|failed| failed == true);
        let counts = [
            ("requests", true),
            ("errors", has_failed),
            ("refusals", [401, 403, 429].contains(&status)),
            ("logins", is_login),
        ];
        let counted: Vec<&str> =
            counts.into_iter().filter(|(_, counts)| *counts).map(|(name, _)| name).collect();
        let is_there = |name: &&str| {
            line.get(*name).and_then(Value::as_f64).is_some_and(|number| number > 0.0)
        };
        let measured: Vec<&str> =
            ["rru", "wru", "hash_wait_ms", "duration_ms"].into_iter().filter(is_there).collect();
        self.count(now, line, &counted, &measured);
    }

    /// Makes metrics: one each of what is counted, and the line's own numbers.
    fn count(
        &self,
        now: Timestamp,
        line: &mut Map<String, Value>,
        counted: &[&str],
        measured: &[&str],
    ) {
        line.extend(counted.iter().map(|name| ((*name).to_owned(), json!(1))));
        let unit = |name: &str| {
            if name.ends_with("_ms") { "Milliseconds" } else { "Count" }
        };
        let metrics: Vec<Value> = counted
            .iter()
            .chain(measured)
            .map(|name| json!({ "Name": name, "Unit": unit(name) }))
            .collect();
        let directive =
            json!({ "Namespace": NAMESPACE, "Dimensions": [["stack"]], "Metrics": metrics });
        line.insert("stack".to_owned(), self.stack.as_str().into());
        line.insert(
            "_aws".to_owned(),
            json!({ "Timestamp": now.as_millisecond(), "CloudWatchMetrics": [directive] }),
        );
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        writeln!(writer, "{}", self.line(SystemClock.now(), event))
    }
}

/// The fields of an event.
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

#[cfg(test)]
mod tests;
