//! The Lambda function `list_my_invitations`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_my_invitations())
}
