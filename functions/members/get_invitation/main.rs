//! The Lambda function `get_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_invitation())
}
