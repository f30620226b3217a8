//! Every setting of the product: one struct, read once, all errors together.

mod variables;

use std::{collections::BTreeMap, fmt};

use crate::{
    account::Email,
    activity::RetentionPolicy,
    clock::SignedDuration,
    permission::Need,
    session::{LoginLimits, MOST_BY_STRANGERS},
    signing::Algorithm,
};

pub use variables::{VARIABLES, Variable};

/// Who may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Anybody who proves an address.
    Verified,
    Open,
    /// Nobody: accounts come from invitations.
    Invite,
}

/// The settings that the rules look at. [`Settings::read`] lists the variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `ROLECALL_TABLE`
    pub table: String,
    /// `ROLECALL_REGISTRATION`
    pub registration: RegistrationMode,
    /// `ROLECALL_ISSUER`
    pub issuer: String,
    /// `ROLECALL_AUDIENCE`
    pub audience: String,
    /// `ROLECALL_LINK_BASE`
    pub link_base: String,
    /// `ROLECALL_MAIL_FROM`
    pub mail_from: String,
    /// `ROLECALL_ACCESS_MINUTES`
    pub access_lifetime: SignedDuration,
    /// `ROLECALL_REFRESH_DAYS`
    pub refresh_lifetime: SignedDuration,
    /// `ROLECALL_SESSION_DAYS`
    pub session_lifetime: SignedDuration,
    /// `ROLECALL_VERIFICATION_HOURS`
    pub verification_lifetime: SignedDuration,
    /// `ROLECALL_RESET_MINUTES`
    pub reset_lifetime: SignedDuration,
    /// `ROLECALL_INVITATION_DAYS`
    pub invitation_lifetime: SignedDuration,
    /// `ROLECALL_DEVICE_DAYS`
    pub device_lifetime: SignedDuration,
    /// `ROLECALL_LOGIN_…`
    pub login_limits: LoginLimits,
    /// `ROLECALL_NETWORK_FAILURES`: refused passwords of one network in a minute, and as many
    /// tokens and links.
    pub network_failures: u32,
    /// `ROLECALL_NETWORK_SIGNUPS`: sign-ups of one network in a minute.
    pub network_sign_ups: u32,
    /// `ROLECALL_NETWORK_RESETS`: reset mails asked for by one network in a minute.
    pub network_resets: u32,
    /// `ROLECALL_ADDRESS_MAILS`: mails in an hour to an address that anybody may type.
    pub address_mails: u32,
    /// `ROLECALL_TOKEN_ALGORITHM`
    pub token_algorithm: Algorithm,
    /// `ROLECALL_SHARDS` and `ROLECALL_KEEP_…`
    pub retention: RetentionPolicy,
    /// `ROLECALL_RECORD_READS`: of a hundred.
    pub record_reads: u8,
    /// `ROLECALL_AUTHORIZER_ROUTES`
    pub authorizer_routes: Vec<(String, Need)>,
}

/// Every variable that is wrong, a line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the settings are wrong:{}", .0.iter().map(|one| format!("\n  {one}")).collect::<String>())]
pub struct SettingsError(pub Vec<SettingError>);

/// One variable that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    pub variable: Variable,
    /// Whether it was there at all.
    pub is_missing: bool,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Variable { name, wants, example, .. } = self.variable;
        let what = if self.is_missing { "is not set" } else { "cannot be used" };
        write!(f, "{name} {what}: it wants {wants}, for example {name}={example}")
    }
}

impl Settings {
    /// Reads all variables through `lookup`; an empty one counts as not set.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut reader = Reader { lookup: &lookup, errors: Vec::new() };
        let table = reader.text(variables::TABLE, |text| {
            (3..=255).contains(&text.len())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        });
        let registration = reader.value(variables::REGISTRATION, |text| match text {
            "verified" => Some(RegistrationMode::Verified),
            "open" => Some(RegistrationMode::Open),
            "invite" => Some(RegistrationMode::Invite),
            _ => None,
        });
        let issuer = reader.text(variables::ISSUER, is_base_url);
        let audience = reader.text(variables::AUDIENCE, |text| !text.is_empty());
        let link_base =
            reader.text(variables::LINK_BASE, |text| text.is_empty() || is_base_url(text));
        let mail_from = reader.text(variables::MAIL_FROM, |text| Email::parse(text).is_ok());
        let access_lifetime =
            reader.span(variables::ACCESS_MINUTES, 1440, SignedDuration::from_mins);
        let refresh_lifetime = reader.span(variables::REFRESH_DAYS, 365, days);
        let session_lifetime = reader.span(variables::SESSION_DAYS, 365, days);
        let verification_lifetime =
            reader.span(variables::VERIFICATION_HOURS, 168, SignedDuration::from_hours);
        let reset_lifetime = reader.span(variables::RESET_MINUTES, 1440, SignedDuration::from_mins);
        let invitation_lifetime = reader.span(variables::INVITATION_DAYS, 90, days);
        let device_lifetime = reader.span(variables::DEVICE_DAYS, 365, days);
        let free_failures = reader.count(variables::LOGIN_FREE_FAILURES, 1, 20);
        let wait = reader.span(variables::LOGIN_WAIT_SECONDS, 3600, SignedDuration::from_secs);
        let longest_wait =
            reader.span(variables::LOGIN_LONGEST_WAIT_MINUTES, 1440, SignedDuration::from_mins);
        let lock_failures = reader.count(variables::LOGIN_LOCK_FAILURES, 5, MOST_BY_STRANGERS);
        let lock = reader.span(variables::LOGIN_LOCK_MINUTES, 1440, SignedDuration::from_mins);
        let longest_lock = reader.span(variables::LOGIN_LONGEST_LOCK_DAYS, 365, days);
        let network_failures = reader.count(variables::NETWORK_FAILURES, 1, 1_000_000);
        let network_sign_ups = reader.count(variables::NETWORK_SIGNUPS, 1, 1_000_000);
        let network_resets = reader.count(variables::NETWORK_RESETS, 1, 1_000_000);
        let address_mails = reader.count(variables::ADDRESS_MAILS, 1, 1_000_000);
        let token_algorithm = reader.value(variables::TOKEN_ALGORITHM, Algorithm::from_name);
        let shards =
            reader.count(variables::SHARDS, 1, 64).and_then(|count| u8::try_from(count).ok());
        let mut kept =
            |variable| reader.count(variable, 1, 36_500).and_then(|days| u16::try_from(days).ok());
        let days = [
            variables::KEEP_INFO,
            variables::KEEP_LOW,
            variables::KEEP_NORMAL,
            variables::KEEP_HIGH,
            variables::KEEP_CRITICAL,
        ];
        let days = days.map(&mut kept);
        let record_reads = reader
            .count(variables::RECORD_READS, 0, 100)
            .and_then(|count| u8::try_from(count).ok());
        let authorizer_routes = reader.value(variables::AUTHORIZER_ROUTES, needs);
        let errors = SettingsError(reader.errors);
        let [info, low, normal, high, critical] = days;
        let read = || {
            let issuer = issuer?;
            let link_base =
                link_base.map(|base| if base.is_empty() { issuer.clone() } else { base })?;
            Some(Self {
                table: table?,
                registration: registration?,
                audience: audience?,
                link_base,
                mail_from: mail_from?,
                access_lifetime: access_lifetime?,
                refresh_lifetime: refresh_lifetime?,
                session_lifetime: session_lifetime?,
                verification_lifetime: verification_lifetime?,
                reset_lifetime: reset_lifetime?,
                invitation_lifetime: invitation_lifetime?,
                device_lifetime: device_lifetime?,
                login_limits: LoginLimits {
                    free_failures: free_failures?,
                    wait: wait?,
                    longest_wait: longest_wait?,
                    lock_failures: lock_failures?,
                    lock: lock?,
                    longest_lock: longest_lock?,
                },
                network_failures: network_failures?,
                network_sign_ups: network_sign_ups?,
                network_resets: network_resets?,
                address_mails: address_mails?,
                token_algorithm: token_algorithm?,
                retention: RetentionPolicy {
                    shards: shards?,
                    days: [info?, low?, normal?, high?, critical?],
                },
                record_reads: record_reads?,
                authorizer_routes: authorizer_routes?,
                issuer,
            })
        };
        read().ok_or(errors)
    }
}

struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<SettingError>,
}

impl Reader<'_> {
    fn value<T>(&mut self, variable: Variable, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let given = (self.lookup)(variable.name).filter(|text| !text.is_empty());
        let is_missing = given.is_none();
        let value =
            given.or_else(|| variable.default.map(str::to_owned)).and_then(|text| parse(&text));
        if value.is_none() {
            self.errors.push(SettingError { variable, is_missing });
        }
        value
    }

    fn text(&mut self, variable: Variable, is_right: impl Fn(&str) -> bool) -> Option<String> {
        self.value(variable, |text| is_right(text).then(|| text.to_owned()))
    }

    fn count(&mut self, variable: Variable, min: u32, max: u32) -> Option<u32> {
        self.value(variable, |text| text.parse().ok().filter(|count| (min..=max).contains(count)))
    }

    fn span(
        &mut self,
        variable: Variable,
        max: i64,
        unit: fn(i64) -> SignedDuration,
    ) -> Option<SignedDuration> {
        self.value(variable, |text| {
            text.parse().ok().filter(|count| (1..=max).contains(count)).map(unit)
        })
    }
}

/// Routes and what they need, of a JSON object.
fn needs(text: &str) -> Option<Vec<(String, Need)>> {
    let routes: BTreeMap<String, String> = serde_json::from_str(text).ok()?;
    routes.into_iter().map(|(route, need)| Some((route, Need::parse(&need).ok()?))).collect()
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// `https://…`, or `http://` to this machine alone; no query, no fragment, no slash at its end.
fn is_base_url(text: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost"];
    let is_local = local.iter().any(|base| {
        text.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    let is_https = text
        .strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    (is_https || is_local)
        && !text.ends_with('/')
        && !text.contains(['?', '#', '@', '"', '<', '\\'])
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::read(|name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_examples_work_and_the_defaults_are_those_of_the_contract() {
        let examples: Vec<_> =
            VARIABLES.iter().map(|variable| (variable.name, variable.example)).collect();
        assert!(read(&examples).is_ok());
        let least = read(&[
            ("ROLECALL_ISSUER", "https://id.example.com"),
            ("ROLECALL_MAIL_FROM", "a@example.com"),
        ])
        .unwrap();
        assert_eq!(least.access_lifetime, SignedDuration::from_mins(60));
        assert_eq!(least.refresh_lifetime, SignedDuration::from_hours(7 * 24));
        assert_eq!(least.session_lifetime, SignedDuration::from_hours(30 * 24));
        assert_eq!(least.verification_lifetime, SignedDuration::from_hours(24));
        assert_eq!(least.reset_lifetime, SignedDuration::from_mins(30));
        assert_eq!(least.link_base, "https://id.example.com");
        assert_eq!(least.registration, RegistrationMode::Verified);
    }

    #[test]
    fn all_errors_come_together_and_each_names_variable_want_and_example() {
        let error = read(&[
            ("ROLECALL_REGISTRATION", "maybe"),
            ("ROLECALL_ACCESS_MINUTES", "0"),
            ("ROLECALL_ISSUER", "http://evil.example"),
        ])
        .unwrap_err();
        let text = error.to_string();
        let names: Vec<_> = error.0.iter().map(|one| one.variable.name).collect();
        assert_eq!(
            names,
            [
                "ROLECALL_REGISTRATION",
                "ROLECALL_ISSUER",
                "ROLECALL_MAIL_FROM",
                "ROLECALL_ACCESS_MINUTES"
            ]
        );
        assert!(text.contains("ROLECALL_MAIL_FROM is not set: it wants the address"), "{text}");
        assert!(text.contains("for example ROLECALL_ACCESS_MINUTES=60"), "{text}");
    }
}
