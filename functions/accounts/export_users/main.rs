//! The Lambda function `export_users`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::export_users())
}
