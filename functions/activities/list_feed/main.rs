//! The Lambda function `list_feed`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::FEED,
        functions::activities::list_feed::handler,
    )
}
