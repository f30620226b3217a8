//! The Lambda function `deliver_mail`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::deliver_mail::handler)
}
