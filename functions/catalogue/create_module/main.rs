//! The Lambda function `create_module`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::create_module())
}
