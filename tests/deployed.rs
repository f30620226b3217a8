//! The API suite on a deployed stack: `ROLECALL_URL=… cargo test -p tests -- --ignored deployed`.
//!
//! The stack is in mode `open`, or `verified` with `ROLECALL_REGISTRATION=verified`, and has the
//! super admin of `ROLECALL_ADMIN_EMAIL` and `ROLECALL_ADMIN_PASSWORD`. With `ROLECALL_MAILBOX`,
//! the address of something that lists mails as the local stack's `mail.json` does, what needs a
//! mailbox runs as well. `left_out.txt` has what cannot run there, and why.

use std::{collections::BTreeMap, env, process::Command};

const LEFT_OUT: &str = include_str!("deployed/left_out.txt");

/// What a test may need that a deployed stack does not have: its word in `left_out.txt`, and what
/// it means.
const NEEDS: [(&str, &str); 10] = [
    ("mailbox", "reads mails"),
    ("verified", "signs people up by mail"),
    ("clock", "moves the clock"),
    ("names", "is about the very names of its people, who have others there"),
    ("settings", "has settings or a mode of its own"),
    ("table", "looks into the table, or counts what is in it"),
    ("stream", "counts on the stream to be read at once"),
    ("networks", "comes from several addresses"),
    ("wire", "sends headers that the emulator's own server changes"),
    ("process", "starts functions or asks the local stack's own pages"),
];

/// Starts two dozen functions at once, which keeps a small machine's emulated AWS from everything
/// else for so long that functions give up and answer 503. It runs after the others, alone; once
/// its functions are there, another try is quick.
const BURST: &str = "api::permissions::twenty_four_permissions_at_once_are_all_made";

/// Each test that is left out, with what it needs.
fn left_out() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = LEFT_OUT.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(test, needs)| (test, needs.split(' ').collect()))
        .collect()
}

fn run(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(arguments);
    command
}

fn api_tests() -> Vec<String> {
    let listed = run(&["--list", "--format", "terse", "api::"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    listed.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

#[test]
fn what_a_deployed_stack_cannot_run_is_listed_with_its_reason() {
    let tests = api_tests();
    for (test, needs) in left_out() {
        assert!(tests.iter().any(|one| one == test), "{test} is no test of the API");
        assert!(!needs.is_empty());
        for need in needs {
            assert!(NEEDS.iter().any(|(word, _)| *word == need), "{test}: {need} is no need");
        }
    }
    assert!(tests.iter().any(|one| one == BURST));
}

#[test]
#[ignore = "it needs a deployed stack, at ROLECALL_URL"]
#[expect(
    clippy::disallowed_methods,
    reason = "the suite is pointed at a deployed stack by its environment"
)]
#[expect(clippy::print_stdout, reason = "what was left out is told")]
fn the_api_suite_passes_on_a_deployed_stack() {
    let url = env::var("ROLECALL_URL").expect("set ROLECALL_URL to the API's address");
    let url = url.trim_end_matches('/');
    let mode = env::var("ROLECALL_REGISTRATION").unwrap_or_else(|_| "open".to_owned());
    let has_mailbox = env::var("ROLECALL_MAILBOX").is_ok();
    let has = |need: &str| {
        (need == "verified" && mode == "verified") || (need == "mailbox" && has_mailbox)
    };
    let left_out = left_out();
    let needs = |test: &String| left_out.get(test.as_str()).cloned().unwrap_or_default();
    // What signs up by mail runs in that mode alone, and nothing else does.
    let tests =
        api_tests().into_iter().filter(|test| mode == "open" || needs(test).contains(&"verified"));
    let (running, leaving): (Vec<String>, Vec<String>) =
        tests.partition(|test| needs(test).iter().all(|need| has(need)));
    for test in &leaving {
        let reasons = NEEDS
            .iter()
            .filter(|(word, _)| needs(test).contains(word) && !has(word))
            .map(|(_, reason)| *reason);
        println!("left out: {test}, which {}", reasons.collect::<Vec<_>>().join(", "));
    }
    println!("{} tests of the API on {url}, {} left out", running.len(), leaving.len());
    let suite = |tests: &[String]| {
        let output = run(&["--exact", "--test-threads", "2"])
            .args(tests)
            .env("ROLECALL_TEST_DEPLOYED", url)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{told}{}", String::from_utf8_lossy(&output.stderr));
        let failed = told.lines().filter_map(|line| {
            line.strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned)
        });
        (output.status.success(), failed.collect::<Vec<_>>())
    };
    let (bursts, quiet): (Vec<String>, Vec<String>) =
        running.into_iter().partition(|test| test == BURST);
    let (is_well, failed) = suite(&quiet);
    // The emulated AWS starts functions beside other work, too: what failed has to pass alone.
    assert!(is_well || (1..=3).contains(&failed.len()), "{failed:?}");
    for test in failed.into_iter().chain(bursts) {
        let test = [test];
        assert!((0..3).any(|_| suite(&test).0), "{test:?}");
    }
}
