//! The Lambda function `delete_me`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::delete_me())
}
