//! Servers that can prove who they are, and others: H2.

use std::sync::Arc;

use fillrate_api::{Error, ErrorKind, Fetched, Settings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::server::{Answering, Duplex, Request, Server, Step, reply};
use crate::stage::{AUDIENCE, CSV, Notes, RUN, id, said, settings, usual};

/// An authority of the test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn certify(&self, name: &str, until: i32) -> (CertificateDer<'static>, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().der().clone(), key)
    }
}

/// A server with a certificate.
fn server(
    (certificate, key): (CertificateDer<'static>, KeyPair),
    script: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static,
) -> Server {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let wrap = move |mut stream: &mut dyn Duplex, answer: &mut Answering<'_>| {
        let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = Stream::new(&mut connection, &mut stream);
        answer(&mut stream);
        stream.conn.send_close_notify();
        // Whoever does not trust this server has gone already.
        let _ = stream.conn.write_tls(stream.sock);
    };
    Server::over(Arc::new(wrap), script)
}

fn fetch(server: &Server, authority: Option<&Authority>) -> Result<Fetched, Error> {
    let settings = Settings {
        roots: authority.map(|authority| vec![authority.certificate.to_vec()]),
        ..settings(&format!("https://{}", server.address))
    };
    let (notes, out) = (Notes::default(), tempfile::tempdir().unwrap());
    let client =
        fillrate_api::Client::new(settings, fillrate_api::ApiKey::new("sk_x").unwrap(), &notes).unwrap();
    fillrate_api::Fetch { client: &client, out: out.path(), force: false }.direct(&id(AUDIENCE), &id(RUN))
}

#[test]
fn a_server_that_its_authority_vouches_for_is_believed() {
    let authority = Authority::new();
    let server = server(authority.certify("127.0.0.1", 4000), |request| usual(request, "http://unused"));
    let fetched = fetch(&server, Some(&authority));
    assert!(fetched.as_ref().is_ok_and(Fetched::agrees), "{}", said(&fetched));
}

#[test]
fn any_other_server_is_sent_nothing() {
    let authority = Authority::new();
    let self_signed = || {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        (params.self_signed(&key).unwrap().der().clone(), key)
    };
    let table = [
        ("expired", authority.certify("127.0.0.1", 2021), Some(&authority)),
        ("of another name", authority.certify("127.0.0.2", 4000), Some(&authority)),
        ("of another host", authority.certify("example.com", 4000), Some(&authority)),
        ("self-signed", self_signed(), Some(&authority)),
        ("of an authority that nobody knows", authority.certify("127.0.0.1", 4000), None),
    ];
    for (why, certificate, trusted) in table {
        let server = server(certificate, |request| usual(request, "http://unused"));
        let result = fetch(&server, trusted);
        assert_eq!(result.as_ref().err().map(Error::kind), Some(ErrorKind::Tls), "{why}: {}", said(&result));
        assert_eq!(server.received(), "", "{why}");
    }
}

/// H1: what was encrypted is not sent in clear.
#[test]
fn a_redirect_from_https_to_http_is_refused() {
    let plain = Server::new(|_| reply(200, &[], CSV));
    let aim = plain.url();
    let authority = Authority::new();
    let server = server(authority.certify("127.0.0.1", 4000), move |request| {
        if request.line().ends_with("/export.csv") {
            reply(302, &[("Location", &format!("{aim}/x"))], "")
        } else {
            usual(request, &aim)
        }
    });
    let result = fetch(&server, Some(&authority));
    assert_eq!(result.as_ref().err().map(Error::kind), Some(ErrorKind::Redirect), "{}", said(&result));
    assert_eq!(plain.received(), "");
}
