//! The Lambda function `get_appearance`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_appearance())
}
