//! Protocol buffer files: services, messages and enums.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
};

use super::findings::{Findings, code, plain};
use crate::document::proto;

/// What a file defines. Names are those within the package.
#[derive(Default)]
struct File<'t> {
    package: &'t str,
    services: BTreeMap<String, BTreeMap<&'t str, Rpc>>,
    messages: BTreeMap<String, BTreeMap<i32, Field<'t>>>,
    /// The numbers of the values, by name.
    enums: BTreeMap<String, BTreeMap<&'t str, i32>>,
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
    let (Ok(before), Ok(after)) = (proto::parse(before), proto::parse(after)) else {
        return;
    };
    let (was, now) = (File::of(&before), File::of(&after));
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
            None => findings.breaks(&place, "service removed"),
            Some(others) => compare_rpcs(&place, rpcs, others, findings),
        }
    }
    for (name, fields) in &was.messages {
        let place = format!("message {}", plain(name));
        match now.messages.get(name) {
            None => findings.breaks(&place, "message removed"),
            Some(others) => compare_fields(&place, fields, others, findings),
        }
    }
    for (name, values) in &was.enums {
        let place = format!("enum {}", plain(name));
        match now.enums.get(name) {
            None => findings.breaks(&place, "enum removed"),
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
            findings.breaks(place, format!("rpc {} removed", code(name)));
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
    was: &BTreeMap<i32, Field<'_>>,
    now: &BTreeMap<i32, Field<'_>>,
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
                None => format!("field {name} ({number}) removed"),
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
    was: &BTreeMap<&str, i32>,
    now: &BTreeMap<&str, i32>,
    findings: &mut Findings,
) {
    for (name, number) in was {
        match now.get(name) {
            None => findings.breaks(place, format!("value {} removed", code(name))),
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

impl<'t> File<'t> {
    fn of(descriptor: &'t FileDescriptorProto) -> Self {
        let mut file = Self {
            package: descriptor.package(),
            ..Self::default()
        };
        for service in &descriptor.service {
            let rpcs = service.method.iter().map(|method| {
                let rpc = Rpc {
                    takes: file.streamed(method.client_streaming(), method.input_type()),
                    returns: file.streamed(method.server_streaming(), method.output_type()),
                };
                (method.name(), rpc)
            });
            let rpcs = rpcs.collect();
            file.services.insert(service.name().to_owned(), rpcs);
        }
        for message in &descriptor.message_type {
            file.add_message("", message);
        }
        for of in &descriptor.enum_type {
            file.add_enum("", of);
        }
        file
    }

    /// Adds a message and those within it; the parser bounds how deep they are nested.
    fn add_message(&mut self, outer: &str, message: &'t DescriptorProto) {
        let name = format!("{outer}{}", message.name());
        let fields = message.field.iter();
        let fields = fields.map(|field| (field.number(), self.field(message, field)));
        let fields = fields.collect();
        self.messages.insert(name.clone(), fields);
        let outer = format!("{name}.");
        for of in &message.enum_type {
            self.add_enum(&outer, of);
        }
        for nested in message
            .nested_type
            .iter()
            .filter(|nested| !is_map_entry(nested))
        {
            self.add_message(&outer, nested);
        }
    }

    fn add_enum(&mut self, outer: &str, of: &'t EnumDescriptorProto) {
        let values = of.value.iter().map(|value| (value.name(), value.number()));
        let name = format!("{outer}{}", of.name());
        self.enums.insert(name, values.collect());
    }

    fn field(&self, message: &DescriptorProto, field: &'t FieldDescriptorProto) -> Field<'t> {
        let entry = message
            .nested_type
            .iter()
            .find(|nested| is_map_entry(nested) && nested.name() == field.type_name());
        let (kind, label) = match (entry.map(|entry| entry.field.as_slice()), field.label()) {
            (Some([key, value]), _) => {
                (format!("map<{}, {}>", self.kind(key), self.kind(value)), "")
            }
            (_, Label::Required) => (self.kind(field), "required"),
            (_, Label::Repeated) => (self.kind(field), "repeated"),
            (_, Label::Optional) if is_required(field) => (self.kind(field), "required"),
            (_, Label::Optional) => (self.kind(field), ""),
        };
        Field {
            name: field.name(),
            kind,
            label,
        }
    }

    /// `int32`, `group`, or the name of a message or an enum.
    fn kind(&self, field: &FieldDescriptorProto) -> String {
        match field.r#type.and_then(|number| Type::try_from(number).ok()) {
            None | Some(Type::Message | Type::Enum) => self.short(field.type_name()).to_owned(),
            Some(scalar) => scalar
                .as_str_name()
                .trim_start_matches("TYPE_")
                .to_lowercase(),
        }
    }

    fn streamed(&self, is_stream: bool, name: &str) -> String {
        let stream = if is_stream { "stream " } else { "" };
        format!("{stream}{}", self.short(name))
    }

    /// The name of a type without the package, whichever way it was written.
    fn short<'n>(&self, name: &'n str) -> &'n str {
        let name = name.strip_prefix('.').unwrap_or(name);
        let own = name.strip_prefix(self.package);
        own.and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
    }
}

/// Whether the features of an edition require a field.
///
/// `EXPLICIT` and `IMPLICIT`, which say whether an absent field differs from one with the default value,
/// promise as little as `optional` does. A file cannot require all of its fields (protoc refuses that).
fn is_required(field: &FieldDescriptorProto) -> bool {
    let options = field.options.as_ref();
    let options = options.map_or(&[][..], |options| &options.uninterpreted_option);
    options.iter().any(|option| {
        let names: Vec<&str> = option.name.iter().map(|it| it.name_part.as_str()).collect();
        match names.as_slice() {
            ["features", "field_presence"] => option.identifier_value() == "LEGACY_REQUIRED",
            ["features"] => option.aggregate_value().contains("LEGACY_REQUIRED"),
            _ => false,
        }
    })
}

/// Whether a message is what a map field stands for.
fn is_map_entry(message: &DescriptorProto) -> bool {
    message
        .options
        .as_ref()
        .is_some_and(prost_types::MessageOptions::map_entry)
}
