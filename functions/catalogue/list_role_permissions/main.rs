//! The Lambda function `list_role_permissions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_role_permissions())
}
