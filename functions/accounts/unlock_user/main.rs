//! The Lambda function `unlock_user`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::accounts::unlock_user::handler)
}
