use serde::Deserialize;

use super::{
    units::{Assumed, GateUnits, Jobs, Logs, Operations, Stack, Storage},
    usage::Times,
};

/// infra/prices.yaml.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    /// The day of the file, `YYYY-MM-DD`.
    pub(super) dated: String,
    /// The region whose prices these are.
    pub(super) region: String,
    pub(super) prices: Prices,
    pub(super) cognito: Cognito,
    /// The day of the measurements, `YYYY-MM-DD`.
    pub(super) measured: String,
    pub(super) operations: Operations,
    pub(super) gate: GateUnits,
    pub(super) jobs: Jobs,
    pub(super) storage: Storage,
    pub(super) logs: Logs,
    pub(super) stack: Stack,
    pub(super) assumed: Assumed,
    pub(super) usual: Times,
}

/// A price of each thing that AWS bills.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    pub(super) lambda_requests: Price,
    pub(super) lambda_arm64: Price,
    pub(super) lambda_x86_64: Price,
    pub(super) http_api: Price,
    pub(super) read_units: Price,
    pub(super) write_units: Price,
    pub(super) table_storage: Price,
    pub(super) backups: Price,
    pub(super) mails: Price,
    pub(super) log_ingestion: Price,
    pub(super) log_storage: Price,
    pub(super) metrics: Price,
    pub(super) alarms: Price,
    pub(super) dashboards: Price,
    pub(super) schedules: Price,
    pub(super) decrypts: Price,
    pub(super) data_out: Price,
}

impl Prices {
    pub(super) fn all(&self) -> [&Price; 17] {
        [
            &self.lambda_requests,
            &self.lambda_arm64,
            &self.lambda_x86_64,
            &self.http_api,
            &self.read_units,
            &self.write_units,
            &self.table_storage,
            &self.backups,
            &self.mails,
            &self.log_ingestion,
            &self.log_storage,
            &self.metrics,
            &self.alarms,
            &self.dashboards,
            &self.schedules,
            &self.decrypts,
            &self.data_out,
        ]
    }
}

/// What each plan of Cognito asks for a monthly active user.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cognito {
    pub(super) lite: Price,
    pub(super) essentials: Price,
    pub(super) plus: Price,
}

impl Cognito {
    /// All of them, the cheapest first.
    pub(super) fn all(&self) -> [&Price; 3] {
        [&self.lite, &self.essentials, &self.plus]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    /// What is billed, as the bill names it.
    pub(super) name: String,
    /// What the dollars are for.
    pub(super) unit: String,
    /// How many of what is counted are one such unit.
    pub(super) per: f64,
    /// Ascending; the last one has no end.
    pub(super) tiers: Vec<Tier>,
    /// How many of what is counted are free each month.
    /// How many of what is counted are free each month.
    #[serde(default)]
    pub(super) free: f64,
    /// The page that says so.
    pub(super) source: String,
    /// `YYYY-MM-DD`.
    pub(super) looked_up: String,
    /// What else is to be known of it.
    #[serde(default)]
    pub(super) note: String,
}

/// A part of a quantity that has a price of its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    /// Where it ends, counted after what is free; it does not without.
    pub(super) up_to: Option<f64>,
    /// Dollars a unit.
    pub(super) dollars: f64,
}

impl Book {
    /// Reads the file, and refuses prices that leave a quantity without one.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let book: Self = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        book.prices.all().into_iter().chain(book.cognito.all()).try_for_each(Price::check)?;
        Ok(book)
    }
}

impl Price {
    fn check(&self) -> Result<(), String> {
        let ends: Vec<f64> =
            self.tiers.iter().map(|tier| tier.up_to.unwrap_or(f64::INFINITY)).collect();
        let is_whole =
            ends.last() == Some(&f64::INFINITY) && ends.is_sorted_by(|one, next| one < next);
        let is_positive =
            self.per > 0.0 && self.free >= 0.0 && self.tiers.iter().all(|tier| tier.dollars >= 0.0);
        if is_whole && is_positive {
            Ok(())
        } else {
            Err(format!("the price of `{}` has no ascending tiers to the end", self.name))
        }
    }
}
