//! The Lambda function `fill_people_lists`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::fill_people_lists::handler)
}
