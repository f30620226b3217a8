//! The Lambda function `create_role`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::create_role())
}
