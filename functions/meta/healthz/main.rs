//! The Lambda function `healthz`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::fixed(functions::meta::healthz::handler)
}
