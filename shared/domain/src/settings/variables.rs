//! The variables, each with what it wants and what holds without it.

/// One variable: its name, what it wants, an example, its default. The README's table of settings
/// is made of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Name in the environment.
    pub name: &'static str,
    /// What it wants, in words.
    pub wants: &'static str,
    /// A value that works.
    pub example: &'static str,
    /// What holds when it is not set; `None`: it has to be set.
    pub default: Option<&'static str>,
}

pub(super) const TABLE: Variable = Variable {
    name: "ROLECALL_TABLE",
    wants: "the DynamoDB table, 3 to 255 of a-z A-Z 0-9 _ . -",
    example: "rolecall",
    default: Some("rolecall"),
};
pub(super) const REGISTRATION: Variable = Variable {
    name: "ROLECALL_REGISTRATION",
    wants: "who may sign up: verified, open or invite",
    example: "verified",
    default: Some("verified"),
};
pub(super) const ISSUER: Variable = Variable {
    name: "ROLECALL_ISSUER",
    wants: "the origin at which the API is reached, without a slash at its end; the `iss` of \
        every token",
    example: "https://id.example.com",
    default: None,
};
pub(super) const AUDIENCE: Variable = Variable {
    name: "ROLECALL_AUDIENCE",
    wants: "the `aud` of every token, not empty",
    example: "rolecall",
    default: Some("rolecall"),
};
pub(super) const LINK_BASE: Variable = Variable {
    name: "ROLECALL_LINK_BASE",
    wants: "the origin and path under which mailed links lie; the issuer's origin when it is not \
        set",
    example: "https://app.example.com/account",
    default: Some(""),
};
pub(super) const MAIL_FROM: Variable = Variable {
    name: "ROLECALL_MAIL_FROM",
    wants: "the address that mail comes from, verified in SES",
    example: "no-reply@example.com",
    default: None,
};
pub(super) const ACCESS_MINUTES: Variable = Variable {
    name: "ROLECALL_ACCESS_MINUTES",
    wants: "the life of an access token in minutes, 1 to 1440",
    example: "60",
    default: Some("60"),
};
pub(super) const REFRESH_DAYS: Variable = Variable {
    name: "ROLECALL_REFRESH_DAYS",
    wants: "the life of an unused refresh token in days, 1 to 365",
    example: "7",
    default: Some("7"),
};
pub(super) const SESSION_DAYS: Variable = Variable {
    name: "ROLECALL_SESSION_DAYS",
    wants: "the longest life of a session in days, 1 to 365",
    example: "30",
    default: Some("30"),
};
pub(super) const VERIFICATION_HOURS: Variable = Variable {
    name: "ROLECALL_VERIFICATION_HOURS",
    wants: "the life of a verification link in hours, 1 to 168",
    example: "24",
    default: Some("24"),
};

pub(super) const RESET_MINUTES: Variable = Variable {
    name: "ROLECALL_RESET_MINUTES",
    wants: "the life of a link that resets a password in minutes, 1 to 1440",
    example: "30",
    default: Some("30"),
};
pub(super) const INVITATION_DAYS: Variable = Variable {
    name: "ROLECALL_INVITATION_DAYS",
    wants: "the life of an invitation in days, 1 to 90",
    example: "7",
    default: Some("7"),
};
/// A device that was not used for a season has to pass for a new one; it only ever matters while
/// strangers fail.
pub(super) const DEVICE_DAYS: Variable = Variable {
    name: "ROLECALL_DEVICE_DAYS",
    wants: "how long a device that signed in is known, in days, 1 to 365; strangers' failures do \
        not stop a known one",
    example: "90",
    default: Some("90"),
};
/// Five: people mistype two or three times, and a guesser who waits from the sixth on gets nowhere
/// (OWASP Authentication Cheat Sheet, "Login Throttling").
pub(super) const LOGIN_FREE_FAILURES: Variable = Variable {
    name: "ROLECALL_LOGIN_FREE_FAILURES",
    wants: "failed sign-ins of one network to one account before it has to wait, 1 to 20",
    example: "5",
    default: Some("5"),
};
/// Five seconds, doubled with each further failure: nothing to somebody who mistyped, and the
/// sixteenth guess of one network takes an hour.
pub(super) const LOGIN_WAIT_SECONDS: Variable = Variable {
    name: "ROLECALL_LOGIN_WAIT_SECONDS",
    wants: "the first wait of a network that failed too often at one account, in seconds, 1 to \
        3600; it doubles",
    example: "5",
    default: Some("5"),
};
/// A quarter of an hour: ninety-six guesses a day of one network, and the account's own lock comes
/// long before.
pub(super) const LOGIN_LONGEST_WAIT_MINUTES: Variable = Variable {
    name: "ROLECALL_LOGIN_LONGEST_WAIT_MINUTES",
    wants: "the longest such wait in minutes, 1 to 1440",
    example: "15",
    default: Some("15"),
};
/// Twenty: four locks of growing length fit below the 80 of the 100 consecutive failures that NIST
/// SP 800-63B §5.2.2 allows; the other 20 are kept for the owner's own devices.
pub(super) const LOGIN_LOCK_FAILURES: Variable = Variable {
    name: "ROLECALL_LOGIN_LOCK_FAILURES",
    wants: "failed sign-ins to one account, from wherever, that lock it to unknown devices, 5 to \
        80",
    example: "20",
    default: Some("20"),
};
/// A quarter of an hour, four times as long at each further lock: long for a program, bearable for
/// a person who also has a link in the mail that ends it at once.
pub(super) const LOGIN_LOCK_MINUTES: Variable = Variable {
    name: "ROLECALL_LOGIN_LOCK_MINUTES",
    wants: "the length of an account's first lock in minutes, 1 to 1440",
    example: "15",
    default: Some("15"),
};
/// Thirty days, begun by strangers' eightieth failure: 80 guesses a month are no attack on a
/// password that the policy takes, and the owner has known devices, the link of the mail and a
/// reset to end it.
pub(super) const LOGIN_LONGEST_LOCK_DAYS: Variable = Variable {
    name: "ROLECALL_LOGIN_LONGEST_LOCK_DAYS",
    wants: "the longest lock, from strangers' 80th failure on, in days, 1 to 365",
    example: "30",
    default: Some("30"),
};
/// Three hundred: a large office behind one address mistypes less often, and each account has its
/// own limits. It bounds what one network can make the store and the hasher do for nothing.
pub(super) const NETWORK_FAILURES: Variable = Variable {
    name: "ROLECALL_NETWORK_FAILURES",
    wants: "refused passwords of one network (IPv4 address or IPv6 /64) in a minute, and as many \
        refused tokens and mailed links, from 1",
    example: "300",
    default: Some("300"),
};
/// Six hundred: a lecture hall behind one address may sign up at once.
pub(super) const NETWORK_SIGNUPS: Variable = Variable {
    name: "ROLECALL_NETWORK_SIGNUPS",
    wants: "sign-ups of one network in a minute, from 1",
    example: "600",
    default: Some("600"),
};
/// Three hundred: nobody asks so often, and each victim gets three mails an hour at most, whoever
/// asks.
pub(super) const NETWORK_RESETS: Variable = Variable {
    name: "ROLECALL_NETWORK_RESETS",
    wants: "password resets that one network asks for in a minute, from 1",
    example: "300",
    default: Some("300"),
};
/// Ten: enough for somebody who mistypes the own password again and again, too few to fill a
/// mailbox.
pub(super) const ADDRESS_MAILS: Variable = Variable {
    name: "ROLECALL_ADDRESS_MAILS",
    wants: "mails that sign-ups and changes of address may send to one address in an hour, \
        whoever types it, from 1",
    example: "10",
    default: Some("10"),
};
pub(super) const TOKEN_ALGORITHM: Variable = Variable {
    name: "ROLECALL_TOKEN_ALGORITHM",
    wants: "how the next signing key signs: RS256, or EdDSA where no API Gateway JWT authorizer \
        has to check it",
    example: "RS256",
    default: Some("RS256"),
};
pub(super) const SHARDS: Variable = Variable {
    name: "ROLECALL_SHARDS",
    wants: "the partitions over which writes of one organization are spread, a thousand a second \
        each, 1 to 64; it may grow at any time",
    example: "8",
    default: Some("1"),
};

pub(super) const KEEP_INFO: Variable = Variable {
    name: "ROLECALL_KEEP_INFO_DAYS",
    wants: "days, 1 to 36500, that activities of severity info are kept",
    example: "90",
    default: Some("400"),
};
pub(super) const KEEP_LOW: Variable = Variable {
    name: "ROLECALL_KEEP_LOW_DAYS",
    wants: "days, 1 to 36500, that activities of severity low are kept",
    example: "90",
    default: Some("400"),
};
pub(super) const KEEP_NORMAL: Variable = Variable {
    name: "ROLECALL_KEEP_NORMAL_DAYS",
    wants: "days, 1 to 36500, that activities of severity normal are kept",
    example: "90",
    default: Some("400"),
};
pub(super) const KEEP_HIGH: Variable = Variable {
    name: "ROLECALL_KEEP_HIGH_DAYS",
    wants: "days, 1 to 36500, that activities of severity high are kept",
    example: "90",
    default: Some("400"),
};
pub(super) const KEEP_CRITICAL: Variable = Variable {
    name: "ROLECALL_KEEP_CRITICAL_DAYS",
    wants: "days, 1 to 36500, that activities of severity critical are kept",
    example: "90",
    default: Some("400"),
};
pub(super) const RECORD_READS: Variable = Variable {
    name: "ROLECALL_RECORD_READS",
    wants: "how many of a hundred successful GET requests are recorded, 0 to 100; everything else \
        always is",
    example: "5",
    default: Some("100"),
};

pub(super) const AUTHORIZER_ROUTES: Variable = Variable {
    name: "ROLECALL_AUTHORIZER_ROUTES",
    wants: "for the authorizer alone: what each route of the API behind it needs, as JSON; a \
        permission's code, module:CODE or signed-in",
    example: "{\"GET /reports/{id}\":\"reports.read\"}",
    default: Some("{}"),
};

/// All variables, in the order of the README.
pub const VARIABLES: [Variable; 32] = [
    TABLE,
    REGISTRATION,
    ISSUER,
    AUDIENCE,
    LINK_BASE,
    MAIL_FROM,
    ACCESS_MINUTES,
    REFRESH_DAYS,
    SESSION_DAYS,
    VERIFICATION_HOURS,
    RESET_MINUTES,
    INVITATION_DAYS,
    DEVICE_DAYS,
    LOGIN_FREE_FAILURES,
    LOGIN_WAIT_SECONDS,
    LOGIN_LONGEST_WAIT_MINUTES,
    LOGIN_LOCK_FAILURES,
    LOGIN_LOCK_MINUTES,
    LOGIN_LONGEST_LOCK_DAYS,
    NETWORK_FAILURES,
    NETWORK_SIGNUPS,
    NETWORK_RESETS,
    ADDRESS_MAILS,
    TOKEN_ALGORITHM,
    SHARDS,
    KEEP_INFO,
    KEEP_LOW,
    KEEP_NORMAL,
    KEEP_HIGH,
    KEEP_CRITICAL,
    RECORD_READS,
    AUTHORIZER_ROUTES,
];
