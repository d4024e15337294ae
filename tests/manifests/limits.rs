//! Not more resources than the pricing plan allows, told at the first one too many.

use super::table::{Case, case, check, document};

fn document_head(kind: &str, name: &str) -> String {
    format!("---\napiVersion: apicenter/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n")
}

fn service(sku: &str) -> String {
    format!(
        "=== service.yaml\napiVersion: apicenter/v1\nkind: Service\nmetadata: {{name: contoso}}\nspec: {{location: westeurope, sku: {sku}}}\n"
    )
}

/// A list of items, of which the last one is one too many.
fn items(count: usize, item: impl Fn(&str) -> String) -> String {
    let name = |i: usize| match i {
        i if i == count => format!("«service-limit|n-{i:02}»"),
        i => format!("n-{i:02}"),
    };
    (1..=count).map(|i| item(&name(i))).collect()
}

fn versions(count: usize) -> String {
    items(count, |name| {
        format!("\n  - {{name: {name}, title: v, lifecycleStage: design}}")
    })
}

fn fine(case: Case) -> Case {
    let files = case.files.into_iter();
    Case {
        says: &[],
        files: files
            .map(|(path, text)| (path, text.replace("«service-limit|", "")))
            .collect(),
    }
}

#[test]
fn children_of_one_parent() {
    let definitions = |count| {
        let list = items(count, |name| format!("\n    - {{name: {name}, title: D}}"));
        document(
            "Api",
            &["6/5 definitions of one version in api/it-is/version/1-0-0"],
            &format!(
                "title: T\nkind: rest\nversions:\n  - name: 1-0-0\n    title: v\n    lifecycleStage: design\n    definitions:{list}"
            ),
        )
    };
    let deployments = |count| {
        let list = items(count, |name| format!("\n  - {{name: {name}}}"));
        document(
            "Api",
            &[
                "11/10 deployments of one API in api/it-is",
                "spec.limits.deploymentsPerApi",
            ],
            &format!("title: T\nkind: rest\ndeployments:{list}"),
        )
    };
    let children = |count: usize| {
        let list: String = (1..=count)
            .map(|i| match i {
                1 if count > 10 => format!("\n    «service-limit|»p-{i}: {{type: string}}"),
                i => format!("\n    p-{i}: {{type: string}}"),
            })
            .collect();
        document(
            "MetadataSchema",
            &["11/10 properties of one metadata schema of type object"],
            &format!("schema:\n  type: object\n  properties:{list}"),
        )
    };
    check(&[
        definitions(6),
        fine(definitions(5)),
        deployments(11),
        fine(deployments(10)),
        children(11),
        fine(children(10)),
    ]);
}

#[test]
fn resources_of_a_service() {
    let environments = |count| {
        let text = items(count, |name| {
            document_head("Environment", name) + "spec: {title: T, kind: testing}\n"
        });
        case(
            &[
                "21/20 environments: more than the pricing plan Standard allows",
                "raised, set spec.limits.environments",
            ],
            &text,
        )
    };
    let schemas = |count, sku: &str| {
        let text = items(count, |name| {
            document_head("MetadataSchema", name)
                + "spec: {schema: {type: string}, assignedTo: [{entity: environment}]}\n"
        });
        case(
            &["metadata schemas assigned to one kind of resource (environment)"],
            &format!("{}=== all.yaml\n{text}", service(sku)),
        )
    };
    check(&[
        environments(21),
        fine(environments(20)),
        schemas(11, "Free"),
        fine(schemas(11, "Standard")),
        schemas(21, "Standard"),
    ]);
}

#[test]
fn the_plan_decides_and_the_project_can_raise_it() {
    let api = |count| {
        format!(
            "=== api.yaml\napiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: it-is}}\nspec:\n  title: T\n  kind: rest\n  versions:{}\n",
            versions(count)
        )
    };
    let raised = "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec: {targets: {local: {emulator: {}}}, limits: {versionsPerApi: 6}}\n";
    check(&[
        case(
            &["6/5 versions of one API in api/it-is: more than the pricing plan Free allows"],
            &(service("Free") + &api(6)),
        ),
        fine(case(&[], &(service("Free") + &api(5)))),
        fine(case(&[], &(service("Standard") + &api(6)))),
        fine(case(&[], &api(6))),
        fine(case(&[], &(raised.to_owned() + &service("Free") + &api(6)))),
    ]);
}
