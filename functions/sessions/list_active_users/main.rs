//! The Lambda function `list_active_users`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_active_users())
}
