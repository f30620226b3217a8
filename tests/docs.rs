//! The README and the documents say what is so.

use std::{process::Stdio, time::Duration};

use tokio::process::Command;

use crate::{
    architecture::all_sources,
    support::{
        TestApp,
        binaries::{debug, root},
        options,
    },
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

/// Blocks that a test below runs, by file and heading; the others are run by `.ci/aws-local` on a
/// deployed stack.
const RUN_HERE: [(&str, &str); 3] = [
    ("README.md", "## Try it"),
    ("docs/api.md", "## An account, with curl"),
    ("docs/api.md", "## Set up a firm, with curl"),
];

/// Every document of the project.
fn documents() -> Vec<String> {
    let markdown = |folder: &str| {
        let files = std::fs::read_dir(root().join(folder)).unwrap();
        let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names = names.filter_map(|name| name.strip_suffix(".md").map(str::to_owned));
        names.map(|name| format!("{folder}{name}.md")).collect::<Vec<_>>()
    };
    [markdown(""), markdown("docs/"), markdown("docs/decisions/")].concat()
}

/// Pastes a block of a document into a plain shell, where mails take two seconds.
async fn paste(stack: &rolecall_local::Stack, (file, heading): (&str, &str)) -> String {
    let output = Command::new("bash")
        .args(["-c", &shell_block(&read(file), heading)])
        .env("ROLECALL", stack.url())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    out.into_owned()
}

fn slow_mail() -> rolecall_local::Options {
    rolecall_local::Options { mail_delay: Duration::from_secs(2), ..options() }
}

#[tokio::test]
async fn the_first_four_calls_of_the_readme_work_when_pasted() {
    let app = TestApp::with_options(slow_mail()).await;
    let out = paste(&app.stack, RUN_HERE[0]).await;
    for said in [
        r#"{"status":"verification_sent","verifier":"rcv_"#,
        "\"token_type\":\"Bearer\"",
        r#""email_verified":true"#,
        r#""username":"ada""#,
    ] {
        assert!(out.contains(said), "the first calls do not show {said}:\n{out}");
    }
}

#[tokio::test]
async fn the_walkthrough_of_an_account_works_when_pasted() {
    let app = TestApp::with_options(slow_mail()).await;
    let out = paste(&app.stack, RUN_HERE[1]).await;
    for said in [
        r#"{"status":"verification_sent","verifier":"rcv_"#,
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
async fn the_firm_of_the_walkthrough_is_set_up_assigned_checked_and_revoked_when_pasted() {
    let app = TestApp::with_options(slow_mail()).await;
    let file = root().join("infra/setup/engineering-firm.yaml");
    let port = app.stack.url().rsplit(':').next().unwrap().parse().unwrap();
    let options = || rolecall_local::Options { port, ..options() };
    let dry = rolecall_local::setup(options(), &file, true).await.unwrap();
    assert_eq!(rolecall_local::setup(options(), &file, false).await.unwrap(), dry);
    assert_eq!(rolecall_local::setup(options(), &file, false).await.unwrap(), Vec::<String>::new());
    let out = paste(&app.stack, RUN_HERE[2]).await;
    let checks: Vec<&str> = out.lines().filter(|line| line.contains("allowed")).collect();
    assert_eq!(
        checks,
        [
            concat!(
                r#"{"allowed":false,"blockers":[{"code":"no_grant"}],"#,
                r#""smallest_grant":[{"step":"assign_role","code":"engineer"}]}"#
            ),
            r#"{"allowed":true}"#,
            r#"{"results":[{"allowed":true},{"allowed":true},{"allowed":false}]}"#,
            concat!(
                r#"{"allowed":true,"chain":{"membership":"MY_COMPANY","role":"engineer","#,
                r#""permission":"pid.create"}}"#
            ),
            r#"{"allowed":false}"#,
        ],
        "{out}"
    );
}

#[test]
fn every_shell_block_is_run() {
    let check = read(".ci/aws-local");
    let mut found = 0;
    for file in documents() {
        let (mut heading, mut is_code) = (String::new(), false);
        for line in read(&file).lines() {
            if line.starts_with('#') && !is_code {
                line.clone_into(&mut heading);
            }
            is_code ^= line.starts_with("```");
            if line == "```sh" {
                let is_here = RUN_HERE.contains(&(file.as_str(), heading.as_str()));
                assert!(is_here || check.contains(&format!("'{heading}'")), "{file}: {heading}");
                found += 1;
            }
        }
    }
    assert!(found >= 6, "{found}");
}

/// What the commands of a start text say when they are pasted.
async fn pasted(app: &TestApp) -> String {
    let text = app.stack.first_thing_to_try();
    let is_command = |line: &&str| line.starts_with("  ");
    let commands: String =
        text.lines().filter(is_command).map(|line| format!("{line}\n")).collect();
    let bash = Command::new("bash")
        .args(["-c", &commands])
        .env("ROLECALL_ADMIN_PASSWORD", crate::support::PASSWORD)
        .output();
    let output = bash.await.unwrap();
    format!("{text}\n{}", String::from_utf8_lossy(&output.stdout))
}

#[tokio::test]
async fn the_first_thing_to_try_works_when_pasted_and_fits_the_mode() {
    let verified = pasted(&TestApp::new().await).await;
    assert!(verified.contains("verification_sent") && verified.contains("mailbox"), "{verified}");
    let open = pasted(&TestApp::open().await).await;
    assert!(open.contains("\"access\":") && !open.contains("follow the link"), "{open}");
    let invite = pasted(&TestApp::with_admin("invite").await).await;
    assert!(invite.contains("\"access\":") && invite.contains("admin@example.com"), "{invite}");
    let nobody = TestApp::with_registration("invite").await.stack.first_thing_to_try();
    assert!(nobody.contains("ROLECALL_ADMIN_PASSWORD=") && !nobody.contains("curl"), "{nobody}");
}

#[test]
fn every_link_of_the_documents_leads_to_a_file() {
    for file in documents() {
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
fn every_decision_has_its_date_and_status_and_is_in_the_index() {
    let index = read("docs/architecture.md");
    let decisions: Vec<String> =
        documents().into_iter().filter(|file| file.starts_with("docs/decisions/")).collect();
    assert!(decisions.len() >= 16, "{decisions:?}");
    for file in decisions {
        let text = read(&file);
        let [title, empty, dated] = text.lines().take(3).collect::<Vec<_>>()[..] else {
            panic!("{file} is too short");
        };
        let link = file.strip_prefix("docs/").unwrap();
        let title = title.strip_prefix("# ").unwrap();
        assert!(index.contains(&format!("- [{title}]({link})")), "{file} is not in the index");
        let (date, status) = dated.split_once(", ").unwrap_or_else(|| panic!("{file}: {dated}"));
        assert!(empty.is_empty() && date.len() == 10 && date.starts_with("20"), "{file}: {date}");
        let known = ["accepted", "superseded", "rejected"];
        assert!(known.iter().any(|known| status.starts_with(known)), "{file}: {status}");
    }
}

/// Every test whose name begins with `attack_`: its number, what holds, and its file.
fn attacks() -> Vec<(u32, String, String)> {
    let mut found = Vec::new();
    for (path, text) in all_sources() {
        for name in text.split("fn attack_").skip(1) {
            let named = name.split('(').next().and_then(|name| name.split_once('_'));
            if let Some((number, name)) = named
                && let Ok(number) = number.parse()
            {
                let (first, rest) = name.split_at(1);
                let what = format!("{}{}", first.to_uppercase(), rest.replace('_', " "));
                found.push((number, what, path.clone()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_list_of_attacks_is_that_of_their_tests() {
    let rows = attacks()
        .into_iter()
        .map(|(number, what, path)| format!("| {number} | {what}. | [{path}](../{path}) |"));
    let rows: Vec<String> = rows.collect();
    assert!(rows.len() > 50, "{}", rows.len());
    let document = read("docs/attacks.md");
    let listed: Vec<&str> =
        document.lines().filter(|line| line.starts_with("| ") && line.contains("](../")).collect();
    assert_eq!(listed, rows);
}

#[test]
fn what_sync_writes_is_written() {
    let checked =
        std::process::Command::new(debug("xtask")).args(["sync", "--check"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
