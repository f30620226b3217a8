//! The Lambda function `resend_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::resend_invitation())
}
