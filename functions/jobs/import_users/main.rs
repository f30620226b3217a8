//! The Lambda function `import_users`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::import_users::handler)
}
