//! `get`: what is live, and who keeps it.

use std::io::{BufRead as _, BufReader};

use apicenter::emulator::{Fault, FaultRule};
use serde_json::{Value, json};

use super::gateways;
use super::harness::Project;
use super::samples::{api, orders};
use super::service_fixture::{SUBSCRIPTION, ServiceFixture};
use crate::schemas;

const OWNED: &str = "ownership: {owner: checkout, property: managed-by}";

/// The lines of a command's output.
#[track_caller]
fn lines(project: &Project, arguments: &str) -> Vec<String> {
    let ended = project.run(arguments).success();
    ended.stdout().lines().map(str::to_owned).collect()
}

/// A project whose service has an API of its own, one of another owner, and one of nobody.
fn shared(center: &ServiceFixture) -> Project {
    let project = orders(Project::of_with(center, OWNED));
    project.run("apply --auto-approve").success();
    let body = |title: &str| json!({"title": title, "kind": "rest"});
    let mut theirs = body("Payments");
    theirs["customProperties"] = json!({"managed-by": "sales", "team": "pay"});
    center.put("apis/payments", theirs);
    center.put("apis/weather", body("Weather"));
    project
}

/// A project whose service has synchronised APIs, one of which the catalogue adds something to.
fn synchronised(center: &ServiceFixture) -> Project {
    let project = gateways::linked(center).file("synced.yaml", &gateways::synced("Shipping"));
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project
}

#[test]
fn a_row_says_what_an_api_is_and_who_keeps_it() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    assert_eq!(
        lines(&project, "get apis"),
        [
            "ADDRESS       TITLE     STAGE       VERSIONS  DEPLOYMENTS  OWNER     KEPT BY",
            "api/orders    Orders    production  1         1            checkout  this repository",
            "api/payments  Payments  -           0         0            sales     another owner",
            "api/weather   Weather   -           0         0            -         nobody",
        ]
    );
    assert_eq!(
        lines(&project, "get api/orders/deployments/* environments"),
        [
            "ADDRESS                 TITLE       KIND        OWNER     KEPT BY",
            "environment/production  Production  production  checkout  this repository",
            "",
            "ADDRESS                        TITLE       ENVIRONMENT  DEFINITION     OWNER     KEPT BY",
            "api/orders/deployment/prod-eu  Production  production   1-0-0/openapi  checkout  this repository",
        ]
    );
    let wide = lines(&project, "get apis/payments -o wide");
    assert!(
        wide[0].ends_with("KEPT BY        CREATED               METADATA"),
        "{wide:?}"
    );
    assert!(
        wide[1].ends_with("  managed-by=sales, team=pay"),
        "{wide:?}"
    );
    assert_eq!(
        lines(&project, "get versions definitions -o name"),
        [
            "api/orders/version/1-0-0",
            "api/orders/version/1-0-0/definition/openapi"
        ]
    );
}

#[test]
fn every_kind_is_listed_by_its_words() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    for words in [
        "api",
        "APIS",
        "Api",
        "environment",
        "Environments",
        "metadata-schemas",
        "metadataSchema",
        "MetadataSchemas",
        "service",
        "integrations",
        "apiSources",
        "version",
        "api-versions",
        "ApiVersion",
        "definitions",
        "apiDefinition",
        "deployments",
        "analyzers",
        "skills",
        "skill-versions",
        "agents",
        "AgentVersions",
        "plugins",
        "portals",
        "resources",
        "all",
    ] {
        project.run(&format!("get {words}")).success();
    }
    let everything = lines(&project, "get all -o name");
    for address in [
        "service",
        "metadata-schema/team",
        "environment/production",
        "api/orders/version/1-0-0",
    ] {
        assert!(
            everything.iter().any(|line| line == address),
            "{everything:?}"
        );
    }
    let tops = lines(&project, "get -o name");
    assert!(tops.iter().any(|line| line == "api/orders"));
    assert!(!tops.iter().any(|line| line.contains("/version/")));
}

#[test]
fn what_an_integration_brings_in_is_kept_by_it() {
    let mut center = ServiceFixture::start();
    let project = synchronised(&center);
    let kept = lines(&project, "get apis --where keeper=integration -o name");
    assert_eq!(kept.len(), gateways::titles(&center).len(), "{kept:?}");
    let rows = lines(&project, "get apis");
    assert!(
        rows[1..].iter().all(|row| row.contains("  integration/")),
        "{rows:?}"
    );
    let below = lines(&project, "get deployments --where keeper=nobody -o name");
    assert_eq!(below, Vec::<String>::new());
    // Whoever asks for names only does not wait for what decides that.
    center.mark();
    lines(&project, "get apis -o name");
    assert_eq!(center.reads(), 2, "the service and one page");
}

#[test]
fn a_manifest_is_that_of_an_export_byte_for_byte() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    let own = orders(Project::of_with(&center, OWNED));
    own.run("export --force").success();
    own.run("snapshot --documents --out live.json").success();
    for (what, file) in [
        ("api/orders", "apis/orders/api.yaml"),
        ("environments/production", "environments/production.yaml"),
        ("metadata-schema/team", "metadata-schemas/team.yaml"),
        ("service", "service.yaml"),
    ] {
        let exported = own.read(file);
        for from in ["", "--from live.json"] {
            let printed = own.run(&format!("get {what} -o yaml {from}")).success();
            assert_eq!(printed.stdout(), exported, "{what} {from}");
        }
    }
    let both = project.run("get api/orders environments -o yaml").success();
    let environment = own.read("environments/production.yaml");
    let api = own.read("apis/orders/api.yaml");
    assert_eq!(both.stdout(), format!("{environment}---\n{api}"));
    project
        .run("get api/orders/version/1-0-0 -o yaml")
        .exit(64)
        .talks(&[
            "it is part of that of api/orders",
            "apicenter get api/orders -o yaml",
        ]);
    let all = project.run("get all -o yaml").success();
    assert!(all.stdout().contains(&api));
}

#[test]
fn what_an_export_leaves_out_has_no_manifest_and_a_reason() {
    let center = ServiceFixture::start();
    let project = synchronised(&center);
    // Of what an integration keeps, an export has what the catalogue added to it.
    let manifests = project
        .run("get apis -o yaml")
        .success()
        .talks(&["note: api/", "left out: an integration keeps it"]);
    let added = manifests.stdout();
    assert_eq!(added.matches("kind: ").count(), 1, "{added}");
    assert!(added.contains("kind: SyncedApi") && added.contains("title: Shipping"));
    let apis = lines(&project, "get apis -o name");
    let left_out = apis.iter().find(|api| manifests.stderr().contains(*api));
    let left_out = left_out.expect("the note names it");
    project
        .run(&format!("get {left_out} -o yaml"))
        .exit(1)
        .talks(&[
            "error: no manifest for api/",
            "left out: an integration keeps it",
        ]);
}

#[test]
fn rows_are_printed_while_the_next_page_is_on_its_way() {
    let center = ServiceFixture::with(|options| options.page_size = 3);
    let project = Project::of(&center);
    for i in 1..=7 {
        let body = json!({"title": "t", "kind": "rest"});
        center.put(&format!("apis/api-{i}"), body);
    }
    for (format, before) in [("table", 4), ("wide", 4), ("name", 3)] {
        let page = FaultRule::next(
            "GET",
            "/default/apis?api-version=2024-03-01&%24skiptoken",
            Fault::HoldBefore,
        );
        center.inject(page);
        let mut running = project.start(&format!("get apis -o {format}"));
        center.wait_for_hold();
        let stdout = running.child().stdout.take().expect("a pipe");
        let mut rows = BufReader::new(stdout)
            .lines()
            .map(|line| line.expect("text"));
        // Each of these is there although the second page is not.
        for i in 1..=before {
            let row = rows.next().expect("a row of the first page");
            let name = format!("api/api-{}", i + 3 - before);
            assert!(
                row.starts_with(&name) || row.starts_with("ADDRESS"),
                "{row}"
            );
        }
        center.heal();
        assert_eq!(rows.count(), 4, "the rows of the other pages");
        running.finish().success();
    }
}

#[test]
fn a_page_that_fails_is_an_error_behind_the_rows_before_it() {
    let center = ServiceFixture::with(|options| options.page_size = 2);
    let project = Project::of(&center);
    for name in ["a", "b", "c"] {
        let body = json!({"title": "t", "kind": "rest"});
        center.put(&format!("apis/{name}"), body);
    }
    let page = || FaultRule::next("GET", "skiptoken", Fault::Status(403)).times(100);
    center.inject(page());
    project.run("get apis").exit(3).says(&["api/a", "api/b"]);
    // A document is whole, or is not there.
    let json = project.run("get apis -o json").exit(3);
    assert_eq!(json.stdout(), "");
}

#[test]
fn only_the_lists_that_are_needed_are_read() {
    let mut center = ServiceFixture::start();
    let project = shared(&center);
    let mut paths = |arguments: &str| {
        center.mark();
        project.run(arguments).success();
        let requests = center.requests();
        let paths = requests.iter().map(|request| {
            let (_, below) = request
                .path
                .split_once("/services/contoso")
                .expect("below the service");
            below.replace("/workspaces/default", "")
        });
        let mut paths: Vec<String> = paths.collect();
        paths.sort();
        paths
    };
    assert_eq!(paths("get environments -o name"), ["", "/environments"]);
    assert_eq!(paths("get api/orders -o name"), ["", "/apis/orders"]);
    assert_eq!(
        paths("get api/orders/version/1-0-0 -o name"),
        ["", "/apis/orders", "/apis/orders/versions"]
    );
    assert_eq!(
        paths("get api/*/deployments/* -o name"),
        [
            "",
            "/apis",
            "/apis/orders/deployments",
            "/apis/payments/deployments",
            "/apis/weather/deployments"
        ]
    );
    assert_eq!(
        paths("get api/orders"),
        [
            "",
            "/apiSources",
            "/apis/orders",
            "/apis/orders/deployments",
            "/apis/orders/versions"
        ]
    );
    assert_eq!(
        paths("get apis --where metadata.team=pay -o name"),
        ["", "/apis", "/metadataSchemas"]
    );
}

#[test]
fn conditions_select_by_fields_metadata_and_counts() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    for (condition, expected) in [
        ("lifecycleStage=Production", &["api/orders"][..]),
        ("stage=production,metadata.team=checkout", &["api/orders"]),
        ("metadata.team!=pay", &["api/orders", "api/weather"]),
        ("customProperties.team~AY", &["api/payments"]),
        ("title~pay", &["api/payments"]),
        ("metadata.team", &["api/orders", "api/payments"]),
        ("!metadata.team", &["api/weather"]),
        ("versions>0,deployments=1", &["api/orders"]),
        ("owner=sales", &["api/payments"]),
        ("keeper=nobody", &["api/weather"]),
        ("keeper!=repository", &["api/payments", "api/weather"]),
        ("name!~e", &[]),
        (
            "kind=rest,address!=api/orders",
            &["api/payments", "api/weather"],
        ),
        ("createdAt<2000-01-01", &[]),
    ] {
        let arguments = format!("get apis -o name --where {condition}");
        assert_eq!(lines(&project, &arguments), expected, "{condition}");
    }
    let mut two = project.command("get apis -o name");
    let output = two
        .args([
            "--where",
            "metadata.team in (pay, checkout)",
            "--where",
            "versions = 0",
        ])
        .output()
        .expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "api/payments\n");
    let rows = lines(
        &project,
        "get versions --where lifecycleStage=production -o name",
    );
    assert_eq!(rows, ["api/orders/version/1-0-0"]);
    project
        .run("get apis --where stage=retired")
        .success()
        .talks(&["No resources found."]);
}

#[test]
fn a_condition_that_cannot_be_understood_is_shown_with_its_place() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    for (condition, texts) in [
        (
            "title~",
            &["expected a value\n    title~\n          ^\n"][..],
        ),
        (
            "title=x,",
            &["expected a field after `,`\n    title=x,\n            ^\n"],
        ),
        (
            "titel=x",
            &[
                "unknown field `titel`\n    titel=x\n    ^\n",
                "did you mean `title`?",
            ],
        ),
        (
            "title=x,emial~y",
            &["unknown field `emial`\n    title=x,emial~y\n            ^\n"],
        ),
        (
            "metadata.taem=x",
            &["there is no metadata schema `taem`", "did you mean `team`?"],
        ),
        ("environment=x", &["unknown field `environment`"]),
    ] {
        project
            .run(&format!("get apis --where {condition}"))
            .exit(64)
            .talks(&["error: --where: "])
            .talks(texts);
    }
    project
        .run("get deployments --where environment=x")
        .success();
    project
        .run("get apis --where contacts.email~x,contacts[0].name=y")
        .success();
    project
        .run("get metadata-schemas --where schema.type=string")
        .success();
}

#[test]
fn what_does_not_exist_is_named_with_what_may_be_meant() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    project
        .run("get api/ordres api/weather environment/nowhere")
        .exit(1)
        .says(&["api/weather"])
        .talks(&[
            "error: environment/nowhere does not exist in the service `contoso`",
            "error: api/ordres does not exist in the service `contoso`",
            "did you mean `api/orders`?",
        ]);
    project
        .run("get api/orders/versions/1-0-1")
        .exit(1)
        .talks(&["did you mean `api/orders/version/1-0-0`?"]);
    project
        .run("get api/nothing/versions/1-0-1")
        .exit(1)
        .talks(&["error: api/nothing/version/1-0-1 does not exist"]);
    project
        .run("get api/x*")
        .success()
        .talks(&["no live resource matches api/x*"]);
    for (words, texts) in [
        (
            "apsi",
            &["`apsi` is not a kind or an address", "did you mean `api`?"][..],
        ),
        (
            "api orders",
            &[
                "`orders` is not a kind or an address",
                "did you mean `api/orders`?",
            ],
        ),
        (
            "api/orders/version",
            &["`api/orders/version` is not an address"],
        ),
        ("aip/*", &["`aip` is not a kind"]),
        (
            "synced-apis",
            &["apicenter get apis --where keeper=integration"],
        ),
        ("apis services", &["`services` cannot be combined"]),
        (
            "apis --subscription x",
            &["--subscription is for `apicenter get services`"],
        ),
    ] {
        project.run(&format!("get {words}")).exit(64).talks(texts);
    }
    let absent = ServiceFixture::without_service(|_| {});
    let project = Project::of(&absent);
    project.run("get apis").exit(1).talks(&[
        "the service `contoso` does not exist",
        "apicenter get services",
    ]);
}

#[test]
fn json_has_the_published_form() {
    let center = ServiceFixture::start();
    let project = shared(&center);
    let schema = schemas::validator("get.schema.json");
    for arguments in [
        "get all -o json",
        "get services -o json",
        "get apis --where stage=x -o json",
    ] {
        let json = project.run(arguments).success().json();
        assert_eq!(
            schemas::errors(&schema, &json),
            Vec::<String>::new(),
            "{arguments}"
        );
        assert_eq!(json["formatVersion"], "1.0");
    }
    let json = project
        .run("get apis/payments apis/orders -o json")
        .success()
        .json();
    let [own, theirs] = json["resources"].as_array().expect("resources").as_slice() else {
        panic!("{json}");
    };
    assert_eq!(
        theirs["keeper"],
        json!({"by": "owner", "name": "sales", "certain": true})
    );
    assert_eq!(own["keeper"]["by"], "repository");
    assert_eq!(own["counts"], json!({"versions": 1, "deployments": 1}));
    assert_eq!(
        own["source"],
        json!({"file": "apis/orders.yaml", "line": 1, "column": 1})
    );
    assert_eq!(own["spec"]["customProperties"]["team"], "checkout");
    assert_eq!(json["target"]["service"], "contoso");
    assert_eq!(theirs.get("source"), None);
}

#[test]
fn a_snapshot_is_listed_without_a_network() {
    let mut center = ServiceFixture::start();
    let project = shared(&center);
    let live = lines(&project, "get apis environments");
    let named: Vec<String> = lines(&project, "get all -o name");
    project.run("snapshot --out live.json").success();
    center.mark();
    assert_eq!(
        lines(&project, "get apis environments --from live.json"),
        live
    );
    let mut saved = lines(&project, "get all -o name --from live.json");
    let mut named = named;
    saved.sort();
    named.sort();
    assert_eq!(saved, named);
    project
        .run("get api/ordres --from live.json")
        .exit(1)
        .talks(&["did you mean `api/orders`?"]);
    project
        .run("get apis --from live.json --where metadata.taem=x")
        .exit(64)
        .talks(&["did you mean `team`?"]);
    assert_eq!(center.reads(), 0);
}

#[test]
fn the_services_of_a_subscription_are_listed_with_the_targets_that_name_them() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    center.add_service("partners", "westeurope");
    assert_eq!(
        lines(&project, "get services"),
        [
            "NAME      RESOURCE GROUP  LOCATION    TARGETS",
            "contoso   rg              eastus      live",
            "partners  rg              westeurope  -",
        ]
    );
    assert_eq!(
        lines(&project, "get SERVICES -o name --where location=eastus"),
        ["contoso"]
    );
    let json = project.run("get services -o json").success().json();
    assert_eq!(json["services"][0]["subscriptionId"], SUBSCRIPTION);
    assert_eq!(json["target"], Value::Null);
    project
        .run("get services --subscription 00000000-0000-0000-0000-00000000000f")
        .success()
        .talks(&["No services found in the subscription 00000000-0000-0000-0000-00000000000f."]);
    project
        .run("get services -o yaml")
        .exit(64)
        .talks(&["apicenter get service -o yaml"]);
    project
        .run("get services --where region=x")
        .exit(64)
        .talks(&[
            "unknown field `region`",
            "services have name, resourceGroup, location, targets",
        ]);
}

#[test]
fn wrong_manifests_do_not_keep_anybody_from_looking() {
    let center = ServiceFixture::start();
    let project = shared(&center).file("apis/broken.yaml", "apiVersion: apicenter/v1\nkind: [");
    project
        .run("get api/orders")
        .success()
        .says(&["this repository"])
        .talks(&["not readable: apis/broken.yaml; KEPT BY may be wrong"]);
    let named = project.run("get apis -o name").success();
    assert_eq!(named.stderr(), "", "nothing is said of manifests");
    project.write("apis/b.yaml", api("weather"));
    project
        .run("get api/weather")
        .success()
        .says(&["this repository"]);
}
