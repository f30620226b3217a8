//! The Lambda function `update_module`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::update_module::handler)
}
