//! Addresses: read strictly, joined with redirects, and shown without what is secret in them.

use std::fmt;

use fillrate::visible;
use ureq::http::Uri;

use crate::error::{Error, ErrorKind, Result};

/// An address that gives whoever has it the file. `Debug` and `Display` print neither its query nor credentials.
///
/// ```
/// let url: fillrate_api::SignedUrl = "https://downloads.example.com/a.csv?signature=invented".parse()?;
/// assert_eq!(format!("{url}"), "https://downloads.example.com/a.csv");
/// assert_eq!(format!("{url:?}"), "https://downloads.example.com/a.csv");
/// # Ok::<(), fillrate_api::Error>(())
/// ```
#[derive(Clone)]
pub struct SignedUrl(pub(crate) Uri);

impl std::str::FromStr for SignedUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse(text).map(Self)
    }
}

impl fmt::Display for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Reads an address with a scheme and a host. It is read by the very parser that the connection is made by, so that nothing
/// can mean one host here and another one there.
pub(crate) fn parse(text: &str) -> Result<Uri> {
    let uri: Option<Uri> = text.parse().ok();
    let uri = uri.filter(|uri| uri.scheme().is_some() && !host(uri).is_empty());
    let uri = uri.ok_or_else(|| refused("an address cannot be read"))?;
    let authority = uri.authority().map_or("", ureq::http::uri::Authority::as_str);
    if authority.contains('@') {
        return Err(refused("an address has credentials in it"));
    }
    // A port that is no number would be passed over, and the connection go to another one.
    let behind_host = authority.strip_prefix(uri.host().unwrap_or_default()).unwrap_or(authority);
    if !behind_host.is_empty() && uri.port_u16().is_none() {
        return Err(refused("an address has a port that is none"));
    }
    Ok(uri)
}

pub(crate) fn refused(what: &str) -> Error {
    Error::new(ErrorKind::Address, what, "check the address of the API")
}

/// The host, an IPv6 address without its brackets.
pub(crate) fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

pub(crate) fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// The port that is meant, whether it is written or not.
pub(crate) fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if is_https(uri) { 443 } else { 80 })
}

/// Scheme, host, port and path, for a message.
pub(crate) fn shown(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", ureq::http::uri::Authority::as_str);
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    visible(&format!("{}://{place}{}", uri.scheme_str().unwrap_or("?"), uri.path())).into_owned()
}

/// What a `Location` means on a page at `base`.
pub(crate) fn join(base: &Uri, location: &str) -> Result<Uri> {
    let location = location.split_once('#').map_or(location, |(before, _)| before);
    let scheme = base.scheme_str().unwrap_or_default();
    let authority = base.authority().map_or("", ureq::http::uri::Authority::as_str);
    let text = if has_scheme(location) {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.is_empty() || location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", base.path())
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    parse(&text)
}

/// Whether it begins with letters and a colon, so that `mailto:x` is not taken for a path.
fn has_scheme(location: &str) -> bool {
    let scheme = location.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    scheme.is_some_and(is_scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_not_shown() {
        for text in [
            "https://user:canary@downloads.example.com/a.csv?x=canary",
            "https://downloads.example.com/a.csv?X-Amz-Signature=canary#canary",
            "https://downloads.example.com?canary",
        ] {
            let uri: Uri = text.parse().unwrap();
            assert!(
                !shown(&uri).contains("canary") && shown(&uri).starts_with("https://downloads."),
                "{}",
                shown(&uri)
            );
        }
        let url: SignedUrl = "https://a.example/b?canary=1".parse().unwrap();
        assert_eq!(format!("{url} {url:?} {:#?}", Some(&url)).matches("canary").count(), 0);
    }

    #[test]
    fn only_an_address_with_a_host_and_no_credentials_is_read() {
        for good in ["https://a.example", "http://127.0.0.1:8080/x", "https://[::1]:1/x", "https://[::1]/x"] {
            parse(good).unwrap();
        }
        for bad in [
            "",
            "a.example",
            "/x",
            "file:///etc/passwd",
            "mailto:a@example.com",
            "https://user@a.example/",
            "https://user:pass@a.example/",
            "https://a.example:99999/",
            "https://a.example:x/",
            "https://a.example/\r\nx: y",
            "https://a b/",
            "https:///x",
            "javascript:alert(1)",
        ] {
            let error = parse(bad).unwrap_err();
            assert!(!error.to_string().contains("pass"), "{error}");
        }
    }

    #[test]
    fn redirects_mean_what_browsers_take_them_for() {
        let base = parse("https://a.example:8443/x/y.csv?q=1").unwrap();
        for (location, joined) in [
            ("https://b.example/z", "https://b.example/z"),
            ("HTTPS://b.example/z", "https://b.example/z"),
            ("//b.example/z", "https://b.example/z"),
            ("/z?w#f", "https://a.example:8443/z?w"),
            ("z", "https://a.example:8443/x/z"),
            ("?w", "https://a.example:8443/x/y.csv?w"),
            ("", "https://a.example:8443/x/y.csv"),
        ] {
            assert_eq!(join(&base, location).unwrap().to_string(), joined, "{location}");
        }
        for bad in ["file:///x", "https://u:p@b.example/", "mailto:x", "//", "https:b", "\\\\b.example\\x y"]
        {
            assert!(join(&base, bad).is_err(), "{bad}");
        }
    }
}
