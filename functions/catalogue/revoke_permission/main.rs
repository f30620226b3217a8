//! The Lambda function `revoke_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::revoke_permission::handler)
}
