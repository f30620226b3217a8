//! The Lambda function `renew_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::renew_invitation())
}
