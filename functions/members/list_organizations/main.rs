//! The Lambda function `list_organizations`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_organizations())
}
