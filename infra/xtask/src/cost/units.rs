use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operations {
    pub(super) register: Operation,
    pub(super) verify_email: Operation,
    pub(super) login: Operation,
    pub(super) refresh: Operation,
    pub(super) logout: Operation,
    pub(super) check: Operation,
    pub(super) read: Operation,
    pub(super) track: Operation,
    pub(super) request_password_reset: Operation,
    pub(super) confirm_password_reset: Operation,
}

impl Operations {
    pub(super) fn all(&self) -> [&Operation; 10] {
        [
            &self.register,
            &self.verify_email,
            &self.login,
            &self.refresh,
            &self.logout,
            &self.check,
            &self.read,
            &self.track,
            &self.request_password_reset,
            &self.confirm_password_reset,
        ]
    }
}

/// One call, and everything that it sets going.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    /// Where its units come from.
    pub(super) source: String,
    /// The function behind its route.
    pub(super) call: Run,
    /// It passes the gate first.
    #[serde(default)]
    pub(super) gated: bool,
    /// Write units of the call's own record.
    pub(super) record_wru: f64,
    /// Runs that the table's stream starts.
    #[serde(default)]
    pub(super) stream: Vec<Run>,
    /// Activities that stay in the log, the call's record included.
    pub(super) activities: f64,
    #[serde(default)]
    pub(super) activity_stream_entries: f64,
    #[serde(default)]
    pub(super) sessions: f64,
    #[serde(default)]
    pub(super) mails: f64,
    /// Bytes of its answer's body.
    #[serde(default)]
    pub(super) answer_bytes: f64,
}

/// One run of a function.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    pub(super) function: String,
    /// Memory in MB, where it is not the usual.
    pub(super) mb: Option<f64>,
    /// Round trips to DynamoDB that wait for each other.
    pub(super) trips: f64,
    /// Milliseconds that it waits for something else.
    #[serde(default)]
    pub(super) wait_ms: f64,
    /// Milliseconds of a whole vCPU.
    pub(super) cpu_ms: f64,
    /// DynamoDB's read request units.
    pub(super) rru: f64,
    /// DynamoDB's write request units.
    pub(super) wru: f64,
}

/// What an authenticated call takes before anything else.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GateUnits {
    pub(super) source: String,
    pub(super) trips: f64,
    pub(super) rru: f64,
    /// Of a call that marks its session as active.
    pub(super) wru: f64,
    /// The share of calls that do.
    pub(super) write_share: f64,
}

/// What a schedule starts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jobs {
    pub(super) source: String,
    pub(super) aggregate: Aggregate,
    pub(super) rotate: Job,
    pub(super) sweep: Job,
    pub(super) erase: Job,
    pub(super) fill_lists: Job,
    pub(super) remind: Job,
    pub(super) mail_events: MailEvents,
}

/// What mails that come back start.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailEvents {
    /// Of all mails.
    pub(super) share: f64,
    pub(super) run: Run,
}

/// A job whose runs are all alike.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    pub(super) every_minutes: f64,
    pub(super) run: Run,
}

/// The job that adds the log up.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Aggregate {
    pub(super) every_minutes: f64,
    /// A run that finds nothing.
    pub(super) run: Run,
    /// Read units of a run for each log.
    pub(super) rru_a_busy_hour: f64,
    /// Read units over an activity's life.
    pub(super) rru_an_activity: f64,
    /// Milliseconds of a whole vCPU over an activity's life.
    pub(super) cpu_ms_an_activity: f64,
    /// How often a minute in which something happened is written.
    pub(super) writes_a_minute: f64,
    /// How often such an hour is written.
    pub(super) writes_an_hour: f64,
    pub(super) wru_a_write: f64,
}

/// Bytes of items, DynamoDB's own included.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Storage {
    pub(super) source: String,
    pub(super) activity_bytes: f64,
    /// Of an activity, in the table and its indexes.
    pub(super) activity_copies: f64,
    pub(super) activity_stream_entry_bytes: f64,
    pub(super) user_bytes: f64,
    pub(super) session_bytes: f64,
    pub(super) statistics_bytes: f64,
    /// Days that activities and entries of the activity stream are kept.
    pub(super) keep_days: f64,
}

/// Bytes of log lines.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Logs {
    pub(super) source: String,
    /// Of a call, by its function.
    pub(super) call_bytes: f64,
    /// Of a run that a stream or a schedule started.
    pub(super) run_bytes: f64,
    /// Of a call, by API Gateway.
    pub(super) access_bytes: f64,
    /// Days that they are kept.
    pub(super) keep_days: f64,
}

/// What there is however many users there are.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stack {
    pub(super) source: String,
    pub(super) metrics: f64,
    pub(super) alarms: f64,
    pub(super) dashboards: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assumed {
    /// Milliseconds of a round trip to DynamoDB.
    pub(super) round_trip_ms: f64,
    /// Memory in MB.
    pub(super) usual_mb: f64,
    /// Memory in MB from which on a function has a whole vCPU.
    pub(super) whole_vcpu_mb: f64,
    /// Records of the stream that one run takes.
    pub(super) records_a_run: f64,
    pub(super) cold_share: f64,
    /// Milliseconds that a cold start takes longer.
    pub(super) cold_ms: f64,
    pub(super) decrypts_a_cold_start: f64,
    /// Bytes of an answer's headers.
    pub(super) header_bytes: f64,
}
