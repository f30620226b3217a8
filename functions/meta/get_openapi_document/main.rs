//! The Lambda function `get_openapi_document`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_openapi_document())
}
