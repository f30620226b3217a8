//! The Lambda function `revoke_token`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::revoke_token())
}
