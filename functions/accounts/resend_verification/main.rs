//! The Lambda function `resend_verification`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::resend_verification())
}
