//! One request at a time: where it may go, what it may take, and which redirects it follows.

use std::io::{ErrorKind as IoKind, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Proxy, ProxyProtocol};

use crate::addresses::{Addresses, Guard};
use crate::error::{Error, ErrorKind, Result};
use crate::key::ApiKey;
use crate::settings::{Limits, Settings};
use crate::url::{host, is_https, join, shown};
use crate::watch::Watch;

/// How many redirects of one request are followed.
const MOST_HOPS: usize = 5;

const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    /// Whether the key may go along, to the origin of the API.
    pub(crate) with_key: bool,
    pub(crate) accept: &'static str,
    /// How long the body of the answer may take: also where nothing of it is handed out, as what follows its chunks.
    pub(crate) time: Duration,
    pub(crate) headers: &'a [(HeaderName, HeaderValue)],
}

pub(crate) struct Transport {
    key: ApiKey,
    addresses: Arc<Addresses>,
    origin: crate::Origin,
    /// For what is encrypted, by way of a proxy if there is one.
    https: Agent,
    /// For this machine.
    plain: Agent,
    limits: Limits,
}

impl Transport {
    pub(crate) fn new(settings: &Settings, key: ApiKey, watch: &dyn Watch) -> Result<Self> {
        let proxy = proxy(&settings.origin, watch)?;
        let place = proxy.as_ref().map(|proxy| (proxy.host().to_owned(), proxy.port()));
        let addresses = Arc::new(Addresses::new(settings.origin.clone(), place));
        Ok(Self {
            key,
            origin: settings.origin.clone(),
            https: agent(settings, proxy, &addresses),
            plain: agent(settings, None, &addresses),
            addresses,
            limits: settings.limits.clone(),
        })
    }

    /// Sends a request, and follows where it is led, with the key to nowhere but the origin of the API.
    ///
    /// What comes is an answer of any status but those of a redirect.
    pub(crate) fn send(&self, asked: &Asked<'_>) -> Result<Response<Body>> {
        let mut uri = asked.uri.clone();
        for _ in 0..=MOST_HOPS {
            self.addresses.check(&uri)?;
            let response = self.exchange(asked, &uri)?;
            if !is_redirect(response.status()) {
                check_encoding(&response, &uri)?;
                return Ok(response);
            }
            uri = self.next(asked, &uri, &response)?;
        }
        let what = format!("{} redirects more than {MOST_HOPS} times", shown(&asked.uri));
        Err(Error::new(ErrorKind::Redirect, what, "check the address of the API"))
    }

    fn exchange(&self, asked: &Asked<'_>, uri: &Uri) -> Result<Response<Body>> {
        let mut request = Request::builder().method(&asked.method).uri(uri.clone());
        if asked.with_key && self.origin.is_of(uri) {
            request = request.header(KEY_HEADER, self.key.header());
        }
        request = request.header(header::ACCEPT, asked.accept).header(header::ACCEPT_ENCODING, "identity");
        for (name, value) in asked.headers {
            request = request.header(name, value);
        }
        let agent = if is_https(uri) { &self.https } else { &self.plain };
        let time = Some(asked.time);
        let sent = match asked.method {
            Method::POST => request.body(ureq::SendBody::none()).map_err(Into::into).and_then(|request| {
                agent.run(agent.configure_request(request).timeout_recv_body(time).build())
            }),
            _ => request.body(()).map_err(Into::into).and_then(|request| {
                agent.run(agent.configure_request(request).timeout_recv_body(time).build())
            }),
        };
        sent.map_err(|error| failure(uri, error))
    }

    /// Where a redirect leads, if it may be followed.
    fn next(&self, asked: &Asked<'_>, from: &Uri, response: &Response<Body>) -> Result<Uri> {
        let refuse = |why: &str| {
            let what = format!("{} redirects {why}", shown(from));
            Err(Error::new(ErrorKind::Redirect, what, "it was not followed: check the address of the API"))
        };
        let location = response.headers().get(header::LOCATION).map(HeaderValue::to_str);
        let Some(Ok(location)) = location else { return refuse("to nowhere") };
        let Ok(to) = join(from, location) else {
            return refuse("to what is no address of a web server, or has credentials in it");
        };
        if is_https(from) && !is_https(&to) {
            return refuse("from https to something else");
        }
        if asked.method == Method::POST {
            let keeps_method = matches!(response.status().as_u16(), 307 | 308);
            if !keeps_method || !self.origin.is_of(&to) {
                return refuse("what was to make an export");
            }
        }
        Ok(to)
    }

    /// Reads an answer that is not for a file. One that repeats the key is refused, as parts of answers are shown and kept.
    pub(crate) fn read(&self, response: Response<Body>, uri: &Uri, most: u64) -> Result<Vec<u8>> {
        let text = self.read_all(response, uri, most)?;
        if memchr::memmem::find(&text, self.key.header().as_bytes()).is_some() {
            let what = format!("{} repeats the API key in its answer", shown(uri));
            return Err(Error::new(
                ErrorKind::Answer,
                what,
                "nothing was kept of it: check the address of the API",
            ));
        }
        Ok(text)
    }

    fn read_all(&self, response: Response<Body>, uri: &Uri, most: u64) -> Result<Vec<u8>> {
        let mut reader = response.into_body().into_reader();
        let mut text = Vec::new();
        let mut buffer = vec![0; 64 << 10];
        let end = Instant::now() + self.limits.answer;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(text),
                Ok(bytes) => text.extend_from_slice(&buffer[..bytes]),
                Err(error) => return Err(failure(uri, error.into())),
            }
            if text.len() as u64 > most {
                let what = format!("{} answers with more than {most} bytes", shown(uri));
                return Err(Error::new(ErrorKind::Answer, what, "check the address of the API"));
            }
            if Instant::now() > end {
                return Err(timeout(uri));
            }
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Refuses what was packed although it was asked for as it is: what it would unpack to has no bounds.
fn check_encoding(response: &Response<Body>, uri: &Uri) -> Result<()> {
    let encodings = response.headers().get_all(header::CONTENT_ENCODING).iter();
    let is_plain = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    if encodings.into_iter().all(is_plain) {
        return Ok(());
    }
    let what = format!("{} answers in an encoding that was not asked for", shown(uri));
    Err(Error::new(ErrorKind::Answer, what, "a proxy may do that: go round it"))
}

/// In the order in which they are looked at.
const PROXY_VARIABLES: [&str; 6] =
    ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

/// The proxy of the environment, which is used for https alone: there it sees where a connection goes, and not what is in it.
fn proxy(origin: &crate::Origin, watch: &dyn Watch) -> Result<Option<Proxy>> {
    let target = origin.uri();
    if !is_https(target) {
        return Ok(None);
    }
    for variable in PROXY_VARIABLES {
        let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else { continue };
        let proxy = value.to_str().and_then(|value| Proxy::new(value).ok());
        let is_usable =
            |proxy: &Proxy| matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https);
        if !proxy.is_some_and(|proxy| is_usable(&proxy)) {
            // Who has named one does not want to be connected without it.
            let what = format!("{variable} names no proxy that is spoken to by http or https");
            return Err(Error::new(
                ErrorKind::Usage,
                what,
                "name another one, or unset it to connect directly",
            ));
        }
        break;
    }
    let proxy = Proxy::try_from_env();
    if let Some(proxy) = proxy.as_ref().filter(|proxy| !proxy.is_no_proxy(target)) {
        watch.note(&format!("connections go through the proxy {}:{}", proxy.host(), proxy.port()));
    }
    Ok(proxy)
}

fn agent(settings: &Settings, proxy: Option<Proxy>, addresses: &Arc<Addresses>) -> Agent {
    let Limits { connect, idle, answer, head_bytes, .. } = settings.limits;
    let mut tls = TlsConfig::builder();
    if let Some(roots) = &settings.roots {
        tls = tls.root_certs(RootCerts::from(roots.iter().map(|der| Certificate::from_der(der).to_owned())));
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(proxy)
        .tls_config(tls.build())
        .user_agent(concat!("fillrate/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(connect))
        .timeout_connect(Some(connect))
        .timeout_per_read(Some(idle))
        .timeout_per_write(Some(idle))
        .timeout_recv_response(Some(answer))
        .max_response_header_size(head_bytes)
        // Room for the whole of a head that is just too long, and for fewer calls of the system in a download.
        .input_buffer_size((256 << 10).max(2 * head_bytes))
        .build();
    let guard = Guard { addresses: Arc::clone(addresses), names: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), guard)
}

fn timeout(uri: &Uri) -> Error {
    let what = format!("{} takes too long to answer", host(uri));
    Error::new(ErrorKind::Timeout, what, "check the connection, then try again").passing(Duration::ZERO)
}

/// What went wrong underneath, in words that hold nothing of the request or the answer.
pub(crate) fn failure(uri: &Uri, error: ureq::Error) -> Error {
    let network = |what: String| {
        Error::new(ErrorKind::Network, what, "check the connection, then try again").passing(Duration::ZERO)
    };
    let place = fillrate::visible(host(uri)).into_owned();
    match error {
        ureq::Error::Other(inner) => match inner.downcast::<Error>() {
            Ok(error) => *error,
            Err(_) => network(format!("the connection to {place} failed")),
        },
        ureq::Error::Timeout(_) => timeout(uri),
        ureq::Error::HostNotFound => network(format!("{place} is not found")),
        ureq::Error::Io(error) if error.kind() == IoKind::TimedOut => timeout(uri),
        // Only encryption calls what it has read invalid.
        ureq::Error::Io(error) if error.kind() == IoKind::InvalidData => untrusted(&place, &error),
        ureq::Error::Io(error) if error.kind() == IoKind::UnexpectedEof => {
            network(format!("{place} ended the connection before the end of its answer"))
        }
        ureq::Error::Io(error) => network(format!("the connection to {place} failed ({})", error.kind())),
        ureq::Error::Rustls(error) => untrusted(&place, &error),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => untrusted(&place, &"no encryption"),
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
            let what = format!("the proxy of the environment does not connect to {place}");
            Error::new(ErrorKind::Network, what, "check ALL_PROXY, HTTPS_PROXY and NO_PROXY")
        }
        ureq::Error::LargeResponseHeader(..) => {
            let what = format!("{place} answers with a head that is too long");
            Error::new(ErrorKind::Answer, what, "check the address of the API")
        }
        _ => {
            let what = format!("{place} answers what is not HTTP as it should be");
            Error::new(ErrorKind::Answer, what, "check the address of the API, and what is in between")
        }
    }
}

fn untrusted(place: &str, why: &dyn std::fmt::Display) -> Error {
    let what = format!("{place} cannot prove that it is {place} ({})", fillrate::visible(&why.to_string()));
    let advice =
        "nothing was sent: check the address, this machine's clock, and whether something is in between";
    Error::new(ErrorKind::Tls, what, advice)
}
