use super::{
    Arch,
    book::{Cognito, Price, Prices, Tier},
    quantities::Quantities,
};

/// A line of a bill.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) price: &'a Price,
    /// What was used, in what is counted.
    pub(super) quantity: f64,
    /// What of it is free.
    pub(super) free: f64,
    pub(super) dollars: f64,
}

impl<'a> Line<'a> {
    /// So much at this price, after what is free of it.
    pub(super) fn new(price: &'a Price, quantity: f64, is_some_free: bool) -> Self {
        let free = if is_some_free { quantity.min(price.free) } else { 0.0 };
        let dollars = reached(&price.tiers, quantity - free)
            .map(|(tier, part)| part * tier.dollars)
            .sum::<f64>()
            / price.per;
        Self { price, quantity, free, dollars }
    }

    /// The first and the last price a unit that this much is charged.
    pub(super) fn unit_prices(&self) -> (f64, f64) {
        let mut prices =
            reached(&self.price.tiers, self.quantity - self.free).map(|(tier, _)| tier.dollars);
        let first = prices.next().unwrap_or_default();
        (first, prices.last().unwrap_or(first))
    }
}

/// The tiers that this much reaches, the first in any case, each with its part of it.
fn reached(tiers: &[Tier], charged: f64) -> impl Iterator<Item = (&Tier, f64)> {
    let starts = [0.0].into_iter().chain(tiers.iter().filter_map(|tier| tier.up_to));
    let parts = tiers
        .iter()
        .zip(starts)
        .map(move |(tier, start)| (tier, charged.min(tier.up_to.unwrap_or(f64::INFINITY)) - start));
    parts.enumerate().filter(|(n, (_, part))| *n == 0 || *part > 0.0).map(|(_, part)| part)
}

/// What a month costs, a line each thing that AWS bills.
pub(super) fn lines<'a>(
    used: &Quantities,
    prices: &'a Prices,
    arch: Arch,
    is_some_free: bool,
) -> Vec<Line<'a>> {
    let lambda = if arch == Arch::Arm64 { &prices.lambda_arm64 } else { &prices.lambda_x86_64 };
    let billed = [
        (&prices.lambda_requests, used.runs),
        (lambda, used.gb_seconds),
        (&prices.http_api, used.calls),
        (&prices.read_units, used.read_units),
        (&prices.write_units, used.write_units),
        (&prices.table_storage, used.stored),
        (&prices.backups, used.backed_up),
        (&prices.mails, used.mails),
        (&prices.log_ingestion, used.logged),
        (&prices.log_storage, used.logs_stored),
        (&prices.metrics, used.metrics),
        (&prices.alarms, used.alarms),
        (&prices.dashboards, used.dashboards),
        (&prices.schedules, used.scheduled),
        (&prices.decrypts, used.decrypts),
        (&prices.data_out, used.out),
    ];
    billed.into_iter().map(|(price, quantity)| Line::new(price, quantity, is_some_free)).collect()
}

/// What Cognito costs for so many active users, a line each plan.
pub(super) fn cognito(users: f64, cognito: &Cognito) -> Vec<Line<'_>> {
    cognito.all().into_iter().map(|plan| Line::new(plan, users, true)).collect()
}

/// The sum of these lines, in dollars.
pub(super) fn total(lines: &[Line<'_>]) -> f64 {
    lines.iter().map(|line| line.dollars).sum()
}
