//! The Lambda function `rotate_api_key`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::rotate_api_key())
}
