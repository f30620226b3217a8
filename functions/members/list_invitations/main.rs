//! The Lambda function `list_invitations`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_invitations())
}
