//! The Lambda function `list_member_roles`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_member_roles())
}
