//! The Lambda function `cancel_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::cancel_invitation())
}
