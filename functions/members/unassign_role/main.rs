//! The Lambda function `unassign_role`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::unassign_role())
}
