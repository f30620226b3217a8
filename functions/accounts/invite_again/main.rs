//! The Lambda function `invite_again`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::accounts::invite_again::handler)
}
