//! The Lambda function `report_api_key`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::report_api_key())
}
