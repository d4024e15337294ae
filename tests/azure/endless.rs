//! A service whose responses never end, or would fill the memory: a read ends with an error.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use crate::cli::harness::{Ended, Project, TOKEN};

/// A service whose list of APIs is this one. `{next}` in it is an address that was not asked before.
fn service(list: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let root = url.clone();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (stream, root) = (stream.expect("a connection"), root.clone());
            std::thread::spawn(move || respond(stream, list, &root, number));
        }
    });
    url
}

/// Serves one connection. Whoever asked may leave.
fn respond(mut stream: TcpStream, list: &str, root: &str, connection: usize) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    for request in 0.. {
        let mut first = String::new();
        let mut line = String::new();
        while !matches!(line.as_str(), "\r\n") {
            line.clear();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if first.is_empty() {
                first.clone_from(&line);
            }
        }
        let path = first.split([' ', '?']).nth(1)?;
        let next = format!("{root}{path}?page={connection}-{request}");
        let body = match path.rsplit('/').next() {
            Some("contoso") => r#"{"location": "westeurope", "properties": {}}"#.to_owned(),
            Some("apis") => list.replace("{next}", &next),
            _ => r#"{"value": []}"#.to_owned(),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
    }
    Some(())
}

fn plan(list: String) -> Ended {
    let url = service(list.leak());
    let project = Project::with_spec(&format!(
        "targets:\n  live:\n    subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    \
         cloud: {{resourceManager: \"{url}\"}}"
    ))
    .env("APICENTER_ACCESS_TOKEN", TOKEN);
    project.run("plan").exit(1)
}

#[test]
fn a_list_of_endless_pages_ends() {
    let text = "x".repeat(4 << 20);
    let _ = plan(format!(
        r#"{{"value": [{{"name": "one", "properties": {{"description": "{text}"}}}}], "nextLink": "{{next}}"}}"#
    ))
    .talks(&["unexpected response: the list does not end within 67108864 bytes"]);
}

#[test]
fn a_page_that_is_too_large_is_not_read() {
    let text = "x".repeat(17 << 20);
    let _ = plan(format!(r#"{{"value": [], "x": "{text}"}}"#)).talks(&["exceeds 16777216 bytes"]);
}

#[test]
fn a_small_text_that_takes_much_memory_is_not_read() {
    let zeros = "0,".repeat(4 << 20);
    let _ = plan(format!(
        r#"{{"value": [{{"name": "one", "properties": {{"x": [{zeros}0]}}}}]}}"#
    ))
    .talks(&["unexpected response: the response has more values than this program reads"]);
}
