//! The Lambda function `get_feed_entry`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::FEED,
        functions::activities::get_feed_entry::handler,
    )
}
