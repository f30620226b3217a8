//! The Lambda function `update_appearance`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::update_appearance())
}
