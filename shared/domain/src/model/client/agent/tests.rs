use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// Device type, browser and operating system.
type Recognized = (&'static str, Option<&'static str>, Option<&'static str>);

/// Agents that were seen in the wild, and what each of them is.
static SEEN: LazyLock<Vec<(Recognized, &'static str)>> = LazyLock::new(|| {
    let rows = include_str!("tests/seen.tsv").lines().filter(|line| !line.starts_with('#'));
    let named = |name: &'static str| (name != "-").then_some(name);
    rows.map(|row| match row.split('\t').collect::<Vec<_>>()[..] {
        [device, browser, system, agent] => ((device, named(browser), named(system)), agent),
        _ => panic!("{row} has not four columns"),
    })
    .collect()
});

fn recognized(text: &str) -> Recognized {
    let agent = Agent::read(text);
    (agent.device_type.as_str(), agent.browser, agent.os)
}

#[test]
fn agents_seen_in_the_wild_are_told() {
    assert!(SEEN.len() > 100, "{}", SEEN.len());
    for (expected, text) in SEEN.iter() {
        assert_eq!(recognized(text), *expected, "{text}");
    }
}

#[test]
fn the_case_of_letters_tells_nothing() {
    for (expected, text) in SEEN.iter() {
        assert_eq!(recognized(&text.to_uppercase()), *expected, "{text}");
    }
}

#[test]
fn what_is_looked_for_is_written_in_lower_case_and_once() {
    for names in [BOTS, TOOLS, BROWSERS, SYSTEMS] {
        let needles: Vec<&str> =
            names.iter().flat_map(|(_, needles)| needles.iter().copied()).collect();
        for (at, needle) in needles.iter().enumerate() {
            assert_eq!(needle.to_ascii_lowercase(), *needle);
            let hidden_by = needles[..at].iter().find(|earlier| needle.starts_with(**earlier));
            assert_eq!(hidden_by, None, "{needle} is never reached");
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_no_bot_has_a_system(text in any::<String>()) {
        let agent = Agent::read(&text);
        prop_assert!(agent.device_type != DeviceType::Bot || agent.os.is_none(),
            "{text}: {agent:?}");
    }

    #[test]
    fn no_cut_makes_it_panic(at in 0..SEEN.len(), noise in ".{0,8}", cut in 0_usize..=256) {
        let text: String = format!("{noise}{}{noise}", SEEN[at].1).chars().take(cut).collect();
        let agent = Agent::read(&text);
        prop_assert!(agent.device_type != DeviceType::Cli || agent.browser.is_some(),
            "{text}: {agent:?}");
    }

    #[test]
    fn whoever_calls_itself_a_bot_is_one(name in "[A-Za-z]{0,12}[Bb]ot", at in 0..SEEN.len()) {
        // A phone may be called so too, as long as it leaves no address.
        let text = format!("{} (compatible; {name}/1.0; +https://example.com)", SEEN[at].1);
        let agent = Agent::read(&text);
        prop_assert!(matches!(agent.device_type, DeviceType::Bot | DeviceType::Cli),
            "{text}: {agent:?}");
    }
}
