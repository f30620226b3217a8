use ipnet::IpNet;
use rolecall_domain::{
    Violation,
    api_key::{LONGEST_DAYS, Networks, NewKey, Scopes, USUAL_DAYS},
    code::Code,
    words::Line,
};
use rolecall_http::{
    Problem,
    extract::Fields,
    fields::{Components, Json, List, Value},
    input, texts,
};
use serde_json::json;

input! {
    /// An API key.
    pub struct Input as NewApiKey {
        /// What people call it.
        name: Line<100>,
        /// The permissions that it is good for, as far as its owner has them; of a super admin,
        /// also such as there are not yet.
        scopes: List<Code, 1, { Scopes::MOST }>,
        /// The networks that it may be used from (CIDR); anywhere, if there are none.
        networks: Option<List<Network, 0, { Networks::MOST }>>,
        /// How many days it lives, 90 where nothing is said.
        expires_in_days: Option<Days>,
    }
}

impl Input {
    /// As the use case takes it.
    pub(super) fn order(self) -> Result<NewKey, Problem> {
        let Self { name, scopes: List(scopes), networks, expires_in_days } = self;
        let networks = networks.map(|List(networks)| networks).unwrap_or_default();
        let networks = networks.into_iter().map(|Network(network)| network).collect();
        Ok(NewKey {
            name,
            scopes: Scopes::new(scopes).map_err(|wrong| Problem::field("scopes", wrong))?,
            networks: Networks::new(networks).map_err(|wrong| Problem::field("networks", wrong))?,
            days: expires_in_days.map_or(USUAL_DAYS, |Days(days)| days),
        })
    }
}

/// A network in CIDR notation.
pub struct Network(IpNet);

texts! {
    Network: network, { "maxLength": 49, "pattern": "^[0-9A-Fa-f:.]+/[0-9]{1,3}$" };
}

fn network(text: &str) -> Result<Network, Violation> {
    text.parse().map(Network).map_err(|_| {
        Violation::new("invalid_network", "A network in CIDR notation: 203.0.113.0/24.")
    })
}

/// How many days a key lives.
pub struct Days(u16);

impl Value for Days {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.whole_number(name, &json, |number| {
            let days = u16::try_from(number).ok().filter(|days| (1..=LONGEST_DAYS).contains(days));
            let message = || format!("A whole number from 1 to {LONGEST_DAYS}.");
            days.map(Self).ok_or_else(|| Violation::new("out_of_range", message()))
        })
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "integer", "minimum": 1, "maximum": LONGEST_DAYS })
    }
}
