//! A service to export, and the way back from its files.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::document;
use crate::export::{Export, ExportOptions, export};
use crate::kinds::{
    ANALYZER, API, API_DEFINITION, API_VERSION, DEPLOYMENT, ENVIRONMENT, KINDS, Kind, Location,
    METADATA_SCHEMA, SERVICE,
};
use crate::manifest::source::{DiskFiles, PROJECT_FILE, ProjectFiles as _};
use crate::manifest::{KnownFacts, Loaded, Project, Request, TargetSpec, load};
use crate::model::{Address, Diagnostics, Files, ForeignSchemas, LiveResource, LiveState, Sources};

/// A live service, built resource by resource.
#[derive(Default)]
pub(super) struct Service(pub(super) LiveState);

pub(super) fn service() -> Address {
    Address::top(&SERVICE.info, "")
}

pub(super) fn metadata(name: &str) -> Address {
    Address::top(&METADATA_SCHEMA.info, name)
}

pub(super) fn environment(name: &str) -> Address {
    Address::top(&ENVIRONMENT.info, name)
}

pub(super) fn api(name: &str) -> Address {
    Address::top(&API.info, name)
}

pub(super) fn version(api: &str, name: &str) -> Address {
    self::api(api).child(&API_VERSION.info, name)
}

pub(super) fn definition(api: &str, version: &str, name: &str) -> Address {
    self::version(api, version).child(&API_DEFINITION.info, name)
}

pub(super) fn deployment(api: &str, name: &str) -> Address {
    self::api(api).child(&DEPLOYMENT.info, name)
}

pub(super) fn analyzer(name: &str) -> Address {
    Address::top(&ANALYZER.info, name)
}

impl Service {
    /// Adds a resource by its wire properties; the service's own stand at the top of its envelope.
    pub(super) fn with(mut self, address: Address, properties: Value) -> Self {
        let kind = crate::kinds::of(&address);
        let envelope = if kind.info == SERVICE.info {
            properties
        } else {
            json!({ "name": address.name(), "properties": properties })
        };
        let canonical = kind.live(address.clone(), envelope.as_object().unwrap());
        let live = LiveResource {
            resource: canonical.resource,
            unmodelled: canonical.unmodelled,
            synchronised: false,
            text: None,
            files: None,
            created_at: None,
        };
        self.0.resources.insert(address, live);
        self
    }

    /// Adds a definition with a document.
    pub(super) fn document(self, address: Address, specification: Value, text: &str) -> Self {
        let properties = json!({"title": address.name(), "specification": specification});
        let mut service = self.with(address.clone(), properties);
        let live = service.0.resources.get_mut(&address).unwrap();
        let digest = document::digest(text);
        live.resource
            .body
            .insert("source".to_owned(), json!(digest));
        live.text = Some(Arc::from(text));
        service
    }

    /// Adds an analyzer with a ruleset.
    pub(super) fn ruleset(self, address: Address, files: &[(&str, &[u8])]) -> Self {
        let files: Files = files
            .iter()
            .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()))
            .collect();
        let mut service = self.with(address.clone(), json!({"title": address.name()}));
        let live = service.0.resources.get_mut(&address).unwrap();
        let digest = document::folder::digest(&files);
        live.resource
            .body
            .insert("ruleset".to_owned(), json!(digest));
        live.text = Some(Arc::from(document::folder::listing(&files)));
        live.files = Some(Arc::new(files));
        service
    }

    /// Adds an API `orders` with a version `1-0-0`, and what they need.
    pub(super) fn orders(self) -> Self {
        self.with(api("orders"), json!({"title": "Orders", "kind": "rest"}))
            .with(
                version("orders", "1-0-0"),
                json!({"title": "v1", "lifecycleStage": "production"}),
            )
    }

    pub(super) fn export(&self) -> Export {
        export(&self.0, &options())
    }
}

pub(super) fn options() -> ExportOptions {
    ExportOptions {
        service_name: "contoso".to_owned(),
        ..ExportOptions::default()
    }
}

/// One resource of every kind that a service holds, with every field set.
pub(super) fn examples() -> Service {
    let mut all = Service::default();
    for kind in KINDS.iter().filter(|kind| kind.is_of_service()) {
        let address = example_address(kind);
        all = all.with(address.clone(), wire_of(kind, address));
    }
    all.with(metadata("slo"), json!({"schema": "{\"type\":\"number\"}"}))
}

/// The address of a kind's example, under the name that other examples use to refer to it.
fn example_address(kind: &'static Kind) -> Address {
    if let Some(qualify) = kind.qualify {
        let example: Value = serde_json::from_str(kind.example).unwrap();
        return Address::top(&kind.info, qualify("orders", example.as_object().unwrap()));
    }
    let name = match kind.location {
        Location::Root(_) => String::new(),
        Location::Child(_) => own_name(kind).unwrap(),
        _ => name_by_references(kind).unwrap_or_else(|| "orders".to_owned()),
    };
    match kind.location.parent() {
        Some(above) => example_address(above).child(&kind.info, name),
        None => Address::top(&kind.info, name),
    }
}

fn own_name(kind: &Kind) -> Option<String> {
    let example: Value = serde_json::from_str(kind.example).unwrap();
    Some(example["name"].as_str()?.to_owned())
}

fn name_by_references(kind: &Kind) -> Option<String> {
    KINDS.iter().find_map(|other| {
        let body: Value = serde_json::from_str(other.example).unwrap();
        let address = Address::top(&other.info, "any").child(&other.info, "any");
        let found = (other.references)(&address, body.as_object().unwrap());
        let named = found
            .into_iter()
            .find(|found| found.target.kind() == &kind.info)?;
        Some(named.target.name().to_owned())
    })
}

/// The example of a kind as the service holds it.
fn wire_of(kind: &'static Kind, address: Address) -> Value {
    let mut body = serde_json::from_str::<Value>(kind.example).unwrap();
    let specification = body.get("specification").cloned();
    // Names are in addresses, and nothing of former names is in the service.
    for name in [crate::kinds::NAME, crate::kinds::PREVIOUSLY] {
        body.as_object_mut().unwrap().shift_remove(name);
    }
    let resource = kind.declared(address, body.as_object().unwrap().clone());
    let mut wire = kind.wire(&resource, &crate::model::Body::new());
    if let Some(properties) = wire.get("properties") {
        wire = properties.clone();
    }
    if let Some(specification) = specification {
        wire["specification"] = specification;
    }
    wire
}

/// Writes an export into a folder and loads it again.
pub(super) fn load_again(export: &Export) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    for file in &export.files {
        write(folder.path(), &file.path, &file.bytes);
    }
    if !export.files.iter().any(|file| file.path == PROJECT_FILE) {
        let project = "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: p}\nspec: {}\n";
        write(folder.path(), PROJECT_FILE, project.as_bytes());
    }
    let loaded = load_folder(folder.path());
    let own = export.files.iter().find(|file| file.path == PROJECT_FILE);
    // The program declares the schema of an ownership marker by itself.
    let has_marker =
        own.is_some_and(|file| String::from_utf8_lossy(&file.bytes).contains("ownership:"));
    if !loaded.diagnostics.has_errors() {
        let declared = loaded.desired.resources.len();
        assert_eq!(export.resources + usize::from(has_marker), declared);
    }
    loaded
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let full = folder.join(path);
    std::fs::create_dir_all(full.parent().unwrap()).unwrap();
    std::fs::write(full, bytes).unwrap();
}

fn load_folder(folder: &Path) -> Loaded {
    let files = DiskFiles::find(folder).unwrap();
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let text = String::from_utf8(files.read(PROJECT_FILE, 1 << 20).unwrap()).unwrap();
    let source = sources.add(PROJECT_FILE, text);
    let project = Project::parse(source, &sources, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let request = Request {
        project: &project,
        files: &files,
        target_name: "prod",
        target: &TargetSpec::default(),
        service: "contoso",
        foreign_schemas: &ForeignSchemas::default(),
        known_facts: &KnownFacts::default(),
    };
    load(request, &mut sources)
}

/// Holds an export to its law: loaded, it is the live state. Gives what loading has to say.
pub(super) fn assert_comes_back(service: &Service) -> Diagnostics {
    let export = service.export();
    let loaded = load_again(&export);
    let show = || {
        let texts = export.files.iter().map(|file| {
            let text = String::from_utf8_lossy(&file.bytes);
            format!("=== {}\n{text}\n", file.path)
        });
        let texts: String = texts.collect();
        format!("{texts}\n{:?}\n{:?}", export.notes, loaded.diagnostics)
    };
    let declared = &loaded.desired.resources;
    let addresses = |keys: Vec<&Address>| {
        keys.iter()
            .map(ToString::to_string)
            .collect::<Vec<String>>()
    };
    assert_eq!(
        addresses(declared.keys().collect()),
        addresses(service.0.resources.keys().collect()),
        "{}",
        show()
    );
    for (address, live) in &service.0.resources {
        let again = &declared[address];
        let mut body = again.resource.body.clone();
        if let Some(field) = address.kind().open_field {
            let open = body.shift_remove(field).unwrap_or_else(|| json!({}));
            assert_eq!(open, Value::Object(live.unmodelled.clone()), "{address}");
        }
        assert_eq!(body, live.resource.body, "{address}\n{}", show());
        assert_eq!(
            again.resource.references, live.resource.references,
            "{address}"
        );
        let text = again.document.as_ref().map(|document| &document.text);
        assert_eq!(text, live.text.as_ref(), "{address}\n{}", show());
        let files = again.document.as_ref().and_then(|d| d.files.as_ref());
        assert_eq!(files, live.files.as_ref(), "{address}\n{}", show());
    }
    loaded.diagnostics
}
