//! Another name for a resource in the files of its project: in its declaration, in what refers to it, and in the
//! names of files and folders that have its name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::facts::Facts;
use super::index::{Index, Symbol};
use super::places::offset_of;
use super::rename::name_edits;
use crate::kinds::{self, Location, NAME, PREVIOUSLY};
use crate::manifest::MOST_MANIFEST_BYTES;
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Address, Diagnostics, Source, Sources};
use crate::project::LoadedProject;
use crate::yaml::{self, Edit, Node, PathStep};

/// A text of a project with another name in it.
#[derive(Debug)]
pub struct MovedText {
    /// Path of the file, relative to the project.
    pub path: String,
    /// The text that was read, without a byte order mark.
    pub before: String,
    /// The text with the other name.
    pub after: String,
}

/// What gives a resource another name in a project. Nothing is written yet.
#[derive(Debug)]
pub struct Move {
    /// The texts that change.
    pub texts: Vec<MovedText>,
    /// Files and folders that have the name of the resource, with their new paths; to be moved after the texts are
    /// written.
    pub paths: Vec<(String, String)>,
}

/// The edits that give a declared resource another name.
///
/// # Errors
/// A sentence, if the name is not possible or a file cannot be edited safely.
pub fn move_in_files(
    project: &LoadedProject,
    old: &Address,
    new: &Address,
) -> Result<Move, String> {
    let facts = Facts::of(project);
    let symbol = Symbol::Resource(old.clone());
    let edits = name_edits(&facts.index, &symbol, new.own_name())?;
    let declaring = declaring_files(&facts.index, &symbol);
    let mut texts = Vec::new();
    for (path, edits) in edits {
        let source = read(project, &path)?;
        let mut ranges: Vec<(usize, usize)> = edits
            .iter()
            .map(|range| {
                (
                    offset_of(&source, range.start),
                    offset_of(&source, range.end),
                )
            })
            .collect();
        ranges.sort_unstable();
        let mut after = source.text.to_string();
        for (start, end) in ranges.into_iter().rev() {
            let written = after.get(start..end);
            if !written.is_some_and(|written| written.eq_ignore_ascii_case(old.own_name())) {
                let (name, position) = (old.own_name(), source.position(start));
                return Err(format!(
                    "{path}:{position}: `{name}` is written in a way that cannot be edited"
                ));
            }
            after.replace_range(start..end, new.own_name());
        }
        if declaring.contains(&path) && has_former_names(new) {
            after = with_former_name(&after, old, new).ok_or_else(|| {
                format!("{path}: `{PREVIOUSLY}` cannot be added beside the name of {new}")
            })?;
        }
        let before = source.text.to_string();
        texts.push(MovedText {
            path,
            before,
            after,
        });
    }
    let paths = paths(project, &facts.index, (old, new));
    Ok(Move { texts, paths })
}

/// Whether the service knows a resource by its name, so that a rename has to be planned.
fn has_former_names(address: &Address) -> bool {
    let location = kinds::of(address).location;
    !matches!(location, Location::Matched | Location::AnyScope(_))
}

/// The manifests that declare a resource, without overlays.
fn declaring_files(index: &Index, symbol: &Symbol) -> BTreeSet<String> {
    let declarations = index.declarations();
    declarations
        .filter(|(_, one)| one.symbol == *symbol && !one.is_overlay)
        .map(|(file, _)| file.to_owned())
        .collect()
}

fn read(project: &LoadedProject, path: &str) -> Result<Source, String> {
    let text = project
        .files
        .read_document(path.as_ref(), MOST_MANIFEST_BYTES)
        .map_err(|_| format!("{path} cannot be read"))?;
    Ok(Source::new(path.to_owned(), text))
}

/// The text with the former name beside the present one.
fn with_former_name(text: &str, old: &Address, new: &Address) -> Option<String> {
    let mut sources = Sources::default();
    let id = sources.add("", text);
    let documents = yaml::parse(id, text, &mut Diagnostics::default());
    let (document, node, path) = documents.iter().enumerate().find_map(|(i, document)| {
        let (node, path) = named(document.root.as_deref()?, new)?;
        Some((i, node, path))
    })?;
    let known = node.get(PREVIOUSLY).and_then(|list| list.items());
    let known = known.unwrap_or_default().iter();
    let known = known.filter_map(|item| item.scalar_text());
    let is_other = |name: &&str| {
        let names = [old.own_name(), new.own_name()];
        !names.iter().any(|other| other.eq_ignore_ascii_case(name))
    };
    let names: Vec<Value> = std::iter::once(old.own_name())
        .chain(known.filter(is_other))
        .map(Value::from)
        .collect();
    let mut steps: Vec<PathStep<'_>> = path.iter().map(Step::of).collect();
    steps.push(PathStep::Key(PREVIOUSLY));
    let edit = Edit::Set {
        value: &Value::Array(names),
        after: &[NAME],
    };
    yaml::edited(text, document, &steps, edit)
}

/// A step to the mapping that has a resource's name.
enum Step {
    Key(&'static str),
    Item(usize),
}

impl Step {
    fn of(&self) -> PathStep<'_> {
        match self {
            Self::Key(key) => PathStep::Key(key),
            Self::Item(at) => PathStep::Item(*at),
        }
    }
}

/// The mapping in a document that has the name of a resource, and the way to it.
fn named<'a>(root: &'a Node, address: &Address) -> Option<(&'a Node, Vec<Step>)> {
    let (top, below) = address.segments().split_first()?;
    let metadata = root.get("metadata")?;
    let is_kind = root.get("kind")?.scalar_text() == Some(top.kind.name);
    let own_name = top.name.rsplit('/').next()?;
    if !is_kind || !is_named(metadata, own_name) {
        return None;
    }
    let kind = kinds::by_name(top.kind.name)?;
    if let Some(qualify) = kind.qualify {
        // Resources of other types may have the same name.
        let spec = root.get("spec").map(|spec| spec.to_json());
        let qualified = qualify(own_name, spec.as_ref()?.as_object()?);
        if Address::top(&kind.info, qualified) != address.root() {
            return None;
        }
    }
    if below.is_empty() {
        return Some((metadata, vec![Step::Key("metadata")]));
    }
    let (mut node, mut path) = (&**root.get("spec")?, vec![Step::Key("spec")]);
    let mut kind = kind;
    for segment in below {
        let mut children = kind.children.iter();
        let child = children.find(|child| child.kind.info == *segment.kind)?;
        let mut items = node.get(child.field)?.items()?.iter().enumerate();
        let (at, item) = items.find(|(_, item)| is_named(item, &segment.name))?;
        path.extend([Step::Key(child.field), Step::Item(at)]);
        (node, kind) = (item, child.kind);
    }
    Some((node, path))
}

fn is_named(node: &Node, name: &str) -> bool {
    let found = node.get(NAME).and_then(|name| name.scalar_text());
    found.is_some_and(|found| found.eq_ignore_ascii_case(name))
}

/// The files and folders to move: manifests and overlays of this resource alone that have its name, and the folder
/// of its name that has nothing else.
fn paths(
    project: &LoadedProject,
    index: &Index,
    (old, new): (&Address, &Address),
) -> Vec<(String, String)> {
    // What is below another resource has no file of its own.
    if old.parent().is_some() {
        return Vec::new();
    }
    let files: BTreeSet<String> = project.files.files().files.into_iter().collect();
    let mut tops: BTreeMap<&str, BTreeSet<Address>> = BTreeMap::new();
    for (file, declaration) in index.declarations() {
        if let Symbol::Resource(address) = &declaration.symbol {
            tops.entry(file).or_default().insert(address.root());
        }
    }
    let is_own = |all: &BTreeSet<Address>| all.len() == 1 && all.contains(old);
    let mut moved: BTreeSet<(String, String)> = BTreeSet::new();
    for (file, all) in &tops {
        if !is_own(all) {
            continue;
        }
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let is_alone = || {
            let inside = format!("{folder}/");
            let mut others = tops.iter().filter(|(other, _)| other.starts_with(&inside));
            others.all(|(_, all)| is_own(all)) && !is_linked_from_outside(index, &inside)
        };
        let (above, last) = match folder.rsplit_once('/') {
            Some((above, last)) => (format!("{above}/"), last),
            None => (String::new(), folder),
        };
        let is_named_so = |text: &str| text.eq_ignore_ascii_case(old.own_name());
        if is_named_so(stem) {
            let slash = if folder.is_empty() { "" } else { "/" };
            let to = format!("{folder}{slash}{}.{extension}", new.own_name());
            if !files.contains(&to) {
                moved.insert(((*file).to_owned(), to));
            }
        }
        let to = format!("{above}{}", new.own_name());
        let is_free = || {
            !files
                .iter()
                .any(|other| other.starts_with(&format!("{to}/")))
        };
        if is_named_so(last) && is_alone() && is_free() {
            moved.insert((folder.to_owned(), to));
        }
    }
    let patterns = patterns_of(project);
    let mut moved: Vec<(String, String)> = moved
        .into_iter()
        .filter(|(from, _)| !patterns.iter().any(|pattern| names(pattern, from)))
        .collect();
    // What is in a folder is moved before it.
    moved.sort_by_key(|(from, _)| std::cmp::Reverse(from.matches('/').count()));
    moved.sort_by_key(|(from, _)| !files.contains(from));
    moved
}

/// Whether a file outside of a folder names one in it.
fn is_linked_from_outside(index: &Index, inside: &str) -> bool {
    let mut outside = index.files().filter(|(file, _)| !file.starts_with(inside));
    outside.any(|(_, entries)| {
        let mut links = entries.links.iter();
        links.any(|link| link.path.starts_with(inside))
    })
}

/// What the project file says about which files are manifests and overlays.
fn patterns_of(project: &LoadedProject) -> Vec<String> {
    let spec = &project.settings.spec;
    let targets = spec.targets.iter().flatten();
    let overlays = targets.flat_map(|(_, target)| target.overlays.iter().flatten());
    let manifests = spec.manifests.iter().flatten();
    manifests.chain(overlays).cloned().collect()
}

/// Whether a pattern has the path of a file or folder in it, so that it would no longer match.
fn names(pattern: &str, path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or(path);
    pattern.split('/').any(|step| step == last)
}
