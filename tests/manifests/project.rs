//! The project file.

use super::table::{Case, case, check};

fn project(says: &'static [&'static str], spec: &str) -> Case {
    let spec: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    case(
        says,
        &format!(
            "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {{name: contoso}}\nspec:\n{spec}"
        ),
    )
}

const LOCAL: &str = "targets: {local: {emulator: {}}}";

fn local(says: &'static [&'static str], more: &str) -> Case {
    project(says, &format!("{LOCAL}\n{more}"))
}

#[test]
fn settings_that_make_no_sense() {
    check(&[
        local(
            &["`many` is neither a number nor a share such as 30%"],
            "safety: {maxDeletes: «project-setting|many»}",
        ),
        local(
            &["is neither a number nor a share"],
            "safety: {maxDeletes: «project-setting|\"-5%\"»}",
        ),
        local(&[], "safety: {maxDeletes: 5, minExisting: 0}"),
        local(
            &[
                "`everything` is not a scope of a prune",
                "nothing is pruned on a guess",
            ],
            "prune: {scope: «project-setting|«unknown-value?|everything»}",
        ),
        local(
            &["unknown kind `Apis`", "did you mean `Api`?"],
            "ignore: [{kind: «unknown-kind|Apis», field: title}]",
        ),
        local(
            &["Api has no field `titel`", "did you mean `title`?"],
            "ignore: [{kind: Api, field: «unknown-field|titel»}]",
        ),
        local(
            &[
                "Environment has no field `server.typ`",
                "did you mean `type`?",
            ],
            "ignore: [{kind: Environment, field: «unknown-field|server.typ»}]",
        ),
        local(
            &[
                "Api has no field `contacts.email`",
                "lists are left to others as a whole: `contacts`",
            ],
            "ignore: [{kind: Api, field: «unknown-field|contacts.email»}]",
        ),
        local(
            &[],
            "ignore: [{kind: Api, field: customProperties.a.b}, {kind: Api, field: license.name}, \
             {kind: ApiDefinition, field: source}]",
        ),
        local(
            &[
                "`api/orders/versions/1-0-0` can name no resource",
                "did you mean `version`?",
            ],
            "safety: {protect: [«project-setting|api/orders/versions/1-0-0»]}",
        ),
        local(
            &[
                "`environment/prod/api/x` can name no resource",
                "there are no kinds below such a resource",
            ],
            "safety: {protect: [«project-setting|environment/prod/api/x»]}",
        ),
        local(
            &[],
            "safety: {protect: [\"api/**/openapi\", \"api/*/deployment/prod*\", \"**\", \
             \"{api,environment}/x\", service, \"api/{a,b/version/c}/definition\"]}",
        ),
        local(
            &[
                "unknown limit `enviroments`",
                "did you mean `environments`?",
            ],
            "limits: {enviroments: «project-setting|40»}",
        ),
        local(
            &["is not an address pattern"],
            "safety: {protect: [api/x, «project-setting|\"api/[\"»]}",
        ),
        local(
            &["is not a glob"],
            "manifests: [\"**/*.yaml\", «project-setting|\"a[\"»]",
        ),
        project(
            &["is not a glob"],
            "targets:\n  local: {emulator: {}, overlays: [«project-setting|\"{a\"»]}",
        ),
        local(
            &["defaultTarget names `prd`", "the targets are `local`"],
            "defaultTarget: «project-setting|prd»",
        ),
    ]);
}

#[test]
fn fields_of_the_project() {
    check(&[
        local(
            &["did you mean `prune`?"],
            "«unknown-field|purne»: {enabled: true}",
        ),
        local(
            &["did you mean `maxDeletes`?"],
            "safety: {«unknown-field|maxDelete»: 1}",
        ),
        local(
            &["a whole number is expected"],
            "safety: {minExisting: «wrong-type|ten»}",
        )
        .saying(&["a whole number"]),
        local(&["true or false"], "prune: {enabled: «wrong-type|\"no\"»}"),
        local(
            &["`property` is missing"],
            "ownership:\n  «missing-field|»owner: me",
        ),
        local(
            &["refuses the name"],
            "ownership: {owner: me, property: «bad-name|managed_by»}",
        ),
        local(
            &["too short", "an empty text"],
            "ownership: {owner: «too-short|\"\"», property: managed-by}",
        )
        .saying(&["an empty text"]),
        project(
            &["did you mean `subscriptionId`?"],
            "targets:\n  prod: {«unknown-field|subscriptionID»: x, resourceGroup: y, service: z}",
        ),
        project(
            &["did you mean `data`?"],
            "targets:\n  local: {emulator: {«unknown-field|date»: x}}",
        ),
        project(
            &["did you mean `authority`?"],
            "targets:\n  prod: {subscriptionId: x, resourceGroup: y, service: z, cloud: {«unknown-field|autority»: x}}",
        ),
    ]);
}

#[test]
fn targets_that_are_incomplete() {
    check(&[
        project(
            &[
                "the target `prod` lacks `resourceGroup`",
                "lacks `service`",
                "a target is either",
            ],
            "targets:\n  prod:\n    «project-setting|»«project-setting|»subscriptionId: x",
        ),
        project(
            &["both the emulator and an Azure service"],
            "targets:\n  prod:\n    «project-setting|»emulator: {}\n    service: x",
        ),
    ]);
}

#[test]
fn files_without_a_project() {
    check(&[
        case(
            &["no document of kind Project"],
            "=== apicenter.yaml\n«project-setting|»apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is}\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["no document of kind Project"],
            "=== apicenter.yaml\n«project-setting|»",
        ),
        case(
            &["unknown apiVersion"],
            "=== apicenter.yaml\napiVersion: «api-version|apicenter/v0»\nkind: Project\nmetadata: {name: contoso}\nspec: {targets: {local: {emulator: {}}}}\n",
        ),
        case(
            &["a project has one Project document"],
            "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec: {targets: {local: {emulator: {}}}}\n---\n\
             «misplaced-project|»apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: again}\nspec: {}\n",
        ),
        case(
            &["a `:` is not allowed here"],
            "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec: a«yaml-syntax|:» b\n",
        ),
    ]);
}
