//! `import arm`.

use serde_json::json;

use super::{holds, repeats, utf16};
use crate::cli::harness::Project;

/// What `bicep build` makes of a service with a loop over APIs, each with a version.
fn template() -> String {
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "center": {"type": "string", "defaultValue": "contoso"},
            "stage": {"type": "string"},
            "apis": {"type": "array", "defaultValue": [{"name": "orders", "title": "Orders"}, {"name": "users", "title": "Users"}]},
        },
        "variables": {"workspace": "default"},
        "resources": [
            {
                "type": "Microsoft.ApiCenter/services", "apiVersion": "2024-03-01",
                "name": "[parameters('center')]", "location": "westeurope", "sku": {"name": "Free"}, "properties": {},
            },
            {
                "type": "Microsoft.ApiCenter/services/workspaces", "apiVersion": "2024-03-01",
                "name": "[format('{0}/{1}', parameters('center'), 'default')]", "properties": {"title": "Default"},
            },
            {
                "type": "Microsoft.ApiCenter/services/metadataSchemas", "apiVersion": "2024-03-01",
                "name": "[concat(parameters('center'), '/team')]",
                "properties": {"schema": "{\"type\":\"string\",\"title\":\"Team\"}", "assignedTo": [{"entity": "api", "required": false}]},
            },
            {
                "type": "Microsoft.ApiCenter/services/workspaces/environments", "apiVersion": "2024-03-01",
                "name": "[format('{0}/{1}/prod', parameters('center'), variables('workspace'))]",
                "properties": {"title": "[parameters('stage')]", "kind": "production", "description": "[uniqueString(resourceGroup().id)]"},
            },
            {
                "type": "Microsoft.ApiCenter/services/workspaces/apis", "apiVersion": "2024-03-01",
                "copy": {"name": "loop", "count": "[length(parameters('apis'))]"},
                "name": "[format('{0}/default/{1}', parameters('center'), parameters('apis')[copyIndex()].name)]",
                "properties": {"title": "[parameters('apis')[copyIndex()].title]", "kind": "rest", "customProperties": {"team": "a"}},
                "resources": [{
                    "type": "versions", "apiVersion": "2024-03-01", "name": "v1",
                    "properties": {"title": "v1", "lifecycleStage": "[if(equals(parameters('center'), 'contoso'), 'production', 'design')]"},
                }],
            },
            {
                "type": "Microsoft.ApiCenter/services/workspaces/apis/deployments", "apiVersion": "2024-03-01",
                "name": "[format('{0}/default/orders/prod', parameters('center'))]",
                "properties": {
                    "title": "Production",
                    "environmentId": "[resourceId('Microsoft.ApiCenter/services/workspaces/environments', parameters('center'), 'default', 'prod')]",
                    "server": {"runtimeUri": ["https://api.contoso.com"]},
                },
            },
            {
                "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01",
                "scope": "[format('Microsoft.ApiCenter/services/{0}', parameters('center'))]",
                "name": "[guid('a')]",
                "properties": {
                    "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'c7244dfb-f447-457d-b2ba-3999044d1706')]",
                    "principalId": "11111111-1111-1111-1111-111111111111", "principalType": "Group",
                },
            },
            {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "x", "properties": {}},
        ],
    });
    format!("{template:#}")
}

#[test]
fn a_template_becomes_manifests() {
    let project = Project::local().file("main.json", &format!("\u{feff}{}", template()));
    project
        .run("import arm main.json")
        .success()
        .says(&["Imported 2 APIs to 6 files", "1 version, 0 documents, 1 deployment"])
        .talks(&[
            "main.json:69:24: warning[unresolved-expression]: left out: the value of `uniqueString` is known only",
            "Microsoft.Storage/storageAccounts: left out (1)",
            "the parameter `stage` has no value: `${stage}` is in 1 file",
        ]);
    assert!(
        project
            .read("environments/prod.yaml")
            .contains("title: ${stage}\n")
    );
    let orders = project.read("apis/orders/api.yaml");
    assert!(
        orders.contains("environment: prod\n") && orders.contains("lifecycleStage: production\n"),
        "{orders}"
    );
    repeats(&project, "import arm main.json");
    project.run("validate").exit(6).talks(&["`stage`"]);
    let parameters = json!({"parameters": {"stage": {"value": "Production"}}}).to_string();
    project.write("main.parameters.json", parameters);
    project
        .run("import arm main.json --parameters main.parameters.json --force")
        .success();
    assert!(
        project
            .read("environments/prod.yaml")
            .contains("title: Production\n")
    );
    project.remove("service.yaml");
    for role in super::files(&project, "role-assignments") {
        assert!(project.read(&role).contains("type: Group"));
        project.remove(&role);
    }
    holds(&project);
}

#[test]
fn what_powershell_redirects_is_read() {
    let project = Project::local().file("main.json", &template());
    let parameters = json!({"parameters": {"stage": {"value": "Größe"}}}).to_string();
    project.write("values.json", &parameters);
    let import = "import arm main.json --parameters values.json";
    project.run(import).success();
    project.write("main.json", utf16(&template(), u16::to_le_bytes));
    project.write("values.json", utf16(&parameters, u16::to_be_bytes));
    repeats(&project, import).talks(&["main.json:69:24: warning[unresolved-expression]"]);
    let production = project.read("environments/prod.yaml");
    assert!(production.contains("title: Größe\n"), "{production}");
}

#[test]
fn lambdas_and_functions_of_a_template_are_computed() {
    let apis = json!([
        {"name": "orders", "team": "a", "stages": ["test", "prod"], "isPublic": true},
        {"name": "users", "team": "b", "stages": ["prod"], "isPublic": true},
        {"name": "secrets", "team": "a", "stages": [], "isPublic": false},
    ]);
    let template = json!({
        "languageVersion": "2.0",
        "functions": [{"namespace": "__bicep", "members": {"titleOf": {
            "parameters": [{"name": "name", "type": "string"}],
            "output": {"type": "string", "value":
                "[concat(toUpper(substring(parameters('name'), 0, 1)), skip(parameters('name'), 1))]"},
        }}}],
        "parameters": {"apis": {"type": "array", "defaultValue": apis}, "later": {"type": "array"}},
        "variables": {
            "public": "[filter(parameters('apis'), lambda('api', lambdaVariables('api').isPublic))]",
            "teams": "[toObject(variables('public'), lambda('api', lambdaVariables('api').name), lambda('api', lambdaVariables('api').team))]",
            "stages": "[sort(union(flatten(map(variables('public'), lambda('api', lambdaVariables('api').stages))), createArray()), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]",
            "summary": "[reduce(variables('public'), '', lambda('all', 'api', 'at', concat(lambdaVariables('all'), if(equals(lambdaVariables('at'), 0), '', ', '), lambdaVariables('api').name)))]",
            "byTeam": "[mapValues(groupBy(parameters('apis'), lambda('api', lambdaVariables('api').team)), lambda('apis', length(lambdaVariables('apis'))))]",
        },
        "resources": {
            "environments": {
                "type": "Microsoft.ApiCenter/services/workspaces/environments",
                "copy": {"name": "environments", "count": "[length(variables('stages'))]"},
                "name": "[format('contoso/default/{0}', variables('stages')[copyIndex()])]",
                "properties": {
                    "title": "[__bicep.titleOf(variables('stages')[copyIndex()])]", "kind": "production",
                    "description": "[format('{0}: {1}, {2}', variables('summary'), variables('byTeam').a, variables('byTeam').b)]",
                    "onboarding": {"instructions": "[join(map(parameters('later'), lambda('it', lambdaVariables('it').url)), ' ')]"},
                },
            },
            "apis": {
                "type": "Microsoft.ApiCenter/services/workspaces/apis",
                "copy": {"name": "apis", "count": "[length(variables('public'))]"},
                "name": "[format('contoso/default/{0}', variables('public')[copyIndex()].name)]",
                "properties": {
                    "title": "[__bicep.titleOf(variables('public')[copyIndex()].name)]", "kind": "rest",
                    "description": "[format('Of team {0}.', variables('teams')[variables('public')[copyIndex()].name])]",
                },
            },
        },
    });
    let project = Project::local().file("main.json", &format!("{template:#}"));
    let ended = project.run("import arm main.json").success();
    let ended = ended.talks(&["left out: `map` needs the parameter `later`, which has no value; give it with --parameters"]);
    let warnings = ended.stderr().matches("warning[").count();
    assert_eq!(warnings, 1, "{}", ended.stderr());
    assert_eq!(
        super::files(&project, "environments"),
        ["environments/prod.yaml", "environments/test.yaml"]
    );
    for (file, lines) in [
        (
            "environments/test.yaml",
            &["title: Test\n", "description: \"orders, users: 2, 1\"\n"][..],
        ),
        (
            "apis/orders/api.yaml",
            &["title: Orders\n", "description: Of team a.\n"],
        ),
        (
            "apis/users/api.yaml",
            &["title: Users\n", "description: Of team b.\n"],
        ),
    ] {
        let text = project.read(file);
        for line in lines {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
    assert!(!project.path("apis/secrets/api.yaml").exists());
    repeats(&project, "import arm main.json");
    holds(&project);
}

#[test]
fn outputs_of_modules_are_computed() {
    let module = |name: &str,
                  parameters: serde_json::Value,
                  resources: serde_json::Value,
                  outputs: serde_json::Value| {
        let declared: serde_json::Map<_, _> = parameters
            .as_object()
            .expect("an object")
            .keys()
            .map(|name| (name.clone(), json!({"type": "string"})))
            .collect();
        json!({
            "type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": name,
            "properties": {
                "expressionEvaluationOptions": {"scope": "inner"},
                "parameters": parameters,
                "template": {"parameters": declared, "resources": resources, "outputs": outputs},
            },
        })
    };
    let unique = "format('env-{0}', uniqueString('env', deployment().name))";
    let id = |name: &str| format!("resourceId('Microsoft.Resources/deployments', {name})");
    let environment_module = module(
        &format!("[{unique}]"),
        json!({"name": {"value": "[toLower('PROD')]"}}),
        json!([{
            "type": "Microsoft.ApiCenter/services/workspaces/environments",
            "name": "[format('contoso/default/{0}', parameters('name'))]",
            "properties": {"title": "Production", "kind": "production"},
        }]),
        json!({
            "id": {"type": "string", "value": "[resourceId('Microsoft.ApiCenter/services/workspaces/environments', 'contoso', 'default', parameters('name'))]"},
            "name": {"type": "string", "value": "[parameters('name')]"},
            "all": {"type": "object", "value": {"names": ["[parameters('name')]"]}},
            "key": {"type": "string", "value": "[listKeys('x', '2024-01-01').key]"},
        }),
    );
    let mut gateway = module(
        "gateway",
        json!({}),
        json!([{"type": "Microsoft.ApiManagement/service", "name": "apim"}]),
        json!({"id": {"type": "string", "value": "[resourceId('Microsoft.ApiManagement/service', 'apim')]"}}),
    );
    gateway["resourceGroup"] = json!("rg-gateways");
    let api = module(
        "api",
        json!({
            "environment": {"value": format!("[reference({}, '2025-04-01').outputs.id.value]", id(unique))},
            "summary": {"value": format!("[concat('In ', reference({}).outputs.name.value)]", id(unique))},
            "description": {"value": format!("[reference({}, '2025-04-01').outputs.key.value]", id(unique))},
        }),
        json!([
            {
                "type": "Microsoft.ApiCenter/services/workspaces/apis", "name": "contoso/default/orders",
                "properties": {"title": "Orders", "kind": "rest", "summary": "[parameters('summary')]"},
            },
            {
                "type": "Microsoft.ApiCenter/services/workspaces/apis/deployments", "name": "contoso/default/orders/prod",
                "properties": {"title": "Production", "environmentId": "[parameters('environment')]"},
            },
        ]),
        json!({}),
    );
    let integration = json!({
        "type": "Microsoft.ApiCenter/services/workspaces/apiSources", "name": "contoso/default/apim",
        "properties": {
            "azureApiManagementSource": {"resourceId": format!("[reference({}).outputs.id.value]", id("'gateway'"))},
            "targetEnvironmentId": format!("[reference({}, '2025-04-01').outputs.id.value]", id(unique)),
            "importSpecification": "[reference('gateway').outputs.missing.value]",
        },
    });
    // What uses an output may come before the deployment that has it.
    let template = json!({"resources": [integration, api, gateway, environment_module]});
    let project = Project::local().file("main.json", &format!("{template:#}"));
    project
        .run("import arm main.json")
        .success()
        .talks(&["left out: the nested deployment has no output `missing`"]);
    let again = project.run("import arm main.json").success();
    let again = again
        .talks(&["left out: the output `key` of a nested deployment: the value of `listKeys`"]);
    assert_eq!(
        again.stderr().matches("warning[").count(),
        2,
        "{}",
        again.stderr()
    );
    let orders = project.read("apis/orders/api.yaml");
    assert!(
        orders.contains("summary: In prod\n") && orders.contains("environment: prod\n"),
        "{orders}"
    );
    let integration = project.read("integrations/apim.yaml");
    for line in [
        "resourceId: /subscriptions/${subscriptionId}/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/apim\n",
        "targetEnvironment: prod\n",
    ] {
        assert!(integration.contains(line), "{integration}");
    }

    // The symbolic names of newer versions of Bicep, and deployments that need each other.
    let environment = |expression: &str| {
        json!({
            "type": "Microsoft.ApiCenter/services/workspaces/environments", "name": "contoso/default/one",
            "properties": {"title": expression, "kind": "production"},
        })
    };
    let chained = |other: &str| {
        module(
            &format!("[uniqueString('{other}')]"),
            json!({"in": {"value": format!("[reference('{other}').outputs.out.value]")}}),
            json!({}),
            json!({"out": {"value": "[parameters('in')]"}}),
        )
    };
    let template = json!({"languageVersion": "2.0", "resources": {
        "one": environment("[reference('made').outputs.title.value]"),
        "made": module("[guid('x')]", json!({"a": {"value": "T"}}), json!({}), json!({"title": {"value": "[parameters('a')]"}})),
        "two": chained("three"), "three": chained("two"),
    }});
    let project = Project::local().file("main.json", &format!("{template:#}"));
    project
        .run("import arm main.json")
        .success()
        .talks(&["`out` refers to itself"]);
    let one = project.read("environments/one.yaml");
    assert!(one.contains("title: T\n"), "{one}");
}

#[test]
fn a_state_of_terraform_becomes_manifests() {
    let service =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/contoso";
    let api = format!("{service}/workspaces/default/apis/orders");
    let azapi = |kind: &str, name: &str, parent: &str, body: serde_json::Value| {
        json!({"address": format!("azapi_resource.{name}"), "mode": "managed", "type": "azapi_resource", "values": {
            "type": format!("Microsoft.ApiCenter/services/{kind}@2024-03-01"), "name": name, "parent_id": parent, "body": body,
        }})
    };
    let workspace = format!("{service}/workspaces/default");
    let definition = format!("{api}/versions/v1/definitions/openapi");
    let state = json!({"format_version": "1.0", "values": {"root_module": {
        "resources": [azapi("workspaces/apis", "orders", &workspace, json!({"properties": {"title": "Orders", "kind": "rest"}}))],
        "child_modules": [{"resources": [
            azapi("workspaces/apis/versions", "v1", &api, json!("{\"properties\": {\"title\": \"v1\", \"lifecycleStage\": \"design\"}}")),
            azapi("workspaces/apis/versions/definitions", "openapi", &format!("{api}/versions/v1"), json!({"properties": {"title": "OpenAPI"}})),
            {"type": "azapi_resource_action", "mode": "managed", "values": {"resource_id": definition, "action": "importSpecification",
                "body": {"format": "inline", "value": "openapi: 3.0.0\ninfo: {title: Orders, version: '1'}\npaths: {}\n", "specification": {"name": "openapi", "version": "3.0.0"}}}},
            {"type": "azurerm_role_assignment", "mode": "managed", "values": {"scope": service, "role_definition_name": "Azure API Center Data Reader",
                "principal_id": "11111111-1111-1111-1111-111111111111"}},
            {"type": "azapi_resource", "address": "azapi_resource.later", "mode": "managed", "values": {"type": "Microsoft.ApiCenter/services/workspaces/apis@2024-03-01", "name": "later", "body": {}}},
        ]}],
    }}});
    let project = Project::local().file("state.json", &state.to_string());
    let ended = project.run("import arm state.json").success();
    ended
        .says(&["api/orders  apis/orders/api.yaml  1 version, 1 document, 0 deployments"])
        .talks(&["its parent is known only when it is applied"]);
    assert!(
        project
            .read("role-assignments/azure-api-center-data-reader.yaml")
            .contains("objectId: 11111111")
    );
    assert!(
        project
            .read("apis/orders/v1/openapi.yaml")
            .starts_with("openapi: 3.0.0")
    );
    repeats(&project, "import arm state.json");
    project.run("validate").success();
}

#[test]
fn other_files_are_refused() {
    let project = Project::local()
        .file("a.json", "{\"a\": 1}")
        .file("b.json", "{\"resources\": [}")
        .file("c.json", "{\"resources\": []}");
    project.run("import arm a.json b.json").exit(6).talks(&[
        "a.json:1:1: error[document-invalid]: neither an ARM template nor",
        "b.json:1:16: error[document-invalid]: not well-formed JSON",
    ]);
    project
        .run("import arm c.json")
        .exit(6)
        .talks(&["no file declares a resource of API Center"]);
}

/// A template with these resources.
fn template_of(resources: &serde_json::Value) -> String {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "parameters": {"env": {"type": "string"}, "count": {"type": "int"}},
        "resources": resources,
    })
    .to_string()
}

fn environment(name: &str, more: &serde_json::Value) -> serde_json::Value {
    let mut environment = json!({
        "type": "Microsoft.ApiCenter/services/workspaces/environments",
        "name": format!("contoso/default/{name}"),
        "properties": {"title": name, "kind": "production"},
    });
    let more = more.as_object().cloned().unwrap_or_default();
    environment.as_object_mut().expect("an object").extend(more);
    environment
}

#[test]
fn what_depends_on_a_parameter_without_a_value_is_reported() {
    let is_production = json!({"condition": "[equals(parameters('env'), 'prod')]"});
    let template = template_of(&json!([
        environment("production", &is_production),
        environment("never", &json!({"condition": "[equals('a', 'b')]"})),
        environment("maybe", &json!({"condition": "[parameters('env')]"})),
        environment(
            "upper",
            &json!({"properties": {
                "title": "[format('{0}s', parameters('env'))]", "kind": "production",
                "description": "[toUpper(parameters('env'))]",
            }})
        ),
        environment(
            "many",
            &json!({"copy": {"name": "loop", "count": "[parameters('count')]"}})
        ),
    ]));
    let project = Project::local().file("main.json", &template);
    project.run("import arm main.json").success().talks(&[
        "the resource is imported, whatever its condition: `equals` needs the parameter `env`, which has no value; give \
         it with --parameters",
        "the resource is imported, whatever its condition: `condition` needs the parameter `env`",
        "left out: `toUpper` needs the parameter `env`",
        "left out: `copy` needs the parameter `count`",
    ]);
    assert_eq!(
        super::files(&project, "environments"),
        [
            "environments/maybe.yaml",
            "environments/production.yaml",
            "environments/upper.yaml"
        ]
    );
    let upper = project.read("environments/upper.yaml");
    assert!(
        upper.contains("title: ${env}s\n") && !upper.contains("description"),
        "{upper}"
    );
    let parameters = json!({"parameters": {"env": {"value": "test"}, "count": {"value": 1}}});
    project.write("values.json", parameters.to_string());
    let other = Project::local().file("main.json", &template);
    other.write("values.json", parameters.to_string());
    other
        .run("import arm main.json --parameters values.json")
        .success()
        .talks(&["the condition is not true or false"]);
    assert_eq!(
        super::files(&other, "environments"),
        [
            "environments/many.yaml",
            "environments/maybe.yaml",
            "environments/upper.yaml"
        ]
    );
    assert!(
        other
            .read("environments/upper.yaml")
            .contains("description: TEST\n")
    );
}

#[test]
fn expressions_of_modules_and_of_other_services_do_not_matter() {
    let inner = json!({
        "parameters": {"name": {"type": "string"}},
        "resources": [{
            "type": "Microsoft.ApiCenter/services/workspaces/environments",
            "name": "[format('{0}/default/production', parameters('name'))]",
            "properties": {"title": "Production", "kind": "production"},
        }],
    });
    let resources = json!([
        {
            "type": "Microsoft.Resources/deployments",
            "name": "[format('{0}-center', uniqueString(deployment().name, resourceGroup().location))]",
            "properties": {"parameters": {"name": {"value": "contoso"}}, "template": inner},
        },
        {
            "type": "Microsoft.Resources/deployments",
            "name": "[uniqueString('x')]",
            "properties": {"templateLink": {"uri": "https://contoso.com/main.json"}},
        },
        {
            "type": "Microsoft.Storage/storageAccounts",
            "name": "[uniqueString(resourceGroup().id)]",
            "condition": "[contains(reference('vault').tags, 'logs')]",
        },
    ]);
    let project = Project::local().file("main.json", &template_of(&resources));
    let ended = project.run("import arm main.json").success();
    ended.never_says("warning").talks(&[
        "the deployment: left out, as its template is in another file at https://contoso.com/main.json",
    ]);
    assert_eq!(
        super::files(&project, "environments"),
        ["environments/production.yaml"]
    );
    super::repeats(&project, "import arm main.json");
}

#[test]
fn what_is_directly_below_the_service_is_imported_too() {
    let of = |kind: &str, name: &str, properties: serde_json::Value| json!({"type": format!("Microsoft.ApiCenter/services/{kind}"), "name": format!("contoso/{name}"), "properties": properties});
    let mut template: serde_json::Value = serde_json::from_str(&template_of(&json!([
        of("portals", "default", json!({"title": "Contoso", "enabled": true})),
        of("eventGridFilters", "all", json!({"title": "All"})),
        of("metadataSchemas", "team", json!({"schema": "{\"type\":\"string\"}", "assignedTo": []})),
        of("workspaces/environments", "default/production", json!({"title": "Production", "kind": "production",
            "description": "[tryGet(parameters('details'), 'text')]"})),
        of("workspaces/apis", "default/orders", json!({"title": "Orders", "kind": "rest"})),
        of("workspaces/apis/deployments", "default/orders/eu", json!({
            "environmentId": "[format('/workspaces/default/environments/{0}', last(split(resourceId(\
                'Microsoft.ApiCenter/services/workspaces/environments', 'contoso', 'default', 'production'), '/')))]"})),
    ])))
    .expect("JSON");
    template["parameters"]["details"] = json!({"type": "object", "nullable": true});
    let project = Project::local().file("main.json", &template.to_string());
    project
        .run("import arm main.json")
        .success()
        .never_says("left out");
    assert!(
        project
            .read("portals/default.yaml")
            .contains("title: Contoso")
    );
    assert!(
        project
            .read("resources/eventGridFilters/all.yaml")
            .contains("title: All")
    );
    assert!(
        project
            .read("metadata-schemas/team.yaml")
            .contains("type: string")
    );
    assert!(
        !project
            .read("environments/production.yaml")
            .contains("description")
    );
    assert!(
        project
            .read("apis/orders/api.yaml")
            .contains("environment: production")
    );
    holds(&project);
}

#[test]
fn updates_identities_and_roles_of_azapi_are_imported() {
    let service =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/contoso";
    let api = format!("{service}/workspaces/default/apis/orders");
    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": [
        {"address": "azapi_update_resource.orders", "mode": "managed", "type": "azapi_update_resource", "values": {
            "type": "Microsoft.ApiCenter/services/workspaces/apis@2024-03-01", "resource_id": api,
            "body": {"properties": {"summary": "Takes orders.", "license": {"name": "MIT"}}}}},
        {"address": "azapi_update_resource.other", "mode": "managed", "type": "azapi_update_resource", "values": {
            "type": "Microsoft.ApiCenter/services/workspaces/apis@2024-03-01", "resource_id": format!("{api}-2"), "body": {}}},
        {"address": "azapi_resource.service", "mode": "managed", "type": "azapi_resource", "values": {
            "id": service, "type": "Microsoft.ApiCenter/services@2024-03-01", "location": "eastus", "body": {},
            "identity": [{"type": "SystemAssigned, UserAssigned", "identity_ids": ["/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/a"]}]}},
        {"address": "azapi_resource.orders", "mode": "managed", "type": "azapi_resource", "values": {
            "id": api, "type": "Microsoft.ApiCenter/services/workspaces/apis@2024-03-01",
            "body": {"properties": {"title": "Orders", "kind": "rest", "license": {"url": "https://contoso.com"}}}}},
        {"address": "azapi_resource.reader", "mode": "managed", "type": "azapi_resource", "values": {
            "type": "Microsoft.Authorization/roleAssignments@2022-04-01", "parent_id": service, "name": "11111111-1111-1111-1111-111111111112",
            "body": {"properties": {"principalId": "11111111-1111-1111-1111-111111111111", "principalType": "Group",
                "roleDefinitionId": "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/c7244dfb-f447-457d-b2ba-3999044d1706"}}}},
    ]}}});
    let project = Project::local().file("state.json", &state.to_string());
    project
        .run("import arm state.json")
        .success()
        .talks(&["apis/orders-2: left out, as only a change of it is declared"]);
    let orders = project.read("apis/orders/api.yaml");
    for line in [
        "summary: Takes orders.",
        "name: MIT",
        "url: https://contoso.com",
    ] {
        assert!(orders.contains(line), "{orders}");
    }
    let service = project.read("service.yaml");
    assert!(
        service.contains("SystemAssigned") && service.contains("userAssignedIdentities/a"),
        "{service}"
    );
    let role = project.read("role-assignments/azure-api-center-data-reader.yaml");
    assert!(
        role.contains("objectId: 11111111-1111-1111-1111-111111111111"),
        "{role}"
    );
    super::repeats(&project, "import arm state.json");
    project.run("validate").success();
}

#[test]
fn hostile_templates_end() {
    let wide = "\u{130}".repeat(60);
    let id = format!("{wide} /providers/Microsoft.ApiCenter/services/x");
    let template = template_of(&json!([
        environment(
            "wide",
            &json!({"properties": {
                "title": "a", "kind": "production", "description": id,
                "server": {"type": format!("[{}]", "not(".repeat(100_000))},
            }})
        ),
        environment(
            "many",
            &json!({"copy": {"name": "loop", "count": 9_000_000_000_u64}})
        ),
    ]));
    let project = Project::local().file("main.json", &template);
    project.run("import arm main.json").success().talks(&[
        "left out: values are nested more than 100 deep",
        "left out: a loop has at most 800 copies",
    ]);
    let text = project.read("environments/wide.yaml");
    assert!(text.contains(&id), "{text}");
}

#[test]
fn a_nested_template_has_the_scope_that_it_states() {
    let module = |name: &str, options: serde_json::Value, parameter: &str| {
        json!({
            "type": "Microsoft.Resources/deployments", "name": name,
            "properties": {
                "expressionEvaluationOptions": options,
                "parameters": {parameter: {"value": "Inner"}},
                "template": {
                    "parameters": {parameter: {"type": "string"}},
                    "resources": [{
                        "type": "Microsoft.ApiCenter/services/workspaces/environments",
                        "name": format!("contoso/default/{name}"),
                        "properties": {"title": format!("[parameters('{parameter}')]"), "kind": "production"},
                    }],
                    "outputs": {"title": {"type": "string", "value": format!("[parameters('{parameter}')]")}},
                },
            },
        })
    };
    let by_output = |name: &str| {
        let id = format!("resourceId('Microsoft.Resources/deployments', '{name}')");
        environment(
            &format!("{name}-output"),
            &json!({"properties": {"title": format!("[reference({id}).outputs.title.value]"), "kind": "production"}}),
        )
    };
    let mut template: serde_json::Value = serde_json::from_str(&template_of(&json!([
        by_output("default"),
        by_output("unspecified"),
        by_output("outer"),
        by_output("inner"),
        by_output("own"),
        module("default", json!(null), "title"),
        module("unspecified", json!({"scope": "notSpecified"}), "title"),
        module("outer", json!({"scope": "Outer"}), "title"),
        module("inner", json!({"scope": "Inner"}), "title"),
        // The template around it has none of that name, so that it can only mean its own.
        module("own", json!(null), "other"),
    ])))
    .expect("JSON");
    template["parameters"] = json!({"title": {"type": "string", "defaultValue": "Outer"}});
    let project = Project::local().file("main.json", &template.to_string());
    project
        .run("import arm main.json")
        .success()
        .never_says("warning");
    for (name, title) in [
        ("default", "Outer"),
        ("unspecified", "Outer"),
        ("outer", "Outer"),
        ("inner", "Inner"),
        ("own", "Inner"),
    ] {
        for file in [name.to_owned(), format!("{name}-output")] {
            let text = project.read(&format!("environments/{file}.yaml"));
            assert!(
                text.contains(&format!("title: {title}\n")),
                "{file}: {text}"
            );
        }
    }
}

#[test]
fn what_depends_only_on_its_arguments_is_computed() {
    let properties = json!({"properties": {
        "title": "[base64ToString(base64('Produktion – Süd'))]",
        "description": "[format('{0} since {1}', guid('contoso', 'prod'), dateTimeAdd('2026-01-31 08:00:00Z', 'P1M', 'yyyy-MM-dd'))]",
        "kind": "production",
        "server": {"managementPortalUri": ["[uri('https://portal.contoso.com/apis/', uriComponent('a b'))]"]},
    }});
    let template = template_of(&json!([environment("prod", &properties)]));
    let project = Project::local().file("main.json", &template);
    project
        .run("import arm main.json")
        .success()
        .never_says("warning");
    let text = project.read("environments/prod.yaml");
    for line in [
        "title: Produktion – Süd\n",
        "since 2026-03-02\n",
        "https://portal.contoso.com/apis/a%20b\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn modules_variables_and_roles_are_what_they_say() {
    let module = json!({
        "type": "Microsoft.Resources/deployments", "name": "environments",
        "properties": {
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"title": {"value": "[reference('x').y]"}},
            "template": {
                "parameters": {"title": {"type": "string", "defaultValue": "Default"}},
                "variables": {
                    "name": "[concat('contoso/default/', variables('names')[0])]",
                    "copy": [{"name": "names", "count": 1, "input": "[concat('env', copyIndex('names'))]"}],
                },
                "resources": [{
                    "type": "Microsoft.ApiCenter/services/workspaces/environments", "name": "[variables('name')]",
                    "properties": {"title": "[parameters('title')]", "kind": "production"},
                }],
            },
        },
    });
    let role = |scope: &str, principal: &str| {
        json!({
            "type": "Microsoft.Authorization/roleAssignments", "name": "[guid('a')]", "scope": scope,
            "properties": {"roleDefinitionId": "c7244dfb-f447-457d-b2ba-3999044d1706", "principalId": principal},
        })
    };
    let own = "[reference(resourceId('Microsoft.ApiCenter/services', 'contoso'), '2024-03-01', 'full').identity.principalId]";
    let project = Project::local().file(
        "main.json",
        &template_of(&json!([
            module,
            {"type": "Microsoft.Resources/deployments", "name": "linked", "properties": {
                "templateLink": {"uri": "https://a.example/b.json"}}},
            role("Microsoft.ApiCenter/services/contoso/workspaces/default", "11111111-1111-1111-1111-111111111111"),
            role("Microsoft.ApiCenter/services/contoso", "[reference('b').c]"),
            role("Microsoft.ApiManagement/service/gate", own),
            role("[reference('b').id]", own),
        ])),
    );
    project.run("import arm main.json").success().talks(&[
        "the deployment `linked`: left out, as its template is in another file at https://a.example/b.json",
        "/workspaces/default: left out, as it is for a part of the service",
        "left out, as its principal is not known",
        "of the service's identity: left out, as its scope is not known",
        "the parameter `title` has no value: `${title}` is in 1 file",
    ]);
    assert!(
        project
            .read("environments/env0.yaml")
            .contains("title: ${title}\n")
    );
    let roles = super::files(&project, "role-assignments");
    assert_eq!(roles.len(), 1, "{roles:?}");
    let text = project.read(&roles[0]);
    let scope = "/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ApiManagement/service/gate";
    assert!(
        text.contains(scope) && text.contains("serviceIdentity: true"),
        "{text}"
    );
}
