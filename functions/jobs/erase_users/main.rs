//! The Lambda function `erase_users`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::erase_users::handler)
}
