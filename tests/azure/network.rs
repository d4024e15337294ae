//! Names, proxies, TLS and certificates that do not work: each failure names host, port, file and variable, and is
//! repeated only if that can help.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::closed_port::ClosedPort;
use super::fake_authority::{run, with_secret};
use crate::cli::harness::{Outcome, Project, TOKEN};
#[cfg(target_os = "linux")]
use crate::cli::samples::orders;
#[cfg(target_os = "linux")]
use crate::cli::service_fixture::ServiceFixture;

const TUNNEL: &str = "HTTP/1.1 200 OK\r\n\r\n";
const HOST: &str = "arm.contoso.com";

/// A proxy, and what it was asked for.
struct Proxy {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Gives this response to whoever asks for a tunnel. Behind a tunnel there is a server with this certificate.
    fn start(response: &'static str, certificate: Option<&Certificate>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&seen);
        let config = certificate.map(|certificate| Arc::new(certificate.server()));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let note = |head: &str| {
                    let line = head.lines().next().unwrap_or_default().to_owned();
                    heard.lock().expect("nobody panicked").push(line);
                };
                note(&head(&mut stream));
                // Whoever asked may have left.
                let _sent = stream.write_all(response.as_bytes());
                let Some(config) = config.clone() else {
                    continue;
                };
                let server = ServerConnection::new(config).expect("a server");
                let mut stream = StreamOwned::new(server, stream);
                let request = head(&mut stream);
                if request.is_empty() {
                    continue;
                }
                note(&request);
                let _sent = stream.write_all(
                    b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                );
                stream.conn.send_close_notify();
                let _sent = stream.flush();
            }
        });
        Self { address, seen }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().expect("nobody panicked"))
    }
}

/// What comes before a body; nothing if the other side leaves before.
fn head(stream: &mut impl std::io::Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return String::new(),
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// A certificate of a server, and that of the authority which signed it.
struct Certificate {
    own: CertificateDer<'static>,
    key: KeyPair,
    authority: String,
}

impl Certificate {
    fn of(name: &str, from: i32, until: i32) -> Self {
        Self::signed_by(&format!("authority of {name}"), name, from, until)
    }

    fn signed_by(authority_name: &str, name: &str, from: i32, until: i32) -> Self {
        let mut authority = CertificateParams::new(Vec::<String>::new()).expect("parameters");
        authority
            .distinguished_name
            .push(DnType::CommonName, authority_name);
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let authority_key = KeyPair::generate().expect("a key");
        let pem = authority.self_signed(&authority_key).expect("signed").pem();
        let issuer = Issuer::new(authority, authority_key);
        let mut server = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        server.not_before = date_time_ymd(from, 1, 1);
        server.not_after = date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let own = server.signed_by(&key, &issuer).expect("signed");
        Self {
            own: own.der().clone(),
            key,
            authority: pem,
        }
    }

    fn server(&self) -> ServerConfig {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key");
        ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![self.own.clone()], key)
            .expect("a server")
    }
}

/// A project whose target is a cloud at this address, with a token.
fn cloud(address: &str) -> Project {
    Project::with_spec(&format!(
        "targets:\n  live:\n    subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    \
         cloud: {{resourceManager: \"https://{address}\", authority: \"https://{address}\"}}"
    ))
    .env("APICENTER_ACCESS_TOKEN", TOKEN)
    .env("APICENTER_HTTP_TIMEOUT", "20")
}

fn plan(project: &Project) -> Outcome {
    let outcome = run(
        project,
        &format!("plan --allow-host {HOST} --allow-host x.invalid"),
    );
    assert!(!outcome.stderr.contains("attempts"), "{outcome}");
    outcome
}

#[test]
fn a_name_that_does_not_exist_is_asked_once() {
    let project = cloud("x.invalid:8443");
    plan(&project).exit(1).talks(&[
        "no connection to x.invalid:8443: the name x.invalid cannot be resolved: ",
        "help: check the name x.invalid and the network; if there is a proxy, set HTTPS_PROXY",
    ]);
    plan(&project.env("http_proxy", "http://127.0.0.1:9"))
        .exit(1)
        .talks(&["HTTP_PROXY is not used for https: set HTTPS_PROXY"]);
    let proxied = cloud(HOST).env("HTTPS_PROXY", "http://joe:s3cret@x.invalid:3128");
    plan(&proxied)
        .exit(1)
        .talks(&[
            "no connection to arm.contoso.com:443: the proxy http://x.invalid:3128 (HTTPS_PROXY) has a name that \
             cannot be resolved: ",
            "check HTTPS_PROXY",
        ])
        .never_says("s3cret");
    let signing_in = with_secret(cloud("x.invalid")).env("APICENTER_ACCESS_TOKEN", "");
    plan(&signing_in).exit(3).talks(&[
        "signing in with client-secret failed: no connection to x.invalid:443: the name x.invalid cannot be resolved: ",
    ]);
}

#[test]
fn a_proxy_that_refuses_is_asked_once() {
    let port = ClosedPort::hold();
    let closed = port.address();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        plan(&cloud(HOST).env(variable, &closed)).exit(1).talks(&[
            &format!(
                "no connection to arm.contoso.com:443: the proxy http://{closed} ({variable}) refuses connections"
            ),
            &format!("help: check {variable} and that the proxy is running"),
            "if arm.contoso.com can be reached directly, add it to NO_PROXY",
        ]);
    }
    let (needs, does_not) = (
        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
    );
    for (response, user, texts) in [
        (
            needs,
            "",
            [
                "requires a user name and a password",
                "add USER:PASSWORD@ before the host in HTTPS_PROXY",
            ],
        ),
        (
            needs,
            "joe:s3cret@",
            [
                "does not accept the user name and the password",
                "check both in HTTPS_PROXY",
            ],
        ),
        (
            does_not,
            "",
            ["does not connect to it", "allow arm.contoso.com:443"],
        ),
    ] {
        let proxy = Proxy::start(response, None);
        let address = &proxy.address;
        let project = cloud(HOST).env("HTTPS_PROXY", &format!("http://{user}{address}"));
        let start = format!(
            "no connection to arm.contoso.com:443: the proxy http://{address} (HTTPS_PROXY) "
        );
        plan(&project)
            .exit(1)
            .talks(&[&start, texts[0], "help: ", texts[1]])
            .never_says("s3cret");
        assert_eq!(proxy.seen(), ["CONNECT arm.contoso.com:443 HTTP/1.1"]);

        let signing_in = with_secret(project).env("APICENTER_ACCESS_TOKEN", "");
        plan(&signing_in).exit(3).talks(&[
            "signing in with client-secret failed: ",
            &start,
            texts[0],
            "help: ",
            texts[1],
        ]);
        assert_eq!(proxy.seen().len(), 1);
    }
}

#[test]
fn a_proxy_that_is_written_badly_is_not_passed_by() {
    let proxy = Proxy::start(TUNNEL, None);
    for (text, reason) in [
        (
            "http//proxy:3128",
            "which must be scheme, host and port only",
        ),
        (
            "http://proxy:port",
            "which is not a URL: invalid port number",
        ),
        (
            "socks5://proxy:1080",
            "which is a SOCKS proxy; only http and https proxies are supported",
        ),
        (
            "http://joe:s3cret@proxy:port",
            "http://proxy:port`, which is not a URL",
        ),
    ] {
        let project = cloud(HOST)
            .env("HTTPS_PROXY", text)
            .env("ALL_PROXY", &proxy.url());
        plan(&project)
            .exit(1)
            .talks(&[
                "not sent: HTTPS_PROXY is `",
                reason,
                "help: write HTTPS_PROXY=http://HOST:PORT, or unset it; to connect to arm.contoso.com directly, add \
                 it to NO_PROXY",
            ])
            .never_says("s3cret");
    }
    assert_eq!(proxy.seen(), [""; 0]);
    // Where no proxy is used, its address does not matter.
    let direct = cloud("x.invalid")
        .env("HTTPS_PROXY", "http//proxy")
        .env("NO_PROXY", ".invalid");
    plan(&direct).exit(1).talks(&[
        "the name x.invalid cannot be resolved",
        "NO_PROXY excludes it from the proxy",
    ]);
}

#[test]
fn a_comment_has_the_same_proxy() {
    let port = ClosedPort::hold();
    let closed = port.address();
    let project = Project::empty()
        .file("plan.md", "<!-- apicenter-plan:prod -->\nNo changes.\n")
        .env("GITHUB_REPOSITORY", "contoso/apis")
        .env("GITHUB_TOKEN", "forge-token")
        .env("HTTPS_PROXY", &closed);
    let command = "comment --forge github --pr 7 --body-file plan.md";
    project.run(command).exit(1).talks(&[
        &format!("no connection to api.github.com:443: the proxy http://{closed} (HTTPS_PROXY) refuses connections"),
        "help: check HTTPS_PROXY",
    ]);
    project
        .env("HTTPS_PROXY", "http://[")
        .run(command)
        .exit(1)
        .talks(&["HTTPS_PROXY is `http://[`, which is not a URL"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_certificate_that_is_not_trusted_says_why() {
    let good = Certificate::of(HOST, 2000, 2999);
    let other = Certificate::of("other.contoso.com", 2000, 2999);
    let expired = Certificate::of(HOST, 2000, 2001);
    let future = Certificate::of(HOST, 2998, 2999);
    let again = Certificate::of(HOST, 2000, 2999);
    for (served, trusted, reason, help) in [
        (
            &good,
            &again,
            "an authority of the same name as a trusted one signed it, with another key",
            "add its certificate to",
        ),
        (
            &good,
            &other,
            "it is signed by an unknown authority",
            "add its certificate to",
        ),
        (
            &other,
            &other,
            "it is for other.contoso.com only",
            "must have the name that is used",
        ),
        (
            &expired,
            &expired,
            "it expired on 2001-12-31",
            "the clock of this machine, which shows 2",
        ),
        (
            &future,
            &future,
            "it is not valid before 2998-01-01",
            "the clock of this machine",
        ),
    ] {
        let proxy = Proxy::start(TUNNEL, Some(served));
        let project = cloud(HOST)
            .env("HTTPS_PROXY", &proxy.url())
            .file("ca.pem", &trusted.authority);
        let path = project.path("ca.pem").display().to_string();
        plan(&project.env("SSL_CERT_FILE", &path)).exit(1).talks(&[
            "the certificate of arm.contoso.com:443 is not trusted: ",
            reason,
            "help: ",
            help,
            &format!(
                "went through the proxy http://{} (HTTPS_PROXY)",
                proxy.address
            ),
        ]);
        assert_eq!(
            proxy.seen(),
            ["CONNECT arm.contoso.com:443 HTTP/1.1"],
            "{reason}"
        );
    }
    // And one that is trusted.
    let proxy = Proxy::start(TUNNEL, Some(&good));
    let project = cloud(HOST)
        .env("HTTPS_PROXY", &proxy.url())
        .file("ca.pem", &good.authority);
    let path = project.path("ca.pem").display().to_string();
    let project = project.env("SSL_CERT_FILE", &path);
    plan(&project).exit(3).talks(&["not allowed"]);
    let seen = proxy.seen();
    assert!(
        seen[1].starts_with("GET /subscriptions/s/resourceGroups/rg/"),
        "{seen:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_certificate_file_that_cannot_be_used_is_named_before_anything_is_sent() {
    let good = Certificate::of(HOST, 2000, 2999);
    let proxy = Proxy::start(TUNNEL, Some(&good));
    let project = cloud(HOST)
        .env("HTTPS_PROXY", &proxy.url())
        .file("empty.pem", "")
        .file("garbage.pem", "\u{1}\u{2}garbage")
        .file("half.pem", &good.authority[..good.authority.len() / 2])
        .file("folder/x", "");
    let mut project = project;
    for (file, reason) in [
        ("missing.pem", "cannot be read: No such file or directory"),
        ("folder", "cannot be read: Is a directory"),
        ("empty.pem", "contains no certificate"),
        ("garbage.pem", "contains no certificate"),
        ("half.pem", "is damaged: "),
    ] {
        let path = project.path(file).display().to_string();
        project = project.env("SSL_CERT_FILE", &path);
        plan(&project).exit(1).talks(&[
            &format!("not sent: SSL_CERT_FILE names the file {path}, which {reason}"),
            "help: set SSL_CERT_FILE to a file with the certificates of the authorities to trust, in PEM form, or \
             unset SSL_CERT_FILE",
        ]);
    }
    let folder = project.path("folder").display().to_string();
    let in_folder = project
        .env("SSL_CERT_FILE", "")
        .env("SSL_CERT_DIR", &folder);
    plan(&in_folder).exit(1).talks(&[
        &format!("not sent: SSL_CERT_DIR is `{folder}`; no certificate was found there"),
        "or unset SSL_CERT_DIR",
    ]);
    let signing_in = with_secret(in_folder).env("APICENTER_ACCESS_TOKEN", "");
    plan(&signing_in)
        .exit(1)
        .talks(&["signing in with client-secret failed: SSL_CERT_DIR is `"]);
    assert_eq!(proxy.seen(), [""; 0]);
    // The embedded emulator has no certificate.
    let local = Project::local().env("SSL_CERT_FILE", "/does/not/exist");
    local.run("plan").success();
}

#[test]
fn a_server_without_tls_is_asked_once() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.expect("a connection");
            *counted.lock().expect("nobody panicked") += 1;
            let _read = stream.read(&mut [0; 1024]);
            let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    plan(&cloud(&address)).exit(1).talks(&[
        &format!("no connection to {address}: it does not speak TLS"),
        "help: check the address, its port, and whether it must be http",
    ]);
    assert_eq!(*count.lock().expect("nobody panicked"), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn http2_is_spoken_where_it_is_offered() {
    let mut center = ServiceFixture::with(|options| options.https = true);
    let project = orders(Project::of(&center)).file("trusted.pem", center.certificate());
    let trusted = project.path("trusted.pem").display().to_string();
    let project = project.env("SSL_CERT_FILE", &trusted);
    center.mark();
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
    let asked = center.requests();
    assert!(asked.len() > 20, "{asked:#?}");
    assert!(asked.iter().all(|one| one.is_http2), "{asked:#?}");
}
