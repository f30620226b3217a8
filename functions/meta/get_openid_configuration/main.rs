//! The Lambda function `get_openid_configuration`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::meta::get_openid_configuration::handler)
}
