//! The Lambda function `refresh_token`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::refresh_token())
}
