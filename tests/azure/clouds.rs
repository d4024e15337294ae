//! Which authority is asked: of the cloud, of the project file, of the environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rcgen::CertifiedKey;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::fake_authority::{FakeAuthority, TENANT, issued_token, project_with, run, with_secret};
use crate::cli::harness::Project;
use crate::cli::service_fixture::ServiceFixture;

/// A proxy that lets nobody through and notes where they wanted to go.
pub(super) fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let wanted: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = Arc::clone(&wanted);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut line = String::new();
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let _read = reader.read_line(&mut line);
            let line = line.trim().trim_end_matches(" HTTP/1.1").to_owned();
            heard.lock().expect("nobody panicked").push(line);
            let _sent = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (url, wanted)
}

#[test]
fn each_cloud_has_its_authority_and_proxies_apply_to_it() {
    let (proxy, wanted) = proxy();
    for (cloud, variable, host) in [
        ("", "", "login.microsoftonline.com"),
        ("cloud: public", "", "login.microsoftonline.com"),
        ("cloud: usgovernment", "", "login.microsoftonline.us"),
        ("cloud: china", "", "login.chinacloudapi.cn"),
        ("", "https://login.contoso.com/", "login.contoso.com"),
        ("", "login.contoso.com", "login.contoso.com"),
        (
            "cloud: usgovernment",
            "https://login.contoso.com/",
            "login.contoso.com",
        ),
        (
            "cloud: {resourceManager: \"https://arm.contoso.com\"}",
            "https://login.contoso.com",
            "login.contoso.com",
        ),
        (
            "cloud: {resourceManager: \"https://arm.contoso.com\", authority: \"https://in.contoso.com\"}",
            "",
            "in.contoso.com",
        ),
        (
            "cloud: {resourceManager: \"https://arm.contoso.com\", authority: \"https://in.contoso.com\"}",
            "https://login.contoso.com",
            "login.contoso.com",
        ),
    ] {
        let target =
            format!("subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    {cloud}");
        let project = with_secret(Project::with_spec(&format!(
            "targets:\n  live:\n    {target}"
        )))
        .env("AZURE_AUTHORITY_HOST", variable)
        .env("APICENTER_ALLOWED_HOSTS", "arm.contoso.com, in.contoso.com")
        .env("HTTPS_PROXY", &proxy)
        .env("APICENTER_HTTP_TIMEOUT", "5");
        run(&project, "plan")
            .exit(3)
            .talks(&["signing in with client-secret failed: "]);
        let wanted: Vec<String> = std::mem::take(&mut *wanted.lock().expect("nobody panicked"));
        let expected = format!("CONNECT {host}:443");
        assert!(
            !wanted.is_empty() && wanted.iter().all(|line| *line == expected),
            "{wanted:?} {cloud}"
        );
    }
}

#[test]
fn plain_http_is_for_an_authority_and_a_service_on_this_machine_only() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let below = with_secret(project_with(&center, &format!("{}/below/", authority.url)));
    run(&below, "plan").success();
    assert_eq!(
        authority.lines(),
        [format!("POST /below/{TENANT}/oauth2/v2.0/token")]
    );

    authority.mark();
    let outside = with_secret(project_with(&center, "http://login.contoso.com"));
    run(&outside, "plan").exit(1).talks(&["must be https"]);
    let cloud = format!(
        "cloud: {{resourceManager: \"https://arm.contoso.com\", authority: \"{}\"}}",
        authority.url
    );
    let target =
        format!("subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    {cloud}");
    let mixed = with_secret(Project::with_spec(&format!(
        "targets:\n  live:\n    {target}"
    )));
    run(&mixed, "plan")
        .exit(1)
        .talks(&["the authority", "must be https"]);
    assert_eq!(authority.lines(), [""; 0]);
}

/// An authority with a certificate that nobody knows, and that certificate.
fn behind_tls(center: &ServiceFixture) -> (String, String) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let runtime = center.background();
    let socket = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let body = format!(
        r#"{{"access_token": "{}", "expires_in": 3599}}"#,
        issued_token()
    );
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    runtime.spawn(async move {
        while let Ok((stream, _)) = socket.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut heard = String::new();
            while !heard.contains("grant_type=client_credentials") {
                let mut bytes = [0; 4096];
                match stream.read(&mut bytes).await {
                    Ok(count) if count > 0 => {
                        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
                    }
                    _ => break,
                }
            }
            let _sent = stream.write_all(answer.as_bytes()).await;
            let _closed = stream.shutdown().await;
        }
    });
    (format!("https://localhost:{port}"), cert.pem())
}

#[cfg(target_os = "linux")]
#[test]
fn a_certificate_is_trusted_if_ssl_cert_file_holds_it() {
    let center = ServiceFixture::start();
    let (url, certificate) = behind_tls(&center);
    let project = with_secret(project_with(&center, &url)).file("trusted.pem", &certificate);
    let place = url.trim_start_matches("https://");
    run(&project, "plan").exit(3).talks(&[
        &format!("the certificate of {place} is not trusted: "),
        "SSL_CERT_FILE",
    ]);
    let trusted = project.path("trusted.pem").display().to_string();
    run(&project.env("SSL_CERT_FILE", &trusted), "plan").success();
}
