//! The Lambda function `get_catalogue`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_catalogue())
}
