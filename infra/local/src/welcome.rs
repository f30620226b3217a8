//! What a newcomer reads when the stack runs, and types next.

use rolecall_domain::settings::RegistrationMode;

/// What the text depends on.
pub(crate) struct Welcome<'a> {
    /// Where the API is.
    pub(crate) url: &'a str,
    pub(crate) dynamodb: &'a str,
    pub(crate) registration: RegistrationMode,
    /// The address of the super admin that this start was to make, if there was none.
    pub(crate) admin_email: Option<&'a str>,
    /// Of the link that makes the first super admin, where there is none.
    pub(crate) setup_token: Option<&'a str>,
}

const ADA: &str = r#""email":"ada@example.com","password":"violet-anchor-mosaic-91""#;

impl Welcome<'_> {
    /// The addresses, and a first call that works in this mode.
    pub(crate) fn text(&self) -> String {
        let Self { url, dynamodb, .. } = self;
        let mut text = format!(
            "\nAccount:   {url}/account\nConsole:   {url}/console/\nMailbox:   {url}/_local/mail\n\
             Stack:     {url}/_local/\nDynamoDB:  {dynamodb}\n"
        );
        if let Some(token) = self.setup_token {
            text += &format!(
                "\nOpen this to make the first super admin; it works once, and until this \
                 stops:\n  {url}/setup#token={token}\n"
            );
        }
        if let Some(email) = self.admin_email {
            text += &format!("Admin:     {email}, unless there was a super admin already\n");
        }
        text + "\nFirst thing to try:\n" + &self.first_thing_to_try()
    }

    fn first_thing_to_try(&self) -> String {
        let sign_up = self.call("register", &format!("'{{\"username\":\"ada\",{ADA}}}'"));
        match (self.registration, self.admin_email) {
            (RegistrationMode::Verified, _) => {
                sign_up + "\nthen open the mailbox and follow the link."
            }
            (RegistrationMode::Open, _) => {
                sign_up + "\nthen sign in:\n" + &self.call("token", &format!("'{{{ADA}}}'"))
            }
            (RegistrationMode::Invite, Some(email)) => {
                let password = "\"'\"$ROLECALL_ADMIN_PASSWORD\"'\"";
                let credentials = format!("'{{\"email\":\"{email}\",\"password\":{password}}}'");
                let sign_in = self.call("token", &credentials);
                sign_in
                    + "\nthen invite somebody: POST /api/v1/users. Nobody signs up in this mode."
            }
            (RegistrationMode::Invite, None) => "  \
                ROLECALL_ADMIN_EMAIL=grace@example.com ROLECALL_ADMIN_PASSWORD=… cargo run\n\
                makes the first super admin, who invites the others: nobody signs up in this mode."
                .to_owned(),
        }
    }

    fn call(&self, path: &str, body: &str) -> String {
        let url = self.url;
        format!(
            "  curl -i {url}/api/v1/auth/{path} -H 'Content-Type: application/json' \\\n    \
             -d {body}"
        )
    }
}
