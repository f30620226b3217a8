//! The README and the documents say what is so.

use std::process::Stdio;

use rolecall_storage::keys::PATTERNS;
use tokio::process::Command;

use crate::support::{
    TestApp,
    binaries::{debug, root},
};

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The first shell block behind a heading, exactly as printed.
fn shell_block(text: &str, heading: &str) -> String {
    let behind = text.split_once(heading).unwrap_or_else(|| panic!("no {heading}")).1;
    let block = behind.split_once("```sh\n").unwrap().1;
    block.split_once("```").unwrap().0.to_owned()
}

#[tokio::test]
async fn the_walkthrough_of_the_readme_works_as_printed() {
    let app = TestApp::new().await;
    let script = shell_block(&read("README.md"), "## Sign up, with curl");
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("ROLECALL", app.stack.url())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for said in [
        r#"{"status":"verification_sent"}"#,
        r#""username":"ada""#,
        r#""first_name":"Ada""#,
        "\"token_type\":\"Bearer\"",
        "401",
        r#"{"status":"reset_sent"}"#,
        r#""current":true"#,
    ] {
        assert!(out.contains(said), "the walkthrough does not show {said}:\n{out}");
    }
}

#[tokio::test]
async fn the_firm_of_the_readme_is_set_up_assigned_checked_and_revoked_as_printed() {
    let app = TestApp::new().await;
    let file = root().join("infra/setup/engineering-firm.yaml");
    let port = app.stack.url().rsplit(':').next().unwrap().parse().unwrap();
    let options = || rolecall_local::Options { port, ..crate::support::options() };
    let dry = rolecall_local::setup(options(), &file, true).await.unwrap();
    assert_eq!(rolecall_local::setup(options(), &file, false).await.unwrap(), dry);
    assert_eq!(rolecall_local::setup(options(), &file, false).await.unwrap(), Vec::<String>::new());
    let script = shell_block(&read("README.md"), "## Set up a firm, with curl");
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("ROLECALL", app.stack.url())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let checks: Vec<&str> = out.lines().filter(|line| line.contains("allowed")).collect();
    assert_eq!(
        checks,
        [
            r#"{"allowed":false,"blockers":[{"code":"no_grant"}],"smallest_grant":[{"step":"assign_role","code":"engineer"}]}"#,
            r#"{"allowed":true}"#,
            r#"{"results":[{"allowed":true},{"allowed":true},{"allowed":false}]}"#,
            r#"{"allowed":true,"chain":{"membership":"MY_COMPANY","role":"engineer","permission":"pid.create"}}"#,
            r#"{"allowed":false}"#,
        ],
        "{out}"
    );
}

#[tokio::test]
async fn the_first_thing_to_try_works_when_pasted() {
    let app = TestApp::new().await;
    let text = app.stack.first_thing_to_try();
    let command: String = text
        .lines()
        .skip_while(|line| !line.contains("curl"))
        .take(2)
        .collect::<Vec<_>>()
        .join("\n");
    let output = Command::new("bash").args(["-euc", &command]).output().await.unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("verification_sent"), "{output:?}");
}

#[test]
fn the_table_of_keys_is_that_of_keys_rs() {
    let rows: Vec<String> = PATTERNS
        .iter()
        .map(|[item, pk, sk, what]| format!("| {item} | `{pk}` | `{sk}` | {what} |"))
        .collect();
    let document = read("docs/table.md");
    let documented: Vec<&str> = document
        .lines()
        .filter(|line| line.starts_with("| ") && line.matches('`').count() >= 4)
        .collect();
    assert_eq!(documented, rows);
}

#[test]
fn every_link_of_the_documents_leads_to_a_file() {
    let decisions = std::fs::read_dir(root().join("docs/decisions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let decisions = decisions.map(|name| format!("docs/decisions/{}", name.to_str().unwrap()));
    let others = [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/table.md",
        "docs/adding-an-endpoint.md",
    ];
    for file in others.map(str::to_owned).into_iter().chain(decisions) {
        let text = read(&file);
        let folder = root().join(&file);
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|link| !link.contains("://") && !link.starts_with('#'))
        {
            let target = folder.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(target.exists(), "{file}: {link}");
        }
    }
}

#[test]
fn what_sync_writes_is_written() {
    let checked =
        std::process::Command::new(debug("xtask")).args(["sync", "--check"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
