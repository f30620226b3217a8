//! The Lambda function `withdraw_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::withdraw_invitation())
}
