//! How the server begins and ends.

use serde_json::json;

use super::client::Client;
use crate::cli::harness::Project;

#[test]
fn the_server_says_what_it_can_do_and_ends_when_asked() {
    let project = Project::local();
    let mut client = Client::start(&project);
    assert_eq!(client.capabilities["positionEncoding"], "utf-16");
    assert_eq!(client.capabilities["textDocumentSync"]["change"], 2);
    let response = client.response("apicenter/nothing", json!({}));
    assert_eq!(response["error"]["code"], -32601, "{response}");
    let asked: Vec<_> = client.others.iter().map(|it| &it["method"]).collect();
    assert_eq!(asked, ["client/registerCapability"]);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn an_editor_that_disappears_ends_the_server() {
    let project = Project::local();
    let client = Client::start(&project);
    assert_eq!(client.vanish(), Some(1));
}

#[test]
fn messages_that_make_no_sense_are_ignored() {
    let project = Project::local();
    let mut client = Client::start(&project);
    client.notify("textDocument/didChange", json!({"textDocument": 1}));
    client.notify("textDocument/didOpen", json!({}));
    client.notify("$/setTrace", json!({"value": "off"}));
    for address in ["untitled:Untitled-1", "https://contoso.com/a.yaml"] {
        let document = json!({"uri": address, "languageId": "yaml", "version": 1, "text": "a: 1"});
        client.notify("textDocument/didOpen", json!({"textDocument": document}));
    }
    client.open("apicenter.yaml");
    assert_eq!(client.diagnostics("apicenter.yaml"), json!([]));
    assert_eq!(client.end(), Some(0));
}
