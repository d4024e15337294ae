//! Description files: missing, outside, too large, broken, and not what they are said to be.

use super::table::{Case, case, check, validate};
use crate::cli::harness::Project;

#[cfg(unix)]
const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";

/// An API whose definition has this `source` (and more), beside other files.
fn api(says: &'static [&'static str], definition: &str, files: &str) -> Case {
    case(says, &(text(definition) + files))
}

fn text(definition: &str) -> String {
    format!(
        "=== apis/api.yaml\napiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: it-is}}\nspec:\n  title: T\n  kind: rest\n  \
         versions:\n  - name: 1-0-0\n    title: v\n    lifecycleStage: design\n    definitions:\n    - name: openapi\n      \
         title: O\n      {definition}\n"
    )
}

#[test]
fn exactly_one_source() {
    check(&[
        api(
            &["`file` and `url` exclude each other"],
            "source: {«exclusive-fields+|file»: a.json, «exclusive-fields|url»: \"https://contoso.com\"}",
            "=== apis/a.json\n{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}}\n",
        ),
        api(
            &["one of `file`, `inline`, `url` and `apiManagement` is missing"],
            "source: «missing-field|{}»",
            "",
        ),
        api(
            &["`a.json` where a mapping is expected"],
            "source: «wrong-type|a.json»",
            "",
        ),
        api(&[], "description: no document", ""),
        api(
            &[],
            "source: {url: \"https://contoso.com/openapi.json\"}",
            "",
        ),
        api(
            &[],
            "source: {apiManagement: {resourceId: /subscriptions/s/resourceGroups/g/providers/\
             Microsoft.ApiManagement/service/gateway, api: orders}}",
            "",
        ),
        api(
            &["`api` is missing"],
            "source: {apiManagement: «missing-field|»{resourceId: /subscriptions/s/resourceGroups/g/\
             providers/Microsoft.ApiManagement/service/gateway}}",
            "",
        ),
    ]);
}

#[test]
fn files_that_are_not_there_or_not_ours() {
    let near = "=== apis/openapi.yaml\nopenapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
    check(&[
        api(
            &["no file `opanapi.yaml`", "did you mean `openapi.yaml`?"],
            "source: {file: «document-missing|opanapi.yaml»}",
            near,
        ),
        api(
            &[
                "no file `deep/none.json`",
                "paths are relative to the file that names them",
            ],
            "source: {file: «document-missing|deep/none.json»}",
            "",
        ),
        api(
            &["`../../secret.yaml` is outside the project folder"],
            "source: {file: «document-outside|../../secret.yaml»}",
            "",
        ),
        api(
            &["is outside the project folder"],
            "source: {file: «document-outside|/etc/hostname»}",
            "",
        ),
        api(
            &[],
            "source: {file: ../shared/openapi.yaml}",
            &near.replace("apis/", "shared/"),
        ),
        api(&[], "source: {file: ./openapi.yaml}", near),
        api(
            &["cannot read"],
            "source: {file: «file-unreadable|../apis»}",
            "",
        ),
    ]);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_project() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("openapi.yaml"), OPENAPI).unwrap();
    let project = Project::local();
    project.write(
        "apis/api.yaml",
        text("source: {file: linked.yaml}")
            .split_once('\n')
            .unwrap()
            .1,
    );
    let link = project.path("apis/linked.yaml");
    std::os::unix::fs::symlink(outside.path().join("openapi.yaml"), &link).unwrap();
    let told = validate(&project);
    assert_eq!(
        told["diagnostics"][0]["code"], "document-outside",
        "{told:#}"
    );
    assert_eq!(told["diagnostics"][0]["source"]["line"], 14);
    std::fs::remove_file(&link).unwrap();
    project.write("inside/openapi.yaml", OPENAPI);
    std::os::unix::fs::symlink(project.path("inside/openapi.yaml"), &link).unwrap();
    let told = validate(&project);
    assert_eq!(told["diagnostics"], serde_json::json!([]), "{told:#}");
}

#[test]
fn documents_larger_than_the_service_takes() {
    let large = "x".repeat(3 * 1024 * 1024);
    let file = |rest: &str| {
        format!(
            "=== apis/a.json\n{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"{rest}\", \"version\": \"1\"}}, \"paths\": {{}}}}"
        )
    };
    check(&[
        api(
            &[
                "bytes; the service takes at most 3145728 (3 MB) inline",
                "source: {url: …}",
            ],
            "source: {file: «document-too-large|a.json»}",
            &file(&large),
        ),
        api(&[], "source: {file: a.json}", &file(&large[100..])),
    ]);
}

#[test]
fn broken_documents_are_told_at_the_place_inside() {
    let named = "source: {file: «document-invalid+|NAME»}";
    let broken = |says, name: &str, text: &str| {
        api(
            says,
            &named.replace("NAME", name),
            &format!("=== apis/{name}\n{text}"),
        )
    };
    check(&[
        broken(
            &["not well-formed JSON"],
            "a.json",
            "{\"openapi\": \"3.0.3\",\n \"info\": tru«document-invalid|}»\n",
        ),
        broken(
            &["not well-formed YAML"],
            "a.yaml",
            "openapi: 3.0.3\ninfo: a«document-invalid|:» b\n",
        ),
        broken(
            &["needs `info`"],
            "a.yaml",
            "# ü\n«document-invalid|»openapi: 3.0.3\npaths: {}\n",
        ),
        broken(
            &["`</a>`"],
            "a.wsdl",
            "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>\n <a>\n«document-invalid|</definitions>»\n",
        ),
        broken(
            &["expected `}`"],
            "a.graphql",
            "type Query {\n a: Int\n«document-invalid|»",
        ),
        broken(
            &["end of file"],
            "a.proto",
            "syntax = \"proto3\";\nmessage M «document-invalid|»{\n",
        ),
        api(
            &["not well-formed JSON"],
            "source: {inline: «document-invalid|'{\"openapi\": \"3.0.3\", '»}",
            "",
        ),
    ]);
}

#[test]
fn documents_that_are_not_text() {
    let project = Project::local();
    project.write(
        "apis/api.yaml",
        text("source: {file: a.json}").split_once('\n').unwrap().1,
    );
    project.write(
        "apis/a.json",
        b"{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"\xe4\"}}",
    );
    let told = validate(&project);
    assert_eq!(told["diagnostics"][0]["code"], "file-encoding", "{told:#}");
    assert_eq!(told["diagnostics"][0]["source"]["column"], 22);
}

#[test]
fn the_declared_specification_is_compared_with_the_document() {
    let file = "=== apis/a.json\n{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}}\n";
    let specification = |says, specification: &str| {
        let definition = format!("source: {{file: a.json}}\n      specification: {specification}");
        api(says, &definition, file)
    };
    check(&[
        specification(
            &["declared as `asyncapi`, but the document is `openapi`"],
            "{name: «specification-mismatch|asyncapi»}",
        ),
        specification(
            &["declared as version `3.1.0`, but the document states `3.0.3`"],
            "{name: openapi, version: «specification-mismatch?|3.1.0»}",
        ),
        specification(&[], "{name: OpenAPI, version: 3.0.3}"),
        specification(
            &["did you mean `openapi`?"],
            "{name: «specification-mismatch|«unknown-value?|opneapi»}",
        ),
    ]);
}
