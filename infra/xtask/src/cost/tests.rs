#![expect(clippy::float_cmp, reason = "whole numbers are exact")]

use std::sync::LazyLock;

use clap::{CommandFactory, Parser};
use proptest::prelude::*;

use super::{
    bill::{Line, cognito, lines, total},
    book::{Price, Prices, Tier},
    quantities::Quantities,
    units::{Assumed, GateUnits, Logs, Operation, Operations, Run},
    usage::Times,
    *,
};

#[derive(Parser)]
struct Cost {
    #[command(flatten)]
    options: Options,
}

fn options(arguments: &[&str]) -> Options {
    Cost::parse_from(["cost"].iter().chain(arguments)).options
}

const TEXT: &str = include_str!("../../../prices.yaml");

/// The file as it is.
fn book() -> &'static Book {
    static BOOK: LazyLock<Book> = LazyLock::new(|| Book::read(TEXT).unwrap());
    &BOOK
}

/// What a month of so many users costs with the file as it is.
fn cost_of(users: u64, book: &Book) -> f64 {
    let usage = Usage::of(&Options { users, ..options(&[]) }, &book.usual);
    total(&lines(&quantities::of(&usage, book), &book.prices, Arch::Arm64, true))
}

fn price(per: f64, dollars: f64, free: f64) -> Price {
    Price { per, tiers: vec![Tier { up_to: None, dollars }], free, ..Price::default() }
}

/// Checks of an invented stack, whose bill can be added up by hand.
fn invented() -> Book {
    let mut book = Book::default();
    book.jobs.aggregate.every_minutes = f64::INFINITY;
    book.jobs.rotate.every_minutes = f64::INFINITY;
    book.jobs.sweep.every_minutes = f64::INFINITY;
    book.jobs.erase.every_minutes = f64::INFINITY;
    book.jobs.fill_lists.every_minutes = f64::INFINITY;
    book.jobs.remind.every_minutes = f64::INFINITY;
    book.gate =
        GateUnits { trips: 1.0, rru: 3.0, wru: 2.0, write_share: 0.5, ..GateUnits::default() };
    book.logs = Logs {
        call_bytes: 600.0,
        run_bytes: 400.0,
        access_bytes: 400.0,
        keep_days: 30.0,
        ..Logs::default()
    };
    book.assumed = Assumed {
        round_trip_ms: 5.0,
        usual_mb: 256.0,
        whole_vcpu_mb: 1024.0,
        records_a_run: 2.0,
        cold_share: 0.5,
        cold_ms: 100.0,
        decrypts_a_cold_start: 2.0,
        header_bytes: 500.0,
    };
    let check = Operation {
        call: Run { trips: 1.0, cpu_ms: 1.0, rru: 1.0, wru: 2.0, ..Run::default() },
        gated: true,
        record_wru: 3.0,
        stream: vec![Run { trips: 2.0, wru: 4.0, ..Run::default() }],
        activities: 1.0,
        answer_bytes: 500.0,
        ..Operation::default()
    };
    book.operations = Operations { check, ..Operations::default() };
    book
}

#[test]
fn a_small_bill_is_what_one_adds_up_by_hand() {
    let used = quantities::of(
        &Usage { times: Times { checks: 1e6, ..Times::default() }, ..Usage::default() },
        &invented(),
    );
    assert_eq!((used.calls, used.runs), (1e6, 1.5e6));
    // Its own, and the gate's; then its own, half of the gate's, its record, and the stream's.
    assert_eq!((used.read_units, used.write_units), (4e6, 10e6));
    // 3 trips and 1 ms at a quarter of a vCPU: 19 ms. The stream's runs: 10 ms. Every second run
    // 100 ms more.
    assert!((used.gb_seconds - (19e3 + 5e3 + 75e3) / 4.0).abs() < 1e-6, "{used:?}");
    assert_eq!((used.decrypts, used.scheduled, used.mails, used.stored), (1.5e6, 0.0, 0.0, 0.0));
    assert!((used.logged - 1.2).abs() < 1e-9 && (used.out - 1.0).abs() < 1e-9, "{used:?}");

    let nothing = || price(1.0, 0.0, 0.0);
    let prices = Prices {
        lambda_requests: price(1e6, 0.2, 1e6),
        lambda_arm64: price(1.0, 0.00002, 4750.0),
        lambda_x86_64: price(1.0, 0.00004, 4750.0),
        http_api: price(1e6, 1.0, 0.0),
        read_units: price(1e6, 0.125, 0.0),
        write_units: price(1e6, 0.625, 0.0),
        table_storage: nothing(),
        backups: nothing(),
        mails: nothing(),
        log_ingestion: price(1.0, 0.5, 5.0),
        log_storage: nothing(),
        metrics: nothing(),
        alarms: nothing(),
        dashboards: nothing(),
        schedules: nothing(),
        decrypts: nothing(),
        data_out: price(1.0, 0.09, 0.0),
    };
    let bill = |arch, is_some_free| total(&lines(&used, &prices, arch, is_some_free));
    // 0.10 + 0.40 + 1.00 + 0.50 + 6.25 + 0.09
    assert!((bill(Arch::Arm64, true) - 8.34).abs() < 1e-9);
    assert!((bill(Arch::X86_64, true) - 8.74).abs() < 1e-9);
    // 0.20 more for runs, 0.095 for their time, 0.60 for logs.
    assert!((bill(Arch::Arm64, false) - 9.235).abs() < 1e-9);
}

#[test]
fn a_stack_that_nobody_uses_costs_what_its_schedules_do() {
    let book = book();
    let used = quantities::of(&Usage::of(&options(&["--users", "0"]), &book.usual), book);
    let of_users = [used.calls, used.stored, used.backed_up, used.mails, used.out];
    assert_eq!(of_users, [0.0; 5]);
    assert!(cost_of(0, book) < 0.02);
    assert_eq!(total(&cognito(0.0, &book.cognito)), 0.0);
}

#[test]
fn the_documents_have_the_bills_as_they_are() {
    let document = include_str!("../../../../docs/costs.md");
    let (small, large) = (cost_of(10_000, book()), cost_of(100_000, book()));
    for said in [format!("it is ${small:.2} a month"), format!("100,000 it is ${large:.0},")] {
        assert!(document.contains(&said), "docs/costs.md does not say: {said}");
    }
}

#[test]
fn mails_that_come_back_are_counted() {
    let mut book = invented();
    book.jobs.mail_events.share = 0.1;
    book.jobs.mail_events.run = Run { trips: 1.0, wru: 1.0, ..Run::default() };
    let used = quantities::of(&Usage { mails: Some(1e6), ..Usage::default() }, &book);
    assert_eq!((used.runs, used.write_units, used.mails), (1e5, 1e5, 1e6));
}

#[test]
fn cognito_changes_its_price_where_its_tiers_end() {
    let book = book();
    let [lite, essentials, plus] = book.cognito.all();
    for (plan, users, dollars) in [
        (lite, 10_000.0, 0.0),
        (lite, 10_001.0, 0.0055),
        (lite, 100_000.0, 495.0),
        (lite, 100_001.0, 495.004_6),
        (lite, 1_000_000.0, 4_635.0),
        (lite, 1_000_001.0, 4_635.003_25),
        (lite, 10_000_000.0, 33_885.0),
        (lite, 10_000_001.0, 33_885.002_5),
        (essentials, 10_000.0, 0.0),
        (essentials, 10_001.0, 0.015),
        (essentials, 100_000.0, 1350.0),
        (plus, 1.0, 0.02),
        (plus, 100_000.0, 2000.0),
    ] {
        let charged = Line::new(plan, users, true).dollars;
        assert!((charged - dollars).abs() < 1e-6, "{} for {users}: {charged}", plan.name);
    }
    assert_eq!(Line::new(lite, 100_000.0, true).unit_prices(), (0.0055, 0.0055));
    assert_eq!(Line::new(lite, 100_001.0, true).unit_prices(), (0.0055, 0.0046));
}

proptest! {
    #[test]
    fn what_is_free_never_makes_a_line_negative(quantity in 0.0..1e12_f64) {
        let book = book();
        for price in book.prices.all().into_iter().chain(book.cognito.all()) {
            let (with, without) = (Line::new(price, quantity, true), Line::new(price, quantity,
                false));
            prop_assert!(0.0 <= with.dollars && with.dollars <= without.dollars);
            prop_assert!(with.free <= quantity && without.free == 0.0);
        }
    }

    #[test]
    fn more_users_never_cost_less(users in 0..10_000_000_u64, more in 0..1_000_000_u64) {
        let book = book();
        // A billionth is the rounding of sums.
        prop_assert!(cost_of(users, book) <= cost_of(users + more, book) + 1e-9);
    }
}

#[test]
fn what_is_given_takes_the_place_of_what_users_usually_do() {
    let usual = &book().usual;
    let given = Usage::of(
        &options(&["--users", "1500", "--logins", "7", "--mails", "3", "--months", "2"]),
        usual,
    );
    assert_eq!((given.times.logins, given.mails, given.months), (7.0, Some(3.0), 2.0));
    assert_eq!(
        (given.times.checks, given.times.signups, given.times.organizations),
        (1500.0 * usual.checks, 75.0, 2.0)
    );
    assert_eq!(quantities::of(&given, book()).mails, 3.0);
}

#[test]
fn the_help_tells_what_users_usually_do() {
    let (help, usual) = (Cost::command().render_help().to_string(), &book().usual);
    for (flag, a_user) in [
        ("Sign-ins", usual.logins),
        ("Sign-outs", usual.logouts),
        ("Refreshed", usual.refreshes),
        ("Calls of", usual.checks),
        ("Other", usual.reads),
        ("Activities", usual.activities),
    ] {
        let line = help.lines().find(|line| line.contains(flag)).unwrap();
        assert!(line.contains(&format!("; {a_user} a user without it")), "{line}");
    }
    assert!(help.contains(&format!("{} of 100 users", usual.signups * 100.0)), "{help}");
    assert!(help.contains(&format!("{} of 100 users", usual.resets * 100.0)), "{help}");
    assert_eq!(usual.organizations, 0.001);
}

#[test]
fn nonsense_is_refused() {
    for wrong in [
        ["--users", "-1"],
        ["--users", "many"],
        ["--logins", "1.5"],
        ["--arch", "mips"],
        ["--cats", "1"],
    ] {
        assert!(Cost::try_parse_from(["cost"].iter().chain(&wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_log_grows_until_its_oldest_part_goes() {
    let book = book();
    let stored = |months: &str| {
        let usage = Usage::of(&options(&["--months", months]), &book.usual);
        quantities::of(&usage, book).stored
    };
    assert!(stored("1") < stored("2") && stored("13") < stored("14"));
    assert_eq!(stored("14"), stored("100"));
}

#[test]
fn every_number_of_the_file_says_where_it_comes_from() {
    let book = book();
    for price in book.prices.all().into_iter().chain(book.cognito.all()) {
        assert!(
            price.source.starts_with("https://aws.amazon.com/") && !price.looked_up.is_empty(),
            "{price:?}"
        );
    }
    assert!(book.operations.all().iter().all(|operation| !operation.source.is_empty()));
}

#[test]
fn a_file_that_leaves_a_quantity_without_a_price_is_refused() {
    let first = "tiers: [{ dollars: 0.20 }]";
    for wrong in [
        "tiers: []",
        "tiers: [{ up_to: 5, dollars: 1 }]",
        "tiers: [{ dollars: 2 }, { dollars: 1 }]",
    ] {
        let error = Book::read(&TEXT.replacen(first, wrong, 1)).unwrap_err();
        assert!(error.contains("Lambda requests"), "{error}");
    }
    assert!(Book::read("prices: 1").is_err());
}

#[test]
fn the_bill_shows_used_free_and_charged() {
    let (book, options) = (book(), options(&["--users", "100000", "--without-free-tier"]));
    let usage = Usage::of(&options, &book.usual);
    let used = Quantities { calls: 1_234_567.0, ..Quantities::default() };
    let text = show::bill(&options, &usage, book, &lines(&used, &book.prices, options.arch, false));
    let columns = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.trim_start_matches(name).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(columns("API Gateway calls, HTTP API"), ["1.23", "million", "1.00", "1.23"]);
    assert_eq!(columns("total"), ["1.23"]);
    assert_eq!(columns("Cognito Lite"), ["100,000", "10,000", "user", "0.0055", "495.00"]);
    assert!(text.contains("400,000 logins") && text.contains("without what AWS gives"), "{text}");
    assert!(show::sources(book).contains("https://aws.amazon.com/cognito/pricing/"));
}
