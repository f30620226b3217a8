//! The Lambda function `withdraw_module`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::withdraw_module::handler)
}
