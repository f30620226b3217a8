//! A mail server, as a setting names it.

use std::net::IpAddr;

/// A server that takes mail by SMTP (RFC 5321).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Its name or address, as TLS knows it.
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
}

/// How the connection is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS by `STARTTLS`; a server that does not offer it gets no mail.
    StartTls,
    /// None, to this machine alone.
    Plain,
}

impl SmtpServer {
    /// Reads `smtps://HOST:PORT` or `smtp://HOST:PORT`; `None` for whatever else, a user and a
    /// query among it.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, place) = url.split_once("://")?;
        let (host, port) = place.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port > 0)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let address: Option<IpAddr> = bare.unwrap_or(host).parse().ok();
        let is_name = |host: &str| {
            !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        };
        let is_v6 = bare.is_some() && address.is_some_and(|address| address.is_ipv6());
        if !(is_name(host) || is_v6) {
            return None;
        }
        let is_here = address.map_or(host == "localhost", |address| address.is_loopback());
        let security = match scheme {
            "smtps" => SmtpSecurity::Tls,
            "smtp" if is_here => SmtpSecurity::Plain,
            "smtp" => SmtpSecurity::StartTls,
            _ => return None,
        };
        Some(Self { host: bare.unwrap_or(host).to_owned(), port, security })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_gets_mail_that_everybody_on_the_way_can_read() {
        let security = |url| SmtpServer::parse(url).unwrap().security;
        assert_eq!(security("smtp://mail.example.com:587"), SmtpSecurity::StartTls);
        assert_eq!(security("smtp://10.0.0.1:25"), SmtpSecurity::StartTls);
        assert_eq!(security("smtps://mail.example.com:465"), SmtpSecurity::Tls);
        for here in ["smtp://127.0.0.1:1025", "smtp://localhost:1025", "smtp://[::1]:1025"] {
            assert_eq!(security(here), SmtpSecurity::Plain, "{here}");
        }
        assert_eq!(security("smtp://localhost.example.com:25"), SmtpSecurity::StartTls);
        assert_eq!(SmtpServer::parse("smtp://[::1]:1025").unwrap().host, "::1");
    }
}
