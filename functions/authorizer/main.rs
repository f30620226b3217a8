//! The Lambda function `authorizer`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::authorizer::handler)
}
