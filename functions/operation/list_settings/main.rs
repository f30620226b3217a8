//! The Lambda function `list_settings`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_settings())
}
