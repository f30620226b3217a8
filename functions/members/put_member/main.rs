//! The Lambda function `put_member`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::put_member())
}
