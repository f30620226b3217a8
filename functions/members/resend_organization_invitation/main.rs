//! The Lambda function `resend_organization_invitation`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::resend_organization_invitation())
}
