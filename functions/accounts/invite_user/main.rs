//! The Lambda function `invite_user`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::invite_user())
}
