//! The Lambda function `export_members`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::export_members())
}
