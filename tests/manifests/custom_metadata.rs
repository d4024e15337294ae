//! Metadata schemas, their assignments, and custom properties that must fit them.

use super::table::{Case, case, check, document};

/// Metadata schemas of every type, in a file of their own.
const SCHEMAS: &str = "\
=== schemas.yaml
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec: {schema: {type: string, title: Owning team}, assignedTo: [{entity: api}]}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: business}
spec: {schema: «S|»{type: string, enum: [retail, finance]}, assignedTo: [{entity: api}]}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: code-word}
spec: {schema: «P|»{type: string, pattern: \"^[a-z]+$\"}, assignedTo: [{entity: api}]}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: objective}
spec: {schema: «N|»{type: number, minimum: 0, maximum: 100}, assignedTo: [{entity: api}]}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: approver}
spec:
  schema: «O|»{type: object, properties: {name: {type: string}, mail: {type: string}}, required: [name]}
  assignedTo: [{entity: api}]
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: flags}
spec: {schema: «A|»{type: array, items: {type: string, oneOf: [{const: gdpr}, {const: sox}]}}, assignedTo: [{entity: api}]}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: cost-centre}
spec:
  schema: {type: string}
  assignedTo: «E|»
    - {entity: environment}
    - {entity: deployment, deprecated: true}
=== api.yaml
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: T
  kind: rest
";

/// An API with these custom properties. `related` is the mark of the schema that is blamed as well.
fn api(says: &'static [&'static str], related: &str, custom_properties: &str) -> Case {
    let mut text = SCHEMAS.to_owned();
    for mark in ["S", "P", "N", "O", "A", "E"] {
        let place = format!("«{mark}|»");
        text = if mark == related {
            related_place(&text, &place)
        } else {
            text.replace(&place, "")
        };
    }
    for line in custom_properties.lines() {
        text += &format!("  {line}\n");
    }
    case(says, &text)
}

/// A value in brackets is blamed at its bracket.
fn related_place(text: &str, place: &str) -> String {
    let code = if place == "«E|»" {
        "custom-property-unassigned"
    } else {
        "custom-property-value"
    };
    let mark = format!("«{code}+|»");
    text.replace(&format!("{place}{{"), &format!("{mark}{{"))
        .replace(&format!("{place}\n    - {{"), &format!("\n    - {mark}{{"))
}

#[test]
fn properties_that_no_schema_knows() {
    check(&[
        api(
            &[
                "no metadata schema `taem` is declared",
                "did you mean `team`?",
            ],
            "",
            "customProperties:\n  «custom-property-unknown|taem»: x",
        ),
        api(
            &[
                "no metadata schema `moon`",
                "apis can have `approver`, `business`",
            ],
            "",
            "customProperties: {«custom-property-unknown|moon»: x}",
        ),
        document(
            "Api",
            &[
                "declare a MetadataSchema `team`",
                "list `metadata-schema/team` under spec.external",
            ],
            "title: T\nkind: rest\ncustomProperties: {«custom-property-unknown|team»: x}",
        ),
    ]);
}

#[test]
fn values_that_their_schema_refuses() {
    check(&[
        api(
            &[
                "`business`: `retial` is not one of the allowed values",
                "did you mean `retail`?",
                "the choices are `retail` and `finance`",
            ],
            "S",
            "customProperties: {business: «custom-property-value|retial»}",
        ),
        api(
            &["`code-word`", "^[a-z]+$"],
            "P",
            "customProperties: {code-word: «custom-property-value|ABC»}",
        ),
        api(
            &["`objective`", "100"],
            "N",
            "customProperties: {objective: «custom-property-value|100.5»}",
        ),
        api(
            &["`objective`", "number"],
            "N",
            "customProperties: {objective: «custom-property-value|\"99\"»}",
        ),
        api(
            &["`objective`", "number"],
            "N",
            "customProperties: {objective: «custom-property-value|high»}",
        ),
        api(
            &["`approver`", "string"],
            "O",
            "customProperties:\n  approver:\n    name: Jo\n    mail:\n      «custom-property-value|»a: b",
        ),
        api(
            &["`approver`", "name"],
            "O",
            "customProperties:\n  approver:\n    «custom-property-value|»mail: jo@contoso.com",
        ),
        api(
            &["`approver`", "object"],
            "O",
            "customProperties: {approver: «custom-property-value|Jo»}",
        ),
        api(
            &[
                "`gpdr` is not one of the allowed values",
                "did you mean `gdpr`?",
            ],
            "A",
            "customProperties: {flags: [sox, «custom-property-value|gpdr»]}",
        ),
        api(
            &["`flags`", "array"],
            "A",
            "customProperties: {flags: «custom-property-value|gdpr»}",
        ),
        api(
            &[],
            "",
            "customProperties: {team: checkout, business: retail, code-word: abc, objective: 99.9, approver: {name: Jo, mail: x}, flags: [gdpr, sox]}",
        ),
    ]);
}

#[test]
fn a_number_is_a_text_where_a_text_is_meant() {
    check(&[
        api(
            &[],
            "",
            "customProperties: {team: 0042, approver: {name: 1.10}}",
        ),
        api(&[], "", "customProperties: {team: yes}"),
        api(
            &["is not one of the allowed values"],
            "S",
            "customProperties: {business: «custom-property-value|1»}",
        ),
    ]);
}

#[test]
fn assignments_say_what_may_must_and_should_not_carry_a_property() {
    check(&[
        api(
            &[
                "`cost-centre` is not for apis",
                "add `{entity: api}` to assignedTo",
            ],
            "E",
            "customProperties: {«custom-property-unassigned|cost-centre»: \"1\"}",
        ),
        api(
            &["`cost-centre` is deprecated"],
            "",
            "deployments: [{name: dep, customProperties: {«custom-property-deprecated?|cost-centre»: \"1\"}}]",
        ),
    ]);
    let required = |api: &str| {
        format!(
            "=== a.yaml\napiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: team}}\nspec:\n  \
             schema: {{type: string, title: Owning team}}\n  assignedTo: «custom-property-required+|»[{{entity: api, required: true}}]\n\
             === b.yaml\n{api}"
        )
    };
    check(&[
        case(
            &["api/orders lacks the required custom property `team`", "titled “Owning team”"],
            &required("«custom-property-required|»apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: T, kind: rest}\n"),
        ),
        case(
            &[],
            &required("apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: T, kind: rest, customProperties: {team: x}}\n")
                .replace("«custom-property-required+|»", ""),
        ),
    ]);
}

#[test]
fn the_ownership_marker_is_the_programs_own() {
    let text = "=== apicenter.yaml\napiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec:\n  \
                targets: {local: {emulator: {}}}\n  ownership: {owner: me, property: managed-by}\n=== a.yaml\n\
                apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: T, kind: rest, \
                customProperties: {«custom-property-reserved|managed-by»: you}}\n";
    check(&[
        case(&["`managed-by` is the ownership marker"], text),
        case(
            &[],
            &text.replace("«custom-property-reserved|managed-by»: you", ""),
        ),
    ]);
}

#[test]
fn schemas_that_the_service_or_the_portal_cannot_use() {
    let schema = |says, spec: &str| document("MetadataSchema", says, spec);
    check(&[
        schema(
            &["an array without a type of items", "add `items: {type: string}`"],
            "schema:\n  «metadata-schema-invalid|»type: array",
        ),
        schema(
            &["an array without a type of items"],
            "schema:\n  type: array\n  items:\n    «metadata-schema-invalid|»title: x",
        ),
        schema(&["the schema has no type", "add a type"], "schema:\n  «metadata-schema-invalid|»title: x"),
        schema(
            &["`type` must be one name", "write one of `string`"],
            "schema: {type: «metadata-schema-invalid|[string, 'null']»}",
        ),
        schema(
            &["the choice `10` has the type `number`", "write the choices in quotes, or `type: number`"],
            "schema: {type: string, enum: «metadata-schema-invalid|[10, 20]»}",
        ),
        schema(
            &["the choice `\"b\"` has the type `string`"],
            "schema: {type: number, oneOf: «metadata-schema-invalid|[{const: 1}, {const: b}]»}",
        ),
        schema(
            &["the choice `\"a\"` has the type `string`"],
            "schema: {type: array, items: {type: integer, enum: «metadata-schema-invalid|[a]»}}",
        ),
        schema(&[], "schema: {type: integer, enum: [1, 2.0]}"),
        schema(
            &[
                "the choice `1.5` has the type `number`",
                "write choices of the type `integer`, or `type: number`",
            ],
            "schema: {type: integer, enum: «metadata-schema-invalid|[1, 1.5]»}",
        ),
        schema(
            &["the choice `[]` has the type `array`", "or `type: array`"],
            "schema: {type: integer, enum: «metadata-schema-invalid|[[]]»}",
        ),
        schema(&[], "schema: {type: string, enum: ['10', no, 2024-01-01]}"),
        schema(
            &["write it as YAML, without the quotes around it"],
            "schema: «wrong-type|'{\"type\": \"string\"}'»",
        ),
        schema(
            &["not a valid JSON Schema"],
            "schema: {type: «metadata-schema-invalid|sting»}",
        ),
        schema(
            &["not a valid JSON Schema"],
            "schema:\n  type: number\n  minimum: «metadata-schema-invalid|low»",
        ),
        schema(
            &["not a valid JSON Schema"],
            "schema:\n  type: string\n  pattern: «metadata-schema-invalid|\"[a\"»",
        ),
        schema(
            &["the schema has no type"],
            "schema:\n  type: object\n  properties:\n    a: {type: string}\n    b:\n      «metadata-schema-invalid|»title: x",
        ),
        schema(
            &["assigned to `api` twice"],
            "schema: {type: string}\nassignedTo:\n  - entity: api\n  - entity: «metadata-assignment|api»",
        ),
        schema(
            &["assigned to `Api` twice"],
            "schema: {type: string}\nassignedTo:\n  - entity: api\n  - entity: «metadata-assignment|Api»",
        )
        .saying(&["twice"]),
        schema(
            &["custom metadata can be assigned to `api`, `environment` and `deployment`"],
            "schema: {type: string}\nassignedTo:\n  - entity: api\n  - entity: «metadata-assignment|«unknown-value?|version»",
        ),
    ]);
}
