//! The Lambda function `openid_configuration`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::meta::openid_configuration::handler)
}
