//! The examples of docs/import.md, run.

use super::super::harness::Project;
use super::super::service_fixture::ServiceFixture;
use super::apiops::artifacts;

const ENVIRONMENT: &str = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\n\
                           spec: {title: Production, kind: production}\n";
const SERVICE: &str = "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\n\
                       spec: {location: eastus, identity: {type: SystemAssigned}}\n";

/// The commands of the page with what they are said to print.
fn examples() -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/import.md");
    let bytes = std::fs::read(path).expect("the page is there");
    let page = String::from_utf8(bytes).expect("the page is text");
    let blocks = page.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().expect("a first part"));
    let mut examples = Vec::new();
    let instance = ServiceFixture::instance("contoso-apim");
    for line in blocks.flat_map(str::lines) {
        if let Some(command) = line.strip_prefix("$ apicenter ") {
            examples.push((command.replace("$apim", &instance), String::new()));
        } else if let Some(variable) = line.strip_prefix("$ apim=") {
            assert_eq!(variable, instance);
        } else if let Some((_, output)) = examples.last_mut() {
            output.push_str(line);
            output.push('\n');
        }
    }
    examples
}

#[test]
fn the_page_shows_what_the_program_prints() {
    let center = ServiceFixture::with(|options| options.enforce_roles = false);
    let examples = examples();
    assert_eq!(examples.len(), 5);
    let number = regex::Regex::new(r"api/\d+").expect("the pattern is a constant");
    for (command, shown) in examples {
        let project = Project::of(&center).file("environments/production.yaml", ENVIRONMENT);
        let example = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/examples/contoso/apis/checkout"
        );
        for (file, from) in [
            ("orders-1.yaml", "orders/openapi-1.0.0.yaml"),
            ("orders-2.yaml", "orders/openapi-2.0.0.yaml"),
            ("pricing.proto", "pricing/pricing-1.0.0.proto"),
        ] {
            let bytes = std::fs::read(format!("{example}/{from}")).expect("the example is there");
            project.write(&format!("specs/{file}"), bytes);
        }
        project.write("specs/broken.json", "{\n  \"openapi\": 3.0.x\n}\n");
        project.write("specs/notes.md", "# Notes\n");
        artifacts(&project, "apic-artifacts");
        project.write("service.yaml", SERVICE);
        project
            .run("apply --auto-approve -q --only service")
            .success();
        let outcome = project.run(&command);
        let printed = |stream: &str| -> Vec<String> {
            let lines = stream.lines();
            let lines = lines.map(|line| number.replace_all(line, "api/0").into_owned());
            lines.collect()
        };
        let (mut said, shown) = (printed(&outcome.stdout), printed(&shown));
        said.extend(printed(&outcome.stderr));
        let mut sorted = shown.clone();
        sorted.sort();
        said.sort();
        assert_eq!(said, sorted, "{command}");
        let exit = if shown.iter().any(|line| line.contains("error[")) {
            6
        } else {
            0
        };
        let _ended = outcome.exit(exit);
    }
}
