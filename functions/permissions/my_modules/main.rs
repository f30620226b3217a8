//! The Lambda function `my_modules`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::permissions::my_modules::handler)
}
