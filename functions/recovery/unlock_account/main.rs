//! The Lambda function `unlock_account`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::unlock_account::handler)
}
