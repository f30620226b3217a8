//! The Lambda function `change_password`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::change_password())
}
