//! Where the API is: the only place that ever gets the key.

use std::net::IpAddr;

use ureq::http::Uri;

use crate::error::Result;
use crate::url::{host, is_https, parse, port, refused};

/// Where the API is if nobody says otherwise.
const USUAL: &str = "https://api.aws53.cloud";

/// Scheme, host and port of the API, and the path that its calls begin with.
///
/// ```
/// use fillrate_api::Origin;
///
/// assert!("https://api.example.com".parse::<Origin>().is_ok());
/// assert!("http://127.0.0.1:8080".parse::<Origin>().is_ok(), "unencrypted on this machine only");
/// assert!("http://api.example.com".parse::<Origin>().is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Origin {
    uri: Uri,
    /// What stands before the path of every call, without a slash at its end.
    base: String,
}

impl std::str::FromStr for Origin {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self> {
        let uri = parse(text)?;
        if uri.query().is_some() {
            return Err(refused("the address of the API has a query"));
        }
        if !is_https(&uri) && !is_plain_on_this_machine(&uri) {
            return Err(refused("the API is only called by https, or by http on this machine"));
        }
        let base = text.split('#').next().unwrap_or(text).trim_end_matches('/').to_owned();
        parse(&base)?;
        Ok(Self { uri, base })
    }
}

impl Origin {
    /// Where the API is: there if a place is given, or else where `LEADPIPE_BASE_URL` says, or else at its usual address.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Address`](crate::ErrorKind::Address) if it is no address that the API may be called at.
    pub fn find(given: Option<&str>) -> Result<Self> {
        let named = || std::env::var_os("LEADPIPE_BASE_URL").filter(|text| !text.is_empty());
        match (given, named()) {
            (Some(given), _) => given.parse(),
            (None, Some(text)) => {
                text.to_str().ok_or_else(|| refused("LEADPIPE_BASE_URL is no text"))?.parse()
            }
            (None, None) => USUAL.parse(),
        }
    }

    /// The address of a call.
    pub(crate) fn call(&self, path: &str) -> Result<Uri> {
        parse(&format!("{}{path}", self.base))
    }

    /// Whether this address is there: whether it may be sent the key.
    pub(crate) fn is_of(&self, uri: &Uri) -> bool {
        self.uri.scheme() == uri.scheme()
            && host(&self.uri).eq_ignore_ascii_case(host(uri))
            && port(&self.uri) == port(uri)
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether it is on this machine, by what is written.
    pub(crate) fn is_on_this_machine(&self) -> bool {
        names_this_machine(host(&self.uri))
    }
}

/// Whether it is `http` to a host that can be nowhere else.
pub(crate) fn is_plain_on_this_machine(uri: &Uri) -> bool {
    uri.scheme_str() == Some("http") && names_this_machine(host(uri))
}

fn names_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Result<Origin> {
        text.parse()
    }

    #[test]
    fn only_https_or_this_machine_is_an_origin() {
        for good in [
            "https://api.example.com/",
            "HTTPS://api.example.com",
            "http://localhost:1",
            "http://127.9.9.9",
            "http://[::1]:8/x",
        ] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "ftp://api.example.com",
            "https://user:pass@api.example.com",
            "https://api.example.com/?x",
            "api.example.com",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_same_scheme_host_and_port_is_the_origin() {
        let api = origin("https://api.example.com/base/").unwrap();
        assert_eq!(api.call("/v1/x?y=1").unwrap().to_string(), "https://api.example.com/base/v1/x?y=1");
        for same in ["https://api.example.com/", "https://API.example.com:443/z"] {
            assert!(api.is_of(&parse(same).unwrap()), "{same}");
        }
        for other in [
            "http://api.example.com/",
            "http://api.example.com:443/",
            "https://api.example.com:8443/",
            "https://example.com/",
            "https://api.example.com.example.org/",
            "https://xapi.example.com/",
        ] {
            assert!(!api.is_of(&parse(other).unwrap()), "{other}");
        }
    }
}
