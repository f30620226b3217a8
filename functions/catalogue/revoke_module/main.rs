//! The Lambda function `revoke_module`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::revoke_module())
}
