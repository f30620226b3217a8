//! The Lambda function `remove_member`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::remove_member())
}
