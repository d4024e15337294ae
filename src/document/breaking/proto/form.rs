//! A file in a form that is the same however it is written.

use std::collections::BTreeSet;
use std::fmt::Debug;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    OneofDescriptorProto, ServiceDescriptorProto, UninterpretedOption,
};

use super::read::names;
use super::references::Scope;
use crate::document::breaking::sameness::Form;
use crate::document::proto;

/// The options of a part of a descriptor.
macro_rules! options {
    ($of:expr) => {
        spelt_options(
            $of.options
                .as_ref()
                .map_or(&[][..], |options| &options.uninterpreted_option),
        )
    };
}

/// One statement for each part; `None` if the text cannot be read. Comments are its descriptions.
pub(in crate::document::breaking) fn form(text: &str) -> Option<Form> {
    let file = proto::parse(text).ok()?;
    let mut defined = BTreeSet::new();
    names("", &file.message_type, &file.enum_type, &mut defined);
    let package = file.package();
    let mut writer = Writer {
        scope: Scope { package, defined },
        form: Form::default(),
    };
    writer.say("", &(proto::stated(text), package, options!(file)));
    for (at, name) in file.dependency.iter().enumerate() {
        let is_in = |list: &[i32]| list.iter().any(|index| usize::try_from(*index) == Ok(at));
        let kind = (is_in(&file.public_dependency), is_in(&file.weak_dependency));
        writer.say("import", &(name, kind));
    }
    for of in &file.enum_type {
        writer.add_enum("", of);
    }
    for message in &file.message_type {
        writer.add_message("", message);
    }
    for field in &file.extension {
        writer.add_field("", field, &[]);
    }
    for service in &file.service {
        writer.add_service(service);
    }
    let mut form = writer.form;
    let info = file.source_code_info.iter();
    for location in info.flat_map(|info| &info.location) {
        let comments = location.leading_detached_comments.iter();
        let comments = comments
            .chain(&location.leading_comments)
            .chain(&location.trailing_comments);
        let owner = name_of(&file, &location.path);
        form.descriptions
            .extend(comments.map(|comment| format!("{owner}: {}", comment.trim())));
    }
    Some(form.sorted())
}

struct Writer<'f> {
    scope: Scope<'f>,
    form: Form,
}

impl Writer<'_> {
    fn say(&mut self, owner: &str, what: &dyn Debug) {
        self.form.meaning.push(format!("{owner} {what:?}"));
    }

    fn add_message(&mut self, outer: &str, message: &DescriptorProto) {
        let name = format!("{outer}{}", message.name());
        let ranges = message.reserved_range.iter();
        let ranges: BTreeSet<(i32, i32)> = ranges.map(|it| (it.start(), it.end())).collect();
        let extensions = message.extension_range.iter();
        let extensions: BTreeSet<_> = extensions
            .map(|it| (it.start(), it.end(), options!(it)))
            .collect();
        let names: BTreeSet<&String> = message.reserved_name.iter().collect();
        self.say(&name, &(ranges, extensions, names, options!(message)));
        for oneof in &message.oneof_decl {
            self.say(&name, &("oneof", oneof.name(), options!(oneof)));
        }
        let oneofs: Vec<&str> = message
            .oneof_decl
            .iter()
            .map(OneofDescriptorProto::name)
            .collect();
        for field in &message.field {
            self.add_field(&name, field, &oneofs);
        }
        let inner = format!("{name}.");
        for of in &message.enum_type {
            self.add_enum(&inner, of);
        }
        for nested in &message.nested_type {
            self.add_message(&inner, nested);
        }
        for field in &message.extension {
            self.add_field(&name, field, &[]);
        }
    }

    fn add_field(&mut self, within: &str, field: &FieldDescriptorProto, oneofs: &[&str]) {
        let resolved = |name: &str| self.scope.resolve(name, within).name;
        let oneof = field
            .oneof_index
            .and_then(|at| oneofs.get(usize::try_from(at).ok()?));
        let said = (
            (field.name(), field.number(), field.label(), field.r#type),
            (
                field.type_name.as_deref().map(resolved),
                resolved(field.extendee()),
            ),
            (
                oneof,
                field.proto3_optional(),
                &field.json_name,
                &field.default_value,
            ),
            options!(field),
        );
        self.say(within, &said);
    }

    fn add_enum(&mut self, outer: &str, of: &EnumDescriptorProto) {
        let name = format!("{outer}{}", of.name());
        let ranges = of.reserved_range.iter();
        let ranges: BTreeSet<(i32, i32)> = ranges.map(|it| (it.start(), it.end())).collect();
        let names: BTreeSet<&String> = of.reserved_name.iter().collect();
        self.say(&name, &("enum", ranges, names, options!(of)));
        // The first value is the default, and the first of those that have a number is what JSON has.
        let mut values: Vec<_> = of.value.iter().collect();
        let first = values.first().map(|value| value.number());
        values.sort_by_key(|value| value.number());
        let values: Vec<_> = values
            .into_iter()
            .map(|value| (value.name(), value.number(), options!(value)))
            .collect();
        self.say(&name, &(first, values));
    }

    fn add_service(&mut self, service: &ServiceDescriptorProto) {
        let name = service.name();
        self.say(name, &("service", options!(service)));
        for method in &service.method {
            let resolved = |name: &str| self.scope.resolve(name, "").name;
            let said = (
                (method.name(), options!(method)),
                (resolved(method.input_type()), method.client_streaming()),
                (resolved(method.output_type()), method.server_streaming()),
            );
            self.say(name, &said);
        }
    }
}

/// Options in an order of their own, if they are not lists.
fn spelt_options(options: &[UninterpretedOption]) -> Vec<String> {
    let mut all: Vec<String> = options.iter().map(|option| format!("{option:?}")).collect();
    all.sort_unstable();
    all
}

/// What a path in a descriptor leads to, by the names on the way; numbers stay where there are none.
fn name_of(file: &FileDescriptorProto, path: &[i32]) -> String {
    let mut out = String::new();
    let mut push = |name: Option<&str>| {
        out.push('/');
        out.push_str(name.unwrap_or_default());
    };
    let at = |index: i32| usize::try_from(index).unwrap_or(usize::MAX);
    let mut rest = path;
    let mut message: Option<&DescriptorProto> = None;
    while let [part, index, inner @ ..] = rest {
        let index = at(*index);
        let next = match (message, part) {
            (None, 4) => file.message_type.get(index),
            (Some(message), 3) => message.nested_type.get(index),
            _ => None,
        };
        let Some(next) = next else {
            break;
        };
        push(next.name.as_deref());
        (message, rest) = (Some(next), inner);
    }
    let (fields, enums) = match message {
        Some(message) => (&message.field, &message.enum_type),
        None => (&file.extension, &file.enum_type),
    };
    match (message.is_some(), rest) {
        (true, [2, index, ..]) => push(fields.get(at(*index)).and_then(|it| it.name.as_deref())),
        (true, [4, index, inner @ ..]) | (false, [5, index, inner @ ..]) => {
            let of = enums.get(at(*index));
            push(of.and_then(|it| it.name.as_deref()));
            if let (Some(of), [2, value, ..]) = (of, inner) {
                push(of.value.get(at(*value)).and_then(|it| it.name.as_deref()));
            }
        }
        (false, [6, index, inner @ ..]) => {
            let of = file.service.get(at(*index));
            push(of.and_then(|it| it.name.as_deref()));
            if let (Some(of), [2, method, ..]) = (of, inner) {
                push(of.method.get(at(*method)).and_then(|it| it.name.as_deref()));
            }
        }
        _ => {}
    }
    out
}
