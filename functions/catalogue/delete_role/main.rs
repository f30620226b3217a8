//! The Lambda function `delete_role`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::delete_role())
}
