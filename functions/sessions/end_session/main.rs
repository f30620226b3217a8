//! The Lambda function `end_session`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::end_session())
}
