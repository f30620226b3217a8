use serde::Deserialize;

use super::Options;

/// How often things happen in a month: all of them, or those of one user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Times {
    pub(super) logins: f64,
    pub(super) logouts: f64,
    pub(super) refreshes: f64,
    /// Calls of permissions/check.
    pub(super) checks: f64,
    pub(super) reads: f64,
    /// Activities that clients track.
    pub(super) activities: f64,
    pub(super) signups: f64,
    pub(super) resets: f64,
    /// Organizations, at the month's end.
    pub(super) organizations: f64,
}

/// What is used in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Usage {
    pub(super) users: f64,
    pub(super) times: Times,
    /// As many as sign-ups and resets send, where it is none.
    pub(super) mails: Option<f64>,
    /// Months since the first call.
    pub(super) months: f64,
}

impl Usage {
    /// What was asked for, and for the rest what so many users usually do.
    pub(super) fn of(options: &Options, usual: &Times) -> Self {
        let users = float(options.users);
        let or_usual =
            |given: Option<u64>, a_user: f64| given.map_or((users * a_user).ceil(), float);
        let times = Times {
            logins: or_usual(options.logins, usual.logins),
            logouts: or_usual(options.logouts, usual.logouts),
            refreshes: or_usual(options.refreshes, usual.refreshes),
            checks: or_usual(options.checks, usual.checks),
            reads: or_usual(options.reads, usual.reads),
            activities: or_usual(options.activities, usual.activities),
            signups: or_usual(options.signups, usual.signups),
            resets: or_usual(options.resets, usual.resets),
            organizations: or_usual(options.organizations, usual.organizations),
        };
        Self { users, times, mails: options.mails.map(float), months: options.months.into() }
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate needs no sixteenth digit")]
fn float(count: u64) -> f64 {
    count as f64
}
