//! What Bicep, ARM templates and Terraform declare, as manifests.

mod bindings;
mod collections;
mod dates;
mod deployment;
mod encodings;
mod evaluate;
mod expression;
mod functions;
mod ids;
mod lambdas;
mod limits;
mod modules;
mod numbers;
mod placeholders;
mod resources;
mod roles;
mod scope;
mod template;
mod terraform;
mod values;
mod written;

use std::sync::Arc;

use serde_json::{Map, Value};

use self::resources::Resources;
use super::files::Imported;
use super::item::DescriptionFile;
use crate::document;
use crate::model::{Diagnostic, Diagnostics, Sources, Span, code, without_mark};

/// The manifests for what ARM templates and the output of `terraform show -json` declare. `parameters` are files
/// with parameters of the templates.
///
/// A file that is neither is an error, and then nothing is imported. An expression without a value is a warning at
/// its place; what has it is left out.
#[must_use]
pub fn arm(
    files: &[DescriptionFile],
    parameters: &[DescriptionFile],
    sources: &mut Sources,
) -> (Imported, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut given = Map::new();
    for file in parameters {
        let root = read(file, sources, &mut diagnostics);
        for (name, parameter) in root["parameters"].as_object().into_iter().flatten() {
            given.extend(
                parameter
                    .get("value")
                    .map(|value| (name.clone(), value.clone())),
            );
        }
    }
    let mut found = Resources::default();
    for file in files {
        let root = read(file, sources, &mut diagnostics);
        // What `az deployment group export` and template specs wrap.
        let root = root.get("template").unwrap_or(&root);
        if root.get("format_version").is_some() {
            terraform::read(root, &mut found);
        } else if root.get("resources").is_some() {
            template::read(root, &given, &mut found);
        } else if !root.is_null() {
            let source = sources.add(file.name.clone(), Arc::clone(&file.text));
            let span = Span {
                source,
                start: 0,
                end: 0,
            };
            diagnostics.push(
                Diagnostic::error(code::DOCUMENT_INVALID, "neither an ARM template nor the output of terraform show")
                    .at(span, "here")
                    .help("`bicep build main.bicep`, `az group export` and `terraform show -json` make what can be imported"),
            );
        }
        found.end_file(file, sources, &mut diagnostics);
    }
    if diagnostics.has_errors() {
        return (Imported::default(), diagnostics);
    }
    (found.imported(), diagnostics)
}

fn read(file: &DescriptionFile, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Value {
    let text = without_mark(&file.text);
    serde_json::from_str(text).unwrap_or_else(|error| {
        let at = document::json_offset(text, &error);
        let source = sources.add(file.name.clone(), text);
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let span = Span {
            source,
            start: at,
            end: at,
        };
        diagnostics.push(
            Diagnostic::error(
                code::DOCUMENT_INVALID,
                format!("not well-formed JSON: {message}"),
            )
            .at(span, "here")
            .help("for Bicep, `bicep build main.bicep` writes main.json"),
        );
        Value::Null
    })
}
