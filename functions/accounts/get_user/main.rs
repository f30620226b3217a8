//! The Lambda function `get_user`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::accounts::get_user::handler)
}
