//! Descriptions of definitions, each a script of its own.

use serde::Serialize;
use serde_json::Value;

use super::catalogue::Catalogue;
use super::files::file;
use crate::document;
use crate::export::ExportFile;
use crate::model::view::DefinitionView;
use crate::model::{Address, Diagnostics, Resource, Sources};
use crate::yaml;

/// The folder of descriptions.
pub const DESCRIPTIONS: &str = "descriptions";

/// The format that the viewer reads.
const OPENAPI: &str = "openapi";

/// What the script of a description hands over.
#[derive(Serialize)]
struct Handed<'a> {
    text: &'a str,
    /// What the viewer shows; none for a text that it does not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

/// The scripts of all descriptions.
pub(super) fn files(catalogue: &Catalogue<'_>) -> impl Iterator<Item = ExportFile> {
    catalogue.resources.iter().filter_map(|one| {
        let address = &one.resource.address;
        let text = one.text?;
        let handed = Handed {
            text,
            value: viewed(text),
        };
        let key = Value::String(address.to_string());
        let json = serde_json::to_string(&handed).expect("keys are texts");
        let script = format!("window.descriptions[{key}] = {json};\n");
        Some(file(path(address), script))
    })
}

/// Where the script of a description is. Names of resources are made of letters, digits and what files may have too.
pub(super) fn path(address: &Address) -> String {
    format!("{DESCRIPTIONS}/{address}.js")
}

/// The format of a definition in words: `OpenAPI 3.0.3`.
pub(super) fn format(resource: &Resource) -> String {
    let specification = DefinitionView::of(&resource.body).specification();
    let text = |key: &str| specification?.get(key)?.as_str();
    let words = [text("name"), text("version")];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A description as the viewer takes it, if it reads its format.
fn viewed(text: &str) -> Option<Value> {
    let description = document::describe(None, text).ok()?;
    if description.specification.name != OPENAPI {
        return None;
    }
    if let Some(value) = document::strict_json(text) {
        return Some(value);
    }
    let source = Sources::default().add("", "");
    let documents = yaml::parse(source, text, &mut Diagnostics::default());
    Some(documents.first()?.root.as_ref()?.to_json())
}
