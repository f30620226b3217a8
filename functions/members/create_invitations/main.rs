//! The Lambda function `create_invitations`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::create_invitations())
}
