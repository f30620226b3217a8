//! The Lambda function `delete_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::delete_permission())
}
