//! The Lambda function `update_feed_entry`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::FEED,
        functions::activities::update_feed_entry::handler,
    )
}
