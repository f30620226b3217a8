//! The Lambda function `verify_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::verify_reset::handler)
}
