//! `rolecall import` as people run it: it starts a stack, or calls a deployed one.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Output};

use serde_json::{Value, json};
use tokio::process::Command;

use super::import::beside;
use crate::support::{Json, binaries};

async fn command(arguments: &[&str], path: Option<&Path>) -> Output {
    let mut command = Command::new(binaries::debug("rolecall"));
    command.args(["--port", "0", "--dynamodb-port", "0"]).args(arguments);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().await.unwrap()
}

fn reported(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_command_starts_a_stack_where_none_runs_and_reports_a_line_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let export = json!({ "user_id": "1", "email": "one@example.com" }).to_string();
    let export = beside(folder.path(), "export", &export);
    let [export, data] = [export, folder.path().join("data")];
    let arguments =
        ["--data", data.to_str().unwrap(), "import", export.to_str().unwrap(), "--from", "auth0"];
    for outcome in ["created", "already_imported"] {
        let report = reported(&command(&arguments, None).await);
        assert_eq!((report.len(), report[0].text_of("outcome")), (1, outcome));
    }
}

/// `aws` is a script here that answers as the real one does.
#[tokio::test]
async fn a_deployed_stack_is_called_by_the_aws_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let line = json!({ "user_id": "1", "email": "one@example.com", "passwordHash": "$2b$secret" });
    let export = beside(folder.path(), "export", &line.to_string());
    let aws = |said: &str, result: &str| {
        let script = format!(
            "#!/bin/sh\necho \"$*\" > {0}/called\nwhile [ $# -gt 1 ]; do\n\
             if [ $1 = --payload ]; then read -r event < ${{2#fileb://}}; fi; shift\ndone\n\
             echo \"$event\" > {0}/event\necho '{result}' > $1\n{said}\n",
            folder.path().display()
        );
        let path = beside(folder.path(), "aws", &script);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let arguments = ["import", export.to_str().unwrap(), "--from", "auth0", "--stack", "mine"];
    let result = r#"{"created":1,"results":[{"email":"one@example.com","outcome":"created"}]}"#;
    aws(r#"echo '{"StatusCode":200}'"#, result);
    let output = command(&arguments, Some(folder.path())).await;
    assert_eq!(reported(&output)[0]["outcome"], "created");
    let called = fs::read_to_string(folder.path().join("called")).unwrap();
    assert!(
        called.starts_with("lambda invoke --function-name mine-jobs-import_users "),
        "{called}"
    );
    assert!(!called.contains("secret"), "hashes are on no command line");
    let event: Value =
        serde_json::from_slice(&fs::read(folder.path().join("event")).unwrap()).unwrap();
    assert_eq!(event["users"][0]["password_hash"], "$2b$secret");
    for (said, result, told) in [
        (
            r#"echo '{"FunctionError":"Unhandled"}'"#,
            r#"{"errorMessage":"out of time"}"#,
            "out of time",
        ),
        ("echo 'no credentials' >&2; exit 253", "", "no credentials"),
    ] {
        aws(said, result);
        let output = command(&arguments, Some(folder.path())).await;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(told), "{error}");
        assert!(error.contains("--start-at 1"), "{error}");
    }
}
