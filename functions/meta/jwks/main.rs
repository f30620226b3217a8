//! The Lambda function `jwks`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::meta::jwks::handler)
}
