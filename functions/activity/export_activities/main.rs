//! The Lambda function `export_activities`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::export_activities())
}
