//! The Lambda function `fill_feed`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job_with(rolecall_runtime::FEED, functions::jobs::fill_feed::handler)
}
