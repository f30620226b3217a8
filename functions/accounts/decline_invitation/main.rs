//! The Lambda function `decline_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::decline_invitation())
}
