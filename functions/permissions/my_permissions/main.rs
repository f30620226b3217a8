//! The Lambda function `my_permissions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::permissions::my_permissions::handler)
}
