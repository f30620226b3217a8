//! The Lambda function `delete_user`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::delete_user())
}
