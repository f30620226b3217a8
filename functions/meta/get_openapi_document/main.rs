//! The Lambda function `get_openapi_document`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::fixed(functions::meta::get_openapi_document::handler)
}
