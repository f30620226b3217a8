use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{code::Code, violation::Violation};

/// The permissions that a key is good for: it has those of them that its owner has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Code>);

impl Scopes {
    /// The most permissions of a key: they are read on every call with it.
    pub const MOST: usize = 50;

    /// These permissions, each once. One that there is not (yet) gives nothing. Errors: `required`,
    /// `too_many`.
    pub fn new(mut codes: Vec<Code>) -> Result<Self, Violation> {
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() {
            return Err(Violation::new("required", "Name at least one permission."));
        }
        if codes.len() > Self::MOST {
            let message = format!("A key has at most {} permissions.", Self::MOST);
            return Err(Violation::new("too_many", message));
        }
        Ok(Self(codes))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Code> {
        self.0.iter()
    }

    /// Whether a permission is among them.
    #[must_use]
    pub fn has_permission(&self, code: &str) -> bool {
        self.0.iter().any(|one| one.as_str() == code)
    }
}

/// Where a key may be used from: anywhere, if there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// The most networks of a key.
    pub const MOST: usize = 20;

    /// These networks. Error: `too_many`.
    pub fn new(networks: Vec<IpNet>) -> Result<Self, Violation> {
        if networks.len() > Self::MOST {
            let message = format!("A key has at most {} networks.", Self::MOST);
            return Err(Violation::new("too_many", message));
        }
        Ok(Self(networks))
    }

    pub fn iter(&self) -> impl Iterator<Item = &IpNet> {
        self.0.iter()
    }

    /// Whether an address is in one of them; an unknown one is in none.
    #[must_use]
    pub fn include(&self, address: Option<&str>) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let address = address.and_then(|text| text.parse::<IpAddr>().ok());
        // `::ffff:192.0.2.1` is 192.0.2.1 (RFC 4291 §2.5.5.2).
        address.is_some_and(|one| self.0.iter().any(|net| net.contains(&one.to_canonical())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_admitted_by_its_network_and_an_unknown_one_by_none() {
        let networks = ["192.0.2.0/24", "2001:db8::/32"].map(|text| text.parse().unwrap());
        let networks = Networks::new(networks.to_vec()).unwrap();
        for (address, is_in) in [
            (Some("192.0.2.255"), true),
            (Some("::ffff:192.0.2.1"), true),
            (Some("2001:db8::1"), true),
            (Some("192.0.3.0"), false),
            (Some("2001:db9::1"), false),
            (Some("192.0.2.1, 10.0.0.1"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(networks.include(address), is_in, "{address:?}");
        }
        assert!(Networks::default().include(None));
    }

    #[test]
    fn permissions_are_named_once_and_are_some() {
        let codes = ["b.read", "a.read", "b.read"].map(Code::known);
        let scopes = Scopes::new(codes.to_vec()).unwrap();
        assert_eq!(scopes.iter().map(Code::as_str).collect::<Vec<_>>(), ["a.read", "b.read"]);
        assert!(scopes.has_permission("a.read") && !scopes.has_permission("a.rea"));
        assert_eq!(Scopes::new(Vec::new()).unwrap_err().code, "required");
        let many = (0..=Scopes::MOST).map(|n| Code::known(&format!("p.{n}"))).collect();
        assert_eq!(Scopes::new(many).unwrap_err().code, "too_many");
    }
}
