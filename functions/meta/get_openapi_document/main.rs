//! The Lambda function `openapi`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::meta::get_openapi_document::handler)
}
