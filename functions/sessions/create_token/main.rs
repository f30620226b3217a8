//! The Lambda function `create_token`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::sessions::create_token::handler)
}
