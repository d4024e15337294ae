//! The pages of a catalogue as files. `tests/browser/site.test.js` looks at them in a browser.

use serde_json::Value;

use super::harness::Project;
use super::samples::{api, orders};
use super::service_fixture::ServiceFixture;

const DESCRIPTION: &str = "public/descriptions/api/orders/version/1-0-0/definition/openapi.js";

/// The JSON that a script assigns to something.
fn assigned(project: &Project, file: &str) -> Value {
    let script = project.read(file);
    let (_, json) = script.split_once(" = ").expect("an assignment");
    let json = json.trim_end().trim_end_matches(';');
    serde_json::from_str(json).expect("JSON")
}

fn resource<'a>(catalogue: &'a Value, address: &str) -> &'a Value {
    let all = catalogue["resources"].as_array().expect("a list");
    let found = all.iter().find(|one| one["address"] == address);
    found.unwrap_or_else(|| panic!("{address}: {catalogue:#}"))
}

#[test]
fn a_site_has_what_manifests_declare() {
    let project = orders(Project::local());
    let run = project.run("site --out public").success();
    run.says(&["Wrote 6 resources to public", "index.html."]);
    let catalogue = assigned(&project, "public/catalogue.js");
    let orders = resource(&catalogue, "api/orders");
    assert_eq!(orders["title"], "Orders");
    assert_eq!(orders["metadata"]["team"], "checkout");
    assert!(orders["fields"].get("customProperties").is_none());
    let version = resource(&catalogue, "api/orders/version/1-0-0");
    assert_eq!(
        (&version["stage"], &version["parent"]),
        (&"production".into(), &"api/orders".into())
    );
    let deployment = resource(&catalogue, "api/orders/deployment/prod-eu");
    let uses = deployment["uses"].as_array().expect("a list");
    assert!(uses.contains(&"environment/production".into()), "{uses:?}");
    let definition = resource(&catalogue, "api/orders/version/1-0-0/definition/openapi");
    assert_eq!(definition["document"]["format"], "openapi 3.0.3");
    assert!(definition["fields"].get("source").is_none());
    let description = assigned(&project, DESCRIPTION);
    assert_eq!(
        description["value"]["paths"]["/orders"]["get"]["summary"],
        "List orders"
    );
    assert!(
        description["text"]
            .as_str()
            .is_some_and(|text| text.starts_with("openapi: 3.0.3\n"))
    );
    for file in [
        "index.html",
        "site.js",
        "site.css",
        "viewer/swagger-ui-bundle.js",
    ] {
        assert!(project.path(&format!("public/{file}")).is_file(), "{file}");
    }
}

#[test]
fn a_site_is_written_again_and_loses_what_is_removed() {
    let project = orders(Project::local());
    project.run("site --out public").success();
    let before = project.read("public/catalogue.js");
    project.run("site --out public").success();
    assert_eq!(project.read("public/catalogue.js"), before);
    project.remove("apis/orders.yaml");
    project.run("site --out public").success();
    assert!(!project.path(DESCRIPTION).exists());
    assert!(!project.read("public/catalogue.js").contains("api/orders"));
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    let project = orders(Project::local()).file("public/index.html", "<h1>Mine</h1>");
    let refused = project.run("site --out public").exit(5);
    refused.talks(&[
        "public is not empty and has no site; nothing was written",
        "--force writes",
    ]);
    assert_eq!(project.read("public/index.html"), "<h1>Mine</h1>");
    assert!(!project.path("public/catalogue.js").exists());
    project.run("site --out public --force").success();
    assert!(project.path("public/catalogue.js").is_file());
}

#[test]
fn manifests_with_errors_have_no_site() {
    let project = Project::local().file("a.yaml", &api("a").replace("title:", "titel:"));
    let refused = project.run("site --out public").exit(6);
    refused.talks(&["a.yaml:", "error["]);
    assert!(!project.path("public").exists());
}

#[test]
fn a_site_can_show_what_is_live() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.remove("apis/orders.yaml");
    project.run("snapshot --out digests.json").success();
    project
        .run("snapshot --documents --out live.json")
        .success();

    project
        .run("site --from digests.json --out public")
        .success();
    let catalogue = assigned(&project, "public/catalogue.js");
    assert_eq!(resource(&catalogue, "api/orders")["title"], "Orders");
    assert!(
        catalogue["source"]
            .as_str()
            .is_some_and(|source| source.contains("digests.json"))
    );
    assert!(!project.path(DESCRIPTION).exists());

    project.run("site --from live.json --out public").success();
    let description = assigned(&project, DESCRIPTION);
    assert_eq!(description["value"]["info"]["title"], "Orders");
    let catalogue = assigned(&project, "public/catalogue.js");
    assert!(!catalogue["resources"].to_string().contains("\"api/never\""));
}
