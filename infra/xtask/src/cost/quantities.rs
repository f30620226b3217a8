use super::{
    book::Book,
    units::{Jobs, MailEvents, Operation, Run},
    usage::Usage,
};

const GIGABYTE: f64 = 1e9;
const MINUTES: f64 = 730.0 * 60.0;
const HOURS: f64 = 730.0;
const DAYS: f64 = HOURS / 24.0;

/// What AWS bills for a month.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Quantities {
    /// Calls of the HTTP API.
    pub(super) calls: f64,
    pub(super) runs: f64,
    /// Their time, by their memory.
    pub(super) gb_seconds: f64,
    pub(super) read_units: f64,
    pub(super) write_units: f64,
    /// GB of the table and its indexes.
    pub(super) stored: f64,
    /// GB of the table alone, of which there are backups.
    pub(super) backed_up: f64,
    pub(super) mails: f64,
    /// GB of log lines.
    pub(super) logged: f64,
    /// GB of log lines that are there at the month's end.
    pub(super) logs_stored: f64,
    pub(super) metrics: f64,
    pub(super) alarms: f64,
    pub(super) dashboards: f64,
    /// Runs that a schedule starts.
    pub(super) scheduled: f64,
    /// Secrets that KMS decrypts.
    pub(super) decrypts: f64,
    pub(super) out: f64,
}

/// What a month of this use takes, its last days being like the others.
pub(super) fn of(usage: &Usage, book: &Book) -> Quantities {
    let mut count = Count {
        book,
        sum: Quantities::default(),
        activities: 0.0,
        activity_stream_entries: 0.0,
        sessions: 0.0,
    };
    let operations = &book.operations;
    for (operation, times) in [
        (&operations.register, usage.times.signups),
        (&operations.verify_email, usage.times.signups),
        (&operations.login, usage.times.logins),
        (&operations.logout, usage.times.logouts),
        (&operations.refresh, usage.times.refreshes),
        (&operations.check, usage.times.checks),
        (&operations.read, usage.times.reads),
        (&operations.track, usage.times.activities),
        (&operations.request_password_reset, usage.times.resets),
        (&operations.confirm_password_reset, usage.times.resets),
    ] {
        count.operation(operation, times);
    }
    let mails = usage.mails.unwrap_or(count.sum.mails);
    count.mail_events(mails);
    let active_minutes = count.jobs(usage.times.organizations);
    count.keep(usage, active_minutes);
    let stack = &book.stack;
    Quantities {
        mails,
        logs_stored: count.sum.logged * book.logs.keep_days / DAYS,
        metrics: stack.metrics,
        alarms: stack.alarms,
        dashboards: stack.dashboards,
        ..count.sum
    }
}

/// Adds a month up.
struct Count<'a> {
    book: &'a Book,
    sum: Quantities,
    /// Activities that came into the log.
    activities: f64,
    activity_stream_entries: f64,
    sessions: f64,
}

impl Count<'_> {
    /// A call that is made so often.
    fn operation(&mut self, operation: &Operation, times: f64) {
        let Book { gate, logs, assumed, .. } = self.book;
        let gated = if operation.gated { times } else { 0.0 };
        self.sum.read_units += gated * gate.rru;
        self.sum.write_units += gated * gate.wru * gate.write_share + times * operation.record_wru;
        // Lambda bills the time until the record of the call is written, one trip after the answer.
        let trips = operation.call.trips + 1.0 + if operation.gated { gate.trips } else { 0.0 };
        self.units(&operation.call, times);
        self.runs(&operation.call, times, trips);
        for run in &operation.stream {
            let runs = times / assumed.records_a_run;
            self.units(run, times);
            self.runs(run, runs, run.trips);
            self.sum.logged += runs * logs.run_bytes / GIGABYTE;
        }
        self.sum.calls += times;
        self.sum.mails += times * operation.mails;
        self.sum.logged += times * (logs.call_bytes + logs.access_bytes) / GIGABYTE;
        self.sum.out += times * (operation.answer_bytes + assumed.header_bytes) / GIGABYTE;
        self.activities += times * operation.activities;
        self.activity_stream_entries += times * operation.activity_stream_entries;
        self.sessions += times * operation.sessions;
    }

    fn units(&mut self, run: &Run, times: f64) {
        self.sum.read_units += times * run.rru;
        self.sum.write_units += times * run.wru;
    }

    /// So many runs of a function, each with so many round trips.
    fn runs(&mut self, run: &Run, runs: f64, trips: f64) {
        let assumed = &self.book.assumed;
        // Lambda bills whole milliseconds.
        let millis =
            (trips * assumed.round_trip_ms + run.wait_ms + self.slowed(run, run.cpu_ms)).ceil();
        let cold = runs * assumed.cold_share;
        self.sum.runs += runs;
        self.sum.gb_seconds += self.gb_seconds(run, runs * millis + cold * assumed.cold_ms);
        self.sum.decrypts += cold * assumed.decrypts_a_cold_start;
    }

    /// Counts what schedules start, and answers how many minutes have statistics then.
    fn jobs(&mut self, organizations: f64) -> f64 {
        let Jobs { aggregate, rotate, sweep, erase, fill_lists, remind, .. } = &self.book.jobs;
        for job in [rotate, sweep, erase, fill_lists, remind] {
            self.scheduled(&job.run, MINUTES / job.every_minutes);
        }
        let runs = MINUTES / aggregate.every_minutes;
        self.scheduled(&aggregate.run, runs);
        let minutes = in_logs(MINUTES, self.activities, organizations);
        let hours = in_logs(HOURS, self.activities, organizations);
        let writes = minutes * aggregate.writes_a_minute + hours * aggregate.writes_an_hour;
        self.sum.read_units +=
            hours * aggregate.rru_a_busy_hour + self.activities * aggregate.rru_an_activity;
        self.sum.write_units += writes * aggregate.wru_a_write;
        let cpu = self.slowed(&aggregate.run, self.activities * aggregate.cpu_ms_an_activity);
        self.sum.gb_seconds +=
            self.gb_seconds(&aggregate.run, writes * self.book.assumed.round_trip_ms + cpu);
        minutes
    }

    /// What the mail service tells of so many mails.
    fn mail_events(&mut self, mails: f64) {
        let MailEvents { share, run } = &self.book.jobs.mail_events;
        let runs = mails * share;
        self.units(run, runs);
        self.runs(run, runs, run.trips);
        self.sum.logged += runs * self.book.logs.run_bytes / GIGABYTE;
    }

    fn scheduled(&mut self, run: &Run, runs: f64) {
        self.units(run, runs);
        self.runs(run, runs, run.trips);
        self.sum.scheduled += runs;
        self.sum.logged += runs * self.book.logs.run_bytes / GIGABYTE;
    }

    /// Counts what stays in the table.
    fn keep(&mut self, usage: &Usage, minutes: f64) {
        let storage = &self.book.storage;
        let months = usage.months.min(storage.keep_days / DAYS);
        let log = self.activities * storage.activity_bytes * months / GIGABYTE;
        let activity_stream =
            self.activity_stream_entries * storage.activity_stream_entry_bytes * months;
        let sessions = self.sessions * storage.session_bytes;
        let rest = activity_stream
            + sessions
            + usage.users * storage.user_bytes
            + minutes * storage.statistics_bytes;
        self.sum.backed_up = log + rest / GIGABYTE;
        self.sum.stored = self.sum.backed_up + log * (storage.activity_copies - 1.0);
    }

    fn mb(&self, run: &Run) -> f64 {
        run.mb.unwrap_or(self.book.assumed.usual_mb)
    }

    /// How long a function takes for so many milliseconds of a whole vCPU.
    fn slowed(&self, run: &Run, cpu_ms: f64) -> f64 {
        cpu_ms / (self.mb(run) / self.book.assumed.whole_vcpu_mb).min(1.0)
    }

    fn gb_seconds(&self, run: &Run, millis: f64) -> f64 {
        millis / 1000.0 * self.mb(run) / 1024.0
    }
}

/// How many periods there are in which something happened, over every log and the one of
/// everything: activities come evenly to the organizations, and at random.
fn in_logs(periods: f64, activities: f64, organizations: f64) -> f64 {
    let logs = organizations.max(1.0);
    logs * with_something(periods, activities / logs) + with_something(periods, activities)
}

/// How many of these periods have one of so many events, which come at random.
fn with_something(periods: f64, events: f64) -> f64 {
    periods * (1.0 - (-events / periods).exp())
}
