//! Names, references, variables and overlays.

use super::table::{Case, case, check, document, text_of};
use crate::cli::harness::Project;

fn named(says: &'static [&'static str], name: &str) -> Case {
    let text = format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata:\n  name: {name}\nspec: {{title: T, kind: rest}}\n"
    );
    case(says, &text)
}

#[test]
fn names_that_the_service_refuses_get_a_better_one() {
    let long = "a".repeat(91);
    check(&[
        named(
            &["refuses the name `my_api`", "write `my-api`"],
            "«bad-name|my_api»",
        ),
        named(
            &["1 to 90 letters, digits, dots and hyphens"],
            "«bad-name|..»",
        ),
        named(
            &["the service refuses the name"],
            &format!("«bad-name|{long}»"),
        ),
        // The service may refuse these; a plan says so of new resources.
        named(&[], &long[1..]),
        named(&[], "my.api"),
        named(&[], "ab"),
        named(&["refuses the name ``"], "«bad-name|\"\"»"),
        named(&["refuses the name"], "«bad-name|bücher»"),
        named(&[], "123"),
        document(
            "Api",
            &[
                "write `v-1`",
                "write `2-1`",
                "refuses the name `v 1`",
                "refuses the name `2_1`",
            ],
            "title: T\nkind: rest\nversions:\n  - {name: «bad-name|v 1», title: v1, lifecycleStage: design}\n  - {name: «bad-name|2_1», title: v2, lifecycleStage: design}\n  - {name: v1, title: v3, lifecycleStage: design}\n  - {name: 1.0, title: v4, lifecycleStage: design}",
        ),
        document(
            "Api",
            &["write `1-0`", "write `open-api`", "write `e-u`"],
            "title: T\nkind: rest\nversions:\n  - name: «bad-name|1_0»\n    title: v1\n    lifecycleStage: design\n    definitions: [{name: «bad-name|open+api», title: O}]\ndeployments: [{name: «bad-name|e/u»}]",
        ),
    ]);
}

#[test]
fn nothing_is_declared_twice() {
    let api = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: NAME}\nspec: {title: T, kind: rest}\n";
    let twice = |first: &str, second: &str| {
        let (first, second) = (api.replace("NAME", first), api.replace("NAME", second));
        format!("=== a.yaml\n{first}=== deep/b.yaml\n{second}")
    };
    check(&[
        case(
            &[
                "api/orders is declared twice",
                "names are compared without case",
            ],
            &twice(
                "«duplicate-resource+|orders»",
                "«duplicate-resource|orders»",
            ),
        ),
        case(
            &["api/ORDERS is declared twice"],
            &twice(
                "«duplicate-resource+|Orders»",
                "«duplicate-resource|ORDERS»",
            ),
        ),
        document(
            "Api",
            &["api/it-is/version/1-0-0 is declared twice"],
            "title: T\nkind: rest\nversions:\n  - {name: «duplicate-resource+|1-0-0», title: a, lifecycleStage: design}\n  - {name: «duplicate-resource|1-0-0», title: b, lifecycleStage: design}",
        ),
        document(
            "Api",
            &["api/it-is/deployment/DEP is declared twice"],
            "title: T\nkind: rest\ndeployments: [{name: «duplicate-resource+|dep»}, {name: «duplicate-resource|DEP»}]",
        ),
        case(
            &["a project has one Project document"],
            "=== deep/b.yaml\n«misplaced-project|»apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: x}\nspec: {}\n",
        ),
    ]);
}

#[test]
fn references_lead_somewhere() {
    let ground = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\nspec: {title: P, kind: production}\n---\n";
    let deployment = |deployment: &str| {
        format!(
            "{ground}apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: T\n  kind: rest\n  \
             versions:\n  - name: 1-0-0\n    title: v1\n    lifecycleStage: design\n    definitions: [{{name: openapi, title: O}}]\n  \
             deployments: [{{name: dep, {deployment}}}]\n---\n\
             apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: billing}}\nspec:\n  title: T\n  kind: rest\n  \
             versions:\n  - name: 2-0-0\n    title: v2\n    lifecycleStage: design\n    definitions: [{{name: openapi, title: O}}]\n"
        )
    };
    check(&[
        case(
            &[],
            &deployment("environment: production, definition: 1-0-0/openapi"),
        ),
        case(
            &[],
            &deployment("environment: PRODUCTION, definition: 1-0-0/OpenApi"),
        ),
        case(
            &[
                "no environment `environment/prodution` is declared",
                "did you mean `production`?",
            ],
            &deployment("environment: «dangling-reference|prodution»"),
        ),
        case(
            &[
                "no environment `environment/moon`",
                "declared are `production`",
            ],
            &deployment("environment: «dangling-reference|moon»"),
        ),
        case(
            &[
                "no API definition `api/orders/version/2-0-0/definition/openapi` is declared",
                "did you mean `1-0-0/openapi`?",
            ],
            &deployment("definition: «dangling-reference|2-0-0/openapi»"),
        ),
        case(
            &["does not have the form"],
            &deployment("definition: «bad-pattern|1-0-0»"),
        ),
        document(
            "Api",
            &["list `environment/elsewhere` under spec.external"],
            "title: T\nkind: rest\ndeployments: [{name: dep, environment: «dangling-reference|elsewhere»}]",
        ),
    ]);
}

#[test]
fn what_another_repository_declares_is_not_checked() {
    check(&[case(
        &[],
        "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec: {targets: {local: {emulator: {}}}, external: [\"environment/*\", metadata-schema/team]}\n\
         === a.yaml\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is}\nspec: {title: T, kind: rest, customProperties: {team: x}, deployments: [{name: dep, environment: elsewhere}]}\n",
    )]);
}

#[test]
fn variables_are_set_or_told() {
    let project = "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\n\
                   spec: {targets: {local: {emulator: {}, variables: {stage: production}}}}\n=== a.yaml\n";
    let api = |title: &str| {
        format!(
            "{project}apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: it-is}}\nspec:\n  kind: rest\n  title: {title}\n"
        )
    };
    check(&[
        case(
            &[
                "the variable `stge` is not set for the target `local`",
                "did you mean `stage`?",
            ],
            &api("«unset-variable|\"a ${stge}\"»"),
        ),
        case(
            &["`${` is never closed", "write `$${`"],
            &api("«unset-variable|a ${stage»"),
        ),
        case(
            &["the variable `` is not set"],
            &api("«unset-variable|a ${}»"),
        ),
        case(
            &["the variable `other` is not set"],
            &api("«unset-variable|ü ${other}»"),
        ),
        case(&[], &api("a ${stage} $${x} $ $$ {x}")),
        // A name that a variable gives is checked as if it were written.
        case(
            &["51 characters"],
            &api(&format!("«too-long|{}${{stage}}»", "a".repeat(41))),
        ),
    ]);
}

#[test]
fn overlays_match_what_they_change() {
    let project = "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\n\
                   spec: {targets: {local: {emulator: {}, overlays: [\"overlays/*.yaml\"]}}}\n\
                   === a.yaml\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: T, kind: rest}\n\
                   === overlays/b.yaml\n";
    let overlay = |kind: &str, name: &str, spec: &str| {
        format!(
            "{project}apiVersion: apicenter/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        )
    };
    check(&[
        case(&[], &overlay("Api", "ORDERS", "{title: U}")),
        case(
            &["no manifest declares Api `oders`", "did you mean `orders`?"],
            &overlay("Api", "«overlay-unmatched|oders»", "{title: U}"),
        ),
        case(
            &["no manifest declares Environment `orders`"],
            &overlay("Environment", "«overlay-unmatched|orders»", "{title: U}"),
        ),
        case(
            &["51 characters"],
            &overlay(
                "Api",
                "orders",
                &format!("{{title: «too-long|{}»}}", "a".repeat(51)),
            ),
        ),
        case(
            &["did you mean `title`?"],
            &overlay("Api", "orders", "{«unknown-field|tilte»: U}"),
        ),
    ]);
}

#[test]
fn a_service_document_is_for_the_targets_service() {
    let spec = "targets: {live: {subscriptionId: s, resourceGroup: g, service: contoso}}";
    let service = |name: &str| {
        let text = text_of("Service", "location: westeurope\nsku: Free");
        Project::with_spec(spec).file("service.yaml", &text.replace("it-is", name))
    };
    let told = service("fabrikam")
        .run("validate --format json")
        .exit(6)
        .json();
    let problem = &told["diagnostics"][0];
    assert_eq!(problem["code"], "service-name");
    assert_eq!(problem["source"]["column"], 18);
    let _ = service("Contoso").run("validate").success();
    // The embedded emulator has one service, whatever a manifest calls it.
    check(&[document("Service", &[], "location: westeurope").named("fabrikam")]);
}
