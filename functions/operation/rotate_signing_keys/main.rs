//! The Lambda function `rotate_signing_keys`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::rotate_signing_keys())
}
