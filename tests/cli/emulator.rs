//! `apicenter emulator`: a service for other programs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use super::harness::{Project, Running, project_file};
use super::samples::{api, orders};

/// Starts the emulator and returns it with the one line that it prints.
fn serve<'a>(project: &'a Project, arguments: &str) -> (Running<'a>, String) {
    let mut running = project.start(&format!("emulator {arguments}"));
    let stdout = running.child().stdout.take().expect("it is piped");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let url = line.trim_end().to_owned();
    let scheme = if arguments.contains("--https") {
        "https"
    } else {
        "http"
    };
    let start = format!("{scheme}://127.0.0.1:");
    assert!(url.starts_with(&start), "{line}");
    (running, url)
}

/// A project whose service is at this address; its manifests declare the service too.
fn project_at(url: &str) -> Project {
    let spec = format!(
        "targets:\n  live:\n    subscriptionId: 00000000-0000-0000-0000-000000000001\n    \
         resourceGroup: rg\n    service: contoso\n    cloud: {{resourceManager: \"{url}\"}}"
    );
    let service = "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\n\
                   spec: {location: westeurope, sku: Standard}\n";
    orders(Project::with_spec(&spec))
        .file("service.yaml", service)
        .env("APICENTER_ACCESS_TOKEN", "any")
}

#[cfg(unix)]
#[test]
fn it_prints_its_address_serves_and_ends_with_the_signal() {
    let home = Project::empty();
    for signal in ["INT", "TERM"] {
        let (mut emulator, url) = serve(&home, "");
        let project = project_at(&url);
        project.run("apply --auto-approve").success();
        project.run("plan --detailed-exitcode").success();
        emulator.signal(signal);
        emulator.finish().success();
    }
}

#[test]
fn what_it_acknowledged_survives_a_kill() {
    let home = Project::empty();
    let (mut emulator, url) = serve(&home, "--data deep/state.redb --seed-delay-ms 0");
    let project = project_at(&url);
    project.run("apply --auto-approve").success();
    emulator.child().kill().expect("it is killed");
    drop(emulator);
    let (_emulator, url) = serve(&home, "--data deep/state.redb --seed-delay-ms 0");
    let again = project_at(&url);
    again
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    // The file is held by one process at a time.
    home.run("emulator --data deep/state.redb").exit(1);
}

#[test]
fn its_faults_are_survived() {
    let home = Project::empty();
    for switches in [
        "--fail-every 9",
        "--fail-every-after 9",
        "--throttle-rps 15 --page-size 1",
        "--throttle arm --throttle-speed 10",
        "--latency-ms 20 --export-link-above 10",
    ] {
        let (_emulator, url) = serve(&home, switches);
        let project = project_at(&url);
        project.run("apply --auto-approve").success();
        project.run("plan --detailed-exitcode").success();
    }
}

#[test]
fn the_sample_appears_when_it_is_told_to() {
    let home = Project::empty();
    let (_emulator, url) = serve(&home, "--seed-delay-ms 0");
    let project = project_at(&url);
    project.run("apply --auto-approve --only service").success();
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        plan["unmanaged"],
        serde_json::json!(["api/swagger-petstore"])
    );
}

#[test]
fn nonsense_is_refused_before_it_serves() {
    let home = Project::empty();
    for switches in [
        "--fail-every 0",
        "--page-size 0",
        "--throttle-rps -1",
        "--throttle none",
        "--throttle arm --throttle-rps 5",
        "--throttle-speed 5",
        "--certificate ca.pem",
        "--serve-host http://emulator",
        "--serve-host emulator:8181",
        "--serve-host .",
    ] {
        home.run(&format!("emulator {switches}")).exit(64);
    }
    home.write("empty", "\n");
    for file in ["empty", "missing"] {
        home.run(&format!("emulator --client-secret-file {file}"))
            .exit(1)
            .talks(&["client secret"]);
    }
    let (_emulator, url) = serve(&home, "");
    let address = url.strip_prefix("http://").expect("an address");
    home.run(&format!("emulator --listen {address}")).exit(1);
}

/// The status of a response to a request that names this host.
fn status_for(url: &str, host: &str) -> String {
    let address = url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("it is sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("text");
    response.split(' ').nth(1).expect("a status").to_owned()
}

#[test]
fn only_the_named_hosts_are_served_however_they_are_spelt() {
    let home = Project::empty();
    let (_emulator, url) = serve(
        &home,
        "--serve-host Emulator.Internal. --serve-host [2001:DB8:0::7]",
    );
    for host in [
        "emulator.internal:80",
        "EMULATOR.INTERNAL.",
        "[2001:db8::7]",
        "[2001:db8:0:0::7]:80",
    ] {
        assert_ne!(status_for(&url, host), "421", "{host}");
    }
    for host in ["internal", "emulator.internal.example", "[2001:db8::8]"] {
        assert_eq!(status_for(&url, host), "421", "{host}");
    }
}

#[test]
fn two_runs_with_the_embedded_emulator_wait_for_each_other() {
    let project = Project::empty()
        .file(
            "apicenter.yaml",
            &project_file("targets: {local: {emulator: {}}}"),
        )
        .file("a.yaml", &api("orders"));
    let runs: Vec<_> = (0..3).map(|_| project.start("plan -q")).collect();
    for run in runs {
        run.finish().success();
    }
}

#[test]
fn over_https_it_is_trusted_by_its_certificate_alone() {
    let home = Project::empty();
    let (_emulator, url) = serve(&home, "--https --certificate ca.pem --data state.redb");
    let ca = home.path("ca.pem").display().to_string();
    for url in [&url, &url.replace("127.0.0.1", "localhost")] {
        let project = project_at(url).env("SSL_CERT_FILE", &ca);
        project.run("apply --auto-approve").success();
        project
            .run("plan --detailed-exitcode")
            .success()
            .says(&["No changes."]);
    }
    project_at(&url).run("plan").exit(1).talks(&[
        &format!(
            "the certificate of {} is not trusted: ",
            url.trim_start_matches("https://")
        ),
        "SSL_CERT_FILE",
    ]);
}

#[cfg(unix)]
#[test]
fn the_certificate_stays_where_the_state_does() {
    let home = Project::empty();
    let mut seen = Vec::new();
    for data in ["--data a.redb", "--data a.redb", "--data b.redb"] {
        let (mut emulator, _) = serve(&home, &format!("--https --certificate ca.pem {data}"));
        emulator.signal("INT");
        emulator.finish().success();
        seen.push(home.read("ca.pem"));
    }
    assert!(seen[0].starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[test]
fn only_tokens_that_it_gave_out_open_it_where_login_is_required() {
    let home = Project::empty().file("secret", "right\n");
    let (_emulator, url) = serve(&home, "--require-login --client-secret-file secret");
    project_at(&url).run("plan").exit(3);
}
