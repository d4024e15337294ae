//! `import openapi`.

use insta::assert_snapshot;

use super::{files, holds, repeats, utf16};
use crate::cli::harness::Project;

const V1: &str = "\
openapi: 3.0.3
info:
  title: Orders
  version: 1.0.0
servers:
  - url: https://api.contoso.com/orders/v1
paths: {}
";

const V2: &str = r#"{
  "openapi": "3.1.0",
  "info": {
    "title": "Orders", "version": "2.0.0",
    "summary": "Place an order, follow it and cancel it.",
    "description": "Orders of **customers**.\r\n\r\nCosts ${nothing}.",
    "termsOfService": "https://contoso.com/terms",
    "contact": {"name": "Checkout team", "email": "checkout@contoso.com"},
    "license": {"name": "MIT License", "identifier": "MIT"}
  },
  "externalDocs": {"url": "https://docs.contoso.com/orders", "description": "Guide"},
  "servers": [
    {"url": "https://{region}.contoso.com/orders", "description": "Europe", "variables": {"region": {"default": "eu"}}},
    {"url": "https://us.contoso.com/orders"},
    {"url": "/orders"}
  ],
  "paths": {}
}
"#;

const PRODUCTION: &str = "\
apiVersion: apicenter/v1
kind: Environment
metadata: {name: production}
spec: {title: Production, kind: production}
";

fn orders() -> Project {
    Project::local()
        .file("specs/orders-1.yaml", V1)
        .file("specs/orders-2.json", V2)
        .file("production.yaml", PRODUCTION)
}

#[test]
fn files_of_one_title_are_versions_of_one_api() {
    let project = orders();
    let import = "import openapi specs/orders-2.json specs/orders-1.yaml --environment production";
    let ended = project.run(import).success();
    assert_snapshot!(ended.scrubbed(), @r"
    Imported 1 API to 1 file (1 written, 0 unchanged).
      api/orders  apis/orders.yaml  2 versions, 2 documents, 3 deployments
    ");
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    note: api/orders: the server `/orders` is not a full address: no deployment for it
      next: apicenter validate, then apicenter plan
    ");
    assert_snapshot!(project.read("apis/orders.yaml"), @r#"
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: orders
    spec:
      title: Orders
      kind: rest
      summary: Place an order, follow it and cancel it.
      description: |-
        Orders of **customers**.

        Costs $${nothing}.
      termsOfService:
        url: https://contoso.com/terms
      externalDocumentation:
        - title: Guide
          url: https://docs.contoso.com/orders
      contacts:
        - name: Checkout team
          email: checkout@contoso.com
      license:
        name: MIT License
        identifier: MIT
      versions:
        - name: "1.0.0"
          title: "1.0.0"
          lifecycleStage: design
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: ../specs/orders-1.yaml
        - name: "2.0.0"
          title: "2.0.0"
          lifecycleStage: design
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: ../specs/orders-2.json
      deployments:
        - name: production-1-0-0
          title: api.contoso.com
          environment: production
          definition: 1.0.0/openapi
          server:
            runtimeUri:
              - https://api.contoso.com/orders/v1
        - name: production-2-0-0
          title: Europe
          environment: production
          definition: 2.0.0/openapi
          server:
            runtimeUri:
              - https://eu.contoso.com/orders
        - name: production-2-0-0-2
          title: us.contoso.com
          environment: production
          definition: 2.0.0/openapi
          server:
            runtimeUri:
              - https://us.contoso.com/orders
    "#);
    repeats(&project, import).says(&["1 unchanged"]);
    repeats(
        &project,
        "import openapi specs/orders-1.yaml specs/orders-2.json specs/../specs/orders-1.yaml --environment production",
    );
    holds(&project);
}

#[test]
fn every_format_has_its_style() {
    let project = Project::local();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/contoso/apis");
    let wanted = [
        "checkout/pricing/pricing-1.0.0.proto",
        "checkout/orders/openapi-1.0.0.yaml",
        "checkout/orders/openapi-2.0.0.yaml",
        "supply-chain/inventory-stream/asyncapi-1.0.0.yaml",
        "supply-chain/shipping-legacy/shipping-1.0.0.wsdl",
        "product-discovery/search/schema-1.0.0.graphql",
        "product-discovery/catalog/swagger-1.0.0.yaml",
        "product-discovery/catalog/openapi-2.0.0.yaml",
    ];
    for path in wanted {
        let bytes = std::fs::read(format!("{examples}/{path}")).expect("the example is there");
        project.write(&format!("apis/{path}"), bytes);
    }
    project.write("apis/wadl/reports.wadl", "<application xmlns=\"http://wadl.dev.java.net/2009/02\"><resources base=\"https://a.example/\"/></application>");
    project.write(
        "apis/legacy/users.raml",
        "#%RAML 1.0\ntitle: Users\nversion: v3\nbaseUri: https://a.example/{version}\n",
    );
    let all = format!(
        "import openapi {} apis/wadl/reports.wadl apis/legacy/users.raml --lifecycle-stage testing",
        wanted.map(|path| format!("apis/{path}")).join(" ")
    );
    assert_snapshot!(project.run(&all).success().scrubbed(), @r"
    Imported 8 APIs to 8 files (8 written, 0 unchanged).
      api/inventory-stream  apis/inventory-stream.yaml  1 version, 1 document, 0 deployments
      api/orders            apis/orders.yaml            2 versions, 2 documents, 0 deployments
      api/pricing           apis/pricing.yaml           1 version, 1 document, 0 deployments
      api/product-catalog   apis/product-catalog.yaml   2 versions, 2 documents, 0 deployments
      api/reports           apis/reports.yaml           1 version, 1 document, 0 deployments
      api/search            apis/search.yaml            1 version, 1 document, 0 deployments
      api/shipping-service  apis/shipping-service.yaml  1 version, 1 document, 0 deployments
      api/users             apis/users.yaml             1 version, 1 document, 0 deployments
    ");
    let kinds: Vec<String> = files(&project, "apis")
        .iter()
        .filter(|path| path.matches('/').count() == 1)
        .map(|path| {
            let text = project.read(path);
            let kind = text.lines().find_map(|line| line.strip_prefix("  kind: "));
            assert!(text.contains("lifecycleStage: testing"), "{text}");
            format!("{path} {}", kind.expect("a kind"))
        })
        .collect();
    assert_snapshot!(kinds.join("\n"), @r"
    apis/inventory-stream.yaml webhook
    apis/orders.yaml rest
    apis/pricing.yaml grpc
    apis/product-catalog.yaml rest
    apis/reports.yaml rest
    apis/search.yaml graphql
    apis/shipping-service.yaml soap
    apis/users.yaml rest
    ");
    repeats(&project, &all);
    holds(&project);
}

#[test]
fn files_from_elsewhere_are_copied() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let path = elsewhere.path().join("orders.yaml");
    std::fs::write(&path, V1).expect("the file is written");
    let project = Project::local();
    let import = format!("import openapi {}", path.display());
    project.run(&import).success();
    assert_eq!(
        files(&project, "apis"),
        ["apis/orders.yaml", "apis/orders/1.0.0/openapi.yaml"]
    );
    assert_eq!(project.read("apis/orders/1.0.0/openapi.yaml"), V1);
    repeats(&project, &import);
    holds(&project);
    std::fs::write(&path, V1.replace("v1", "v2")).expect("the file is written");
    project
        .run(&import)
        .success()
        .says(&["updated document of version 1.0.0"]);
    assert_eq!(
        project.read("apis/orders/1.0.0/openapi.yaml"),
        V1.replace("v1", "v2")
    );
}

#[test]
fn files_in_utf_16_are_copied_as_utf_8() {
    for (name, text, order) in [
        ("orders.json", V2, u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ("orders.yaml", V1, u16::to_be_bytes),
    ] {
        let project = Project::local().file("production.yaml", PRODUCTION);
        let (_, ending) = name.split_once('.').expect("an ending");
        let file = format!("out/{name}");
        project.write(&file, utf16(text, order));
        let import = format!("import openapi {file}");
        project.run(&import).success().talks(&[&format!(
            "note: {file}: the file is in UTF-16, so the manifest refers to a copy of it in UTF-8"
        )]);
        let version = if ending == "json" { "2.0.0" } else { "1.0.0" };
        let copy = format!("apis/orders/{version}/openapi.{ending}");
        assert_eq!(project.read(&copy), text.replace('\n', "\r\n"));
        repeats(&project, &import);
        project.run(&format!("{import} --check")).success();
        holds(&project);

        // The build writes the next version over the file, and then changes it.
        let next = text.replace(version, "3.0.0");
        project.write(&file, utf16(&next, order));
        project
            .run(&import)
            .success()
            .says(&["added version 3.0.0"]);
        assert_eq!(project.read(&copy), text.replace('\n', "\r\n"));
        project.write(
            &file,
            utf16(
                &next
                    .replace("api.contoso", "eu.contoso")
                    .replace("us.contoso", "eu2.contoso"),
                order,
            ),
        );
        project
            .run(&import)
            .success()
            .says(&["updated document of version 3.0.0"]);
        holds(&project);
    }
    // No copy, no note about one.
    for declared in [false, true] {
        let project = Project::local().file("production.yaml", PRODUCTION);
        project.write("out/orders.yaml", V1);
        if declared {
            project.run("import openapi out/orders.yaml").success();
        }
        project.write(
            "out/same.yaml",
            utf16(&V1.replace('\n', "\r\n"), u16::to_le_bytes),
        );
        project
            .run("import openapi out/orders.yaml out/same.yaml")
            .success()
            .talks(&["out/same.yaml: left out, as it says the same as"])
            .never_says("UTF-16");
        assert_eq!(files(&project, "apis"), ["apis/orders.yaml"]);
    }
    let project = Project::local();
    let split = "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: {/a: {$ref: a.yaml}}\n";
    project.write("specs/split.yaml", utf16(split, u16::to_le_bytes));
    project
        .run("import openapi specs/split.yaml")
        .exit(6)
        .talks(&[
            "specs/split.yaml:3:",
            "error[file-encoding]: the file is in UTF-16, and refers to other files",
            "save the file as UTF-8",
        ]);
}

#[test]
fn bad_files_are_all_told_and_nothing_is_written() {
    let project = orders()
        .file(
            "specs/broken.json",
            "{\n  \"openapi\": \"3.0.0\",\n  \"info\": tru\n}\n",
        )
        .file("specs/half.yaml", "openapi: 3.0.0\npaths: {}\n")
        .file("specs/notes.md", "# Notes\n")
        .file("specs/empty.yaml", "\n");
    project.write("specs/latin.yaml", b"openapi: 3.0.0 # \xe9\n");
    let names = "broken.json half.yaml orders-1.yaml notes.md empty.yaml latin.yaml none.yaml";
    let names: Vec<String> = names
        .split(' ')
        .map(|name| format!("specs/{name}"))
        .collect();
    let ended = project
        .run(&format!("import openapi {}", names.join(" ")))
        .exit(6);
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    specs/broken.json:4:1: error[document-invalid]: not well-formed JSON: expected ident
        4 | }
          | ^ here

    specs/half.yaml:1:1: error[document-invalid]: an OpenAPI document needs `info`
        1 | openapi: 3.0.0
          | ^^^^^^^ here

    specs/notes.md:1:1: error[document-invalid]: not a description of an API
        1 | # Notes
          | ^ here
        help: OpenAPI, AsyncAPI, GraphQL, WSDL, WADL, RAML and proto files can be imported

    error[document-invalid]: `specs/empty.yaml` is empty

    error[file-encoding]: `specs/latin.yaml` is not UTF-8 text (byte 17)

    error[file-unreadable]: cannot read `specs/none.yaml`: No such file or directory (os error 2)

    6 errors
    nothing was imported
    ");
    assert_eq!(ended.stdout(), "");
    assert!(files(&project, "apis").is_empty());
    project.run("import openapi specs/none.yaml").exit(1);
    project.run("import openapi").exit(64);
}

#[test]
fn what_was_changed_in_a_manifest_stays() {
    let project = orders();
    project.run("import openapi specs/orders-1.yaml").success();
    project.edit("apis/orders.yaml", "kind: rest", "kind: soap");
    let changed = project.read("apis/orders.yaml");
    for flags in ["", " --force"] {
        project
            .run(&format!("import openapi specs/orders-1.yaml{flags}"))
            .success()
            .says(&["(0 written, 1 unchanged)", "unchanged"]);
        assert_eq!(project.read("apis/orders.yaml"), changed);
    }
}

#[test]
fn an_api_that_is_declared_elsewhere_is_not_declared_twice() {
    let project = orders().file("team/shop.yaml", &crate::cli::samples::api("Orders"));
    project
        .run("import openapi specs/orders-1.yaml")
        .success()
        .says(&["api/Orders  team/shop.yaml", "added version 1.0.0"]);
    assert!(files(&project, "apis").is_empty());
    let shop = crate::cli::samples::api("Orders").replace("name: Orders", "name: shop");
    project.write("team/shop.yaml", shop);
    let ended = project.run("import openapi specs/orders-1.yaml").exit(5);
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    error: other APIs have these titles; nothing was written:
        `Orders`: api/shop in team/shop.yaml
      help: --force imports them anyway, as additional APIs
    ");
    assert!(files(&project, "apis").is_empty());
    project
        .run("import openapi specs/orders-1.yaml --force")
        .success();
    holds(&project);
}

#[test]
fn the_environment_must_be_known() {
    let project = orders();
    let import = "import openapi specs/orders-1.yaml --environment";
    project
        .run(&format!("{import} prodution"))
        .exit(64)
        .talks(&[
            "declares no environment `prodution`",
            "did you mean `production`?",
        ]);
    project.remove("production.yaml");
    project
        .run(&format!("{import} production"))
        .exit(64)
        .talks(&["declare it first"]);
    project.edit(
        "apicenter.yaml",
        "spec:\n",
        "spec:\n  external: [environment/production]\n",
    );
    project.run(&format!("{import} production")).success();
    project.run("validate").success();
    project
        .run("import openapi specs/orders-1.yaml --lifecycle-stage live")
        .exit(64)
        .talks(&["possible values: design, development"]);
}

#[test]
fn printing_writes_nothing() {
    let project = orders().file("specs/users.yaml", &V1.replace("Orders", "Users"));
    let ended = project
        .run("import openapi specs/orders-1.yaml specs/users.yaml --print")
        .success();
    let documents: Vec<&str> = ended.stdout().split("---\n").collect();
    assert!(documents[0].starts_with("# apis/orders.yaml\napiVersion: apicenter/v1\n"));
    assert!(documents[1].starts_with("# apis/users.yaml\napiVersion: apicenter/v1\n"));
    assert!(files(&project, "apis").is_empty());
}

#[test]
fn manifests_that_the_project_does_not_read_are_told() {
    let project = orders();
    project.edit(
        "apicenter.yaml",
        "spec:\n",
        "spec:\n  manifests: [\"catalog/**/*.yaml\"]\n",
    );
    project
        .run("import openapi specs/orders-1.yaml")
        .success()
        .talks(&["apis/orders.yaml does not match spec.manifests"]);
    Project::empty()
        .file("o.yaml", V1)
        .run("import openapi o.yaml")
        .exit(1)
        .talks(&["no apicenter.yaml", "apicenter init"]);
}
