//! The Lambda function `pages`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::fixed(functions::pages::handler)
}
