//! The Lambda function `unlock_account`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::unlock_account())
}
