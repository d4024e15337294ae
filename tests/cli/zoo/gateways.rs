//! What integrations brought in, what was copied, and who may read it.

use serde_json::{Value, json};

use super::{Center, ServiceFixture, answers};
use crate::cli::gateways::{INSTANCE, integration, linked, service};
use crate::cli::harness::Project;

fn git(assets: &Value) -> Value {
    json!({"apiSourceType": "Git", "importSpecification": "ondemand", "gitSource": {
        "repositoryUrl": "https://github.com/contoso/skills/tree/main/skills", "gitProvider": "github", "assetTypes": assets}})
}

fn link(center: &ServiceFixture) {
    let applied = linked(center).run("apply --auto-approve --wait-sync=20s");
    assert!(applied.is_success(), "{applied}");
}

fn apply(center: &ServiceFixture, files: &[(&str, &str)]) {
    let project = Project::of(center);
    for (path, text) in files {
        project.write(path, text);
    }
    let applied = project.run("apply --auto-approve");
    assert!(applied.is_success(), "{applied}");
}

fn first_api(center: &ServiceFixture) -> (String, Value) {
    let list = center.get("apis");
    let api = &list["value"][0];
    (
        api["name"].as_str().expect("a name").to_owned(),
        api["properties"].clone(),
    )
}

pub(super) static CENTERS: &[Center] = &[
    Center::new("a Git source", |center| {
        center.put("apiSources/repository", git(&json!([{"assetType": "skill", "filesToInclude": "**/SKILL.md"}])));
    }),
    Center::new("a Git source of every type", |center| {
        let mut properties = git(&json!([
            {"assetType": "skill", "filesToInclude": "**/skill.md"},
            {"assetType": "agent"},
            {"assetType": "mcp", "filesToInclude": ["a", "b"], "new": 1}
        ]));
        properties["gitSource"]["personalAccessToken"] = json!("https://contoso.vault.azure.net/secrets/pat");
        properties["gitSource"]["msiResourceId"] = Value::Null;
        center.put("apiSources/repository", properties);
        center.put("skills/by-hand", json!({"title": "By hand"}));
    }).accepting(&["wrong-type"]),
    Center::new("a linked gateway", link),
    Center::new("a linked gateway with additions", |center| {
        link(center);
        center.put("metadataSchemas/team", json!({"schema": r#"{"type":"string"}"#, "assignedTo": [{"entity": "api"}]}));
        let (name, mut api) = first_api(center);
        api["summary"] = json!("Added.");
        api["customProperties"] = json!({"team": "checkout"});
        api["license"] = json!({"name": "MIT"});
        center.put(&format!("apis/{name}"), api);
        center.put("apis/by-hand", json!({"title": "By hand", "kind": "rest"}));
        let environment = json!({"title": "Renamed", "kind": "production", "description": "By hand.",
            "server": {"type": "AzureApiManagement", "managementPortalUri": ["https://portal.azure.com"]}});
        center.put("environments/azure-api-management", environment);
    })
    ,
    Center::new("a linked gateway with two APIs of one title", |center| {
        let twin = json!({"properties": {"displayName": "Shipping", "path": "shipping-two", "protocols": ["https"]}});
        center.manage(&format!("{INSTANCE}/apis/shipping-two"), &twin);
        link(center);
        let list = center.get("apis");
        for api in list["value"].as_array().expect("a list") {
            let mut properties = api["properties"].clone();
            properties["summary"] = json!("Added.");
            center.put(&format!("apis/{}", api["name"].as_str().expect("a name")), properties);
        }
    })
    .leaving_out(&["2 APIs titled `Shipping`"]),
    Center::new("copies of a gateway", |center| {
        apply(center, &[("service.yaml", service())]);
        center.copy(&[format!("{INSTANCE}/apis/*")]);
    })
    .with(|options| options.enforce_roles = false).accepting(&["version-mismatch"]),
    Center::new("copies before a link", |center| {
        apply(center, &[("service.yaml", service())]);
        center.copy(&[format!("{INSTANCE}/apis/*")]);
        link(center);
    })
    .with(|options| options.enforce_roles = false).accepting(&["version-mismatch"]),
    Center::new("an Amazon gateway", |center| {
        apply(center, &[("service.yaml", service())]);
        center.put(
            "apiSources/aws",
            json!({"amazonApiGatewaySource": {"accessKey": "https://contoso.vault.azure.net/secrets/a",
                "secretAccessKey": "https://contoso.vault.azure.net/secrets/b", "regionName": "eu-central-1"},
                "importSpecification": "never", "targetLifecycleStage": "preview"}),
        );
    })
    .with(|options| options.enforce_roles = false),
    Center::new("an Amazon gateway with the keys themselves", |center| {
        apply(center, &[("service.yaml", service())]);
        center.put(
            "apiSources/aws",
            json!({"amazonApiGatewaySource": {"accessKey": "https://contoso.vault.azure.net/secrets/a",
                "secretAccessKey": "https://contoso.vault.azure.net/secrets/b", "regionName": "eu-central-1"}}),
        );
        answers::properties(center, "apiSources", |source| {
            source["amazonApiGatewaySource"]["secretAccessKey"] = json!("hunter2hunter2");
        });
    })
    .with(|options| options.enforce_roles = false)
    .leaving_out(&["integration/aws: left out"]),
    Center::new("a link that does not work", |center| {
        apply(center, &[("integration.yaml", &integration())]);
    })
    .finding(&["integration-link", "integration-prerequisite"]),
    Center::new("a source of a type that nobody knows", |center| {
        center.put("apiSources/repository", git(&json!([{"assetType": "skill"}])));
        answers::properties(center, "apiSources", |source| {
            source["apiSourceType"] = json!("Apigee");
            let source = source.as_object_mut().expect("an object");
            source.shift_remove("gitSource");
            source.insert("apigeeSource".to_owned(), json!({"organization": "contoso"}));
        });
    })
    .leaving_out(&["integration/repository"]),
    Center::new("sources with odd values", |center| {
        center.put("apiSources/repository", git(&json!([{"assetType": "skill"}])));
        answers::properties(center, "apiSources", |source| {
            source["importSpecification"] = Value::Null;
            source["targetEnvironmentId"] = json!("");
            source["targetLifecycleStage"] = json!("Production");
            source["azureApiManagementSource"] = Value::Null;
            source["gitSource"]["gitProvider"] = json!("AzureDevOps");
        });
    }).accepting(&["dangling-reference", "unknown-value"]),
    Center::new("roles of every form", |center| {
        let principal = "11111111-1111-1111-1111-111111111111";
        let role = |name: &str, role: &str, more: &str| {
            format!(
                "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {{name: {name}}}\nspec:\n  role: {role}\n  \
                 principal: {{objectId: {principal}, type: Group}}\n{more}---\n"
            )
        };
        let roles = role("one", "Azure API Center Data Reader", "  description: \"#: ${x}\"\n")
            .replace("${x}", "$${x}")
            + &role("two", "71522526-b88f-4d52-b57f-d31fc3546d0d", "")
            + "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {name: own}\nspec:\n  role: Azure API Center Service Reader\n  \
               principal: {serviceIdentity: true}\n";
        apply(center, &[("service.yaml", service()), ("roles.yaml", &roles)]);
    }),
];
