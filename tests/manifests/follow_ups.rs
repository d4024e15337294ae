//! One mistake is one problem: nothing that follows from it is reported as well.

use super::table::{case, check, document};
use crate::cli::harness::{Project, project_file};

#[test]
fn a_misspelt_field_is_not_missing_as_well() {
    check(&[
        document(
            "Api",
            &["unknown field `titel`", "did you mean `title`?"],
            "«unknown-field|titel»: T\nkind: rest",
        ),
        // Its value is checked as that of the field that was intended.
        document(
            "Api",
            &["did you mean `lifecycleStage`?"],
            "title: T\nkind: rest\nversions: [{name: 1-0-0, title: a, «unknown-field|lifecyleStage»: «unknown-value?|x»}]",
        ),
        // A value that does not fit says that another field was intended.
        document(
            "Api",
            &["did you mean `title`?"],
            "«unknown-field|titel»: [a]\nkind: rest",
        ),
        // A field that is set is not meant.
        document(
            "Api",
            &["did you mean `title`?"],
            "title: T\n«unknown-field|titel»: U\nkind: rest",
        ),
        // Nothing near: both are reported, because they are two mistakes.
        document(
            "Api",
            &["`title` is missing", "unknown field `zzz`"],
            "«missing-field|»«unknown-field|zzz»: T\nkind: rest",
        ),
        case(
            &["did you mean `name`?"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {«unknown-field|nmae»: shop}\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["did you mean `metadata`?"],
            "apiVersion: apicenter/v1\nkind: Api\n«unknown-field|metdata»: {name: shop}\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["did you mean `spec`?"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\n«unknown-field|spce»: {title: T, kind: rest}\n",
        ),
        case(
            &["did you mean `kind`?"],
            "apiVersion: apicenter/v1\n«unknown-field|kidn»: Api\nmetadata: {name: shop}\nspec: {title: T, kind: rest}\n",
        ),
    ]);
}

#[test]
fn what_is_below_a_misspelt_field_is_declared() {
    check(&[document(
        "Api",
        &["did you mean `versions`?"],
        "title: T\nkind: rest\n«unknown-field|verions»:\n- «unknown-field|nmae»: 1-0-0\n  title: v\n  lifecycleStage: design\n  \
         definitions: [{name: openapi, title: O}]\ndeployments: [{name: dep, definition: 1-0-0/openapi}]",
    )]);
}

#[test]
fn a_reference_to_something_with_errors_is_not_reported() {
    let deployed = "---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\n\
         spec: {title: T, kind: rest, deployments: [{name: dep, environment: prod}]}\n";
    let environment = |rest: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {{name: prod}}\n{rest}{deployed}"
        )
    };
    let property = "---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\n\
         spec: {title: T, kind: rest, customProperties: {team: a}}\n";
    check(&[
        document(
            "Api",
            &["refuses the name `v_1`"],
            "title: T\nkind: rest\nversions: [{name: «bad-name|v_1», title: v, lifecycleStage: design, \
             definitions: [{name: «bad-name|o_a», title: O}]}]\ndeployments: [{name: dep, definition: v_1/o_a}]",
        ),
        case(
            &["unknown kind `Enviroment`"],
            &format!(
                "apiVersion: apicenter/v1\nkind: «unknown-kind|Enviroment»\nmetadata: {{name: prod}}\n\
                 spec: {{title: P, kind: production}}\n{deployed}"
            ),
        ),
        case(
            &["where a mapping is expected"],
            &environment("spec: «wrong-type|nonsense»\n"),
        ),
        case(
            &["unknown kind `MetadataShema`"],
            &format!(
                "apiVersion: apicenter/v1\nkind: «unknown-kind|MetadataShema»\nmetadata: {{name: team}}\n\
                 spec: {{schema: {{type: string}}}}\n{property}"
            ),
        ),
        case(
            &["did you mean `schema`?"],
            &format!(
                "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: team}}\n\
                 spec: {{«unknown-field|shema»: {{type: string}}, assignedTo: [{{entity: api}}]}}\n{property}"
            ),
        ),
        case(
            &["did you mean `assignedTo`?"],
            &format!(
                "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: team}}\n\
                 spec: {{schema: {{type: string}}, «unknown-field|asignedTo»: [{{entity: api}}]}}\n{property}"
            ),
        ),
        document(
            "Api",
            &["is declared twice"],
            "title: T\nkind: rest\nversions:\n\
             - {name: «duplicate-resource+|1-0-0», title: a, lifecycleStage: design}\n\
             - {name: «duplicate-resource|1-0-0», title: b, lifecycleStage: design, definitions: [{name: openapi, title: O}]}\n\
             deployments: [{name: dep, definition: 1-0-0/openapi}]",
        ),
        // A file with a syntax error may declare what others name, whole or in part.
        case(
            &["`{` is never closed"],
            &format!(
                "=== a.yaml\n{deployed}=== b.yaml\napiVersion: apicenter/v1\nkind: Environment\n\
                 metadata: {{name: prod}}\nspec: «yaml-syntax+|»«yaml-syntax|{{»title: P, kind: production\n"
            ),
        ),
        // What it does not mention is missing all the same.
        case(
            &["no environment `environment/prod`"],
            &format!(
                "=== a.yaml\n{}=== b.yaml\napiVersion: apicenter/v1\nkind: Environment\n\
                 metadata: {{name: staging}}\nspec: «yaml-syntax+|»«yaml-syntax|{{»title: P, kind: production\n",
                deployed.replace(
                    "environment: prod",
                    "environment: «dangling-reference|prod»"
                )
            ),
        ),
        // Others are still reported.
        case(
            &["unknown kind", "no environment `environment/prod`"],
            &format!(
                "apiVersion: apicenter/v1\nkind: «unknown-kind|Enviroment»\nmetadata: {{name: staging}}\n\
                 spec: {{title: P, kind: production}}\n{}",
                deployed.replace(
                    "environment: prod",
                    "environment: «dangling-reference|prod»"
                )
            ),
        ),
    ]);
}

#[test]
fn an_overlay_pattern_without_a_file_is_one_problem() {
    let api = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\nspec: {title: T, kind: rest}\n";
    let overlay =
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\nspec: {summary: S}\n";
    for (pattern, file, better) in [
        ("ovrelays/*.yaml", "overlays/a.yaml", "overlays/*.yaml"),
        ("overlays/*.yaml", "overlays/a.yml", "overlays/*.yml"),
        (
            "overlays/prd.yaml",
            "overlays/prod.yaml",
            "overlays/prod.yaml",
        ),
        ("overlay/**/*.yaml", "overlay/prod.yml", "overlay/**/*.yml"),
    ] {
        let spec = format!("targets: {{local: {{emulator: {{}}, overlays: ['{pattern}']}}}}");
        let project = Project::empty()
            .file("apicenter.yaml", &project_file(&spec))
            .file("api.yaml", api)
            .file(file, overlay);
        let ended = project.run("validate").exit(6).talks(&[
            "error[overlay-unmatched]: no file matches",
            &format!("did you mean `{better}`?"),
            "1 error",
        ]);
        assert_eq!(
            ended.stderr().matches("error[").count(),
            1,
            "{}",
            ended.stderr()
        );
    }
}
