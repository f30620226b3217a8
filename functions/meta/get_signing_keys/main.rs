//! The Lambda function `get_signing_keys`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_signing_keys())
}
