//! A resource that was created in the portal.

use serde_json::Value;

use super::home::{Home, homes, mapping_of};
use super::key_order::keys_before;
use super::step::Step;
use super::texts::{Edited, Texts};
use crate::export::{self, Export, ExportFile, ExportOptions, file_name};
use crate::kinds::{self, DocumentSource};
use crate::model::{Address, Diagnostics, LiveState, Sources};
use crate::project::LoadedProject;
use crate::yaml::{self, Edit, Node};

/// Declares a resource with everything below it: in a manifest of its own as an export writes it, or in the manifest of
/// the resource above it. Returns what manifests cannot say of it.
///
/// # Errors
/// Why it is not declared, as a clause.
pub(super) fn add(
    project: &LoadedProject,
    address: &Address,
    live: &LiveState,
    texts: &mut Texts<'_>,
) -> Result<Vec<String>, String> {
    let export = exported(project, address, live);
    let root = address.root();
    let Some(manifest) = export.manifests.get(&root) else {
        let note = export.notes.first();
        let note = note.and_then(|note| note.split_once(": "));
        return Err(match note {
            Some((_, why)) => why.to_owned(),
            None => "manifests cannot declare it".to_owned(),
        });
    };
    match address.parent() {
        None => write_all(&export.files, texts)?,
        Some(parent) => {
            let exported = (address, manifest.as_str());
            add_item(project, &parent, exported, &export, texts)?;
        }
    }
    let below = export.notes.into_iter().filter(|note| {
        let about = note.split_once(": ").map(|(about, _)| about);
        let about = about.and_then(kinds::parse_address);
        note.contains("left out")
            && about.is_some_and(|about| about == *address || about.is_below(address))
    });
    Ok(below.collect())
}

/// The resource, what is above it and what is below it, as files.
fn exported(project: &LoadedProject, address: &Address, live: &LiveState) -> Export {
    let mut part = LiveState {
        origins: live.origins.clone(),
        ..LiveState::default()
    };
    let above = address.ancestors();
    let above = above.filter_map(|above| live.resources.get(&above));
    for current in above.chain(live.family_of(address)) {
        let own = &current.resource.address;
        part.resources.insert(own.clone(), current.clone());
    }
    let ownership = project.settings.spec.ownership.as_ref();
    let options = ExportOptions {
        ownership_property: ownership.map(|ownership| ownership.property.clone()),
        owner: ownership.map(|ownership| ownership.owner.clone()),
        adopt: true,
        ..ExportOptions::default()
    };
    export::export(&part, &options)
}

fn write_all(files: &[ExportFile], texts: &mut Texts<'_>) -> Result<(), String> {
    for file in files {
        write_new(&file.path, &file.bytes, texts)?;
    }
    Ok(())
}

fn write_new(path: &str, bytes: &[u8], texts: &mut Texts<'_>) -> Result<(), String> {
    if texts.exists(path) {
        return Err(format!("{path} is there already"));
    }
    texts.set(path, Edited::Content(bytes.to_vec()));
    Ok(())
}

/// Adds an item to the list of the resource above.
fn add_item(
    project: &LoadedProject,
    parent: &Address,
    (address, manifest): (&Address, &str),
    export: &Export,
    texts: &mut Texts<'_>,
) -> Result<(), String> {
    let homes = homes(project, texts, parent);
    let home = homes
        .first()
        .ok_or("the manifest above it cannot be edited")?;
    let mut item =
        item(export, (address, manifest), texts).ok_or("manifests have no place for it")?;
    let folder = folder_of(manifest);
    let prefix = match folder_of(&home.path) == folder {
        true => String::new(),
        false => format!("{}/", file_name(address.root().own_name())),
    };
    let target = match folder_of(&home.path) {
        "" => prefix.clone(),
        above => format!("{above}/{prefix}"),
    };
    let mut sources = Vec::new();
    move_sources(&mut item, &prefix, &mut sources);
    for file in &export.files {
        let below = file.path.strip_prefix(&format!("{folder}/"));
        let Some(below) = below.filter(|below| sources.iter().any(|source| source == below)) else {
            continue;
        };
        write_new(&format!("{target}{below}"), &file.bytes, texts)?;
    }
    append(home, (parent, address), item, texts)
}

fn append(
    home: &Home,
    (parent, address): (&Address, &Address),
    item: Value,
    texts: &mut Texts<'_>,
) -> Result<(), String> {
    let above = kinds::of(parent);
    let mut children = above.children.iter();
    let child = children.find(|child| child.kind.info == *address.kind());
    let field = child.ok_or("manifests have no place for it")?.field;
    let steps = [Step::key(field)];
    let items = home.node.get(field).and_then(|list| list.items());
    let is_made = match items {
        Some(items) if !items.is_empty() => home.edit(texts, &steps, Edit::Append(&item)),
        _ => {
            let value = &Value::Array(vec![item]);
            let after = &keys_before((above.schema)(), &steps);
            home.edit(texts, &steps, Edit::Set { value, after })
        }
    };
    match is_made {
        true => Ok(()),
        false => Err(format!("{} cannot be edited", home.path)),
    }
}

/// The item of a resource in an exported manifest, as it is written there.
fn item(
    export: &Export,
    (address, manifest): (&Address, &str),
    texts: &Texts<'_>,
) -> Option<Value> {
    let file = export.files.iter().find(|file| file.path == manifest)?;
    let text = std::str::from_utf8(&file.bytes).ok()?;
    let source = Sources::default().add("", "");
    let documents = yaml::parse(source, text, &mut Diagnostics::default());
    let root = documents.first()?.root.as_ref()?;
    let (node, _): (std::sync::Arc<Node>, _) = mapping_of(root, address, texts)?;
    Some(node.to_json())
}

/// Puts a folder in front of the files of definitions, and collects these as they were.
fn move_sources(value: &mut Value, prefix: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(file) if key == DocumentSource::FILE => {
                        found.push(file.clone());
                        *file = format!("{prefix}{file}");
                    }
                    other => move_sources(other, prefix, found),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| move_sources(item, prefix, found)),
        _ => {}
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
