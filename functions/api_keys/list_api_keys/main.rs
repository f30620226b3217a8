//! The Lambda function `list_api_keys`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_api_keys())
}
