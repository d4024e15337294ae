//! A file in a form that is the same however it is written.

use std::collections::BTreeSet;
use std::fmt::Debug;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    OneofDescriptorProto, ServiceDescriptorProto, UninterpretedOption,
};

use super::options::written;
use super::references::Scope;
use crate::document::breaking::sameness::form::Form;
use crate::document::proto;

/// One statement for each part; `None` if the text cannot be read. Comments are its descriptions.
pub(in crate::document::breaking) fn form(text: &str) -> Option<Form> {
    let file = proto::parse(text).ok()?;
    let mut writer = Writer {
        scope: Scope::of(&file),
        form: Form::default(),
    };
    writer.say(
        "",
        &(proto::stated(text), file.package(), ordered(written!(file))),
    );
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
            .map(|it| (it.start(), it.end(), ordered(written!(it))))
            .collect();
        let names: BTreeSet<&String> = message.reserved_name.iter().collect();
        self.say(
            &name,
            &(ranges, extensions, names, ordered(written!(message))),
        );
        for oneof in &message.oneof_decl {
            self.say(&name, &("oneof", oneof.name(), ordered(written!(oneof))));
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
            ordered(written!(field)),
        );
        self.say(within, &said);
    }

    fn add_enum(&mut self, outer: &str, of: &EnumDescriptorProto) {
        let name = format!("{outer}{}", of.name());
        let ranges = of.reserved_range.iter();
        let ranges: BTreeSet<(i32, i32)> = ranges.map(|it| (it.start(), it.end())).collect();
        let names: BTreeSet<&String> = of.reserved_name.iter().collect();
        self.say(&name, &("enum", ranges, names, ordered(written!(of))));
        // The first value is the default, and the first of those that have a number is what JSON has.
        let mut values: Vec<_> = of.value.iter().collect();
        let first = values.first().map(|value| value.number());
        values.sort_by_key(|value| value.number());
        let values: Vec<_> = values
            .into_iter()
            .map(|value| (value.name(), value.number(), ordered(written!(value))))
            .collect();
        self.say(&name, &(first, values));
    }

    fn add_service(&mut self, service: &ServiceDescriptorProto) {
        let name = service.name();
        self.say(name, &("service", ordered(written!(service))));
        for method in &service.method {
            let resolved = |name: &str| self.scope.resolve(name, "").name;
            let said = (
                (method.name(), ordered(written!(method))),
                (resolved(method.input_type()), method.client_streaming()),
                (resolved(method.output_type()), method.server_streaming()),
            );
            self.say(name, &said);
        }
    }
}

/// Options in the order of their names; several of one name are a list, whose order stays.
fn ordered(options: &[UninterpretedOption]) -> Vec<String> {
    let mut all: Vec<&UninterpretedOption> = options.iter().collect();
    all.sort_by_cached_key(|option| format!("{:?}", option.name));
    all.iter().map(|option| format!("{option:?}")).collect()
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

#[cfg(test)]
mod tests {
    use super::form;
    use crate::document::Sameness;

    #[test]
    fn the_order_of_options_is_that_of_their_names() {
        let sameness = |one: &str, other: &str| {
            let read = |options| form(&format!("syntax = \"proto3\"; {options}")).unwrap();
            read(one).sameness(&read(other))
        };
        let (one, two) = ("option (a) = 1;", "option (a) = 2;");
        let named = "option (b).c = { d: 1 };";
        for (before, after, expected) in [
            ([one, two, named], [named, one, two], Sameness::Same),
            ([one, two, named], [one, named, two], Sameness::Same),
            ([one, two, named], [two, one, named], Sameness::Different),
        ] {
            let (before, after) = (before.concat(), after.concat());
            assert_eq!(sameness(&before, &after), expected, "{before} {after}");
        }
    }
}
