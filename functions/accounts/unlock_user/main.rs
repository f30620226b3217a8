//! The Lambda function `unlock_user`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::unlock_user())
}
