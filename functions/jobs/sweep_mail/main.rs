//! The Lambda function `sweep_mail`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::mailing_job(functions::jobs::sweep_mail::handler)
}
