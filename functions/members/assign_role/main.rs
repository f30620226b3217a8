//! The Lambda function `assign_role`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::assign_role())
}
