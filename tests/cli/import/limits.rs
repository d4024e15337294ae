//! Titles and texts that no service takes become ones that it takes.

use insta::assert_snapshot;
use serde_json::json;

use super::{files, holds, repeats};
use crate::cli::harness::Project;

#[test]
fn what_is_too_long_is_cut_or_left_out_and_told() {
    let words = "lorem ipsum dolor sit amet ".repeat(50);
    let url = format!("https://contoso.com/{}", "x".repeat(200));
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Orders {words}"), "version": "1.0.0", "summary": words,
            "description": words, "termsOfService": url,
            "contact": {"name": words, "email": "a@contoso.com", "url": url},
            "license": {"name": "X", "identifier": "L-".repeat(40)},
        },
        "externalDocs": {"url": "https://contoso.com", "description": words},
        "servers": (0..12).map(|i| json!({"url": format!("https://s{i}.contoso.com"), "description": words})).collect::<Vec<_>>(),
        "paths": {},
    });
    let environment = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\n\
                       spec: {title: Production, kind: production}\n";
    let project = Project::local()
        .file("orders.json", &document.to_string())
        .file("environment.yaml", environment);
    let import = "import openapi orders.json --environment production";
    let ended = project.run(import).success();
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: 12 addresses, and the service takes 10 deployments of one API: the rest is left out, from the oldest version on
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `title` has 1356 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `summary` has 1349 characters, the service takes 200: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `description` has 1349 characters, the service takes 1000: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `termsOfService.url` has 220 characters, the service takes 200: left out
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `externalDocumentation[0].description` has 1349 characters, the service takes 500: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `contacts[0].name` has 1349 characters, the service takes 100: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `contacts[0].url` has 220 characters, the service takes 200: left out
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `license.identifier` has 80 characters, the service takes 50: left out
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[0].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[1].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[2].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[3].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[4].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[5].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[6].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[7].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[8].title` has 1349 characters, the service takes 50: cut
    note: api/orders-lorem-ipsum-dolor-sit-amet-lorem-ipsum-dolor-sit-amet: `deployments[9].title` has 1349 characters, the service takes 50: cut
      next: apicenter validate, then apicenter plan
    ");
    repeats(&project, import);
    holds(&project);
}

#[test]
fn hostile_titles_become_harmless_names() {
    let project = Project::local();
    let titles = [
        "🚀🚀🚀",
        "../../../etc/passwd",
        "con",
        "C:\\Windows\\system32",
        "Orders!",
        "Orders?",
        "-- ; rm -rf / #",
        "{{ template }} ${variable}",
        "title: \"quoted\"\n- list",
        "\u{202e}gnp.exe",
        "Ünïcödé Größe",
        "no",
        "1.0",
        " ",
    ];
    let mut arguments = "import openapi".to_owned();
    for (i, title) in titles.iter().enumerate() {
        let info = json!({"title": title, "version": "1.0.0"});
        let document = json!({"openapi": "3.0.0", "info": info, "paths": {}});
        project.write(&format!("specs/file-{i}.json"), document.to_string());
        arguments.push_str(&format!(" specs/file-{i}.json"));
    }
    project.run(&arguments).success();
    assert_snapshot!(files(&project, "apis").join("\n"), @r"
    apis/%63on.yaml
    apis/1-0.yaml
    apis/c-windows-system32.yaml
    apis/etc-passwd.yaml
    apis/file-2.yaml
    apis/file.yaml
    apis/gnp-exe.yaml
    apis/no-api.yaml
    apis/orders-2.yaml
    apis/orders.yaml
    apis/rm-rf-sharp.yaml
    apis/template-variable.yaml
    apis/title-quoted-list.yaml
    apis/uenicoede-groesse.yaml
    ");
    repeats(&project, &arguments);
    holds(&project);
}

#[test]
fn odd_versions_become_harmless_names_too() {
    let project = Project::local();
    let versions = [
        "1.0",
        "v1",
        "1",
        "🚀",
        "\u{202e}\u{7}",
        "latest",
        "../..",
        "2024-05-01-preview",
    ];
    let mut arguments = "import openapi".to_owned();
    for (i, version) in versions.iter().enumerate() {
        let long = version.repeat(if *version == "latest" { 40 } else { 1 });
        let info = json!({"title": "Odd", "version": long});
        let document = json!({"swagger": "2.0", "info": info, "paths": {}});
        project.write(&format!("specs/file-{i}.json"), document.to_string());
        arguments.push_str(&format!(" specs/file-{i}.json"));
    }
    project.run(&arguments).success();
    let manifest = project.read("apis/odd.yaml");
    let names: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("    - name: "))
        .map(|name| name.trim_matches('"'))
        .collect();
    assert_snapshot!(names.join("\n"), @r"
    latestlatestlatestlatestlatestlatestlatestlatestlatestlatest
    1-0-0
    1-0-0-2
    1-0-0-3
    1
    v1
    1.0
    2024-05-01-preview
    ");
    repeats(&project, &arguments);
    holds(&project);
}

#[test]
fn a_document_that_is_too_large_is_refused_at_once() {
    let project = Project::local();
    let document =
        json!({"openapi": "3.0.0", "info": {"title": "Big"}, "x-more": "x".repeat(3 << 20)});
    project.write("big.json", document.to_string());
    project
        .run("import openapi big.json")
        .exit(6)
        .talks(&["big.json", "at most 3145728 (3 MB)"]);
}
