//! The Lambda function `list_role_modules`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_role_modules())
}
