//! `apply --undo` for every kind that can be written: created, changed, deleted and replaced, the catalogue is exported byte
//! for byte as before.

use std::collections::{BTreeMap, BTreeSet};

use apicenter::kinds::KINDS;
use serde_json::Value;

use super::files::{exported, without_order};
use super::gateways::{INSTANCE, integration, role, service, synced};
use super::harness::Project;
use super::held::held;
use super::samples::OPENAPI;
use super::service_fixture::ServiceFixture;

const SETTINGS: &str = "prune: {scope: all}\nsafety: {maxDeletes: \"100%\"}";

const APPLY: &str = "apply --auto-approve --prune --allow-destroy integration/* --allow-public";

const UNDO: &str =
    "apply --undo undo.json --auto-approve --allow-destroy integration/* --allow-public";

/// Kinds whose resources this program never deletes because they are no longer declared.
const NEVER_DELETED: [&str; 2] = ["RoleAssignment", "SyncedApi"];

/// Declarations of one resource of a kind.
struct Row {
    kind: &'static str,
    /// What else is declared.
    ground: String,
    /// Two forms of the resource, from each to the other by a change.
    forms: [String; 2],
    /// A form that a change alone does not lead to, and whether it is then the same resource.
    replaced: Option<(String, bool)>,
    /// What is declared without the resource; `None` if it cannot be deleted by itself.
    without: Option<String>,
}

fn document(kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: apicenter/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

fn row(kind: &'static str, name: &str, forms: [&str; 2]) -> Row {
    Row {
        kind,
        ground: String::new(),
        forms: forms.map(|spec| document(kind, name, spec)),
        replaced: None,
        without: Some(String::new()),
    }
}

/// A resource below another one: the manifest is that of the other one.
fn below(kind: &'static str, parent: (&str, &str, &str), list: &str, forms: [&str; 2]) -> Row {
    let (top, name, spec) = parent;
    let with = |item: &str| document(top, name, &format!("{{{spec}, {list}: [{item}]}}"));
    Row {
        kind,
        ground: String::new(),
        forms: forms.map(with),
        replaced: None,
        without: Some(document(top, name, &format!("{{{spec}}}"))),
    }
}

const API: (&str, &str, &str) = ("Api", "orders", "title: Orders, kind: rest");

fn version(definitions: &str) -> String {
    format!("{{name: v1, title: v1, lifecycleStage: design, definitions: [{definitions}]}}")
}

fn definitions() -> Row {
    let with = |definition: &str| {
        let versions = version(definition);
        document(
            "Api",
            "orders",
            &format!("{{title: Orders, kind: rest, versions: [{versions}]}}"),
        )
    };
    Row {
        kind: "ApiDefinition",
        ground: String::new(),
        forms: [
            with("{name: openapi, title: OpenAPI, source: {file: one.yaml}}"),
            with("{name: openapi, title: The OpenAPI, source: {file: two.yaml}}"),
        ],
        replaced: Some((with("{name: openapi, title: OpenAPI}"), true)),
        without: Some(with("")),
    }
}

fn deployments() -> Row {
    let versions = version("{name: openapi, title: OpenAPI, source: {file: one.yaml}}");
    let spec = format!("title: Orders, kind: rest, versions: [{versions}]");
    let live = |title: &str| {
        format!(
            "{{name: live, title: {title}, environment: eu, definition: v1/openapi, \
             server: {{runtimeUri: [\"https://api.contoso.com\"]}}}}"
        )
    };
    let (one, two) = (live("Live"), live("In Europe"));
    Row {
        ground: document("Environment", "eu", "{title: Europe, kind: production}"),
        ..below(
            "Deployment",
            ("Api", "orders", &spec),
            "deployments",
            [&one, &two],
        )
    }
}

fn role_assignments() -> Row {
    let assignment = |role: &str, more: &str| {
        let spec = format!(
            "{{role: {role}, scope: {INSTANCE}, principal: {{serviceIdentity: true}}{more}}}"
        );
        document("RoleAssignment", "reads-apim", &spec)
    };
    Row {
        kind: "RoleAssignment",
        ground: service().to_owned(),
        forms: [
            assignment("API Management Service Reader Role", ""),
            assignment(
                "API Management Service Reader Role",
                ", description: Explained.",
            ),
        ],
        replaced: Some((assignment("Reader", ""), false)),
        without: Some(String::new()),
    }
}

fn rows() -> Vec<Row> {
    let skill = ("Skill", "review", "title: Review, summary: Reviews.");
    let agent = ("Agent", "desk", "title: Desk, summary: Helps.");
    let gateway = format!("{}---\n{}", service(), role());
    vec![
        Row {
            kind: "Service",
            ground: String::new(),
            forms: [
                service().to_owned(),
                format!("{}  tags: {{a: b}}\n", service()),
            ],
            replaced: None,
            without: None,
        },
        row(
            "MetadataSchema",
            "team",
            [
                "{schema: {type: string, title: Team}, assignedTo: [{entity: api}]}",
                "{schema: {type: string, title: The team}, assignedTo: [{entity: api}, {entity: environment}]}",
            ],
        ),
        row(
            "Environment",
            "eu",
            [
                "{title: Europe, kind: production}",
                "{title: In Europe, kind: testing, description: Old.}",
            ],
        ),
        role_assignments(),
        Row {
            ground: gateway.clone(),
            forms: [
                format!("{}  importSpecification: ondemand\n", integration()),
                format!("{}  importSpecification: always\n", integration()),
            ],
            ..row("Integration", "apim", ["{}", "{}"])
        },
        row(
            "Api",
            "orders",
            [
                "{title: Orders, kind: rest}",
                "{title: All orders, kind: rest, contacts: [{name: Team}]}",
            ],
        ),
        below(
            "ApiVersion",
            API,
            "versions",
            [
                "{name: v1, title: v1, lifecycleStage: design}",
                "{name: v1, title: The first, lifecycleStage: production}",
            ],
        ),
        definitions(),
        deployments(),
        Row {
            ground: format!("{gateway}---\n{}", integration()),
            forms: [
                synced("Shipping"),
                synced("Shipping").replace("Quotes", "Prices"),
            ],
            ..row("SyncedApi", "shipping", ["{}", "{}"])
        },
        row(
            "Analyzer",
            "default",
            [
                "{ruleset: rules}",
                "{ruleset: others, description: Others.}",
            ],
        ),
        row(
            "Skill",
            "review",
            [
                "{title: Review, summary: Reviews., lifecycleStage: production}",
                "{title: A review, summary: Reads., lifecycleStage: design}",
            ],
        ),
        below(
            "SkillVersion",
            skill,
            "versions",
            [
                "{name: v1, title: v1, lifecycleStage: preview}",
                "{name: v1, title: The first, lifecycleStage: production}",
            ],
        ),
        row(
            "Agent",
            "desk",
            [
                "{title: Desk, summary: Helps.}",
                "{title: Help desk, summary: Helps all.}",
            ],
        ),
        below(
            "AgentVersion",
            agent,
            "versions",
            [
                "{name: v1, title: v1, lifecycleStage: preview}",
                "{name: v1, title: The first, lifecycleStage: production}",
            ],
        ),
        Row {
            ground: document("Api", "orders", "{title: Orders, kind: rest}"),
            ..row(
                "Plugin",
                "shop",
                [
                    "{title: Shop, version: \"1.0\", resources: [api/orders]}",
                    "{title: The shop, version: \"2.0\"}",
                ],
            )
        },
        row(
            "Portal",
            "default",
            [
                "{title: Contoso, enabled: true, allowAnonymousAccess: false}",
                "{title: All of Contoso, enabled: true, allowAnonymousAccess: true}",
            ],
        ),
        row(
            "Resource",
            "large",
            [
                "{type: models, properties: {title: Large, deep: {a: 1, b: [1, 2]}}}",
                "{type: models, properties: {title: Larger, deep: {a: 2}, more: 3}}",
            ],
        ),
    ]
}

/// The files of an export, byte for byte but for two things. Names that an integration generates are others when it brings its
/// APIs in again. Properties of a resource of any type are objects of JSON, which have no order: what is declared of them
/// is written behind what is not.
fn comparable(project: &Project) -> BTreeMap<String, String> {
    let generated = regex::Regex::new(r"\b\d{15,20}\b").expect("a constant");
    let plain = |text: &str| generated.replace_all(text, "N").into_owned();
    let files = exported(project).into_iter();
    let files = files.map(|(name, text)| {
        let text = match name.starts_with("resources/") {
            true => format!("{:#?}", without_order(&text)),
            false => text,
        };
        (plain(&name), plain(&text))
    });
    files.collect()
}

/// What an undo file has of resources of a kind: whether each was there before, and is after.
fn recorded(project: &Project, kind: &str) -> BTreeSet<(bool, bool)> {
    let kind = KINDS
        .iter()
        .find(|one| one.info.name == kind)
        .expect("a kind");
    // What is declared for a synchronised API is written to the API.
    let written = match kind.info.slug {
        "synced-api" => "api",
        slug => slug,
    };
    let file: Value = serde_json::from_str(&project.read("undo.json")).expect("JSON");
    let records = file["resources"].as_array().expect("a list").clone();
    let is_of = |record: &&Value| {
        let address = record["address"].as_str().unwrap_or_default();
        let steps: Vec<&str> = address.split('/').collect();
        let slug = match steps.as_slice() {
            ["resource", ..] => "resource",
            [only] => only,
            [.., slug, _] => slug,
            [] => "",
        };
        slug == written
    };
    let records = records.iter().filter(is_of);
    records
        .map(|record| (!record["before"].is_null(), !record["after"].is_null()))
        .collect()
}

/// Applies one catalogue after another, and goes back to the first.
fn goes_back(row: &Row, (from, to): (&str, &str), ends: (bool, bool)) {
    let center = ServiceFixture::start();
    let project = Project::of_with(&center, SETTINGS)
        .file("one.yaml", OPENAPI)
        .file("two.yaml", &OPENAPI.replace("List orders", "All orders"))
        .file("rules/ruleset.yml", "rules: {}\n")
        .file(
            "others/ruleset.yml",
            "rules:\n  a: {given: $, then: {function: truthy}}\n",
        );
    let declare = |text: &str| {
        let parts = [row.ground.as_str(), text];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        project.write("all.yaml", parts.join("---\n"));
    };
    let about = format!("{} {ends:?}, from\n{from}to\n{to}", row.kind);
    declare(from);
    let first = project.run(&format!("{APPLY} -q"));
    assert!(first.is_success(), "{about}{first}");
    let state = || {
        let mut state = held(&center);
        // What an integration imports stays when it is no longer to import it.
        if row.kind == "Integration" {
            state["apis"].take();
        }
        (state, comparable(&project))
    };
    let before = state();
    declare(to);
    let applied = project.run(&format!("{APPLY} --undo-file undo.json"));
    assert!(applied.is_success(), "{about}{applied}");
    assert!(project.path("undo.json").exists(), "{about}{applied}");
    assert!(
        recorded(&project, row.kind).contains(&ends),
        "{about}{applied}"
    );
    let undone = project.run(UNDO);
    assert!(undone.is_success(), "{about}{undone}");
    let after = state();
    assert_eq!(after.1, before.1, "{about}{applied}{undone}");
    assert_eq!(after.0, before.0, "{about}{applied}{undone}");
    let again = project.run(UNDO);
    assert!(again.stdout.contains("No changes."), "{about}{again}");
    // The manifests from before agree with it.
    declare(from);
    let plan = project.run("plan --prune --detailed-exitcode");
    assert_eq!(plan.code(), Some(0), "{about}{plan}");
}

#[test]
fn every_kind_has_a_row() {
    let rows: Vec<&str> = rows().iter().map(|row| row.kind).collect();
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.info.name).collect();
    assert_eq!(rows, kinds);
}

/// Runs a test for each kind at once.
fn for_each_row(test: impl Fn(&Row) + Sync) {
    let rows = rows();
    std::thread::scope(|scope| {
        for row in &rows {
            scope.spawn(|| test(row));
        }
    });
}

#[test]
fn what_was_changed_is_exported_as_before() {
    for_each_row(|row| {
        let [one, other] = &row.forms;
        goes_back(row, (one, other), (true, true));
        goes_back(row, (other, one), (true, true));
    });
}

#[test]
fn what_was_created_is_no_longer_exported() {
    for_each_row(|row| {
        if let Some(without) = row.without.as_ref().filter(|_| row.kind != "SyncedApi") {
            goes_back(row, (without, &row.forms[1]), (false, true));
        }
    });
}

#[test]
fn what_was_deleted_is_exported_again() {
    for_each_row(|row| {
        let without = row.without.as_ref();
        if let Some(without) = without.filter(|_| !NEVER_DELETED.contains(&row.kind)) {
            goes_back(row, (&row.forms[1], without), (true, false));
        }
    });
}

#[test]
fn what_was_replaced_is_exported_as_before() {
    for_each_row(|row| {
        if let Some((replaced, is_same)) = &row.replaced {
            goes_back(row, (replaced, &row.forms[1]), (*is_same, true));
        }
    });
}
