//! Which files are read, and what becomes of the others.

use super::table::{case, check, counts, validate};
use crate::cli::harness::{Project, project_file};

const API: &str =
    "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: NAME}\nspec: {title: T, kind: rest}\n";

fn api(name: &str) -> String {
    API.replace("NAME", name)
}

#[test]
fn files_for_other_tools_are_errors_until_they_are_left_out() {
    let compose = "«not-a-manifest|»services:\n  web: {image: nginx}\n";
    check(&[
        case(
            &[
                "`docker-compose.yaml` is neither a manifest nor a description file",
                "\"!docker-compose.yaml\"",
            ],
            &format!("=== docker-compose.yaml\n{compose}"),
        ),
        case(
            &[],
            "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec:\n  \
             manifests: [\"**/*.yaml\", \"!docker-compose.yaml\", \"!k8s/**\"]\n  targets: {local: {emulator: {}}}\n\
             === docker-compose.yaml\nservices: {}\n=== k8s/deep/pod.yaml\nkind: Pod\n",
        ),
        case(
            &["unknown apiVersion `v1`"],
            "=== pod.yaml\napiVersion: «api-version|v1»\nkind: Pod\n",
        ),
        case(
            &[
                "unknown apiVersion `apicentre/v1`",
                "did you mean `apicenter/v1`?",
            ],
            "=== a.yaml\napiVersion: «api-version|apicentre/v1»\nkind: Api\nmetadata: {name: it-is}\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["neither a manifest"],
            "=== list.yaml\n- «not-a-manifest|»a\n",
        ),
        case(
            &["neither a manifest"],
            "=== text.yaml\n«not-a-manifest|»just words\n",
        ),
        // One stranger among manifests.
        case(
            &["neither a manifest"],
            &format!("=== a.yaml\n{}---\n«not-a-manifest|»a: 1\n", api("orders")),
        ),
    ]);
}

#[test]
fn descriptions_beside_manifests_are_left_alone() {
    let openapi = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
    check(&[
        case(&[], &format!("=== openapi.yaml\n{openapi}")),
        case(
            &[],
            "=== swagger.yaml\nswagger: '2.0'\ninfo: {title: T, version: '1'}\n",
        ),
        case(
            &[],
            "=== events.yaml\nasyncapi: 2.6.0\ninfo: {title: T, version: '1'}\n",
        ),
        case(
            &[],
            &format!("=== deep/a.yaml\n{openapi}=== b.yaml\n{}", api("orders")),
        ),
        // A document that mentions us is still a description.
        case(
            &[],
            &format!("=== openapi.yaml\n# made by apicenter/v1\n{openapi}"),
        ),
    ]);
}

#[test]
fn globs_choose_the_manifests() {
    let project = Project::empty().file(
        "apicenter.yaml",
        &project_file("manifests: [\"./catalogue/**/*.yml\", \"!**/draft-*\"]\ntargets: {local: {emulator: {}}}"),
    );
    project.write("catalogue/a.yml", api("api-a"));
    project.write("catalogue/deep/er/b.yml", api("api-b"));
    project.write("catalogue/draft-c.yml", "neither: this");
    project.write("catalogue/d.yaml", "nor: this");
    project.write("e.yml", "nor: this");
    let told = validate(&project);
    assert_eq!(told["resources"], 2, "{told:#}");
    assert_eq!(told["diagnostics"], serde_json::json!([]));
}

#[test]
fn hidden_and_ignored_files_are_not_read() {
    let project = Project::local();
    project.write("a.yaml", api("api-a"));
    project.write(".gitignore", "/out/\n*.tmp.yaml\n");
    for path in [
        ".github/workflows/ci.yaml",
        ".hidden.yaml",
        "out/b.yaml",
        "c.tmp.yaml",
    ] {
        project.write(path, "on: push");
    }
    let told = validate(&project);
    assert_eq!(told["resources"], 1, "{told:#}");
    assert_eq!(told["diagnostics"], serde_json::json!([]));
}

#[test]
fn resources_beside_the_project_are_read_too() {
    let project = Project::local();
    project.write(
        "apicenter.yaml",
        project.read("apicenter.yaml") + "---\n" + &api("api-a"),
    );
    let told = validate(&project);
    assert_eq!(told["resources"], 1, "{told:#}");
}

#[test]
fn all_problems_of_all_files_are_told_at_once_in_their_order() {
    let project = Project::local();
    project.write("b.yaml", "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: v_1}\nspec: {titel: T, kind: rst, lifecycleStage: x}\n");
    project.write("a.yaml", "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: a_b}\nspec: {kind: testing}\n");
    project.write("c/d.yaml", "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: T\n  kind: rest\n  customProperties: {x: 1}\n  deployments: [{name: dep, environment: none}]\n  versions: [{name: 1-0-0, title: v, lifecycleStage: design, definitions: [{name: def, title: D, source: {file: no}}]}]\n");
    project.write("e.yaml", "apiVersion: apicenter/v1\nkind: [\n");
    let told = validate(&project);
    let counts = counts(&told);
    for (code, count) in [
        ("bad-name", 2),
        ("missing-field", 1),
        ("unknown-field", 1),
        ("not-settable", 1),
        ("unknown-value", 1),
        ("custom-property-unknown", 1),
        ("dangling-reference", 1),
        ("document-missing", 1),
        ("yaml-syntax", 1),
    ] {
        assert_eq!(counts.get(code), Some(&count), "{code}: {told:#}");
    }
    let files: Vec<&str> = told["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|diagnostic| diagnostic["source"]["file"].as_str())
        .collect();
    assert!(files.is_sorted(), "{files:?}");
    assert_eq!(told["valid"], false);
}

#[test]
fn neither_the_names_of_files_nor_their_order_matter() {
    let plan = |names: [&str; 3]| {
        let project = Project::local();
        let texts = [
            "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {name: team}\nspec: {schema: {type: string}, assignedTo: [{entity: api}]}\n",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: T, kind: rest, customProperties: {team: 1}, deployments: [{name: dep, environment: prod}]}\n",
            "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: prod}\nspec: {title: T, kind: production}\n",
        ];
        for (name, text) in names.iter().zip(texts) {
            project.write(name, text);
        }
        project.run("plan --format json").success().json()["planId"].clone()
    };
    let id = plan(["a.yaml", "b.yaml", "c.yaml"]);
    assert_eq!(id, plan(["z/z.yaml", "b.yaml", "a.yaml"]));
    assert_eq!(id, plan(["c.yaml", "a/b/c.yaml", "B.yaml"]));
}
