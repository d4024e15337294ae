//! Types whose properties are not published, MCP servers, and the portal.

use serde_json::{Value, json};

use apicenter::emulator::{Fault, FaultRule};

use super::{Center, ServiceFixture, answers};

fn one_of_each(center: &ServiceFixture) {
    for (path, properties) in crate::cli::newer_kinds::one_of_each() {
        center.put(path, properties);
    }
}

/// Properties that are hard to write.
fn odd() -> Value {
    json!({"title": "Odd ${x}", "a.b": {"$ref": "#/x", "": 1, "null": null, "~": [[], {}, [null]]}, "no": "no",
        "number": 1.50, "large": 12_345_678_901_234_567_890_u64, "lines": "a\r\nb ", "ids": ["/workspaces/default/apis/none"]})
}

fn refuse(center: &ServiceFixture, path: &str, status: u16) {
    center.inject(FaultRule::next("GET", path, Fault::Status(status)).times(1000));
}

const OPAQUE: [&str; 10] = [
    "skills",
    "agents",
    "plugins",
    "models",
    "links",
    "mcpRegistries",
    "authConfigs",
    "skillEvaluationConfigurations",
    "agentEvaluationConfigurations",
    "eventGridFilters",
];

pub(super) static CENTERS: &[Center] = &[
    Center::new("one of each collection", one_of_each),
    Center::new("properties of every form", |center| {
        for collection in OPAQUE {
            center.put(&format!("{collection}/odd"), odd());
        }
        center.put("skills/odd/versions/1.0", odd());
        center.put("agents/odd/versions/1.0", odd());
        center.put("portals/default", odd());
    }).accepting(&["dangling-link"]),
    Center::new("nulls in types that nobody published", |center| {
        for collection in OPAQUE {
            center.put(&format!("{collection}/odd"), json!({"title": "T"}));
            answers::properties(center, collection, |one| {
                for name in ["summary", "description", "lifecycleStage", "customProperties", "extra", "resourceIds", "version", "new"] {
                    one[name] = Value::Null;
                }
            });
        }
    }),
    Center::new("no properties at all", |center| {
        for collection in ["mcpRegistries", "skillEvaluationConfigurations", "eventGridFilters"] {
            center.put(&format!("{collection}/bare"), json!({}));
        }
        center.put("portals/default", json!({}));
        for collection in ["skills", "agents"] {
            center.put(&format!("{collection}/bare"), json!({"title": "T"}));
            center.put(&format!("{collection}/bare/versions/1"), json!({}));
        }
    }),
    Center::new("types other than expected", |center| {
        center.put("skills/one", json!({"title": "T", "summary": ["x"], "lifecycleStage": {"a": 1}, "extra": "x", "versions": 3}));
        center.put("agents/one", json!({"title": "T", "customProperties": "none", "name": "other", "kind": "a2a", "extra": {"x": 1}}));
        center.put("plugins/one", json!({"title": "T", "resourceIds": "one", "version": "1.0"}));
        center.put("portals/default", json!({"title": "T", "enabled": "yes", "allowAnonymousAccess": "no", "authentication": []}));
    }).accepting(&["wrong-type"]),
    Center::new("numbers where texts are expected", |center| {
        for collection in ["plugins", "skills", "agents", "models"] {
            center.put(&format!("{collection}/one"), json!({"title": "T"}));
            answers::properties(center, collection, |one| {
                one["title"] = json!(1.50);
                one["summary"] = json!(true);
                one["version"] = json!(1.0);
                one["extra"] = json!({"version": 1.0});
            });
        }
    }),
    Center::new("plugins of what is not there", |center| {
        center.put(
            "plugins/one",
            json!({"title": "T", "resourceIds": ["/workspaces/default/skills/none", "/workspaces/default/agents/none", "none", "",
                "/subscriptions/x/resourceGroups/y/providers/Microsoft.ApiCenter/services/z/workspaces/default/skills/a"]}),
        );
    }).accepting(&["bad-pattern", "dangling-link", "dangling-reference"]),
    Center::new("links that lead nowhere", |center| {
        center.put("links/one", json!({"title": "T", "source": {"id": "/workspaces/default/apis/none"}, "target": {"url": "https://github.com/contoso"}}));
    }).accepting(&["dangling-link"]),
    Center::new("full ids", |center| {
        let full = |path: &str| format!("{}/workspaces/default/{path}", ServiceFixture::ID);
        for collection in OPAQUE {
            let ids = [full("apis/orders"), full("skills/none").to_uppercase()];
            center.put(&format!("{collection}/odd"), json!({"title": "T", "resourceIds": ids, "apiId": full("apis/orders"), "deep": {"anyId": [full("links/odd")]}}));
        }
    }).accepting(&["dangling-link", "dangling-reference"]),
    Center::new("literal secrets", |center| {
        center.put(
            "authConfigs/one",
            json!({"title": "T", "securityScheme": "oauth2", "oauth2": {"clientId": "x", "clientSecret": "hunter2hunter2", "flows": [{"password": "letmein"}]}}),
        );
        center.put("skills/one", json!({"title": "T", "apiKey": "0123456789abcdef", "token": null}));
    })
    .leaving_out(&["clientSecret"]),
    Center::new("addresses of secrets", |center| {
        center.put(
            "authConfigs/one",
            json!({"title": "T", "securityScheme": "apiKey", "apiKey": {"in": "header", "name": "x-key",
                "value": "https://contoso.vault.azure.net/secrets/partner/0123"}, "tokenUrl": "https://login.contoso.com/token"}),
        );
    }),
    Center::new("MCP servers", |center| {
        center.put(
            "apis/local",
            json!({"title": "Local", "kind": "mcp", "packages": [{"registryType": "npm", "identifier": "@contoso/mcp",
                "environmentVariables": [{"name": "API_TOKEN", "isSecret": true}]}], "useCases": ["a"], "icon": null, "vendor": "Contoso"}),
        );
        center.put("apis/remote", json!({"title": "Remote", "kind": "MCP"}));
        center.put("apis/remote/versions/1.0.0", json!({"title": "1.0.0", "lifecycleStage": "production"}));
        center.put("apis/remote/versions/1.0.0/definitions/default", json!({"title": "MCP (Streamable HTTP)"}));
        center.put("environments/remote", json!({"title": "Remote", "kind": "production", "server": {"type": "other"}}));
        center.put(
            "apis/remote/deployments/default",
            json!({"title": "Remote", "environmentId": "/workspaces/default/environments/remote",
                "definitionId": "/workspaces/default/apis/remote/versions/1.0.0/definitions/default",
                "server": {"runtimeUri": ["https://mcp.contoso.com/mcp"]}}),
        );
    }).accepting(&["mcp-without-address", "unknown-value"]),
    Center::new("assistants in the list of APIs", |center| {
        center.put("apis/orders", json!({"title": "Orders", "kind": "rest"}));
        for kind in ["skill", "agent", "plugin", "model", "languagemodel"] {
            center.put(&format!("apis/a-{kind}"), json!({"title": kind, "kind": kind}));
        }
        for collection in ["skills", "agents", "plugins", "models"] {
            center.put(&format!("{collection}/a-{}", collection.trim_end_matches('s')), json!({"title": "T"}));
        }
    }).accepting(&["unknown-value"]),
    Center::new("a portal for everybody", |center| {
        center.put(
            "portals/default",
            json!({"title": "T", "enabled": true, "allowAnonymousAccess": true, "semanticSearch": {"enabled": true},
                "authentication": {"clientId": "00000000-0000-0000-0000-000000000003", "tenantId": "00000000-0000-0000-0000-000000000004", "authMode": "azureRbac"}}),
        );
    })
    .finding(&["anonymous-access"]),
    Center::new("collections that are not offered", |center| {
        one_of_each(center);
        refuse(center, "/workspaces/default/links", 404);
        refuse(center, "/workspaces/default/models", 400);
        refuse(center, "/workspaces/default/skills", 404);
    })
    .leaving_out(&["links", "models", "skills"]),
    Center::new("collections that may not be read", |center| {
        one_of_each(center);
        refuse(center, "/eventGridFilters", 403);
        refuse(center, "/workspaces/default/authConfigs", 403);
        refuse(center, "/portals", 403);
    })
    .leaving_out(&["eventGridFilters", "authConfigs", "portals"]),
];
