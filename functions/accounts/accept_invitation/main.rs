//! The Lambda function `accept_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::accept_invitation())
}
