//! The Lambda function `verify_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::verify_invitation())
}
