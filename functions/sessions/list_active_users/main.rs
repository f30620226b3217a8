//! The Lambda function `list_active_users`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::sessions::list_active_users::handler)
}
