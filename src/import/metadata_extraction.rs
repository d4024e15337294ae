//! What a description file says about its API.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{routes, xml_metadata};
use crate::document::{Description, Format};
use crate::model::view::{self, ApiView};
use crate::model::{Body, Diagnostics, Sources, without_mark};
use crate::yaml::{self, Node, NodeValue};

/// What a description file says about its API, in the fields of a manifest and not yet cut to size.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) title: Option<String>,
    pub(super) version: Option<String>,
    /// The style of the API.
    pub(super) kind: &'static str,
    /// Further fields of the API.
    pub(super) about: Body,
    /// Its absolute base addresses.
    pub(super) servers: Vec<Server>,
    /// Addresses that are not absolute, so that nobody knows where they lead.
    pub(super) relative: Vec<String>,
    /// Addresses with a variable that has no default, or several values.
    pub(super) templates: Vec<Template>,
    /// What its paths or channels begin with.
    pub(super) routes: BTreeSet<String>,
}

/// The address of a server that has variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) address: String,
    /// The address with the defaults of its variables; `None` if one has none.
    pub(super) default: Option<String>,
}

/// A base address of an API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) url: String,
    /// Further addresses of the same server.
    pub(super) also: Vec<String>,
    pub(super) description: Option<String>,
}

/// Reads what a text says, which is what `description` says.
pub(super) fn facts(description: &Description, text: &str) -> Facts {
    let text = without_mark(text);
    let mut facts = match description.specification.name.as_str() {
        "openapi" | "asyncapi" => of_info(&tree(description.format, text)),
        "raml" => of_raml(&tree(Format::Yaml, text)),
        "wsdl" | "wadl" => of_markup(text),
        "grpc" => of_proto(text),
        _ => Facts::default(),
    };
    facts.kind = match description.specification.name.as_str() {
        "graphql" => "graphql",
        "grpc" => "grpc",
        "wsdl" => "soap",
        "asyncapi" => style_of_events(&facts),
        _ if !facts.kind.is_empty() => facts.kind,
        _ => "rest",
    };
    let stated = description.title.clone().filter(|title| is_said(title));
    facts.title = stated.or(facts.title);
    facts
}

/// Events over HTTP are calls to the consumer; whatever else carries them stays connected.
fn style_of_events(facts: &Facts) -> &'static str {
    let calls = |server: &Server| server.url.starts_with("http");
    if !facts.servers.is_empty() && facts.servers.iter().all(calls) {
        "webhook"
    } else {
        "websocket"
    }
}

/// The fields of a document that are looked at, every scalar as the text that was written: `1.10` is
/// a version, not a number.
fn tree(format: Format, text: &str) -> Value {
    if format == Format::Json {
        return serde_json::from_str(text).unwrap_or_default();
    }
    let source = Sources::default().add("", "");
    let documents = yaml::parse(source, text, &mut Diagnostics::default());
    let root = documents.into_iter().find_map(|document| document.root);
    root.map(|root| as_written(&root, 0)).unwrap_or_default()
}

/// Only this many levels are looked at.
const DEPTH: usize = 6;

/// What descriptions of operations and types weigh is not copied.
const HEAVY: [&str; 6] = [
    "paths",
    "components",
    "definitions",
    "channels",
    "types",
    "operations",
];

fn as_written(node: &Node, depth: usize) -> Value {
    match &node.value {
        _ if depth > DEPTH => Value::Null,
        NodeValue::Scalar(_) if node.is_null() => Value::Null,
        NodeValue::Scalar(scalar) => Value::from(scalar.text.as_str()),
        NodeValue::Sequence(items) => items.iter().map(|i| as_written(i, depth + 1)).collect(),
        NodeValue::Mapping(entries) => Value::Object(
            entries
                .iter()
                .map(|entry| {
                    let key = entry.key.text.clone();
                    let heavy = depth == 0 && HEAVY.contains(&key.as_str());
                    let value = if heavy {
                        keys(&entry.value)
                    } else {
                        as_written(&entry.value, depth + 1)
                    };
                    (key, value)
                })
                .collect(),
        ),
    }
}

/// The keys of a mapping, without their values.
fn keys(node: &Node) -> Value {
    let entries = node.entries().unwrap_or_default();
    let keys = entries
        .iter()
        .map(|entry| (entry.key.text.clone(), Value::Null));
    Value::Object(keys.collect())
}

fn of_info(root: &Value) -> Facts {
    let info = &root["info"];
    let mut about = Body::new();
    put(&mut about, ApiView::SUMMARY, text(&info["summary"]));
    put(&mut about, ApiView::DESCRIPTION, text(&info["description"]));
    put(
        &mut about,
        ApiView::TERMS_URL,
        text(&info["termsOfService"]),
    );
    let documentation = [&root["externalDocs"], &info["externalDocs"]];
    let documentation: Vec<Value> = documentation.into_iter().filter_map(page).collect();
    view::set(&mut about, ApiView::EXTERNAL_DOCUMENTATION, documentation);
    let contacts: Vec<Value> = contact(&info["contact"]).into_iter().collect();
    view::set(&mut about, ApiView::CONTACTS, contacts);
    if let Some(license) = license(&info["license"]) {
        view::set(&mut about, ApiView::LICENSE, license);
    }
    let mut facts = Facts {
        title: text(&info["title"]),
        version: text(&info["version"]),
        about,
        kind: style_of_operations(root),
        routes: routes::of(root),
        ..Facts::default()
    };
    let servers = servers(root, &mut facts.templates);
    for server in servers {
        if server.url.contains("://") {
            facts.servers.push(server);
        } else {
            facts.relative.push(server.url);
        }
    }
    facts
}

/// A document with webhooks and no paths describes calls to the consumer.
fn style_of_operations(root: &Value) -> &'static str {
    if root.get("webhooks").is_some() && root.get("paths").is_none() {
        "webhook"
    } else {
        ""
    }
}

/// An entry of `externalDocumentation`. A short description is the text of the link.
fn page(docs: &Value) -> Option<Value> {
    let url = text(&docs["url"])?;
    Some(match text(&docs["description"]) {
        Some(words) if words.chars().count() <= 50 && !words.contains('\n') => {
            json!({"title": words, "url": url})
        }
        Some(words) => json!({"description": words, "url": url}),
        None => json!({ "url": url }),
    })
}

/// A contact has the same fields in descriptions and in manifests.
pub(super) fn contact(contact: &Value) -> Option<Value> {
    some_of(contact, &["name", "url", "email"])
}

/// The service takes an identifier or an address, not both.
pub(super) fn license(license: &Value) -> Option<Value> {
    let fields: &[&str] = match text(&license["identifier"]) {
        Some(_) => &["name", "identifier"],
        None => &["name", "url"],
    };
    some_of(license, fields)
}

/// The texts among these fields, if there is one.
fn some_of(value: &Value, fields: &[&str]) -> Option<Value> {
    let found: Map<String, Value> = fields
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), text(&value[*field])?.into())))
        .collect();
    (!found.is_empty()).then_some(Value::Object(found))
}

fn servers(root: &Value, templates: &mut Vec<Template>) -> Vec<Server> {
    match &root["servers"] {
        // OpenAPI 3
        Value::Array(servers) => servers
            .iter()
            .filter_map(|server| server_of(server, text(&server["url"])?, templates))
            .collect(),
        // AsyncAPI: `url` in version 2, `host` and `pathname` in version 3
        Value::Object(servers) => servers
            .values()
            .filter_map(|server| {
                let address = text(&server["url"]).or_else(|| {
                    let path = text(&server["pathname"]).unwrap_or_default();
                    Some(format!("{}{path}", text(&server["host"])?))
                })?;
                let protocol = text(&server["protocol"]).filter(|_| !address.contains("://"));
                server_of(
                    server,
                    match protocol {
                        Some(protocol) => format!("{protocol}://{address}"),
                        None => address,
                    },
                    templates,
                )
            })
            .collect(),
        _ => swagger_servers(root),
    }
}

/// Swagger 2: a host, schemes and a base path.
fn swagger_servers(root: &Value) -> Vec<Server> {
    let Some(host) = text(&root["host"]) else {
        let path = text(&root["basePath"]).filter(|path| path != "/");
        return path.map(Server::at).into_iter().collect();
    };
    let path = text(&root["basePath"]).unwrap_or_default();
    let schemes: Vec<String> = root["schemes"].as_array().map_or_else(Vec::new, |schemes| {
        schemes.iter().filter_map(text).collect()
    });
    // Without schemes it is the scheme by which the document was served: https, in all likelihood.
    let secure = schemes.is_empty() || schemes.iter().any(|scheme| scheme == "https");
    let scheme = if secure { "https" } else { schemes[0].as_str() };
    let path = path.trim_end_matches('/');
    vec![Server::at(format!("{scheme}://{host}{path}"))]
}

impl Server {
    fn at(url: String) -> Self {
        Self {
            url,
            ..Self::default()
        }
    }
}

fn server_of(server: &Value, address: String, templates: &mut Vec<Template>) -> Option<Server> {
    let mut url = address.clone();
    let mut has_choice = false;
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        if let Some(value) = text(&variable["default"]) {
            url = url.replace(&format!("{{{name}}}"), &value);
        }
        has_choice |= variable["enum"].as_array().is_some_and(|all| all.len() > 1);
    }
    // `https://{tenant}.contoso.com` is not an address.
    let is_address = !url.contains('{');
    if !is_address || has_choice {
        templates.push(Template {
            address,
            default: is_address.then(|| url.clone()),
        });
    }
    let described = text(&server["description"]).or_else(|| text(&server["title"]));
    is_address.then_some(Server {
        description: described,
        ..Server::at(url)
    })
}

fn of_raml(root: &Value) -> Facts {
    let mut about = Body::new();
    put(&mut about, ApiView::DESCRIPTION, text(&root["description"]));
    let version = text(&root["version"]);
    let base = text(&root["baseUri"])
        .map(|base| base.replace("{version}", version.as_deref().unwrap_or_default()))
        .filter(|base| base.contains("://"));
    let (templates, addresses): (Vec<String>, Vec<String>) =
        base.into_iter().partition(|base| base.contains('{'));
    let template = |address| Template {
        address,
        default: None,
    };
    Facts {
        templates: templates.into_iter().map(template).collect(),
        title: text(&root["title"]),
        version,
        about,
        servers: addresses.into_iter().map(Server::at).collect(),
        ..Facts::default()
    }
}

fn of_markup(document: &str) -> Facts {
    let mut about = Body::new();
    put(
        &mut about,
        ApiView::DESCRIPTION,
        xml_metadata::documentation(document),
    );
    Facts {
        about,
        servers: xml_metadata::addresses(document)
            .into_iter()
            .filter(|address| address.contains("://"))
            .map(Server::at)
            .collect(),
        ..Facts::default()
    }
}

/// By the naming rules of protocol buffers, a package ends with its version: `contoso.orders.v1`.
fn of_proto(document: &str) -> Facts {
    let package = document.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("package ")?;
        Some(rest.split(';').next()?.trim().to_owned())
    });
    let last = package.as_deref().and_then(|name| name.rsplit('.').next());
    let is_version = |word: &&str| {
        let digits = word.strip_prefix('v').unwrap_or_default();
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    Facts {
        version: last.filter(is_version).map(str::to_owned),
        ..Facts::default()
    }
}

/// A text that says something; numbers are texts too.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| is_said(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_said(text: &str) -> bool {
    !text.trim().is_empty()
}

fn put(body: &mut Body, path: &str, value: Option<String>) {
    if let Some(value) = value {
        view::set(body, path, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::describe;

    fn of(name: &str, text: &str) -> Facts {
        facts(&describe(Some(name), text).unwrap(), text)
    }

    fn urls(facts: &Facts) -> Vec<&str> {
        facts
            .servers
            .iter()
            .map(|server| server.url.as_str())
            .collect()
    }

    #[test]
    fn openapi_says_all_there_is() {
        let text = "openapi: 3.1.0\ninfo:\n  title: Orders\n  version: 1.10\n  summary: Short.\n  \
                    description: Long.\n  termsOfService: https://t\n  contact: {name: A, email: a@b, \
                    x-phone: 1}\n  license: {name: MIT, identifier: MIT, url: https://l}\n\
                    externalDocs: {url: https://d, description: Guide}\nservers:\n  - url: \
                    https://{region}.contoso.com/{stage}\n    description: Europe\n    variables:\n      \
                    region: {default: eu}\n      stage: {default: v1}\n  - url: /relative\n  - url: \
                    https://{unknown}.contoso.com\npaths: {}\n";
        let facts = of("x.yaml", text);
        assert_eq!(facts.version.as_deref(), Some("1.10"));
        assert_eq!(
            Value::Object(facts.about.clone()),
            json!({
                "summary": "Short.", "description": "Long.", "termsOfService": {"url": "https://t"},
                "externalDocumentation": [{"title": "Guide", "url": "https://d"}],
                "contacts": [{"name": "A", "email": "a@b"}],
                "license": {"name": "MIT", "identifier": "MIT"},
            })
        );
        assert_eq!(urls(&facts), ["https://eu.contoso.com/v1"]);
        assert_eq!(facts.servers[0].description.as_deref(), Some("Europe"));
        assert_eq!(facts.relative, ["/relative"]);
        assert_eq!(facts.kind, "rest");
    }

    #[test]
    fn every_format_says_where_it_answers_and_of_what_style_it_is() {
        for (name, text, kind, servers) in [
            (
                "x.json",
                r#"{"swagger":"2.0","info":{},"host":"a.b","basePath":"/v1/","schemes":["http","https"]}"#,
                "rest",
                vec!["https://a.b/v1"],
            ),
            (
                "x.json",
                r#"{"swagger":"2.0","info":{},"host":"a.b","schemes":["http"]}"#,
                "rest",
                vec!["http://a.b"],
            ),
            (
                "x.json",
                r#"{"swagger":"2.0","info":{},"basePath":"/v1"}"#,
                "rest",
                vec![],
            ),
            (
                "x.yaml",
                "openapi: 3.1.0\ninfo: {}\nwebhooks: {}\n",
                "webhook",
                vec![],
            ),
            (
                "x.yaml",
                "asyncapi: 2.6.0\ninfo: {}\nservers: {p: {url: 'k.b:9092', protocol: kafka}}\n",
                "websocket",
                vec!["kafka://k.b:9092"],
            ),
            (
                "x.yaml",
                "asyncapi: 3.0.0\ninfo: {}\nservers: {p: {host: a.b, pathname: /h, protocol: https}}\n",
                "webhook",
                vec!["https://a.b/h"],
            ),
            (
                "x.raml",
                "#%RAML 1.0\ntitle: T\nversion: v2\nbaseUri: https://a.b/{version}\n",
                "rest",
                vec!["https://a.b/v2"],
            ),
            (
                "x.wsdl",
                "<definitions name='S' xmlns='http://schemas.xmlsoap.org/wsdl/'><service><port>\
                 <address location='http://a.b/s'/></port></service></definitions>",
                "soap",
                vec!["http://a.b/s"],
            ),
            ("x.graphql", "type Query { a: Int }", "graphql", vec![]),
            (
                "x.proto",
                "syntax = \"proto3\";\npackage a.b.v1;\nmessage M {}",
                "grpc",
                vec![],
            ),
        ] {
            let facts = of(name, text);
            assert_eq!(facts.kind, kind, "{text}");
            assert_eq!(urls(&facts), servers, "{text}");
        }
        let proto = of(
            "x.proto",
            "syntax = \"proto3\";\npackage a.b.v1;\nmessage M {}",
        );
        assert_eq!(proto.version.as_deref(), Some("v1"));
        assert_eq!(of("x.proto", "package vendor;\nmessage M {}").version, None);
    }
}
