//! The Lambda function `refresh`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::sessions::refresh_token::handler)
}
