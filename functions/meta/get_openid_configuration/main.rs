//! The Lambda function `get_openid_configuration`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_openid_configuration())
}
