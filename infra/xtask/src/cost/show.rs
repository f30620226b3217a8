use super::{
    Options,
    bill::{self, Line},
    book::{Book, Price},
    usage::Usage,
};

/// The bill, Cognito's beside it, and what was counted with.
pub(super) fn bill(options: &Options, usage: &Usage, book: &Book, lines: &[Line<'_>]) -> String {
    let users = amount(usage.users);
    let mut text = format!(
        "A month of {users} active users in {}, {}, at prices of {}, in US dollars\n\n",
        book.region,
        options.arch.name(),
        book.dated
    );
    text += &row(["", "used", "free of it", "unit", "a unit", "a month"]);
    text.extend(lines.iter().map(line));
    text += &row(["total", "", "", "", "", &cents(bill::total(lines))]);
    text += &format!("\nAmazon Cognito for the same {users} users\n\n");
    text.extend(bill::cognito(usage.users, &book.cognito).iter().map(line));
    text + "\n" + &assumptions(options, usage, book)
}

/// Where each price and each unit comes from.
pub(super) fn sources(book: &Book) -> String {
    let price = |one: &Price| {
        format!("{}: {} (looked up {})\n  {}\n", one.name, one.source, one.looked_up, one.note)
    };
    let prices: String =
        book.prices.all().into_iter().chain(book.cognito.all()).map(price).collect();
    let operations = book.operations.all().map(|one| (one.call.function.as_str(), &one.source));
    let others = [
        ("the gate", &book.gate.source),
        ("jobs", &book.jobs.source),
        ("storage", &book.storage.source),
        ("logs", &book.logs.source),
        ("the stack", &book.stack.source),
    ];
    let unit = |(name, source): (&str, &String)| format!("{name}: {source}\n");
    let units: String = operations.into_iter().chain(others).map(unit).collect();
    format!("\nPrices\n\n{prices}\nUnits, measured {}\n\n{units}", book.measured)
}

fn assumptions(options: &Options, usage: &Usage, book: &Book) -> String {
    let calls = [
        (usage.times.logins, "logins"),
        (usage.times.logouts, "logouts"),
        (usage.times.refreshes, "refreshes"),
        (usage.times.checks, "checks"),
        (usage.times.reads, "other reads"),
    ];
    let others = [
        (usage.times.activities, "tracked activities"),
        (usage.times.signups, "sign-ups"),
        (usage.times.resets, "resets"),
        (usage.times.organizations, "organizations"),
    ];
    let list = |counts: &[(f64, &str)]| {
        let counts: Vec<String> =
            counts.iter().map(|(count, of)| format!("{} {of}", amount(*count))).collect();
        counts.join(", ")
    };
    let (calls, others) = (list(&calls), list(&others));
    let months = usage.months.min((book.storage.keep_days / 30.0).floor());
    let free = if options.without_free_tier { "without" } else { "after" };
    let (measured, trip, cold) =
        (&book.measured, book.assumed.round_trip_ms, book.assumed.cold_share * 100.0);
    format!(
        "Counted with {calls},\n\
         {others}, a log of {months} months, and {free} what AWS gives everybody for good.\n\
         Units were measured ({measured}), \
             but not on AWS: a trip to DynamoDB is assumed to take {trip} ms, \
         {cold} of 100 runs to be cold.\n\
         Cognito has no permission checks, no log and no activity stream in its price; its mails, \
             too, come on top.\n\
         `--sources` tells where every number comes from.\n"
    )
}

fn line(line: &Line<'_>) -> String {
    let (first, last) = line.unit_prices();
    let per = |count: f64| amount(count / line.price.per);
    let free = if line.free > 0.0 { per(line.free) } else { String::new() };
    let prices = if first > last {
        format!("{} to {}", dollars(first), dollars(last))
    } else {
        dollars(first)
    };
    row([
        &line.price.name,
        &per(line.quantity),
        &free,
        &line.price.unit,
        &prices,
        &cents(line.dollars),
    ])
}

fn row([name, quantity, free, unit, price, dollars]: [&str; 6]) -> String {
    let row = format!("{name:<34} {quantity:>12} {free:>12}  {unit:<11} {price:>16} {dollars:>12}");
    format!("{}\n", row.trim_end())
}

/// Two places, or as many as it has.
fn dollars(price: f64) -> String {
    let short = format!("{price:.2}");
    if short.parse() == Ok(price) { short } else { price.to_string() }
}

fn cents(dollars: f64) -> String {
    let (whole, places) = split(&format!("{dollars:.2}"));
    format!("{}.{places}", grouped(&whole))
}

/// Whole where it is whole or large, with two places otherwise.
fn amount(count: f64) -> String {
    let (whole, places) = split(&format!("{count:.2}"));
    if count.fract() == 0.0 || count >= 1000.0 {
        grouped(&format!("{count:.0}"))
    } else {
        format!("{}.{places}", grouped(&whole))
    }
}

fn split(number: &str) -> (String, String) {
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    (whole.to_owned(), places.to_owned())
}

/// A comma after every third digit.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
