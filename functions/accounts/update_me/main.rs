//! The Lambda function `update_me`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::accounts::update_me::handler)
}
