//! What `validate` finds in description files, and what it leaves alone.

use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

const OPENAPI: &str = "\
openapi: 3.0.3
info: {title: Orders, version: '1'}
paths:
  /orders:
    get:
      responses:
        '200': {description: ok}
";

/// A project with one definition, whose document is this file.
fn project(file: &str, text: &str) -> Project {
    let project = orders(Project::local());
    project.edit("apis/orders.yaml", "openapi.yaml", file);
    project.remove("apis/openapi.yaml");
    project.file(&format!("apis/{file}"), text)
}

/// An object schema in an object schema, so many times.
fn nested(levels: usize) -> String {
    let schema = format!(
        "{}{{\"type\": \"string\"}}{}",
        "{\"type\": \"object\", \"properties\": {\"p\": ".repeat(levels),
        "}}".repeat(levels)
    );
    format!(
        "{{\"openapi\": \"3.0.1\", \"info\": {{\"title\": \"Deep\", \"version\": \"1\"}}, \"paths\": {{}},\n \
         \"components\": {{\"schemas\": {{\"A\": {schema}}}}}}}"
    )
}

#[test]
fn documents_of_any_depth_are_accepted_and_settle() {
    let block: String = (1..150).map(|i| format!("{}p:\n", " ".repeat(i))).collect();
    let deep_yaml = format!("{OPENAPI}x-deep:\n{block}");
    for (file, text) in [
        ("deep.json", nested(70)),
        ("deep.json", nested(700)),
        ("deep.yaml", nested(70)),
        ("deep.yaml", deep_yaml),
    ] {
        let center = ServiceFixture::start();
        let project = orders(Project::of(&center));
        project.edit("apis/orders.yaml", "openapi.yaml", file);
        project.remove("apis/openapi.yaml");
        project.write(&format!("apis/{file}"), &text);
        let ended = project.run("validate").success();
        assert_eq!(ended.stderr(), "", "{file}");
        project.run("apply --auto-approve").success();
        project.run("plan --detailed-exitcode").success();
    }
}

#[test]
fn hostile_depth_ends_in_words() {
    let brackets = "[".repeat(1_000_000);
    let _ended = project("deep.json", &brackets)
        .run("validate")
        .exit(6)
        .talks(&["not well-formed JSON"]);
    let closed = format!("{brackets}{}", "]".repeat(1_000_000));
    project("deep.json", &closed).run("validate").success();
    let _ended = project("deep.yaml", &format!("{OPENAPI}x-deep: {closed}"))
        .run("validate")
        .exit(6)
        .talks(&["nested more", "a limit of this program"])
        .never_says("well-formed");
}

#[test]
fn a_key_that_is_there_twice_is_a_warning_at_the_second_one() {
    let yaml = format!("{OPENAPI}paths: {{}}\n");
    let codes = OPENAPI.replace("'200'", "200: {description: a}\n        \"200\"");
    let json = "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"},\n\
                \"paths\": {},\n  \"paths\": {}}";
    for (file, text, place, first) in [
        (
            "a.yaml",
            yaml.as_str(),
            "apis/a.yaml:8:1",
            "apis/a.yaml:3:1",
        ),
        ("a.yaml", &codes, "apis/a.yaml:8:9", "apis/a.yaml:7:9"),
        ("a.json", json, "apis/a.json:3:3", "apis/a.json:2:1"),
    ] {
        let _ended = project(file, text).run("validate").success().talks(&[
            place,
            "warning[document-duplicate-key]",
            first,
            "readers see only one",
        ]);
    }
}

#[test]
fn a_description_that_its_schema_refuses_is_a_warning() {
    for (text, place, words) in [
        (
            OPENAPI.replace("3.0.3", "4.0.0"),
            "apis/a.yaml:1:10",
            "known versions are 2.0, 3.0, 3.1, 3.2",
        ),
        (
            OPENAPI.replace("responses", "respnses"),
            "apis/a.yaml:6:7",
            "did you mean `responses`?",
        ),
        (
            OPENAPI.replace("{description: ok}", "[]"),
            "apis/a.yaml:7:9",
            "a list where a mapping is expected",
        ),
        (
            OPENAPI.replace("title: Orders, ", ""),
            "apis/a.yaml:2:1",
            "the required field `title` is missing",
        ),
        (
            OPENAPI.replace("{description: ok}", "{}\n        '404': {}"),
            "apis/a.yaml:7:9",
            "the required field `description` is missing (and at 1 more place)",
        ),
        (
            OPENAPI.replace("'1'", "1.0"),
            "apis/a.yaml:2:32",
            "quote it: `'1.0'`",
        ),
        (
            OPENAPI.replace("'1'", "2026-01-31"),
            "apis/a.yaml:2:32",
            "quote it: `'2026-01-31'`",
        ),
        (
            format!("{OPENAPI}components: {{schemas: {{A: {{type: strin}}}}}}\n")
                .replace("3.0.3", "3.1.0"),
            "apis/a.yaml:8:34",
            "did you mean `string`?",
        ),
    ] {
        let ended = project("a.yaml", &text).run("validate").success();
        let stderr = ended.stderr().to_owned();
        let _ended = ended.talks(&[place, "warning[document-schema]"]);
        assert!(stderr.contains(words), "{stderr}");
        assert_eq!(
            stderr.matches("warning[document-schema]").count(),
            1,
            "{stderr}"
        );
    }
}

#[test]
fn a_text_that_is_not_a_description_is_a_warning_under_its_name() {
    let ended = project("a.txt", "Just some notes.\n")
        .run("validate")
        .success();
    let _ended = ended.talks(&[
        "specification-mismatch",
        "called `openapi`",
        "does not state",
    ]);
    let ended = project("a.yaml", "a: 1\n").run("validate").success();
    let _ended = ended.talks(&["called `openapi`"]);
}

#[test]
fn valid_descriptions_are_silent() {
    for (file, text) in [
        ("a.yaml", OPENAPI.to_owned()),
        ("a.yaml", OPENAPI.replace("3.0.3", "3.1.0")),
        (
            "a.yaml",
            OPENAPI.replace("openapi: 3.0.3", "swagger: '2.0'"),
        ),
        (
            "a.yaml",
            "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n".to_owned(),
        ),
        ("a.json", nested(10)),
    ] {
        let ended = project(file, &text).run("validate").success();
        assert_eq!(ended.stderr(), "", "{text}");
    }
}
