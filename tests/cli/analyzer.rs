//! Analyzers: what a plan shows of their rulesets, and what is sent.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::io::{Cursor, Read as _, Write as _};

use apicenter::emulator::{Fault, FaultRule};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::harness::{Outcome, Project};
use super::service_fixture::ServiceFixture;

const CONFIG: &str = "analyzerConfigs/default";

const ANALYZER: &str = "\
apiVersion: apicenter/v1
kind: Analyzer
metadata: {name: default}
spec:
  description: What every API has to obey.
  ruleset: ./rules
  filter: {apis: [{property: kind, operator: equals, value: rest}]}
";

const RULES: &str = "\
rules:
  has-title:
    severity: warn
    given: $.info
    then: {field: title, function: truthy}
";

const FUNCTION: &str = "export default (value) => value || [];\n";

fn analyzer(project: Project) -> Project {
    project
        .file("analyzers/default.yaml", ANALYZER)
        .file("analyzers/rules/ruleset.yml", RULES)
        .file("analyzers/rules/functions/own.js", FUNCTION)
}

/// The ruleset of the service, by path.
fn live_files(center: &ServiceFixture) -> Vec<(String, String)> {
    let answer = center.post(&format!("{CONFIG}/exportRuleset"), json!({}));
    let archive = STANDARD.decode(answer["value"].as_str().unwrap()).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut entry = archive.by_index(i).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// Gives the service another ruleset, packed by somebody else.
fn import(center: &ServiceFixture, files: &[(&str, &str)]) {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    let value = STANDARD.encode(archive.finish().unwrap().into_inner());
    let body = json!({"format": "inline-zip", "value": value});
    center.post(&format!("{CONFIG}/importRuleset"), body);
    // The operation ends by itself, a moment later.
    for _ in 0..24_000 {
        if center.get(CONFIG)["properties"]["state"] == "active" {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the ruleset was not taken");
}

fn invalid(project: &Project) -> super::harness::Ended {
    let outcome: Outcome = project.run("validate");
    outcome.exit(6)
}

#[test]
fn an_analyzer_is_created_with_its_ruleset_and_the_next_plan_is_quiet() {
    let mut center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    project.run("plan --details").success().says(&[
        "+ analyzer/default",
        "ruleset",
        "sha256:",
        "9 lines",
        "Plan: 1 to add, 0 to change, 0 to destroy.",
    ]);
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.writes(),
        [
            "PUT analyzerConfigs/default",
            "POST analyzerConfigs/default/importRuleset"
        ]
    );
    let live = center.get(CONFIG);
    assert_eq!(live["properties"]["state"], "active");
    assert_eq!(live["properties"]["title"], "default");
    assert_eq!(live["properties"]["filter"]["apiVersions"], json!([]));
    let expected = [("functions/own.js", FUNCTION), ("ruleset.yml", RULES)];
    let expected = expected.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(live_files(&center), expected);
    center.mark();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    let exports = center.requests();
    let exports = exports
        .iter()
        .filter(|r| r.path.ends_with("/exportRuleset"));
    assert_eq!(exports.count(), 1);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn a_changed_rule_is_shown_as_a_difference_and_the_ruleset_imported_alone() {
    let mut center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.edit(
        "analyzers/rules/ruleset.yml",
        "severity: warn",
        "severity: error",
    );
    project.run("plan").success().says(&[
        "~ analyzer/default",
        "ruleset  +1 −1 lines",
        ":6:12",
        "-     severity: warn",
        "+     severity: error",
    ]);
    let details = project.run("plan --details --detailed-exitcode");
    details.exit(2).says(&[
        "~ analyzer/default",
        "ruleset",
        "sha256:",
        "analyzers/default.yaml:6:12",
        "-     severity: warn",
        "+     severity: error",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    project.run("plan --format markdown").success().says(&[
        "Document of",
        "analyzer/default",
        "-    severity: warn",
    ]);
    let plan = project.run("plan --format json").success().json();
    let field = &plan["changes"][0]["fields"][0];
    assert_eq!(field["path"], "ruleset");
    assert!(field["before"].as_str().unwrap().starts_with("sha256:"));
    assert!(!plan.to_string().contains("severity"), "{plan}");
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.writes(),
        ["POST analyzerConfigs/default/importRuleset"]
    );
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn who_packed_the_files_and_how_lines_end_is_no_difference() {
    let center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    center.put(CONFIG, json!({"title": "Ours", "analyzerType": "spectral",
        "description": "What every API has to obey.", "filter": {"apiVersions": [],
        "apis": [{"property": "kind", "operator": "equals", "value": "rest"}], "apiDefinitions": []}}));
    let rules = RULES.replace('\n', "\r\n");
    import(
        &center,
        &[
            ("ruleset.yml", &rules),
            ("__MACOSX/._ruleset.yml", "x"),
            ("functions/own.js", FUNCTION),
        ],
    );
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    import(&center, &[("ruleset.yml", "rules: {}\n")]);
    project.run("plan --detailed-exitcode").exit(2).says(&[
        "+ === functions/own.js ===",
        "- rules: {}",
        "+ rules:",
        "+   has-title:",
    ]);
}

#[test]
fn an_archive_that_leaves_its_folder_is_replaced_and_never_unpacked() {
    let center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    project.run("apply --auto-approve").success();
    import(
        &center,
        &[
            ("ruleset.yml", RULES),
            ("../../escaped.yml", "evil: true\n"),
        ],
    );
    project
        .run("export --out adopted")
        .success()
        .talks(&["analyzer/default: its ruleset could not be read"]);
    assert!(!project.path("escaped.yml").exists());
    std::fs::remove_dir_all(project.path("adopted")).unwrap();
    project
        .run("plan --detailed-exitcode")
        .exit(2)
        .says(&["not a usable archive", "../../escaped.yml"]);
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn without_a_ruleset_the_live_one_stays_and_is_not_read() {
    let mut center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.edit("analyzers/default.yaml", "  ruleset: ./rules\n", "");
    project.remove("analyzers/rules/ruleset.yml");
    center.mark();
    project.run("plan --detailed-exitcode").success();
    let requests = center.requests();
    assert!(!requests.iter().any(|r| r.path.ends_with("/exportRuleset")));
    project.remove("analyzers/default.yaml");
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["Unmanaged", "analyzer/default"]);
}

#[test]
fn pruning_takes_analyzers_only_where_the_repository_owns_everything() {
    let mut center = ServiceFixture::start();
    let project = analyzer(Project::of_with(
        &center,
        "prune: {enabled: true, scope: owned}",
    ));
    project.run("apply --auto-approve").success();
    project.remove("analyzers/default.yaml");
    std::fs::remove_dir_all(project.path("analyzers")).unwrap();
    project.run("plan --detailed-exitcode").success();
    project.edit("apicenter.yaml", "scope: owned", "scope: all");
    project
        .run("plan")
        .success()
        .says(&["- analyzer/default", "1 to destroy"]);
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(center.writes(), ["DELETE analyzerConfigs/default"]);
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_ruleset_that_the_service_refuses_is_told_and_healed_by_the_next_apply() {
    let center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    center.inject(FaultRule::next(
        "GET",
        "/operationResults/",
        Fault::Status(400),
    ));
    project.run("apply --auto-approve").exit(4).talks(&[
        "analyzer/default",
        "importRuleset",
        "accepted, then failed",
    ]);
    center.heal();
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn an_exported_service_plans_to_nothing() {
    let center = ServiceFixture::start();
    let project = analyzer(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.run("export --out adopted").success();
    assert_eq!(project.read("adopted/analyzers/default/ruleset.yml"), RULES);
    project
        .run("-C adopted plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    project
        .run("export --out adopted")
        .success()
        .says(&["0 written"]);
}

#[test]
fn broken_rulesets_are_reported_where_they_are_broken() {
    let project = analyzer(Project::local());
    project.run("validate").success();
    let file = "analyzers/rules/ruleset.yml";
    project.write(file, "rules:\n  a: [1\n  b: 2\n");
    let _ended = invalid(&project).talks(&["analyzers/rules/ruleset.yml:", "yaml-syntax"]);
    project.write(file, "- rules\n");
    let _ended = invalid(&project).talks(&["analyzers/rules/ruleset.yml:1:3", "a mapping"]);
    project.write(file, b"rules: {}\n# \xff\n");
    let _ended = invalid(&project).talks(&["analyzers/rules/ruleset.yml:2:3", "UTF-8"]);
    project.write(file, "title: nothing\n");
    let _ended = project
        .run("validate")
        .success()
        .talks(&["neither `rules`"]);
    project.write("analyzers/rules/big.js", vec![b' '; 3 * 1024 * 1024]);
    let _ended = invalid(&project).talks(&["analyzers/default.yaml:6:12", "ruleset-too-large"]);
    project.remove("analyzers/rules/big.js");
    project.remove(file);
    project.write("analyzers/rules/deep/ruleset.yml", RULES);
    let _ended = invalid(&project).talks(&[
        "does not contain `ruleset.yml`",
        "move `deep/ruleset.yml` there",
    ]);
}

#[test]
fn what_a_ruleset_refers_to_must_be_in_its_folder() {
    let project = analyzer(Project::local());
    project.write(
        "analyzers/rules/ruleset.yml",
        "extends:\n  - spectral:oas\n  - \"@contoso/style-rules\"\n  - ../house.yml\n  - ./strict.yml\n\
         functions: [own, path-words]\nrules: {}\n",
    );
    project.write("analyzers/house.yml", "rules: {}\n");
    project.write("analyzers/rules/strict.yml", "extends: ./missing.yml\n");
    let ended = project.run("validate").success().talks(&[
        "analyzers/rules/ruleset.yml:3:5",
        "cannot load the npm package `@contoso/style-rules`",
        "analyzers/rules/ruleset.yml:4:5",
        "`../house.yml` is outside the ruleset's folder",
        "analyzers/rules/ruleset.yml:6:18",
        "no file `functions/path-words.js`",
        "analyzers/rules/strict.yml:1:10",
        "no file `missing.yml`",
    ]);
    assert_eq!(
        ended.stderr().matches("[ruleset-reference]").count(),
        4,
        "{}",
        ended.stderr()
    );
    project.write("analyzers/rules/functions/path-words.js", FUNCTION);
    project.write("analyzers/rules/strict.yml", RULES);
    project.write(
        "analyzers/rules/ruleset.yml",
        "extends: [[spectral:oas, all], ./strict.yml, https://contoso.com/rules.yml]\n\
         functions: [own, [path-words, {type: object}]]\nrules: {}\n",
    );
    let _ended = project
        .run("validate")
        .success()
        .never_says("ruleset-reference");
}

#[test]
fn folders_that_are_none_or_lie_elsewhere_are_refused() {
    let project = analyzer(Project::local());
    for (value, said) in [
        ("./rule", "did you mean `./rules`?"),
        ("../../rules", "outside the project"),
        ("/etc", "outside the project"),
        (".", "also contains this manifest"),
        ("rules/ruleset.yml", "is a file"),
    ] {
        project.write("analyzers/default.yaml", ANALYZER.replace("./rules", value));
        let _ended = invalid(&project).talks(&["analyzers/default.yaml:6:12", said]);
    }
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_project_are_refused() {
    use std::os::unix::fs::symlink;
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("ruleset.yml"), RULES).unwrap();
    let project = analyzer(Project::local());
    symlink(
        elsewhere.path().join("ruleset.yml"),
        project.path("analyzers/rules/more.yml"),
    )
    .unwrap();
    let _ended = invalid(&project).talks(&["ruleset-outside", "more.yml", "leads out"]);
    project.remove("analyzers/rules/more.yml");
    symlink(elsewhere.path(), project.path("analyzers/linked")).unwrap();
    project.edit("analyzers/default.yaml", "./rules", "./linked");
    let _ended = invalid(&project).talks(&["ruleset-outside", "outside the project"]);
}

#[test]
fn files_of_a_ruleset_are_neither_manifests_nor_strangers() {
    let project = analyzer(Project::local());
    project.write("analyzers/rules/shared.yaml", "rules: {}\n");
    project.write(
        "analyzers/rules/api.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: stray}\nspec: {}\n",
    );
    project.run("validate").success();
    project.run("plan").success().never_says("stray");
    // What git ignores is not part of it: it is not there for everybody.
    project.write(".gitignore", "*.log\n");
    project.run("apply --auto-approve").success();
    project.write("analyzers/rules/debug.log", "x");
    project.write("analyzers/rules/.DS_Store", "x");
    project.run("plan --detailed-exitcode").success();
    project.write("analyzers/rules/.hidden", "x");
    project.run("plan --detailed-exitcode").exit(2);
    // A manifest among the rules cannot make others vanish.
    project.write(
        "analyzers/rules/api.yaml",
        "apiVersion: apicenter/v1\nkind: Analyzer\nmetadata: {name: other}\nspec: {ruleset: ..}\n",
    );
    project
        .run("plan")
        .success()
        .says(&["~ analyzer/default"])
        .never_says("analyzer/other");
}
