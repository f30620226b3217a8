//! The Lambda function `delete_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::delete_permission::handler)
}
