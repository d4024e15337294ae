//! Skills, agents, plugins, the portal, and every type without a kind of its own.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::{Value, json};

use super::files::files_below;
use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// One resource of each collection of the service, in the order in which they can be made.
pub(crate) fn one_of_each() -> Vec<(&'static str, Value)> {
    let row = |title: &str| json!({"title": title, "novel": {"deep": [1, {"x": true}]}});
    vec![
        (
            "metadataSchemas/team",
            json!({"schema": r#"{"type":"string","title":"Team"}"#,
                "assignedTo": [{"entity": "api", "required": false}]}),
        ),
        (
            "environments/production",
            json!({"title": "Production", "kind": "production"}),
        ),
        (
            "authConfigs/partner-key",
            json!({"title": "Partner key", "securityScheme": "apiKey",
            "apiKey": {"in": "header", "name": "x-key"}}),
        ),
        ("apis/orders", json!({"title": "Orders", "kind": "rest"})),
        (
            "apis/orders/versions/1-0-0",
            json!({"title": "v1", "lifecycleStage": "design"}),
        ),
        (
            "apis/orders/versions/1-0-0/definitions/openapi",
            json!({"title": "OpenAPI"}),
        ),
        (
            "apis/orders/deployments/production",
            json!({"title": "Production", "environmentId": "/workspaces/default/environments/production",
                "definitionId": "/workspaces/default/apis/orders/versions/1-0-0/definitions/openapi",
                "server": {"runtimeUri": ["https://api.contoso.com"]}}),
        ),
        (
            "apis/orders/versions/1-0-0/securityRequirements/key",
            json!({"authConfigResourceId": "/authConfigs/partner-key"}),
        ),
        (
            "apiSources/skills-repo",
            json!({"apiSourceType": "Git", "importSpecification": "ondemand", "gitSource": {
                "repositoryUrl": "https://github.com/contoso/skills/tree/main/skills",
                "gitProvider": "github",
                "assetTypes": [{"assetType": "skill", "filesToInclude": "**/SKILL.md"}]}}),
        ),
        (
            "analyzerConfigs/default",
            json!({"title": "Default", "analyzerType": "spectral"}),
        ),
        ("skills/code-review", row("Code review")),
        ("skills/code-review/versions/1-0-0", row("v1")),
        ("agents/help-desk", row("Help desk")),
        ("agents/help-desk/versions/v1-0", row("v1")),
        (
            "plugins/toolkit",
            json!({"title": "Toolkit", "version": "1.0", "resourceIds":
                ["/workspaces/default/skills/code-review", "/workspaces/default/apis/orders"]}),
        ),
        ("models/gpt-x", row("GPT X")),
        (
            "links/orders-needs-agent",
            json!({"title": "Link",
            "source": {"id": "/workspaces/default/apis/orders"},
            "target": {"id": "/workspaces/default/agents/help-desk"}}),
        ),
        ("skillEvaluationConfigurations/default", row("Skills")),
        ("agentEvaluationConfigurations/default", row("Agents")),
        ("mcpRegistries/registry", row("Registry")),
        (
            "portals/default",
            json!({"title": "Contoso", "enabled": true, "allowAnonymousAccess": false}),
        ),
        ("eventGridFilters/all-events", row("Events")),
    ]
}

fn full_center() -> ServiceFixture {
    let center = ServiceFixture::start();
    let all = one_of_each();
    assert_eq!(all.len(), 22, "one of each collection");
    for (path, properties) in all {
        center.put(path, properties);
    }
    center
}

/// The topmost resources of a center with one of each.
const TOPS: [&str; 16] = [
    "metadata-schema/team",
    "environment/production",
    "integration/skills-repo",
    "api/orders",
    "analyzer/default",
    "skill/code-review",
    "agent/help-desk",
    "plugin/toolkit",
    "portal/default",
    "resource/agentEvaluationConfigurations/default",
    "resource/authConfigs/partner-key",
    "resource/eventGridFilters/all-events",
    "resource/links/orders-needs-agent",
    "resource/mcpRegistries/registry",
    "resource/models/gpt-x",
    "resource/skillEvaluationConfigurations/default",
];

/// The others, each below one of those.
const CHILDREN: [&str; 6] = [
    "api/orders/version/1-0-0",
    "api/orders/version/1-0-0/definition/openapi",
    "api/orders/deployment/production",
    "resource/apis/orders/versions/1-0-0/securityRequirements/key",
    "skill/code-review/version/1-0-0",
    "agent/help-desk/version/v1-0",
];

#[test]
fn every_collection_is_seen_exported_and_rebuilt() {
    let center = full_center();
    let project = Project::of(&center);
    let plan = project.run("plan --format json").success().json();
    assert_eq!(plan["unmanaged"], json!(TOPS));
    let listed = project.run("plan --show-unmanaged").success();
    for address in TOPS {
        assert!(
            listed.stdout().contains(address),
            "{address}:\n{}",
            listed.stdout()
        );
    }

    let lines = listed.stdout().lines().map(str::trim);
    let addresses: Vec<&str> = lines.filter(|line| CHILDREN.contains(line)).collect();
    assert_eq!(addresses.len(), CHILDREN.len(), "{}", listed.stdout());
    assert_eq!(TOPS.len() + CHILDREN.len(), one_of_each().len());

    project.run("export").success();
    project.run("validate").success();
    let declared = project.run("plan --format json").success().json();
    assert_eq!(declared["changes"], json!([]), "{declared:#}");
    assert_eq!(declared["unmanaged"], json!([]), "{declared:#}");
    assert_eq!(
        declared["summary"]["unchanged"], 23,
        "with the service: {declared:#}"
    );
    let before = files_below(project.root());
    project.run("export").success();
    assert_eq!(
        files_below(project.root()),
        before,
        "a second export writes the same bytes"
    );

    // What is exported makes the same center again.
    let empty = ServiceFixture::start();
    let rebuilt = Project::of(&empty);
    for (path, text) in &before {
        if path != "apicenter.yaml" {
            rebuilt.write(path, text);
        }
    }
    rebuilt.run("apply --auto-approve").success();
    rebuilt.run("plan").success().says(&["No changes."]);
    for (path, _) in one_of_each() {
        let (was, is) = (center.get(path), empty.get(path));
        let without_times = |mut value: Value| {
            let properties = value["properties"].as_object_mut().expect("properties");
            for name in ["lastUpdated", "linkState", "customProperties"] {
                properties.shift_remove(name);
            }
            value["properties"].take()
        };
        assert_eq!(without_times(was), without_times(is), "{path}");
    }
}

#[test]
fn undeclared_children_are_unmanaged_by_themselves() {
    let center = full_center();
    let project = Project::of(&center)
        .file("api.yaml", "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: rest}\n")
        .file("agent.yaml", &document("Agent", "help-desk", "title: Help desk"))
        .file("skill.yaml", &document("Skill", "code-review", "title: Code review"));
    let plan = project.run("plan --format json").success().json();
    let unmanaged = plan["unmanaged"].as_array().expect("a list");
    for address in [
        "api/orders/version/1-0-0",
        "api/orders/deployment/production",
        "agent/help-desk/version/v1-0",
        "skill/code-review/version/1-0-0",
    ] {
        assert!(
            unmanaged.contains(&json!(address)),
            "{address}: {unmanaged:?}"
        );
    }
    // What a manifest does not declare of them stays.
    assert_eq!(plan["changes"], json!([]), "{plan:#}");
}

pub(crate) fn document(kind: &str, name: &str, spec: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"
    )
}

#[test]
fn a_snapshot_knows_every_collection() {
    let center = full_center();
    let project = Project::of(&center);
    project.run("snapshot --out live.json").success();
    let plan = project
        .run("plan --format json --against live.json")
        .success()
        .json();
    assert_eq!(plan["unmanaged"], json!(TOPS));
}

#[test]
fn a_delete_names_what_vanishes_below_it() {
    let center = full_center();
    let project = Project::of_with(
        &center,
        "prune: {enabled: true, scope: all}\nsafety: {maxDeletes: 100}",
    );
    let plan = project.run("plan --format json").success().json();
    let changes = plan["changes"].as_array().expect("changes");
    let requirement = changes
        .iter()
        .find(|change| {
            change["address"] == "resource/apis/orders/versions/1-0-0/securityRequirements/key"
        })
        .expect("it vanishes");
    assert!(
        requirement["reason"]
            .as_str()
            .is_some_and(|why| why.contains("vanishes with api/orders")),
        "{requirement:#}"
    );
    project
        .run("apply --auto-approve --allow-destroy integration/skills-repo")
        .success();
    assert_eq!(center.get("links")["value"], json!([]));
    assert_eq!(center.get("portals")["value"], json!([]));
}

#[test]
fn what_a_service_does_not_offer_is_named_once_and_required_only_if_declared() {
    let center = full_center();
    let missing =
        |path: &str, status: u16| FaultRule::next("GET", path, Fault::Status(status)).times(1000);
    center.inject(missing("/workspaces/default/links", 404));
    center.inject(missing("/workspaces/default/models", 400));
    center.inject(missing("/eventGridFilters", 403));
    let project = Project::of(&center);
    let plan = project.run("plan --format json").success().json();
    let not_looked_at: Vec<&str> = plan["notLookedAt"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["type"].as_str())
        .collect();
    assert_eq!(not_looked_at, ["eventGridFilters", "links", "models"]);
    assert!(!plan["unmanaged"].to_string().contains("links"));
    project
        .run("plan")
        .success()
        .says(&["Not looked at: eventGridFilters (a permission is missing)"])
        .never_says("links, models");
    project
        .run("plan --show-unmanaged")
        .success()
        .says(&["Not looked at: links, models (not offered by this service)"]);

    let project = project.file(
        "link.yaml",
        &document("Resource", "one", "type: links, properties: {title: One}"),
    );
    let ended = project.run("plan").exit(1);
    assert!(
        ended.stderr().contains("does not offer `links`"),
        "{}",
        ended.stderr()
    );
}

#[test]
fn a_resource_is_compared_and_written_by_its_declared_fields() {
    let mut center = full_center();
    let project = Project::of(&center).file(
        "link.yaml",
        &document(
            "Resource",
            "orders-needs-agent",
            "type: links, properties: {title: Renamed, source: {note: new}, gone: null}",
        ),
    );
    center.put(
        "links/orders-needs-agent",
        json!({"title": "Link", "source": {"id": "/workspaces/default/apis/orders"}, "gone": 1, "kept": [1]}),
    );
    let plan = project.run("plan --only resource/links/*").success();
    let plan = plan.says(&[
        "~ resource/links/orders-needs-agent",
        "link.yaml:1:1\n    properties.title        Link → Renamed",
        "properties.source.note  (none) → new",
        "properties.gone         1 → null",
        "kept, though not known to this program: kept, source.id\n\n",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    assert!(
        !plan.stdout().contains("properties.kept"),
        "{}",
        plan.stdout()
    );
    center.mark();
    project.run("apply --auto-approve").success();
    let live = center.get("links/orders-needs-agent");
    assert_eq!(
        live["properties"],
        json!({"title": "Renamed", "source": {"id": "/workspaces/default/apis/orders", "note": "new"},
            "kept": [1]})
    );
    assert_eq!(center.writes().len(), 1, "{:?}", center.writes());
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn the_order_follows_scope_parent_dependencies_and_ids() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center).file(
        "all.yaml",
        &[
            document("Plugin", "aaa", "title: A, resources: [skill/zzz, api/orders]"),
            document("Resource", "all", "type: eventGridFilters, properties: {title: Events}"),
            document(
                "Resource",
                "1-0-0",
                "type: agents/versions, parent: agent/help-desk, properties: {title: v1}",
            ),
            document(
                "Resource",
                "one",
                "type: links, dependsOn: [api/orders], properties: {title: One, target: {id: /workspaces/default/models/big}}",
            ),
            document("Resource", "big", "type: models, properties: {title: Big}"),
            document("Skill", "zzz", "title: Z, extra: {compatibility: needs git}"),
            document("Agent", "help-desk", "title: Help desk"),
            document("Api", "orders", "title: Orders, kind: rest"),
        ]
        .join("---\n"),
    );
    let plan = project.run("plan").success();
    assert!(
        plan.stdout()
            .contains("+ resource/agents/help-desk/versions/1-0-0"),
        "{}",
        plan.stdout()
    );
    center.mark();
    project.run("apply --auto-approve").success();
    let writes = center.writes();
    let at = |part: &str| {
        writes
            .iter()
            .position(|write| write.to_lowercase().contains(&part.to_lowercase()))
            .unwrap_or_else(|| panic!("{part}: {writes:?}"))
    };
    assert!(at("skills/zzz") < at("plugins/aaa") && at("apis/orders") < at("plugins/aaa"));
    assert!(at("models/big") < at("links/one") && at("apis/orders") < at("links/one"));
    assert!(at("agents/help-desk") < at("agents/help-desk/versions/1-0-0"));
    assert_eq!(
        center.get("skills/zzz")["properties"]["compatibility"],
        "needs git"
    );
    assert_eq!(
        center.get("plugins/aaa")["properties"]["resourceIds"],
        json!([
            "/workspaces/default/skills/zzz",
            "/workspaces/default/apis/orders"
        ])
    );
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn wrong_resources_are_refused_where_they_are_wrong() {
    let project = Project::local().file(
        "all.yaml",
        &[
            document("Resource", "one", "type: skills, properties: {title: One}"),
            document("Resource", "two", "type: agents/versions, properties: {title: v1}"),
            document("Resource", "three", "type: links, parent: api/orders, properties: {title: One}"),
            document("Resource", "four", "type: eventGridFilters, scope: workspace, properties: {title: One}"),
            document(
                "Resource",
                "five",
                "type: authConfigs, properties: {title: Key, oauth2: {clientSecret: hunter2hunter2}}",
            ),
            document("Resource", "eight", "type: links, properties: {title: One}, dependsOn: [links/nine, resource/links/eigth, api/ordres]"),
            document("Api", "orders", "title: Orders, kind: rest"),
            document("Plugin", "kit", "title: Kit, resources: [api/oders]"),
            document("Resource", "seven", "type: portals, scope: service, properties: {allowAnonymousAccess: true}"),
        ]
        .join("---\n"),
    );
    let ended = project.run("validate").exit(6);
    let text = format!("{}{}", ended.stdout(), ended.stderr());
    for expected in [
        "all.yaml:4:14: error[resource-type]: `skills` has a kind of its own",
        "declare it as kind `Skill`",
        "`parent` is missing",
        "write the address of the parent: `agent/NAME`",
        "this type has no parent",
        "this type is not at the scope `workspace`",
        "error[secret-literal]",
        "declare it as kind `Portal`",
        "did you mean `resource/links/nine`?",
        "did you mean `resource/links/eight`?",
        "did you mean `api/orders`?",
    ] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
    let project = Project::local().file(
        "one.yaml",
        &document("Resource", "one", "type: widgets, properties: {title: One}"),
    );
    let ended = project.run("validate").success();
    let text = format!("{}{}", ended.stdout(), ended.stderr());
    assert!(text.contains("warning[unknown-resource-type]"), "{text}");
    assert!(text.contains("mcpRegistries"), "{text}");
}

#[test]
fn opening_the_catalogue_needs_a_consent_of_its_own() {
    let mut center = ServiceFixture::start();
    center.put(
        "portals/default",
        json!({"title": "Contoso", "enabled": true, "other": 1}),
    );
    let project = Project::of(&center).file(
        "portal.yaml",
        &document("Portal", "default", "allowAnonymousAccess: true"),
    );
    let validated = project.run("validate").success();
    let text = format!("{}{}", validated.stdout(), validated.stderr());
    assert!(text.contains("warning[anonymous-access]"), "{text}");
    project.run("plan").success().says(&[
        "opens the catalogue to anonymous readers",
        "allowAnonymousAccess",
        "--allow-public",
    ]);
    for format in ["json", "markdown", "html"] {
        let plan = project.run(&format!("plan --format {format}")).success();
        assert!(
            plan.stdout()
                .contains("opens the catalogue to anonymous readers"),
            "{format}"
        );
        assert!(plan.stdout().contains("--allow-public"), "{format}");
    }
    let sarif = project.run("validate --format sarif").success();
    assert!(sarif.stdout().contains("anonymous-access"));
    center.mark();
    let refused = project.run("apply --auto-approve").exit(5);
    assert!(
        refused.stderr().contains("--allow-public"),
        "{}",
        refused.stderr()
    );
    assert_eq!(center.writes(), [""; 0]);
    project.run("apply --auto-approve --allow-public").success();
    let portal = center.get("portals/default")["properties"].clone();
    assert_eq!(portal["allowAnonymousAccess"], true);
    assert_eq!(portal["title"], "Contoso", "what is not declared stays");
    assert_eq!(portal["other"], 1);
    // Once it is open, nothing needs a consent.
    project.edit(
        "portal.yaml",
        "allowAnonymousAccess: true",
        "allowAnonymousAccess: true, title: Ours",
    );
    project.run("apply --auto-approve").success();
}

#[test]
fn links_to_what_is_not_there_are_listed() {
    let center = full_center();
    center.put(
        "links/lost",
        json!({"title": "Lost", "source": {"id": "/workspaces/default/apis/never"}}),
    );
    let project = Project::of(&center);
    project
        .run("plan")
        .success()
        .says(&["resource/links/lost is dangling: it names api/never, which does not exist"]);
}

#[test]
fn a_repository_keeps_what_it_brought_in() {
    let center = ServiceFixture::start();
    let project = Project::of_with(&center, "prune: {enabled: true, scope: all}\nsafety: {maxDeletes: 100}").file(
        "repository.yaml",
        &[
            document(
                "Integration",
                "skills-repo",
                "source: {git: {repositoryUrl: https://github.com/contoso/skills/tree/main/skills, provider: github, \
                 assets: [{type: skill, files: \"**/SKILL.md\"}]}}",
            ),
            document("Plugin", "notes", "title: Notes, resources: [skill/release-notes]"),
        ]
        .join("---\n"),
    );
    project.run("validate").success();
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.get("skills")["value"].as_array().map(Vec::len),
        Some(2)
    );
    // Nobody declares the skills, and they are neither deleted nor unmanaged.
    let plan = project.run("plan --format json").success().json();
    assert_eq!(plan["changes"], json!([]), "{plan:#}");
    assert_eq!(plan["unmanaged"], json!([]), "{plan:#}");
    project.remove("repository.yaml");
    let exported = project.run("export").success();
    assert!(
        exported.stderr().contains("skill/release-notes"),
        "{}",
        exported.stderr()
    );
    project.run("validate").success();
    project.run("plan").success().says(&["No changes."]);

    project.remove("integrations/skills-repo.yaml");
    project.remove("plugins/notes.yaml");
    project
        .run("plan")
        .success()
        .says(&["- integration/skills-repo", "- skill/release-notes"]);
    project.run("plan --details").success().says(&[
        "- skill/release-notes",
        "vanishes with integration/skills-repo",
    ]);
    project
        .run("apply --auto-approve --allow-destroy integration/*")
        .success();
    assert_eq!(center.get("skills")["value"], json!([]));
}

#[test]
fn fields_of_mcp_servers_pass() {
    let center = ServiceFixture::start();
    let fields = "title: Files, kind: mcp, remote: \"https://mcp.example/mcp\", vendor: Contoso, \
        packages: [{registry_name: npm, name: \"@x/files\", version: 1.0.0}], useCases: [{name: Reading}], \
        remoteType: sse, icon: \"https://x.example/i.png\", categories: [files], audience: internal, \
        supportContactInfo: {name: Team}, securitySchemes: {key: {type: apiKey}}, authSchemas: [{name: key}]";
    let project = Project::of(&center).file("mcp.yaml", &document("Api", "files-mcp", fields));
    let ended = project.run("validate").success();
    let text = format!("{}{}", ended.stdout(), ended.stderr());
    assert!(text.contains("warning[mcp-without-address]"), "{text}");
    project.run("apply --auto-approve").success();
    let live = center.get("apis/files-mcp");
    assert_eq!(live["properties"]["packages"][0]["registry_name"], "npm");
    project.run("plan").success().says(&["No changes."]);
    project.remove("mcp.yaml");
    project.run("export").success();
    let exported = files_below(project.root())
        .into_values()
        .collect::<String>();
    assert!(
        exported.contains("registry_name: npm") && exported.contains("useCases"),
        "{exported}"
    );
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn an_overlay_finds_a_resource_by_its_type() {
    let center = ServiceFixture::start();
    let project = Project::with_spec(&format!(
        "targets:\n  live:\n    {}\n    overlays: [\"live.yaml\"]\n",
        center.target()
    ))
    .env("APICENTER_ACCESS_TOKEN", super::harness::TOKEN)
    .file(
        "all.yaml",
        &[
            document(
                "Resource",
                "default",
                "type: skillEvaluationConfigurations, properties: {title: Skills}",
            ),
            document(
                "Resource",
                "default",
                "type: agentEvaluationConfigurations, properties: {title: Agents}",
            ),
        ]
        .join("---\n"),
    )
    .file(
        "live.yaml",
        &document(
            "Resource",
            "default",
            "type: agentEvaluationConfigurations, properties: {title: Live}",
        ),
    );
    project.run("apply --auto-approve").success();
    let title = |collection: &str| {
        center.get(&format!("{collection}/default"))["properties"]["title"].clone()
    };
    assert_eq!(title("agentEvaluationConfigurations"), "Live");
    assert_eq!(title("skillEvaluationConfigurations"), "Skills");
}

#[test]
fn a_version_of_an_agent_is_declared_once() {
    let project = Project::local().file(
        "all.yaml",
        &[
            document(
                "Agent",
                "help-desk",
                "title: Help desk, versions: [{name: 1-0-0}]",
            ),
            document(
                "Resource",
                "1-0-0",
                "type: agents/versions, parent: help-desk, properties: {title: v1}",
            ),
        ]
        .join("---\n"),
    );
    let ended = project.run("validate").exit(6);
    let text = format!("{}{}", ended.stdout(), ended.stderr());
    assert!(
        text.contains("agent/help-desk/version/1-0-0 is declared twice"),
        "{text}"
    );
}

#[test]
fn a_type_that_does_not_exist_is_explained() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file(
        "one.yaml",
        &document("Resource", "one", "type: widgets, properties: {title: One}"),
    );
    let ended = project.run("plan").exit(1);
    assert!(
        ended.stderr().contains("resource/widgets/one"),
        "{}",
        ended.stderr()
    );
    assert!(
        ended
            .stderr()
            .contains("this service does not offer the type"),
        "{}",
        ended.stderr()
    );
}

#[test]
fn live_properties_called_like_fields_of_manifests_are_kept_and_can_be_declared() {
    let center = ServiceFixture::start();
    let live = json!({"title": "W", "type": "external", "parent": "none", "scope": "all", "apiVersion": "9",
        "properties": {"a": 1}, "dependsOn": ["x"], "kept": true});
    center.put("links/wiki", live.clone());
    let spec = |properties: &str| {
        document(
            "Resource",
            "wiki",
            &format!("type: links, properties: {{{properties}}}"),
        )
    };
    let project = Project::of(&center).file("wiki.yaml", &spec("title: New"));
    project.run("apply --auto-approve").success();
    let mut renamed = live;
    renamed["title"] = json!("New");
    assert_eq!(center.get("links/wiki")["properties"], renamed);

    project.write(
        "wiki.yaml",
        spec("title: New, type: external, parent: none, properties: {a: 1}, dependsOn: [x]"),
    );
    project.run("plan").success().says(&["No changes."]);
    project.write(
        "wiki.yaml",
        spec("type: internal, parent: null, properties: {b: 2}"),
    );
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
    renamed["type"] = json!("internal");
    renamed["properties"] = json!({"a": 1, "b": 2});
    renamed
        .as_object_mut()
        .expect("a mapping")
        .shift_remove("parent");
    assert_eq!(center.get("links/wiki")["properties"], renamed);
}

/// The properties without what the service sets.
pub(crate) fn without_date(resource: &Value) -> Value {
    let mut properties = resource["properties"].clone();
    let map = properties.as_object_mut().expect("a mapping");
    map.shift_remove("lastUpdated");
    properties
}

#[test]
fn a_live_property_may_be_called_extra_or_versions() {
    let center = ServiceFixture::start();
    center.put(
        "skills/review",
        json!({"title": "Review", "extra": 5, "versions": ["x"], "novel": 1}),
    );
    let project = Project::of(&center).file(
        "skill.yaml",
        &document("Skill", "review", "title: New, extra: {novel: 2}"),
    );
    project.run("apply --auto-approve").success();
    assert_eq!(
        without_date(&center.get("skills/review")),
        json!({"title": "New", "extra": 5, "versions": ["x"], "novel": 2})
    );
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn members_of_a_plugin_may_be_ids() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file(
        "all.yaml",
        &[
            document("Skill", "review", "title: Review"),
            document(
                "Plugin",
                "tools",
                "title: Tools, resources: [/workspaces/default/skills/review]",
            ),
        ]
        .join("---\n"),
    );
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
    assert_eq!(
        center.get("plugins/tools")["properties"]["resourceIds"],
        json!(["/workspaces/default/skills/review"])
    );
    // Also of types without a kind of their own, which may be addressed too.
    for member in ["/workspaces/default/models/big", "resource/models/big"] {
        project.write(
            "all.yaml",
            [
                document("Skill", "review", "title: Review"),
                document("Resource", "big", "type: models, properties: {title: Big}"),
                document(
                    "Plugin",
                    "tools",
                    &format!("title: Tools, resources: [skill/review, {member}]"),
                ),
            ]
            .join("---\n"),
        );
        project.run("apply --auto-approve").success();
        project.run("plan").success().says(&["No changes."]);
        assert_eq!(
            center.get("plugins/tools")["properties"]["resourceIds"],
            json!([
                "/workspaces/default/skills/review",
                "/workspaces/default/models/big"
            ])
        );
    }
    // They are references.
    project.write(
        "all.yaml",
        document(
            "Plugin",
            "tools",
            "title: Tools, resources: [/workspaces/default/skills/none]",
        ),
    );
    project
        .run("validate")
        .exit(6)
        .talks(&["no skill `skill/none` is declared"]);
}

#[test]
fn an_api_cannot_be_another_asset() {
    let project = Project::local().file(
        "api.yaml",
        &[
            document("Api", "one", "title: One, kind: Agent"),
            document("Api", "two", "title: Two, kind: model"),
        ]
        .join("---\n"),
    );
    let ended = project.run("validate").exit(6);
    ended
        .talks(&[
            "api.yaml:4:26: error[resource-type]: `Agent` has a kind of its own",
            "help: declare it as kind `Agent`",
            "api.yaml:9:26: error[resource-type]: `model` has a kind of its own",
            "help: declare it as kind `Resource` with the type `models`",
        ])
        .never_says("missing-field");
}

#[test]
fn what_is_not_open_is_refused_in_an_open_field() {
    let project = Project::local().file(
        "all.yaml",
        &[
            document(
                "Skill",
                "review",
                "title: Review, extra: {title: T, lastUpdated: 2030, novel: 1}, versions: [{name: v1, extra: {title: T}}]",
            ),
            document("Plugin", "tools", "title: Tools, extra: {resourceIds: [], a: 1}"),
            document("Resource", "one", "type: links, properties: {title: T, type: x, linkState: ok}"),
        ]
        .join("---\n"),
    );
    let ended = project.run("validate").exit(6).talks(&[
        "all.yaml:4:31: error[misplaced-field]: `title` is a field of its own",
        "help: write it under `spec`, beside `extra`",
        "all.yaml:4:41: error[not-settable]: `lastUpdated` is set by the service",
        "all.yaml:4:101: error[misplaced-field]: `title` is a field of its own",
        "all.yaml:9:30: error[misplaced-field]: `resourceIds` is declared by the field `resources`",
        "help: write it as `resources` under `spec`, beside `extra`",
        "all.yaml:14:53: error[not-settable]: `linkState` is set by the service",
        "5 errors",
    ]);
    ended.never_says("`novel`");
}

#[test]
fn secrets_in_lists_and_below_their_keys_are_neither_declared_nor_exported() {
    let center = ServiceFixture::start();
    let properties = "{title: T, password: [hunter2a], clientSecret: {value: hunter2b}, apikey: hunter2c, \
                      auth: {clientsecret: [{value: hunter2d}]}, api: {in: header, value: shown}}";
    let project = Project::of(&center).file(
        "one.yaml",
        &document(
            "Resource",
            "one",
            &format!("type: authConfigs, properties: {properties}"),
        ),
    );
    let ended = project.run("validate").exit(6).talks(&["4 errors"]);
    ended.never_says("hunter2");
    project.remove("one.yaml");

    center.put(
        "authConfigs/one",
        json!({"title": "T", "password": ["hunter2a"], "clientSecret": {"value": "hunter2b"}, "apikey": "hunter2c",
            "auth": {"clientsecret": [{"value": "hunter2d"}]}, "api": {"in": "header", "value": "shown"}}),
    );
    project.run("export").success();
    let exported: String = files_below(project.root()).into_values().collect();
    assert!(exported.contains("shown"), "{exported}");
    assert!(!exported.contains("hunter2"), "{exported}");
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn full_ids_in_properties_that_nobody_models_stay_as_they_are() {
    let center = ServiceFixture::start();
    center.put("apis/orders", json!({"title": "Orders", "kind": "rest"}));
    let full = |api: &str| format!("{}/workspaces/default/apis/{api}", ServiceFixture::ID);
    let live =
        |title: &str| json!({"title": title, "apiId": full("orders"), "moreIds": [full("ORDERS")]});
    center.put("links/wiki", live("W"));
    center.put("skills/review", live("R"));
    center.put(
        "links/lost",
        json!({"title": "Lost", "apiId": full("never")}),
    );
    let project = Project::of(&center).file(
        "all.yaml",
        &[
            document(
                "Resource",
                "wiki",
                &format!(
                    "type: links, properties: {{title: New, apiId: {}}}",
                    full("orders")
                ),
            ),
            document("Skill", "review", "title: New"),
        ]
        .join("---\n"),
    );
    project
        .run("plan")
        .success()
        .says(&["resource/links/lost is dangling: it names api/never, which does not exist"])
        .never_says("properties.apiId");
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
    for path in ["links/wiki", "skills/review"] {
        assert_eq!(without_date(&center.get(path)), live("New"), "{path}");
    }
}

#[test]
fn an_overlay_without_a_type_must_mean_one_resource() {
    let project = Project::with_spec("targets: {local: {emulator: {}, overlays: [\"over.yaml\"]}}")
        .file(
            "all.yaml",
            &[
                document("Resource", "a", "type: links, properties: {title: Link}"),
                document("Resource", "a", "type: models, properties: {title: Model}"),
                document("Resource", "b", "type: links, properties: {title: B}"),
            ]
            .join("---\n"),
        )
        .file(
            "over.yaml",
            &document("Resource", "a", "properties: {title: O}"),
        );
    project.run("validate").exit(6).talks(&[
        "over.yaml:3:18: error[overlay-unmatched]: several resources are named `a`",
        "help: add `type`, and `parent` if the type has parents",
    ]);
    let over = |name: &str, spec: &str| document("Resource", name, spec);
    for (name, spec) in [
        ("b", "properties: {title: O}"),
        ("a", "type: models, properties: {title: O}"),
    ] {
        project.write("over.yaml", over(name, spec));
        project.run("validate").success();
    }
    project.write(
        "over.yaml",
        over("b", "type: models, properties: {title: O}"),
    );
    project.run("validate").exit(6).talks(&[
        "error[overlay-unmatched]: no manifest declares Resource `b`",
        "help: write the `type` and the `parent` of the manifest that it changes",
    ]);
}

#[test]
fn a_repository_brings_in_only_the_assets_that_it_names() {
    let project = Project::local();
    let with = |assets: &str, members: &str| {
        let source = format!(
            "source: {{git: {{repositoryUrl: \"https://github.com/contoso/x\", provider: github, assets: [{assets}]}}}}"
        );
        let plugin = format!("title: Tools, resources: [{members}]");
        project.write(
            "all.yaml",
            [
                document("Integration", "repo", &source),
                document("Plugin", "tools", &plugin),
            ]
            .join("---\n"),
        );
        project.run("validate")
    };
    with("{type: Skill}", "skill/a").success();
    with("{type: skill}, {type: mcp}", "skill/a, api/b").success();
    with("{type: mcp}", "skill/a, api/b")
        .exit(6)
        .talks(&["no skill `skill/a` is declared"])
        .never_says("no API");
    with("{type: agent}", "skill/a, api/b").exit(6).talks(&[
        "no skill `skill/a` is declared",
        "no API `api/b` is declared",
    ]);
}

#[test]
fn a_text_that_is_not_an_address_is_shown_in_its_list() {
    let project = Project::local().file(
        "all.yaml",
        &document(
            "Resource",
            "one",
            "type: links, properties: {title: T}, dependsOn: [resource/links/two, nonsense]",
        ),
    );
    project
        .run("validate")
        .exit(6)
        .talks(&["all.yaml:4:77: error[resource-type]: `nonsense` is not an address"]);
}
