//! Every setting of the product: one row each, read once, all errors together.

mod parse;
mod registration;

use std::fmt;

use crate::model::{
    account::ReservedUsernames,
    clock::SignedDuration,
    event::RetentionPolicy,
    permission::Need,
    session::{LoginLimits, MOST_BY_STRANGERS},
    signing::{Algorithm, TokenType},
};

use parse::{
    count, days, grace, hours, is_base_url, is_configuration_set, is_name, is_sender, is_smtp_url,
    is_table_name, minutes, needs, origins, proxy, seconds, text,
};

pub use registration::RegistrationMode;

/// One variable of the environment. `docs/settings.md`, the template's parameters and the errors of
/// [`Settings::read`] are made of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// What it wants, in words.
    pub wants: &'static str,
    /// A value that works.
    pub example: &'static str,
    /// What holds when it is not set; `None`: it has to be set.
    pub default: Option<&'static str>,
}

macro_rules! variable {
    ($name:literal, $wants:literal, $example:literal) => {
        Variable { name: $name, wants: $wants, example: $example, default: None }
    };
    ($name:literal, $wants:literal, $example:literal, $default:literal) => {
        Variable { name: $name, wants: $wants, example: $example, default: Some($default) }
    };
}

/// One row a setting: its field, its type, how it is read, and its variable.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $parse:expr, $name:literal, $wants:literal,
        example $example:literal $(, default $default:literal)?;)*) => {
        /// Every variable, in the order of `docs/settings.md`.
        pub const VARIABLES: &[Variable] =
            &[$(variable!($name, $wants, $example $(, $default)?)),*];

        /// The settings that the rules look at.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Settings {
            $(#[doc = $wants] $(#[$doc])* pub $field: $type,)*
            /// Every variable with its value, as text.
            pub values: Vec<(Variable, String)>,
        }

        impl Settings {
            /// Reads all variables through `lookup`; an empty one counts as not set.
            pub fn read(
                lookup: impl Fn(&str) -> Option<String>,
            ) -> Result<Self, SettingsError> {
                let mut reader =
                    Reader { lookup: &lookup, errors: Vec::new(), values: Vec::new() };
                $(let $field = reader.value(
                    variable!($name, $wants, $example $(, $default)?),
                    $parse,
                );)*
                let errors = SettingsError(reader.errors);
                let values = reader.values;
                let read = || Some(Self { $($field: $field?,)* values });
                read().ok_or(errors)
            }
        }
    };
}

settings! {
    table: String = text(is_table_name), "ROLECALL_TABLE",
        "the DynamoDB table, 3 to 255 of a-z A-Z 0-9 _ . -",
        example "rolecall", default "rolecall";
    registration: RegistrationMode = RegistrationMode::from_name, "ROLECALL_REGISTRATION",
        "who may sign up: verified, open or invite",
        example "verified", default "verified";
    /// Roles that mail has by RFC 2142, and what programs and people take for the service itself.
    reserved_usernames: ReservedUsernames = |text| Some(ReservedUsernames::parse(text)),
        "ROLECALL_RESERVED_USERNAMES",
        "usernames that nobody signs up with, in whatever spelling, separated by commas, or a \
            comma alone for none; invitations, imports and setup may give them, such as \
            `support` to your own people",
        example "admin,root,support",
        default "abuse,admin,administrator,anonymous,api,auth,contact,everyone,ftp,guest,help,\
            helpdesk,hostmaster,info,login,mail,mailer-daemon,me,moderator,no-reply,nobody,noc,\
            none,noreply,null,operator,owner,postmaster,rolecall,root,security,service,staff,\
            super-admin,super_admin,superadmin,superuser,support,sysadmin,system,team,undefined,\
            webmaster,www";
    issuer: String = text(is_base_url), "ROLECALL_ISSUER",
        "the origin at which the API is reached, without a slash at its end; the `iss` of every \
            token",
        example "https://id.example.com";
    audience: String = text(|text| !text.is_empty()), "ROLECALL_AUDIENCE",
        "the `aud` of every token, not empty",
        example "rolecall", default "rolecall";
    cors_origins: Vec<String> = origins, "ROLECALL_CORS_ORIGINS",
        "origins of browser apps that may call the API, separated by commas; the local stack \
            allows every loopback origin as well",
        example "https://app.example.com,https://admin.example.com", default "";
    own_link_base: String = text(|text| text.is_empty() || is_base_url(text)), "ROLECALL_LINK_BASE",
        "the origin and path under which mailed links lie; the issuer's origin when it is not \
            set",
        example "https://app.example.com/account", default "";
    product_name: String = text(is_name), "ROLECALL_PRODUCT_NAME",
        "what the service is called in its mails, and what no password is made of, at most 64 \
            characters on one line",
        example "Acme", default "Rolecall";
    mail_from: String = text(is_sender), "ROLECALL_MAIL_FROM",
        "the address that mail comes from, verified in SES",
        example "no-reply@example.com";
    mail_from_name: String = text(|text| text.is_empty() || is_name(text)),
        "ROLECALL_MAIL_FROM_NAME",
        "the name that mail comes from, at most 64 characters on one line; the product's name \
            when it is not set",
        example "Acme Accounts", default "";
    mail_reply_to: String = text(|text| text.is_empty() || is_sender(text)),
        "ROLECALL_MAIL_REPLY_TO",
        "the address that answers to mails go to; the one that they come from when it is not set",
        example "help@example.com", default "";
    ses_configuration_set: String = text(is_configuration_set), "ROLECALL_SES_CONFIGURATION_SET",
        "the configuration set of SES that mails name, which tells what bounced; none when it is \
            not set",
        example "rolecall", default "";
    /// A URL without a user: what is in a setting is in the template, the password is not.
    smtp_url: String = text(|text| text.is_empty() || is_smtp_url(text)), "ROLECALL_SMTP_URL",
        "the server that takes mail by SMTP, in the place of SES: smtp://HOST:PORT with \
            STARTTLS, smtps://HOST:PORT with TLS at once; smtp:// to this machine needs none",
        example "smtps://mail.example.com:465", default "";
    access_lifetime: SignedDuration = minutes(1440), "ROLECALL_ACCESS_MINUTES",
        "the life of an access token in minutes, 1 to 1440",
        example "60", default "60";
    refresh_lifetime: SignedDuration = days(365), "ROLECALL_REFRESH_DAYS",
        "the life of an unused refresh token in days, 1 to 365",
        example "7", default "7";
    session_lifetime: SignedDuration = days(365), "ROLECALL_SESSION_DAYS",
        "the longest life of a session in days, 1 to 365",
        example "30", default "30";
    /// Ten: two tabs of one browser refresh within a moment of each other, and a thief has no more
    /// time than with a lost answer.
    rotation_grace: SignedDuration = grace(60), "ROLECALL_ROTATION_GRACE_SECONDS",
        "how long a used refresh token still gives its successor though that is in use, in \
            seconds, 0 to 60; for two tabs of one browser",
        example "10", default "10";
    verification_lifetime: SignedDuration = hours(168), "ROLECALL_VERIFICATION_HOURS",
        "the life of a verification link in hours, 1 to 168",
        example "24", default "24";
    reset_lifetime: SignedDuration = minutes(1440), "ROLECALL_RESET_MINUTES",
        "the life of a link that resets a password in minutes, 1 to 1440",
        example "30", default "30";
    invitation_lifetime: SignedDuration = days(90), "ROLECALL_INVITATION_DAYS",
        "the life of an invitation in days, 1 to 90",
        example "7", default "7";
    erase_after: SignedDuration = days(365), "ROLECALL_ERASE_DAYS",
        "how long an account that its owner deleted can be restored before it is erased, in days, \
            1 to 365",
        example "30", default "30";
    /// A device that was not used for a season has to pass for a new one; it only ever matters
    /// while strangers fail.
    device_lifetime: SignedDuration = days(365), "ROLECALL_DEVICE_DAYS",
        "how long a device that signed in is known, in days, 1 to 365; strangers' failures do \
            not stop a known one",
        example "90", default "90";
    /// Five: people mistype two or three times, and a guesser who waits from the sixth on gets
    /// nowhere (OWASP Authentication Cheat Sheet, "Login Throttling").
    login_free_failures: u32 = count(1, 20), "ROLECALL_LOGIN_FREE_FAILURES",
        "failed sign-ins of one network to one account before it has to wait, 1 to 20",
        example "5", default "5";
    /// Five seconds, doubled with each further failure: nothing to somebody who mistyped, and the
    /// sixteenth guess of one network takes an hour.
    login_wait: SignedDuration = seconds(3600), "ROLECALL_LOGIN_WAIT_SECONDS",
        "the first wait of a network that failed too often at one account, in seconds, 1 to \
            3600; it doubles",
        example "5", default "5";
    /// A quarter of an hour: ninety-six guesses a day of one network, and the account's own lock
    /// comes long before.
    login_longest_wait: SignedDuration = minutes(1440), "ROLECALL_LOGIN_LONGEST_WAIT_MINUTES",
        "the longest such wait in minutes, 1 to 1440",
        example "15", default "15";
    /// Twenty: four locks of growing length fit below the 80 of the 100 consecutive failures that
    /// NIST SP 800-63B §5.2.2 allows; the other 20 are kept for the owner's own devices.
    login_lock_failures: u32 = count(5, MOST_BY_STRANGERS), "ROLECALL_LOGIN_LOCK_FAILURES",
        "failed sign-ins to one account, from wherever, that lock it to unknown devices, 5 to 80",
        example "20", default "20";
    /// A quarter of an hour, four times as long at each further lock: long for a program, bearable
    /// for a person who also has a link in the mail that ends it at once.
    login_lock: SignedDuration = minutes(1440), "ROLECALL_LOGIN_LOCK_MINUTES",
        "the length of an account's first lock in minutes, 1 to 1440",
        example "15", default "15";
    /// Thirty days, begun by strangers' eightieth failure: 80 guesses a month are no attack on a
    /// password that the policy takes, and the owner has known devices, the link of the mail and a
    /// reset to end it.
    login_longest_lock: SignedDuration = days(365), "ROLECALL_LOGIN_LONGEST_LOCK_DAYS",
        "the longest lock, from strangers' 80th failure on, in days, 1 to 365",
        example "30", default "30";
    /// Three hundred: a large office behind one address mistypes less often, and each account has
    /// its own limits. It bounds what one network can make the store and the hasher do for nothing.
    network_failures: u32 = count(1, 1_000_000), "ROLECALL_NETWORK_FAILURES",
        "refused passwords of one network (IPv4 address or IPv6 /64) in a minute, and as many \
            refused tokens and mailed links, 1 to 1000000",
        example "300", default "300";
    /// Six hundred: a lecture hall behind one address may sign up at once.
    network_sign_ups: u32 = count(1, 1_000_000), "ROLECALL_NETWORK_SIGNUPS",
        "sign-ups of one network in a minute, 1 to 1000000",
        example "600", default "600";
    /// Three hundred: nobody asks so often, and each victim gets at most three mails an
    /// hour.
    network_resets: u32 = count(1, 1_000_000), "ROLECALL_NETWORK_RESETS",
        "password resets that one network asks for in a minute, 1 to 1000000",
        example "300", default "300";
    /// Ten: enough for somebody who mistypes the own password again and again, too few to fill a
    /// mailbox.
    address_mails: u32 = count(1, 1_000_000), "ROLECALL_ADDRESS_MAILS",
        "mails that one address may get in an hour because somebody typed it, 1 to 1000000; one \
            network has half of them, and past them one goes out in twenty minutes",
        example "10", default "10";
    /// Two hundred: a class that signs up together gets its mails, a program does not get far.
    network_mails: u32 = count(1, 1_000_000), "ROLECALL_NETWORK_MAILS",
        "mails that one network may have sent to whatever addresses it types in an hour, 1 to \
            1000000; what is over it follows within three hours",
        example "200", default "200";
    /// Two thousand: past what strangers type on a busy day, below what makes SES look.
    stack_mails: u32 = count(1, 10_000_000), "ROLECALL_STACK_MAILS",
        "mails that all networks together may have sent to whatever addresses they type in an \
            hour, 1 to 10000000; what is over it follows within a day, and resets and notices to \
            owners do not count",
        example "2000", default "2000";
    /// Five hundred: a firm invites its people in a morning, a tenant of its own sends no flood.
    organization_invitations: u32 = count(1, 1_000_000), "ROLECALL_ORGANIZATION_INVITATIONS",
        "mails that the invitations of one organization send in an hour, 1 to 1000000",
        example "500", default "500";
    /// Twelve hundred: twenty a second are more than a person does, and enough for a program that
    /// loads something.
    user_writes: u32 = count(10, 1_000_000), "ROLECALL_USER_WRITES",
        "calls of one user that change something in a minute, 10 to 1000000; tracked activities \
            and permission checks are counted for themselves or not at all",
        example "1200", default "1200";
    /// Thirty: each costs a hash. People sign in a few times a day, programs keep their session.
    user_sign_ins: u32 = count(1, 1_000_000), "ROLECALL_USER_SIGN_INS",
        "sign-ins of one user that succeed in a minute, 1 to 1000000",
        example "30", default "30";
    /// Fifty a second for somebody who clicks.
    user_activities: u32 = count(25, 1_000_000), "ROLECALL_USER_ACTIVITIES",
        "activities that one user tracks in a minute, 25 to 1000000",
        example "3000", default "3000";
    /// A thousand a second: what one shard of the log takes.
    service_activities: u32 = count(25, 10_000_000), "ROLECALL_SERVICE_ACTIVITIES",
        "activities that one service account tracks in a minute, 25 to 10000000",
        example "60000", default "60000";
    /// Off: every header that a client can write is ignored.
    trusted_proxy: bool = proxy, "ROLECALL_TRUSTED_PROXY",
        "off, or cloudfront: whether the client's address is the one that CloudFront tells, of \
            requests that carry the secret that it adds; docs/operating.md has the recipe",
        example "cloudfront", default "off";
    token_algorithm: Algorithm = Algorithm::from_name, "ROLECALL_TOKEN_ALGORITHM",
        "how the next signing key signs: RS256, or EdDSA where no API Gateway JWT authorizer \
            has to check it",
        example "RS256", default "RS256";
    token_type: TokenType = TokenType::from_name, "ROLECALL_TOKEN_TYPE",
        "the `typ` of access tokens: at+jwt (RFC 9068), or JWT for verifiers that take no other",
        example "JWT", default "at+jwt";
    shards: u8 = count(1, 64), "ROLECALL_SHARDS",
        "the partitions over which writes of one organization are spread, a thousand a second \
            each, 1 to 64; it may grow at any time",
        example "8", default "1";
    keep_info_days: u16 = count(1, 36_500), "ROLECALL_KEEP_INFO_DAYS",
        "days, 1 to 36500, that activities of severity info are kept",
        example "90", default "400";
    keep_low_days: u16 = count(1, 36_500), "ROLECALL_KEEP_LOW_DAYS",
        "days, 1 to 36500, that activities of severity low are kept",
        example "90", default "400";
    keep_normal_days: u16 = count(1, 36_500), "ROLECALL_KEEP_NORMAL_DAYS",
        "days, 1 to 36500, that activities of severity normal are kept",
        example "90", default "400";
    keep_high_days: u16 = count(1, 36_500), "ROLECALL_KEEP_HIGH_DAYS",
        "days, 1 to 36500, that activities of severity high are kept",
        example "90", default "400";
    keep_critical_days: u16 = count(1, 36_500), "ROLECALL_KEEP_CRITICAL_DAYS",
        "days, 1 to 36500, that activities of severity critical are kept",
        example "90", default "400";
    record_reads: u8 = count(0, 100), "ROLECALL_RECORD_READS",
        "how many of a hundred successful GET requests are recorded, 0 to 100; everything else \
            always is",
        example "5", default "100";
    authorizer_routes: Vec<(String, Need)> = needs, "ROLECALL_AUTHORIZER_ROUTES",
        "for the authorizer alone: what each route of the API behind it needs, as JSON; a \
            permission's code, module:CODE or signed-in",
        example "{\"GET /reports/{id}\":\"reports.read\"}", default "{}";
}

impl Settings {
    /// The origin and path under which mailed links lie.
    #[must_use]
    pub fn link_base(&self) -> &str {
        if self.own_link_base.is_empty() { &self.issuer } else { &self.own_link_base }
    }

    #[must_use]
    pub fn login_limits(&self) -> LoginLimits {
        LoginLimits {
            free_failures: self.login_free_failures,
            wait: self.login_wait,
            longest_wait: self.login_longest_wait,
            lock_failures: self.login_lock_failures,
            lock: self.login_lock,
            longest_lock: self.login_longest_lock,
        }
    }

    #[must_use]
    pub fn retention(&self) -> RetentionPolicy {
        RetentionPolicy {
            shards: self.shards,
            days: [
                self.keep_info_days,
                self.keep_low_days,
                self.keep_normal_days,
                self.keep_high_days,
                self.keep_critical_days,
            ],
        }
    }
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

struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<SettingError>,
    values: Vec<(Variable, String)>,
}

impl Reader<'_> {
    fn value<T>(&mut self, variable: Variable, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let given = (self.lookup)(variable.name).filter(|text| !text.is_empty());
        let is_missing = given.is_none();
        let text = given.or_else(|| variable.default.map(str::to_owned)).unwrap_or_default();
        let value = parse(&text).filter(|_| !is_missing || variable.default.is_some());
        self.values.push((variable, text));
        if value.is_none() {
            self.errors.push(SettingError { variable, is_missing });
        }
        value
    }
}

#[cfg(test)]
mod tests;
