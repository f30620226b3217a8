//! The Lambda function `update_me`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::update_me())
}
