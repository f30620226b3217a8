//! The Lambda function `list_permissions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_permissions())
}
