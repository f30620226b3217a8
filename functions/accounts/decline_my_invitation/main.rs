//! The Lambda function `decline_my_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::decline_my_invitation())
}
