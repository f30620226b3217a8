//! The Lambda function `deliver_mail`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::mailing_job(functions::jobs::deliver_mail::handler)
}
