//! How operations are written and sent.

use std::collections::BTreeMap;

use super::view::Api;
use crate::document::breaking::findings::{Entry, Findings, Places, code, line};

/// Elements within one another that are looked into, at most.
const DEEPEST: usize = 6;

/// What comes before the name of a header in keys.
const HEADER_NAME: char = '\u{1e}';

/// What comes after the name of a header in keys.
const HEADER: char = '\u{1f}';

/// What is said of a header that is required.
const REQUIRED: &str = "required";

/// A value, and the element that says it.
type SaidValue = (String, usize);

/// What is said at one place.
type Said = BTreeMap<String, SaidValue>;

/// An operation of a binding.
struct Bound {
    node: usize,
    said: Said,
    /// Whether it says itself whether parts or a document are sent.
    has_style: bool,
}

/// Compares two elements `binding`.
pub(super) fn compare(
    place: &str,
    (one, before): (&Api<'_>, usize),
    (other, after): (&Api<'_>, usize),
    findings: &mut Findings,
) {
    let reports = Reports {
        place,
        apis: (one, other),
    };
    reports.compare(
        "",
        (&said_at(one, before), &said_at(other, after)),
        (before, after),
        findings,
    );
    let (was, mut now) = (operations(one, before), operations(other, after));
    for (name, mut bound) in was {
        let Some(mut same) = now.remove(&name) else {
            let is_kept = other
                .port_types
                .values()
                .any(|all| all.operations.contains_key(&name));
            // Otherwise, that the operation was removed says it.
            if is_kept {
                let words = format!("operation {} is no longer bound", code(&name));
                let around = other.tree.place(after);
                let places = Places::removed(&one.tree.place(bound.node), Some(&around));
                let entry = Entry::new("binding-changed", words);
                findings.add(place, entry.within(places));
            }
            continue;
        };
        let what = format!("operation {}: ", code(&name));
        if !bound.has_style && !same.has_style {
            bound.said.remove("style");
            same.said.remove("style");
        }
        reports.compare(
            &what,
            (&bound.said, &same.said),
            (bound.node, same.node),
            findings,
        );
    }
}

struct Reports<'p, 't> {
    place: &'p str,
    apis: (&'p Api<'t>, &'p Api<'t>),
}

impl Reports<'_, '_> {
    fn compare(
        &self,
        what: &str,
        (was, now): (&Said, &Said),
        nodes: (usize, usize),
        findings: &mut Findings,
    ) {
        let keys: std::collections::BTreeSet<&String> = was.keys().chain(now.keys()).collect();
        for key in keys {
            let pair = (was.get(key), now.get(key));
            if let Some((header, rest)) = key.split_once(HEADER) {
                let marker = format!("{header}{HEADER}");
                let is_kept = was.contains_key(&marker) && now.contains_key(&marker);
                if !rest.is_empty() && !is_kept {
                    continue;
                }
            }
            let shown = shown(key);
            let entry = match pair {
                pair if key.ends_with(HEADER) => match header(&format!("{what}{shown}"), pair) {
                    Some(entry) => entry,
                    None => continue,
                },
                (Some((was, _)), Some((now, _))) if was == now => continue,
                (Some((was, _)), Some((now, _))) => {
                    let rule = if is_action(key) {
                        "soap-action"
                    } else {
                        "binding-changed"
                    };
                    Entry::new(
                        rule,
                        format!("{what}{shown} is {} now, and was {}", code(now), code(was)),
                    )
                }
                (None, Some((now, _))) => Entry::caution(
                    "binding-changed",
                    format!("{what}{shown} is {} now, and was not stated", code(now)),
                ),
                (Some((was, _)), None) => Entry::caution(
                    "binding-changed",
                    format!("{what}{shown} is no longer stated; it was {}", code(was)),
                ),
                (None, None) => continue,
            };
            let address = |api: &Api<'_>, said: Option<&(String, usize)>, around| {
                Some(api.tree.address(said.map_or(around, |(_, node)| *node)))
            };
            let addresses = (
                address(self.apis.0, pair.0, nodes.0),
                address(self.apis.1, pair.1, nodes.1),
            );
            findings.push(self.place, entry, addresses);
        }
    }
}

/// A key in words: the name of a header is between backticks.
fn shown(key: &str) -> String {
    let Some((before, rest)) = key.split_once(HEADER) else {
        return line(key);
    };
    let (noun, name) = before.rsplit_once(HEADER_NAME).unwrap_or(("", before));
    format!("{}{} {}", line(noun), code(name), line(rest))
        .trim_end()
        .to_owned()
}

/// Whether a header was added, removed or is required now.
fn header<'e>(
    what: &str,
    (was, now): (Option<&SaidValue>, Option<&SaidValue>),
) -> Option<Entry<'e>> {
    let (was, now) = (was.map(|(was, _)| was), now.map(|(now, _)| now));
    let is_required = |word: &String| word == REQUIRED;
    let rule = "binding-changed";
    match (was, now) {
        (None, Some(now)) if is_required(now) => {
            Some(Entry::new(rule, format!("{what} is new and required")))
        }
        (None, Some(_)) => Some(Entry::caution(rule, format!("{what} is new"))),
        (Some(_), None) => Some(Entry::caution(rule, format!("{what} removed"))),
        (Some(was), Some(now)) if is_required(now) && !is_required(was) => {
            Some(Entry::new(rule, format!("{what} is now required")))
        }
        _ => None,
    }
}

fn is_action(key: &str) -> bool {
    key.ends_with("soapAction") || key == "action"
}

/// The operations of a binding, by their names.
fn operations(api: &Api<'_>, binding: usize) -> BTreeMap<String, Bound> {
    let style = said_at(api, binding).remove("style");
    let mut found = BTreeMap::new();
    for child in api.own(binding) {
        let node = api.tree.node(child);
        if node.name.local != "operation" {
            continue;
        }
        let stated = node
            .attribute("name")
            .or(node.attribute("ref"))
            .unwrap_or_default();
        let name = stated.rsplit(':').next().unwrap_or_default().to_owned();
        let mut said = said_at(api, child);
        let has_style = said.contains_key("style");
        said.entry("soapAction".to_owned())
            .or_insert_with(|| (String::new(), child));
        // What the binding says holds for operations that say nothing.
        if let Some(style) = &style {
            said.entry("style".to_owned())
                .or_insert_with(|| style.clone());
        }
        for inner in api.own(child) {
            let node = api.tree.node(inner);
            let local = match node
                .attribute("name")
                .filter(|_| node.name.local == "fault")
            {
                Some(name) => format!("fault {name}"),
                None => node.name.local.clone(),
            };
            for (key, value) in said_at(api, inner) {
                said.insert(format!("{local}: {key}"), value);
            }
        }
        found.insert(
            name,
            Bound {
                node: child,
                said,
                has_style,
            },
        );
    }
    found
}

/// What elements of other namespaces say below an element of WSDL, and attributes of other namespaces on it.
fn said_at(api: &Api<'_>, number: usize) -> Said {
    let node = api.tree.node(number);
    let mut said = Said::new();
    for (name, value) in &node.foreign {
        if name.local != "required" {
            said.insert(name.local.clone(), (value.trim().to_owned(), number));
        }
    }
    let mut waiting = vec![(number, String::new(), 0)];
    while let Some((around, path, depth)) = waiting.pop() {
        for child in &api.tree.node(around).children {
            let inner = api.tree.node(*child);
            let is_own = inner.name.namespace == api.tree.node(0).name.namespace;
            if is_own || depth > DEEPEST || inner.name.local == "documentation" {
                continue;
            }
            let local = &*inner.name.local;
            let label = match local {
                "header" | "headerfault" => {
                    let noun = if local == "header" {
                        "header"
                    } else {
                        "header of faults"
                    };
                    format!("{noun} {HEADER_NAME}{}{HEADER}", api.header_name(*child))
                }
                "binding" | "operation" | "body" | "fault" => String::new(),
                _ => format!("{local} "),
            };
            let path = format!("{path}{label}");
            if path.ends_with(HEADER) {
                let is_required = inner
                    .foreign
                    .iter()
                    .any(|(name, value)| name.local == "required" && value.trim() == "true");
                let word = if is_required && path.starts_with("header \u{1e}") {
                    REQUIRED
                } else {
                    ""
                };
                said.insert(path.clone(), (word.to_owned(), *child));
            }
            protocol(inner, local, &path, *child, &mut said);
            for (key, value) in inner.attributes() {
                let is_said = matches!(key, "required" | "name" | "message" | "part" | "location");
                if !(is_said && matches!(local, "header" | "headerfault" | "body" | "fault"))
                    && key != "required"
                {
                    said.insert(format!("{path}{key}"), (value.trim().to_owned(), *child));
                }
            }
            if inner.attributes().next().is_none() {
                let name = path.trim_end();
                said.entry(name.to_owned())
                    .or_insert_with(|| (local.to_owned(), *child));
            }
            waiting.push((*child, path, depth + 1));
        }
    }
    said.remove("");
    said
}

/// Which version of SOAP it is, and what holds if nothing else is said.
fn protocol(node: &super::tree::Node, local: &str, path: &str, number: usize, said: &mut Said) {
    let namespace = &*node.name.namespace;
    let mut usual = |key: &str, value: &str| {
        said.insert(format!("{path}{key}"), (value.to_owned(), number));
    };
    match local {
        "binding" => {
            let word = match namespace {
                "http://schemas.xmlsoap.org/wsdl/soap/" => "SOAP 1.1",
                "http://schemas.xmlsoap.org/wsdl/soap12/" => "SOAP 1.2",
                "http://schemas.xmlsoap.org/wsdl/http/" => "HTTP",
                other => other,
            };
            usual("protocol", word);
            if word.starts_with("SOAP") {
                usual("style", "document");
            }
        }
        "body" | "fault" => usual("use", "literal"),
        "header" | "headerfault" => usual("use", "literal"),
        "operation" if namespace.contains("soap") => usual("soapAction", ""),
        _ => {}
    }
}
