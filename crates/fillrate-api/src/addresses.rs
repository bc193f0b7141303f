//! Which machines may be connected to: an answer of the API must not turn this program against the network that it runs in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::error::{Error, ErrorKind, Result};
use crate::origin::{Origin, is_plain_on_this_machine};
use crate::url::{host, is_https, port, shown};

/// Who can be reached at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    ThisMachine = 1,
    /// A network of somebody's own, or an address with a meaning of its own.
    Private = 2,
    Public = 4,
}

/// Decides about every address before anything is sent there, and about every result of a name's look-up: the one that is
/// checked is the one that is connected to.
#[derive(Debug)]
pub(crate) struct Addresses {
    origin: Origin,
    /// Host and port of the proxy, which the user has chosen.
    proxy: Option<(String, u16)>,
    /// The zones that the API itself was found in.
    zones: AtomicU8,
}

impl Addresses {
    pub(crate) fn new(origin: Origin, proxy: Option<(String, u16)>) -> Self {
        let zone = host(origin.uri()).parse().map_or(0, |address| zone(address) as u8);
        Self { origin, proxy, zones: AtomicU8::new(zone) }
    }

    /// Refuses an address by what is written in it.
    pub(crate) fn check(&self, uri: &Uri) -> Result<()> {
        let is_plain = is_plain_on_this_machine(uri) && self.origin.is_on_this_machine();
        if !is_https(uri) && !is_plain {
            return Err(refused(uri, "is neither https nor on the machine of the API"));
        }
        match host(uri).parse() {
            Ok(address) => self.check_address(uri, address),
            Err(_) => Ok(()),
        }
    }

    fn check_address(&self, uri: &Uri, address: IpAddr) -> Result<()> {
        let zone = zone(address);
        if !is_https(uri) && zone != Zone::ThisMachine {
            return Err(refused(uri, "is unencrypted and not on this machine"));
        }
        if self.origin.is_of(uri) {
            self.zones.fetch_or(zone as u8, Ordering::Relaxed);
            return Ok(());
        }
        let is_of_api = self.zones.load(Ordering::Relaxed) & zone as u8 != 0;
        if zone == Zone::Public || is_of_api {
            return Ok(());
        }
        Err(refused(uri, "is at a private address, where the API is not"))
    }

    fn is_proxy(&self, uri: &Uri) -> bool {
        let is_it =
            |(name, number): &(String, u16)| host(uri).eq_ignore_ascii_case(name) && port(uri) == *number;
        !self.origin.is_of(uri) && self.proxy.as_ref().is_some_and(is_it)
    }
}

fn refused(uri: &Uri, why: &str) -> Error {
    let advice = "nothing was sent there: ask the API's operator where exports come from";
    Error::new(ErrorKind::Address, format!("{} {why}", shown(uri)), advice)
}

/// Looks names up, and lets only those addresses through that may be connected to.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) names: DefaultResolver,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        if !self.addresses.is_proxy(uri) {
            for address in &found {
                let checked = self.addresses.check_address(uri, address.ip());
                checked.map_err(|error| ureq::Error::Other(Box::new(error)))?;
            }
        }
        Ok(found)
    }
}

fn zone(address: IpAddr) -> Zone {
    match address {
        IpAddr::V4(address) => zone_v4(address),
        IpAddr::V6(address) => zone_v6(address),
    }
}

fn zone_v4(address: Ipv4Addr) -> Zone {
    let [a, b, c, _] = address.octets();
    if address.is_loopback() {
        return Zone::ThisMachine;
    }
    let is_special = a == 0
        || a >= 224
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        // Shared by customers of a provider, used for protocols, and for measurements.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    if is_special { Zone::Private } else { Zone::Public }
}

fn zone_v6(address: Ipv6Addr) -> Zone {
    let parts = address.segments();
    if address.is_loopback() {
        return Zone::ThisMachine;
    }
    // An IPv4 address in other clothes: mapped, or as translators of addresses write it.
    let is_translated = parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
    let embedded = is_translated.then(|| {
        let [.., a, b, c, d] = address.octets();
        Ipv4Addr::new(a, b, c, d)
    });
    if let Some(address) = address.to_ipv4_mapped().or(embedded) {
        return zone_v4(address);
    }
    // What is handed out to the public; tunnels (2001:0::/32, 2002::/16) and examples (2001:db8::/32) are within it.
    let is_global = parts[0] & 0xe000 == 0x2000;
    let is_special = parts[0] == 0x2002 || (parts[0] == 0x2001 && (parts[1] == 0 || parts[1] == 0xdb8));
    if is_global && !is_special { Zone::Public } else { Zone::Private }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::parse;

    #[test]
    fn every_address_that_is_not_public_is_known() {
        for (address, expected) in [
            ("127.0.0.1", Zone::ThisMachine),
            ("127.255.255.255", Zone::ThisMachine),
            ("::1", Zone::ThisMachine),
            ("::ffff:127.0.0.1", Zone::ThisMachine),
            ("64:ff9b::7f00:1", Zone::ThisMachine),
            ("0.0.0.0", Zone::Private),
            ("::", Zone::Private),
            ("10.1.2.3", Zone::Private),
            ("172.16.0.1", Zone::Private),
            ("172.32.0.1", Zone::Public),
            ("192.168.0.1", Zone::Private),
            ("169.254.169.254", Zone::Private),
            ("::ffff:169.254.169.254", Zone::Private),
            ("64:ff9b::a9fe:a9fe", Zone::Private),
            ("100.64.0.1", Zone::Private),
            ("100.128.0.1", Zone::Public),
            ("198.19.0.1", Zone::Private),
            ("192.0.0.8", Zone::Private),
            ("203.0.113.5", Zone::Private),
            ("224.0.0.1", Zone::Private),
            ("255.255.255.255", Zone::Private),
            ("fe80::1", Zone::Private),
            ("fd00::1", Zone::Private),
            ("ff02::1", Zone::Private),
            ("2002:7f00:1::", Zone::Private),
            ("2001:db8::1", Zone::Private),
            ("2001::1", Zone::Private),
            ("2606:4700::1111", Zone::Public),
            ("8.8.8.8", Zone::Public),
        ] {
            assert_eq!(zone(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_download_comes_from_the_public_or_from_where_the_api_is() {
        let public = "https://8.8.8.8";
        let table = [
            (public, "https://9.9.9.9/x", true),
            (public, "https://10.0.0.1/x", false),
            (public, "https://127.0.0.1/x", false),
            (public, "https://[fe80::1]/x", false),
            (public, "https://[::ffff:10.0.0.1]/x", false),
            (public, "http://9.9.9.9/x", false),
            (public, "http://127.0.0.1/x", false),
            (public, "http://8.8.8.8:443/x", false),
            (public, "ftp://9.9.9.9/x", false),
            ("https://10.0.0.1", "https://10.9.9.9/x", true),
            ("https://10.0.0.1", "https://127.0.0.1/x", false),
            ("https://10.0.0.1", "http://10.0.0.1/x", false),
            ("http://127.0.0.1:1", "http://127.0.0.1:2/x", true),
            ("http://127.0.0.1:1", "http://localhost:2/x", true),
            ("http://127.0.0.1:1", "https://9.9.9.9/x", true),
            ("http://127.0.0.1:1", "http://9.9.9.9/x", false),
            ("http://127.0.0.1:1", "https://192.168.1.1/x", false),
        ];
        for (api, download, is_allowed) in table {
            let addresses = Addresses::new(api.parse().unwrap(), None);
            let checked = addresses.check(&parse(download).unwrap());
            assert_eq!(checked.is_ok(), is_allowed, "{api} {download}");
        }
    }

    /// What a name turns out to be counts as much as what is written.
    #[test]
    fn names_are_judged_by_what_they_are_found_at() {
        let api: Origin = "https://api.example.com".parse().unwrap();
        let addresses = Addresses::new(api, Some(("proxy.example.com".to_owned(), 3128)));
        let at =
            |url: &str, ip: &str| addresses.check_address(&parse(url).unwrap(), ip.parse().unwrap()).is_ok();
        assert!(!at("https://files.example.com/x", "10.0.0.7"));
        assert!(!at("http://localhost/x", "8.8.8.8"), "localhost has to be here");
        assert!(at("https://files.example.com/x", "8.8.8.8"));
        assert!(at("https://api.example.com/x", "10.0.0.1"), "where the API is, is the user's choice");
        assert!(
            at("https://files.example.com/x", "10.0.0.7"),
            "now the API is known to be in such a network"
        );
        assert!(!at("https://files.example.com/x", "127.0.0.1"));
        assert!(addresses.is_proxy(&parse("http://Proxy.example.com:3128").unwrap()));
        assert!(!addresses.is_proxy(&parse("http://proxy.example.com:3129").unwrap()));
    }
}
