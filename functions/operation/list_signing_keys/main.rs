//! The Lambda function `list_signing_keys`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_signing_keys())
}
