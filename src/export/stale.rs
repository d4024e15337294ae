//! What manifests still declare although the service does not hold it.

use std::collections::{BTreeMap, BTreeSet};

use super::files::Export;
use super::names::file_name;
use super::places::{folder, is_content_path, manifest_path};
use crate::kinds::{self, ContentForm, DocumentSource};
use crate::model::{Address, DesiredResource, Diagnostics, SourceId, Sources, Span};
use crate::yaml;

/// Declared resources that the service does not hold: the next apply would create them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stale {
    /// The highest of them, in the order of their addresses.
    pub resources: Vec<StaleResource>,
    /// Files that an export wrote and that nothing else needs, sorted.
    pub removable: Vec<String>,
}

/// A declared resource that the service does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleResource {
    /// The resource.
    pub address: Address,
    /// Where it is declared.
    pub place: Span,
    /// How its declaration can be removed.
    pub remedy: StaleRemedy,
}

/// How a declaration can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleRemedy {
    /// The export writes its file without it.
    Rewritten,
    /// Its whole file can be removed.
    Removable,
    /// Its file has to be edited, because of this.
    Edit(&'static str),
}

type Declared = BTreeMap<Address, DesiredResource>;

/// Compares declarations with what is live.
///
/// `is_live` knows kinds that are not found by their address, too. `files` are those that the export is about to write.
#[must_use]
pub fn stale(
    declared: &Declared,
    sources: &Sources,
    is_live: impl Fn(&Address) -> bool,
    files: &Export,
) -> Stale {
    let is_stale = |address: &Address| declared[address].place.is_some() && !is_live(address);
    let all: BTreeSet<&Address> = declared.keys().filter(|a| is_stale(a)).collect();
    let sources_where = |is_counted: &dyn Fn(&Address, &DesiredResource, Span) -> bool| {
        declared
            .iter()
            .filter_map(|(address, resource)| Some((address, resource, resource.place?)))
            .filter(|(address, resource, place)| is_counted(address, resource, *place))
            .map(|(_, _, place)| place.source)
            .collect()
    };
    let finder = Finder {
        declared,
        sources,
        written: files.files.iter().map(|file| file.path.as_str()).collect(),
        held: sources_where(&|address, _, _| !all.contains(address)),
        overlaid: sources_where(&|_, resource, place| {
            let mut places = resource.places.iter();
            places.any(|(_, field)| field.source != place.source)
        }),
        all,
    };
    finder.find()
}

struct Finder<'a> {
    declared: &'a Declared,
    sources: &'a Sources,
    /// Paths of the files of the export.
    written: BTreeSet<&'a str>,
    /// Sources that declare what the service holds.
    held: BTreeSet<SourceId>,
    /// Sources whose declarations have fields from overlays.
    overlaid: BTreeSet<SourceId>,
    /// Every stale resource.
    all: BTreeSet<&'a Address>,
}

impl Finder<'_> {
    fn find(&self) -> Stale {
        let mut resources = Vec::new();
        let mut removable = BTreeSet::new();
        let mut forms = Forms::default();
        for address in &self.all {
            let Some(place) = self.declared[*address].place else {
                continue;
            };
            let top = address.ancestors().last();
            let remedy = self.remedy(top.as_ref().unwrap_or(address), place, &mut forms);
            if remedy == StaleRemedy::Removable {
                removable.insert(self.sources.get(place.source).name.clone());
            }
            if !matches!(remedy, StaleRemedy::Edit(_)) {
                removable.extend(self.contents(address));
            }
            if !address.ancestors().any(|above| self.all.contains(&above)) {
                resources.push(StaleResource {
                    address: (*address).clone(),
                    place,
                    remedy,
                });
            }
        }
        let needed = self.needed();
        removable.retain(|path| !self.written.contains(path.as_str()) && !needed.contains(path));
        Stale {
            resources,
            removable: removable.into_iter().collect(),
        }
    }

    fn remedy(&self, top: &Address, place: Span, forms: &mut Forms) -> StaleRemedy {
        let source = self.sources.get(place.source);
        if self.written.contains(source.name.as_str()) {
            return StaleRemedy::Rewritten;
        }
        if self.held.contains(&place.source) {
            StaleRemedy::Edit("the file also declares what the service holds")
        } else if self.overlaid.contains(&place.source) {
            StaleRemedy::Edit("an overlay changes it, and must go too")
        } else if source.name != manifest_path(kinds::of(top), top)
            || !forms.is_as_exported(place.source, &source.text)
        {
            StaleRemedy::Edit("the file is not as an export writes it")
        } else {
            StaleRemedy::Removable
        }
    }

    /// The description file, or the files of the folder, that an export wrote for a resource.
    fn contents(&self, address: &Address) -> Vec<String> {
        let resource = &self.declared[address];
        let Some(content) = &kinds::of(address).content else {
            return Vec::new();
        };
        let folder = folder(&address.root());
        match content.form {
            // An export never wrote a file that refers to others.
            ContentForm::Document { .. } if is_split(resource) => Vec::new(),
            ContentForm::Document { .. } => self
                .document_file(resource)
                .filter(|path| is_written_at(&folder, address, path))
                .into_iter()
                .collect(),
            ContentForm::Folder(_) => {
                let named = resource.places.get(content.field);
                let named = named.and_then(|place| self.scalar(place));
                let files = resource.document.as_ref().and_then(|d| d.files.as_ref());
                if named != Some(file_name(address.name())) {
                    return Vec::new();
                }
                let paths = files.into_iter().flat_map(|files| files.keys());
                paths.map(|path| format!("{folder}/{path}")).collect()
            }
        }
    }

    /// The description files of resources that stay, and the files of every document that is split.
    fn needed(&self) -> BTreeSet<String> {
        let stays = |address: &&Address| !self.all.contains(*address);
        let named = self
            .declared
            .iter()
            .filter(|(address, _)| stays(address))
            .filter_map(|(_, resource)| self.document_file(resource));
        let documents = self.declared.values();
        let documents = documents.filter_map(|resource| resource.document.as_ref());
        let parts = documents.flat_map(|document| &document.parts);
        let parts = parts.map(|part| self.sources.get(part.source).name.clone());
        named.chain(parts).collect()
    }

    /// The path of the description file that a definition names.
    fn document_file(&self, resource: &DesiredResource) -> Option<String> {
        let content = kinds::of(&resource.resource.address).content.as_ref()?;
        let field = format!("{}.{}", content.field, DocumentSource::FILE);
        let place = resource.places.get(&field)?;
        let manifest = &self.sources.get(place.source).name;
        crate::manifest::resolve(manifest, &self.scalar(place)?)
            .map(|path| path.to_string_lossy().replace('\\', "/"))
    }

    fn scalar(&self, place: Span) -> Option<String> {
        let text = self.sources.text(place);
        let mut documents = yaml::parse(place.source, text, &mut Diagnostics::default());
        let root = documents.pop()?.root?;
        root.scalar_text().map(str::to_owned)
    }
}

/// Whether an export writes the document of a definition to this path, whatever its suffix.
fn is_written_at(folder: &str, address: &Address, path: &str) -> bool {
    let below = path
        .strip_prefix(folder)
        .and_then(|path| path.strip_prefix('/'));
    let stem = below
        .and_then(|path| path.rsplit_once('.'))
        .map(|(stem, _)| stem);
    stem.is_some_and(|stem| is_content_path(stem, address))
}

fn is_split(resource: &DesiredResource) -> bool {
    let document = resource.document.as_ref();
    document.is_some_and(|document| !document.parts.is_empty())
}

/// Whether sources are as an export writes them: each is parsed once, whatever it declares.
#[derive(Default)]
struct Forms(BTreeMap<SourceId, bool>);

impl Forms {
    fn is_as_exported(&mut self, source: SourceId, text: &str) -> bool {
        *self
            .0
            .entry(source)
            .or_insert_with(|| is_as_exported(source, text))
    }
}

/// Whether a file is one document in the form of an export, without comments or other layout.
fn is_as_exported(source: SourceId, text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    let documents = yaml::parse(source, &text, &mut Diagnostics::default());
    let [document] = documents.as_slice() else {
        return false;
    };
    document
        .root
        .as_ref()
        .is_some_and(|root| yaml::emit(&root.to_json()) == text)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Body, FieldPlaces, Resource};

    #[test]
    fn a_file_is_read_once_however_many_stale_resources_it_declares() {
        const MANY: usize = 4_000;
        let text: String = (0..MANY).map(|i| format!("k{i}:   1\n")).collect();
        let mut sources = Sources::default();
        let source = sources.add("apis/orders/api.yaml", text);
        let api = Address::top(&kinds::API.info, "orders");
        let declared: Declared = (0..MANY)
            .map(|i| api.child(&kinds::DEPLOYMENT.info, format!("d{i}")))
            .map(|address| {
                let resource = DesiredResource {
                    resource: Arc::new(Resource {
                        within: None,
                        address: address.clone(),
                        body: Body::new(),
                        references: BTreeSet::new(),
                        id: None,
                    }),
                    place: Some(Span {
                        source,
                        start: 0,
                        end: 1,
                    }),
                    places: FieldPlaces::default(),
                    document: None,
                };
                (address, resource)
            })
            .collect();
        let stale = stale(&declared, &sources, |_| false, &Export::default());
        assert_eq!(stale.resources.len(), MANY);
        let edit = StaleRemedy::Edit("the file is not as an export writes it");
        assert!(stale.resources.iter().all(|stale| stale.remedy == edit));
        assert!(stale.removable.is_empty());
    }
}
