//! The Lambda function `delete_api_key`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::delete_api_key())
}
