use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use tracing_subscriber::layer::SubscriberExt;

use super::*;

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The one line that `log` writes as `function`.
fn line(function: &str, log: impl FnOnce()) -> Value {
    let written = Written::default();
    let into = written.clone();
    let layer = tracing_subscriber::fmt::layer()
        .event_format(Lines::of(function))
        .with_writer(move || into.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn metrics(line: &Value) -> Vec<(&str, &str)> {
    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(
        (&directive["Namespace"], &directive["Dimensions"]),
        (&json!("Rolecall"), &json!([["stack"]]))
    );
    let text = |value: &'_ Value| value.as_str().map(str::to_owned).unwrap();
    let metrics = directive["Metrics"].as_array().unwrap();
    for metric in metrics {
        assert!(
            line[text(&metric["Name"])].is_number(),
            "CloudWatch takes a metric's value from the line: {line}"
        );
    }
    metrics
        .iter()
        .map(|metric| (metric["Name"].as_str().unwrap(), metric["Unit"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_login_is_counted_with_what_it_cost() {
    let line = line("prod-eu-sessions-create_token", || {
        tracing::info!(
            route = LOGIN,
            status = 200,
            duration_ms = 17.5,
            rru = 2.0,
            wru = 2.0,
            hash_wait_ms = 0.25,
            "request"
        );
    });
    let counts = [("requests", "Count"), ("logins", "Count")];
    let measured = [
        ("rru", "Count"),
        ("wru", "Count"),
        ("hash_wait_ms", "Milliseconds"),
        ("duration_ms", "Milliseconds"),
    ];
    assert_eq!(metrics(&line), [counts.as_slice(), &measured].concat());
    assert_eq!(
        (&line["stack"], &line["function"], &line["logins"]),
        (&json!("prod-eu"), &json!("create_token"), &json!(1))
    );
    let at: Timestamp = line["timestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(line["_aws"]["Timestamp"], at.as_millisecond());
}

#[test]
fn refusals_and_errors_are_told_apart_and_what_counts_nothing_is_no_metric() {
    let of = |status: u64| {
        line("rolecall-accounts-get_me", move || {
            tracing::info!(
                route = "GET /api/v1/me",
                status,
                duration_ms = 1.0,
                rru = 0.0,
                "request"
            );
        })
    };
    for (status, counted) in [
        (200, None),
        (404, None),
        (401, Some("refusals")),
        (429, Some("refusals")),
        (503, Some("errors")),
    ] {
        let line = of(status);
        let names: Vec<&str> = metrics(&line).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            ["requests"].into_iter().chain(counted).chain(["duration_ms"]).collect::<Vec<_>>(),
            "{status}"
        );
    }
    let run = line("rolecall-jobs-rotate_keys", || {
        tracing::error!(failed = true, duration_ms = 2.0, "run");
    });
    assert_eq!(run["errors"], 1);
}

#[test]
fn what_a_job_gives_up_is_counted_and_nothing_else_is() {
    let line = line("rolecall-jobs-sweep_mail", || {
        tracing::error!(reason = "expired", "given up");
    });
    assert_eq!(metrics(&line), [("given_up", "Count")]);
    assert_eq!((&line["given_up"], &line["reason"]), (&json!(1), &json!("expired")));
}

#[test]
fn any_other_line_is_a_log_line_alone_and_whatever_is_in_it_stays_in_it() {
    let line =
        line("create_token", || tracing::warn!(cause = "a \"quote\"\nand a line", "careful"));
    assert_eq!(line["function"], "create_token");
    assert_eq!(
        (&line["level"], &line["message"], &line["cause"], &line["_aws"]),
        (&json!("WARN"), &json!("careful"), &json!("a \"quote\"\nand a line"), &Value::Null)
    );
}
