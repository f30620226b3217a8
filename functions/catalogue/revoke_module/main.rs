//! The Lambda function `revoke_module`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::revoke_module::handler)
}
