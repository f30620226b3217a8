//! The Lambda function `note_mail_events`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::note_mail_events::handler)
}
