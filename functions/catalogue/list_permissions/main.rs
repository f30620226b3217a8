//! The Lambda function `list_permissions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::list_permissions::handler)
}
