//! The Lambda function `verify_email`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::verify_email())
}
