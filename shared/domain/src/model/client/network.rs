use std::net::{IpAddr, Ipv6Addr};

/// Where a request comes from, as far as limits go: an IPv4 address, or the /64 that one household
/// or server has in IPv6.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Network(String);

impl Network {
    /// The network of the address that the gateway saw. Requests without one share a network: they
    /// are not let off.
    #[must_use]
    pub fn of(address: Option<&str>) -> Self {
        let known =
            address.and_then(|text| text.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical());
        Self(match known {
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => {
                format!("{}/64", Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)))
            }
            None => "unknown".to_owned(),
        })
    }

    /// A network read back from the table.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Its text: part of keys.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_is_a_network_and_so_is_an_ipv6_64() {
        let network = |text| Network::of(Some(text));
        assert_ne!(network("127.0.0.1"), network("127.0.0.2"));
        assert_eq!(network("::ffff:127.0.0.1"), network("127.0.0.1"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:1:2:3"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("2001:db8:1:2::1").as_str(), "2001:db8:1:2::/64");
        assert_eq!(network("nonsense"), Network::of(None));
    }
}
