//! The Lambda function `create_api_key`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::create_api_key())
}
