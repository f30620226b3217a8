//! The Lambda function `switch_organization`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::switch_organization())
}
