//! The Lambda function `withdraw_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::withdraw_permission::handler)
}
