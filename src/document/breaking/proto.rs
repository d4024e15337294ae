//! Protocol buffer files: services, messages and enums.

use std::collections::BTreeMap;

use super::findings::{Findings, code, plain};
use crate::document::proto;

/// What a file defines. Names are those within the package.
#[derive(Default)]
struct File<'t> {
    package: &'t str,
    services: BTreeMap<String, BTreeMap<&'t str, Rpc>>,
    messages: BTreeMap<String, BTreeMap<u32, Field<'t>>>,
    /// The numbers of the values, by name.
    enums: BTreeMap<String, BTreeMap<&'t str, String>>,
}

#[derive(PartialEq, Eq)]
struct Rpc {
    takes: String,
    returns: String,
}

struct Field<'t> {
    name: &'t str,
    kind: String,
    /// `repeated`, `required` or nothing: in a message, `optional` promises nothing.
    label: &'t str,
}

pub(super) fn compare(before: &str, after: &str, findings: &mut Findings) {
    let (Some(was), Some(now)) = (read(before), read(after)) else {
        return;
    };
    if was.package != now.package {
        let words = format!(
            "the package is {} now, and was {}",
            code(now.package),
            code(was.package)
        );
        findings.breaks("package", words);
    }
    for (name, rpcs) in &was.services {
        let place = format!("service {}", plain(name));
        match now.services.get(name) {
            None => findings.breaks(&place, "the service is gone"),
            Some(others) => compare_rpcs(&place, rpcs, others, findings),
        }
    }
    for (name, fields) in &was.messages {
        let place = format!("message {}", plain(name));
        match now.messages.get(name) {
            None => findings.breaks(&place, "the message is gone"),
            Some(others) => compare_fields(&place, fields, others, findings),
        }
    }
    for (name, values) in &was.enums {
        let place = format!("enum {}", plain(name));
        match now.enums.get(name) {
            None => findings.breaks(&place, "the enum is gone"),
            Some(others) => compare_values(&place, values, others, findings),
        }
    }
}

fn compare_rpcs(
    place: &str,
    was: &BTreeMap<&str, Rpc>,
    now: &BTreeMap<&str, Rpc>,
    findings: &mut Findings,
) {
    for (name, rpc) in was {
        let Some(other) = now.get(name) else {
            findings.breaks(place, format!("the rpc {} is gone", code(name)));
            continue;
        };
        for (verb, was, now) in [
            ("takes", &rpc.takes, &other.takes),
            ("returns", &rpc.returns, &other.returns),
        ] {
            if was != now {
                let (was, now) = (code(was), code(now));
                let words = format!("the rpc {} {verb} {now} now, and not {was}", code(name));
                findings.breaks(place, words);
            }
        }
    }
}

fn compare_fields(
    place: &str,
    was: &BTreeMap<u32, Field<'_>>,
    now: &BTreeMap<u32, Field<'_>>,
    findings: &mut Findings,
) {
    for (number, field) in was {
        let name = code(field.name);
        let Some(other) = now.get(number) else {
            let moved = now.iter().find(|(_, other)| other.name == field.name);
            let words = match moved {
                Some((to, _)) => {
                    format!("the field {name} has the number {to} now, and had {number}")
                }
                None => format!("the field {name} ({number}) is gone"),
            };
            findings.breaks(place, words);
            continue;
        };
        if other.name != field.name {
            let now = code(other.name);
            findings.breaks(
                place,
                format!("the field {number} is {now} now, and was {name}"),
            );
        }
        if other.kind != field.kind {
            let (now, was) = (code(&other.kind), code(&field.kind));
            let words = format!("the field {name} has the type {now} now, and had {was}");
            findings.breaks(place, words);
        }
        if other.label != field.label {
            let words = match other.label {
                "" => format!("is no longer {}", field.label),
                label => format!("is {label} now"),
            };
            findings.breaks(place, format!("the field {name} {words}"));
        }
    }
    for (number, field) in now {
        if field.label == "required" && !was.contains_key(number) {
            let words = format!("the field {} is new and required", code(field.name));
            findings.breaks(place, words);
        }
    }
}

fn compare_values(
    place: &str,
    was: &BTreeMap<&str, String>,
    now: &BTreeMap<&str, String>,
    findings: &mut Findings,
) {
    for (name, number) in was {
        match now.get(name) {
            None => findings.breaks(place, format!("the value {} is gone", code(name))),
            Some(other) if other != number => {
                let words = format!(
                    "the value {} has the number {other} now, and had {number}",
                    code(name)
                );
                findings.breaks(place, words);
            }
            Some(_) => {}
        }
    }
}

/// What is open while a file is read.
#[derive(Clone, PartialEq)]
enum Scope {
    Message(String),
    Enum(String),
    Service(String),
    Oneof(String),
}

struct Parser<'t> {
    tokens: Vec<&'t str>,
    at: usize,
    scopes: Vec<Scope>,
    file: File<'t>,
}

/// `None` if the text does not read like a proto file.
fn read(text: &str) -> Option<File<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some((start, length)) = proto::token(text, at).ok()? {
        at = start + length;
        tokens.push(&text[start..at]);
    }
    let mut parser = Parser {
        tokens,
        at: 0,
        scopes: Vec::new(),
        file: File::default(),
    };
    while parser.at < parser.tokens.len() {
        parser.statement()?;
    }
    parser.scopes.is_empty().then_some(parser.file)
}

impl<'t> Parser<'t> {
    /// One statement, to its `;`, its `{`, or the `}` that ends what is open.
    fn statement(&mut self) -> Option<()> {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            let token = *self.tokens.get(self.at)?;
            self.at += 1;
            match token {
                "[" => depth += 1,
                "]" => depth = depth.checked_sub(1)?,
                "{" | "}" | ";" if depth == 0 => break,
                _ => {}
            }
        }
        let words = self.tokens[start..self.at - 1].to_vec();
        match self.tokens[self.at - 1] {
            "}" if words.is_empty() => self.scopes.pop().map(|_| ()),
            "}" => None,
            "{" => self.open(&words),
            _ => self.plain(&words),
        }
    }

    fn open(&mut self, words: &[&'t str]) -> Option<()> {
        match words {
            ["message", name] => {
                let name = self.nested(name);
                self.file.messages.entry(name.clone()).or_default();
                self.scopes.push(Scope::Message(name));
            }
            ["enum", name] => {
                let name = self.nested(name);
                self.file.enums.entry(name.clone()).or_default();
                self.scopes.push(Scope::Enum(name));
            }
            ["service", name] => {
                self.file.services.entry((*name).to_owned()).or_default();
                self.scopes.push(Scope::Service((*name).to_owned()));
            }
            ["oneof", _] => {
                let Scope::Message(message) = self.scopes.last()?.clone() else {
                    return None;
                };
                self.scopes.push(Scope::Oneof(message));
            }
            ["rpc", ..] => {
                self.plain(words)?;
                self.skip_block()?;
            }
            [.., "group", name, "=", _] => {
                self.plain(words)?;
                let name = self.nested(name);
                self.file.messages.entry(name.clone()).or_default();
                self.scopes.push(Scope::Message(name));
            }
            // An extension, or an option with a value in braces.
            _ => self.skip_block()?,
        }
        Some(())
    }

    fn skip_block(&mut self) -> Option<()> {
        let mut depth = 1usize;
        while depth > 0 {
            match *self.tokens.get(self.at)? {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Some(())
    }

    fn nested(&self, name: &str) -> String {
        match self.scopes.last() {
            Some(Scope::Message(outer) | Scope::Oneof(outer)) => format!("{outer}.{name}"),
            _ => name.to_owned(),
        }
    }

    fn plain(&mut self, words: &[&'t str]) -> Option<()> {
        let Some(first) = words.first() else {
            return Some(());
        };
        match self.scopes.last() {
            None => {
                if let ["package", name] = words {
                    self.file.package = name;
                }
            }
            // A value of an enum may have such a name.
            Some(_)
                if matches!(*first, "option" | "reserved" | "extensions")
                    && words.get(1) != Some(&"=") => {}
            Some(Scope::Message(name) | Scope::Oneof(name)) => {
                let name = name.clone();
                let (number, field) = self.field(words)?;
                self.file.messages.get_mut(&name)?.insert(number, field);
            }
            Some(Scope::Enum(name)) => {
                let name = name.clone();
                let (value, number) = match words {
                    [value, "=", "-", number, ..] => (*value, format!("-{number}")),
                    [value, "=", number, ..] => (*value, (*number).to_owned()),
                    _ => return None,
                };
                self.file.enums.get_mut(&name)?.insert(value, number);
            }
            Some(Scope::Service(name)) => {
                let name = name.clone();
                if let Some((rpc, types)) = self.rpc(words) {
                    self.file.services.get_mut(&name)?.insert(rpc, types);
                }
            }
        }
        Some(())
    }

    fn field(&self, words: &[&'t str]) -> Option<(u32, Field<'t>)> {
        let equals = words.iter().position(|word| *word == "=")?;
        let number = words.get(equals + 1)?.parse().ok()?;
        let (name, before) = words[..equals].split_last()?;
        let (label, kind) = match before {
            [label @ ("repeated" | "required"), kind @ ..] => (*label, kind),
            ["optional", kind @ ..] => ("", kind),
            kind => ("", kind),
        };
        let field = Field {
            name,
            kind: self.type_name(kind)?,
            label,
        };
        Some((number, field))
    }

    fn rpc(&self, words: &[&'t str]) -> Option<(&'t str, Rpc)> {
        let ["rpc", name, "(", rest @ ..] = words else {
            return None;
        };
        let end = rest.iter().position(|word| *word == ")")?;
        let ["returns", "(", returns @ .., ")"] = &rest[end + 1..] else {
            return None;
        };
        let rpc = Rpc {
            takes: self.type_name(&rest[..end])?,
            returns: self.type_name(returns)?,
        };
        Some((name, rpc))
    }

    /// A type without the package, whichever way it was named.
    fn type_name(&self, words: &[&str]) -> Option<String> {
        let short = |word: &&str| {
            let word = word.strip_prefix('.').unwrap_or(word);
            let own = word.strip_prefix(self.file.package);
            let own = own.and_then(|rest| rest.strip_prefix('.'));
            own.unwrap_or(word).to_owned()
        };
        let words: Vec<String> = words.iter().map(short).collect();
        let joined = words.join(" ").replace(" < ", "<").replace(" , ", ", ");
        (!joined.is_empty()).then(|| joined.replace(" >", ">"))
    }
}
