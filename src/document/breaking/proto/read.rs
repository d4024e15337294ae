//! A file as it is compared, from its descriptor.

use std::collections::{BTreeMap, HashMap};

use prost_types::field_descriptor_proto::Type;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};

use super::features::{Features, Syntax};
use super::field_types::FieldType;
use super::model::{
    Enum, EnumValue, EnumValues, Field, Fields, File, Message, Reserved, Rpc, Service, Stream,
};
use super::options::{Options, written};
use super::places::Places;
use super::presence::cardinality;
use super::ranges::Ranges;
use super::references::Scope;
use super::{codegen, http};
use crate::document::proto;

const NAME: i32 = 1;

pub(super) fn file(descriptor: &FileDescriptorProto, text: &str) -> File {
    let syntax = match (proto::is_edition(text), descriptor.syntax()) {
        (true, _) => Syntax::Edition,
        (false, "proto3") => Syntax::Proto3,
        (false, _) => Syntax::Proto2,
    };
    let options = Options::of(written!(descriptor));
    let features = Features::of(syntax, &options);
    let places = Places::of(descriptor, text);
    let package = descriptor.package();
    let mut reader = Reader {
        syntax,
        scope: Scope::of(descriptor),
        features,
        messages: BTreeMap::new(),
        enums: BTreeMap::new(),
        extensions: BTreeMap::new(),
        places: &places,
    };
    for (at, of) in descriptor.enum_type.iter().enumerate() {
        reader.add_enum("", of, &[5, index(at)]);
    }
    for (at, message) in descriptor.message_type.iter().enumerate() {
        reader.add_message("", message, &[4, index(at)]);
    }
    for (at, field) in descriptor.extension.iter().enumerate() {
        reader.add_extension(&Within::default(), field, &[7, index(at)]);
    }
    let services = descriptor.service.iter().enumerate();
    let services = services.map(|(at, service)| {
        let name = service.name().to_owned();
        (name, reader.service(service, &[6, index(at)]))
    });
    File {
        syntax,
        syntax_at: match syntax {
            Syntax::Edition => places.word(&[12], "edition"),
            Syntax::Proto2 | Syntax::Proto3 => places.word(&[12], "syntax"),
        },
        package: package.to_owned(),
        package_at: places.word(&[2], package),
        features,
        codegen: codegen::of_file(&options, package),
        services: services.collect(),
        messages: reader.messages,
        enums: reader.enums,
        extensions: reader.extensions,
    }
}

struct Reader<'t> {
    syntax: Syntax,
    scope: Scope<'t>,
    features: Features,
    messages: BTreeMap<String, Message>,
    enums: BTreeMap<String, Enum>,
    extensions: BTreeMap<String, Fields>,
    places: &'t Places<'t>,
}

impl Reader<'_> {
    fn add_message(&mut self, outer: &str, message: &DescriptorProto, path: &[i32]) {
        let name = format!("{outer}{}", message.name());
        let inner = format!("{name}.");
        let options = Options::of(written!(message));
        // What a message says holds for what is within, too.
        let around = self.features;
        self.features = around.with(&options);
        for (at, of) in message.enum_type.iter().enumerate() {
            self.add_enum(&inner, of, &below(path, &[4, index(at)]));
        }
        for (at, nested) in message.nested_type.iter().enumerate() {
            if !is_map_entry(nested) {
                self.add_message(&inner, nested, &below(path, &[3, index(at)]));
            }
        }
        let within = Within::of(&name, message);
        for (at, field) in message.extension.iter().enumerate() {
            self.add_extension(&within, field, &below(path, &[6, index(at)]));
        }
        let mut fields = Fields::default();
        for (at, field) in message.field.iter().enumerate() {
            let path = below(path, &[2, index(at)]);
            fields.insert(field.number(), self.field(&within, field, &path));
        }
        let ranges = message.reserved_range.iter();
        let ranges = ranges.map(|it| (it.start().into(), i64::from(it.end()) - 1));
        let extensions = message.extension_range.iter();
        let extensions = extensions.map(|it| (it.start().into(), i64::from(it.end()) - 1));
        let read = Message {
            at: self.places.word(&below(path, &[NAME]), message.name()),
            fields,
            reserved: Reserved {
                numbers: Ranges::of(ranges),
                names: message.reserved_name.iter().cloned().collect(),
            },
            extension_ranges: Ranges::of(extensions),
            has_json: self.features.has_json,
            is_message_set: options.is_true("message_set_wire_format"),
        };
        self.features = around;
        self.messages.insert(name, read);
    }

    fn add_enum(&mut self, outer: &str, of: &EnumDescriptorProto, path: &[i32]) {
        let values = of.value.iter().enumerate().map(|(at, value)| {
            let path = below(path, &[2, index(at), NAME]);
            EnumValue {
                at: self.places.word(&path, value.name()),
                name: value.name().to_owned(),
                number: value.number(),
                is_deprecated: Options::of(written!(value)).is_true("deprecated"),
            }
        });
        let features = self.features.with(&Options::of(written!(of)));
        let ranges = of.reserved_range.iter();
        let ranges = ranges.map(|it| (it.start().into(), it.end().into()));
        let read = Enum {
            at: self.places.word(&below(path, &[NAME]), of.name()),
            values: EnumValues::of(values.collect()),
            reserved: Reserved {
                numbers: Ranges::of(ranges),
                names: of.reserved_name.iter().cloned().collect(),
            },
            is_closed: features.is_closed,
            has_json: features.has_json,
        };
        self.enums.insert(format!("{outer}{}", of.name()), read);
    }

    fn add_extension(&mut self, within: &Within<'_>, field: &FieldDescriptorProto, path: &[i32]) {
        let extended = self.scope.resolve(field.extendee(), within.name).name;
        let mut read = self.field(within, field, path);
        // In JSON an extension has its full name.
        read.json_name = match within.name {
            "" => read.name.clone(),
            within => format!("{within}.{}", read.name),
        };
        let fields = self.extensions.entry(extended).or_default();
        fields.insert(field.number(), read);
    }

    fn field(&self, within: &Within<'_>, field: &FieldDescriptorProto, path: &[i32]) -> Field {
        let options = Options::of(written!(field));
        let features = self.features.with(&options);
        let entry = within.map_entries.get(field.type_name());
        let of = match entry.map(|entry| entry.field.as_slice()) {
            Some([key, value]) => FieldType::Map(
                Box::new(self.field_type(key, within.name, false)),
                Box::new(self.field_type(value, within.name, false)),
            ),
            _ => self.field_type(field, within.name, features.is_delimited),
        };
        let oneof = match (field.proto3_optional(), field.oneof_index) {
            (false, Some(at)) => within.oneofs.get(usize::try_from(at).unwrap_or(usize::MAX)),
            _ => None,
        };
        let is_known = oneof.is_some()
            || !field.extendee().is_empty()
            || of.may_be_message(|name| self.enums.contains_key(name));
        let default = match self.syntax {
            Syntax::Edition => options.text(&["(default)"]).map(str::to_owned),
            _ => field.default_value.clone(),
        };
        Field {
            at: self.places.word(&below(path, &[NAME]), field.name()),
            name: field.name().to_owned(),
            json_name: match &field.json_name {
                Some(name) => name.clone(),
                None => json_name(field.name()),
            },
            cardinality: cardinality(field, &options, (self.syntax, self.features), is_known),
            oneof: oneof.map(|oneof| oneof.name().to_owned()),
            default: default.filter(|value| !self.is_zero(value, &of)),
            has_utf8_check: features.has_utf8_check,
            codegen: codegen::of_field(&options),
            is_deprecated: options.is_true("deprecated"),
            of,
        }
    }

    fn field_type(&self, field: &FieldDescriptorProto, within: &str, is_group: bool) -> FieldType {
        match field.r#type.and_then(|number| Type::try_from(number).ok()) {
            None | Some(Type::Message | Type::Enum | Type::Group) => {
                let of = self.scope.resolve(field.type_name(), within);
                let is_enum = self.enums.contains_key(&of.name);
                let is_group = is_group || field.r#type == Some(Type::Group.into());
                FieldType::Named {
                    of,
                    is_group: is_group && !is_enum,
                }
            }
            Some(scalar) => FieldType::Scalar(scalar),
        }
    }

    /// Whether a default is the one of the type anyway.
    fn is_zero(&self, value: &str, of: &FieldType) -> bool {
        match of {
            FieldType::Scalar(Type::String | Type::Bytes) => value.is_empty(),
            FieldType::Scalar(Type::Bool) => value == "false",
            FieldType::Scalar(_) => value.parse::<f64>().is_ok_and(|number| number == 0.0),
            FieldType::Named { of, .. } => {
                let of = self.enums.get(&of.name);
                of.and_then(|of| of.values.iter().next())
                    .is_some_and(|first| first.name == value)
            }
            FieldType::Map(..) => false,
        }
    }

    fn service(&self, service: &ServiceDescriptorProto, path: &[i32]) -> Service {
        let rpcs = service.method.iter().enumerate().map(|(at, method)| {
            let path = below(path, &[2, index(at), NAME]);
            (method.name().to_owned(), self.rpc(method, &path))
        });
        Service {
            at: self.places.word(&below(path, &[NAME]), service.name()),
            rpcs: rpcs.collect(),
        }
    }

    fn rpc(&self, method: &MethodDescriptorProto, path: &[i32]) -> Rpc {
        let options = Options::of(written!(method));
        let stream = |name: &str, is_stream: bool| Stream {
            of: self.scope.resolve(name, ""),
            is_stream,
        };
        Rpc {
            at: self.places.word(path, method.name()),
            takes: stream(method.input_type(), method.client_streaming()),
            returns: stream(method.output_type(), method.server_streaming()),
            idempotency: match options.text(&["idempotency_level"]) {
                Some("NO_SIDE_EFFECTS") => 2,
                Some("IDEMPOTENT") => 1,
                _ => 0,
            },
            bindings: http::bindings(&options),
            is_deprecated: options.is_true("deprecated"),
        }
    }
}

/// What fields are within; nothing at the top of a file.
#[derive(Default)]
struct Within<'d> {
    name: &'d str,
    oneofs: &'d [OneofDescriptorProto],
    /// The messages that map fields stand for, by name.
    map_entries: HashMap<&'d str, &'d DescriptorProto>,
}

impl<'d> Within<'d> {
    fn of(name: &'d str, message: &'d DescriptorProto) -> Self {
        let nested = message.nested_type.iter();
        Self {
            name,
            oneofs: &message.oneof_decl,
            map_entries: nested
                .filter(|nested| is_map_entry(nested))
                .map(|nested| (nested.name(), nested))
                .collect(),
        }
    }
}

/// Whether a message is what a map field stands for.
fn is_map_entry(message: &DescriptorProto) -> bool {
    message
        .options
        .as_ref()
        .is_some_and(prost_types::MessageOptions::map_entry)
}

/// `cup_size` is `cupSize`.
fn json_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut is_start = false;
    for c in name.chars() {
        match c {
            '_' => is_start = true,
            c if is_start => {
                out.extend(c.to_uppercase());
                is_start = false;
            }
            c => out.push(c),
        }
    }
    out
}

fn index(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

fn below(path: &[i32], steps: &[i32]) -> Vec<i32> {
    [path, steps].concat()
}
