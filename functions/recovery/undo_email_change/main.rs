//! The Lambda function `undo_email_change`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::undo_email_change())
}
