//! Which authority is asked: of the cloud, of the project file, of the environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::authority::{Authority, TENANT, project_with, run, with_secret};
use crate::cli::center::Center;
use crate::cli::harness::Project;

/// A proxy that lets nobody through and notes where they wanted to go.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
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
            "login.microsoftonline.us",
        ),
        (
            "cloud: {resourceManager: \"https://arm.contoso.com\"}",
            "https://login.contoso.com",
            "login.contoso.com",
        ),
        (
            "cloud: {resourceManager: \"https://arm.contoso.com\", authority: \"https://in.contoso.com\"}",
            "https://login.contoso.com",
            "in.contoso.com",
        ),
    ] {
        let target =
            format!("subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    {cloud}");
        let project = with_secret(Project::with_spec(&format!(
            "targets:\n  live:\n    {target}"
        )))
        .env("AZURE_AUTHORITY_HOST", variable)
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
    let center = Center::start();
    let authority = Authority::start(&center);
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
