//! The Lambda function `revoke_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::revoke_permission())
}
