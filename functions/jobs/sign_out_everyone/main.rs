//! The Lambda function `sign_out_everyone`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::sign_out_everyone::handler)
}
