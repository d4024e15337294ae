//! Fields: unknown, missing, of a wrong type, too long, not settable.

use super::table::{Case, case, check, document};

fn api(says: &'static [&'static str], spec: &str) -> Case {
    document("Api", says, spec)
}

#[test]
fn the_head_of_a_document() {
    check(&[
        case(
            &["unknown apiVersion `apicenter/v2`", "this program knows `apicenter/v1`"],
            "apiVersion: «api-version|apicenter/v2»\nkind: Api\nmetadata: {name: it-is}\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["unknown apiVersion `apicentre/v1`", "did you mean `apicenter/v1`?"],
            "apiVersion: «api-version|apicentre/v1»\nkind: Api\nmetadata: {name: it-is}\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["unknown kind `Enviroment`", "did you mean `Environment`?"],
            "apiVersion: apicenter/v1\nkind: «unknown-kind|Enviroment»\nmetadata: {name: it-is}\nspec: {}\n",
        ),
        case(
            &["unknown kind `Pod`", "the kinds are", "`MetadataSchema`"],
            "apiVersion: apicenter/v1\nkind: «unknown-kind|Pod»\nmetadata: {name: it-is}\nspec: {}\n",
        ),
        case(
            &["it is declared inside its `Api`"],
            "apiVersion: apicenter/v1\nkind: «unknown-kind|ApiVersion»\nmetadata: {name: it-is}\nspec: {}\n",
        ),
        case(
            &["`kind` is missing"],
            "«missing-field|»apiVersion: apicenter/v1\nmetadata: {name: it-is}\nspec: {}\n",
        ),
        case(
            &["`metadata` is missing", "`spec` is missing"],
            "«missing-field|»«missing-field|»apiVersion: apicenter/v1\nkind: Api\n",
        ),
        case(
            &["`spec` is missing"],
            "«missing-field|»apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is}\nspec:\n",
        ),
        case(
            &["`name` is missing"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata:\n  {«missing-field|»}\nspec: {title: T, kind: rest}\n"
                .replace("{«missing-field|»}", "«missing-field|»{}").as_str(),
        ),
        case(
            &["`metadata` is not a mapping"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: «wrong-type|orders»\nspec: {title: T, kind: rest}\n",
        ),
        case(
            &["unknown field `namespace`", "unknown field `status`", "`kind`"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is, «unknown-field|namespace»: x}\nspec: {title: T, kind: rest}\n«unknown-field|status»: {}\n",
        ),
        case(
            &["did you mean `metadata`?"],
            "apiVersion: apicenter/v1\nkind: Api\n«unknown-field|metdata»: {name: it-is}\nspec: {title: T, kind: rest}\n",
        ),
    ]);
}

#[test]
fn unknown_fields_at_every_level() {
    check(&[
        api(
            &["did you mean `title`?"],
            "«unknown-field|titel»: Orders\nkind: rest",
        ),
        api(
            &["unknown field `owner`", "the fields here are `title`"],
            "title: T\nkind: rest\n«unknown-field|owner»: me",
        ),
        api(
            &["did you mean `lifecycleStage`?"],
            "title: T\nkind: rest\nversions:\n  - name: 1-0-0\n    title: v1\n    «unknown-field|lifeCycle-Stage»: design",
        ),
        api(
            &["did you mean `specification`?"],
            "title: T\nkind: rest\nversions:\n- name: 1-0-0\n  title: v1\n  lifecycleStage: design\n  definitions:\n  - {name: openapi, title: O, «specification-alone?|»«unknown-field|specificaton»: {name: openapi}}",
        ),
        api(
            &[
                "unknown field `path`",
                "the fields here are `file`, `inline`, `url` and `apiManagement`",
            ],
            "title: T\nkind: rest\nversions:\n- name: 1-0-0\n  title: v1\n  lifecycleStage: design\n  definitions:\n  - name: openapi\n    title: O\n    source:\n      «missing-field|»«unknown-field|path»: a.yaml",
        ),
        api(
            &["did you mean `runtimeUri`?"],
            "title: T\nkind: rest\ndeployments:\n- {name: dep, server: {«unknown-field|runtimeUris»: []}}",
        ),
        api(
            &["did you mean `email`?", "did you mean `url`?"],
            "title: T\nkind: rest\ncontacts: [{«unknown-field|mail»: a@b.c}]\nexternalDocumentation:\n- «unknown-field|uri»: x",
        ),
        document(
            "Environment",
            &[
                "did you mean `managementPortalUri`?",
                "did you mean `instructions`?",
            ],
            "title: T\nkind: testing\nserver: {«unknown-field|managementPortalUrl»: []}\nonboarding: {«unknown-field|instruction»: x}",
        ),
        document(
            "MetadataSchema",
            &["did you mean `assignedTo`?", "did you mean `required`?"],
            "schema: {type: string}\n«unknown-field|assignedto»: []\nassignedTo: [{entity: api, «unknown-field|require»: true}]",
        ),
    ]);
}

#[test]
fn missing_fields_and_fields_without_a_value() {
    check(&[
        api(
            &["`title` is missing", "Name shown in the portal"],
            "«missing-field|»kind: rest",
        ),
        api(&["`kind` is missing"], "«missing-field|»title: T"),
        api(
            &["`title` has no value"],
            "«missing-field|title»:\nkind: rest",
        ),
        api(
            &["`kind` has no value"],
            "title: T\n«missing-field|kind»: ~",
        ),
        api(
            &["`title` has no value"],
            "«missing-field|title»: null\nkind: rest",
        ),
        api(
            &[
                "`name` is missing",
                "`title` is missing",
                "`lifecycleStage` is missing",
            ],
            "title: T\nkind: rest\nversions: [«missing-field|»«missing-field|»«missing-field|»{}]",
        ),
        api(
            &["`title` is missing"],
            "title: T\nkind: rest\nversions:\n  - name: 1-0-0\n    title: v1\n    lifecycleStage: design\n    definitions:\n      - «missing-field|»name: openapi",
        ),
        api(
            &["`name` is missing"],
            "title: T\nkind: rest\ndeployments:\n  -\n    «missing-field|»title: D",
        ),
        api(
            &["`url` is missing"],
            "title: T\nkind: rest\ntermsOfService: «missing-field|»{}\nexternalDocumentation:\n  - «missing-field|»title: D",
        ),
        document(
            "Environment",
            &["`kind` is missing"],
            "«missing-field|»title: T",
        ),
        document(
            "Service",
            &["`location` is missing"],
            "«missing-field|»sku: Free",
        )
        .named("contoso"),
        document(
            "MetadataSchema",
            &["`schema` is missing"],
            "«missing-field|»assignedTo: []",
        ),
        document(
            "MetadataSchema",
            &["`entity` is missing"],
            "schema: {type: string}\nassignedTo:\n  - «missing-field|»required: true",
        ),
    ]);
}

#[test]
fn values_of_another_type() {
    check(&[
        api(&["a list where a text is expected"], "title: «wrong-type|[]»\nkind: rest"),
        api(&["a mapping where a text is expected"], "title:\n  «wrong-type|»a: b\nkind: rest"),
        api(&["`later` where a list is expected"], "title: T\nkind: rest\nversions: «wrong-type|later»"),
        api(
            &["a mapping where a list is expected"],
            "title: T\nkind: rest\nversions:\n  «wrong-type|»1-0-0: {}",
        ),
        api(&["`x` where a mapping is expected"], "title: T\nkind: rest\nversions: [«wrong-type|x»]"),
        api(&["nothing where a mapping is expected"], "title: T\nkind: rest\nversions:\n  - «wrong-type|»\n"),
        api(&["`MIT` where a mapping is expected"], "title: T\nkind: rest\nlicense: «wrong-type|MIT»"),
        api(&["`a` where a list is expected"],
            "title: T\nkind: rest\ndeployments: [{name: dep, server: {runtimeUri: «wrong-type|a»}}]"),
        api(&["a list where a mapping is expected"],
            "title: T\nkind: rest\ncustomProperties: «wrong-type|[]»"),
        document(
            "MetadataSchema",
            &["`yes` where true or false is expected"],
            "schema: {type: string}\nassignedTo: [{entity: api, required: «wrong-type|yes»}]",
        ),
        document(
            "MetadataSchema",
            &["where a mapping is expected"],
            "schema: «wrong-type|'{\"type\": \"string\"}'»",
        ),
        case(
            &["`spec` is not a mapping"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is}\nspec: «wrong-type|text»\n",
        )
        .saying(&["`text` where a mapping is expected"]),
        case(
            &["`name` is not a text"],
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: «wrong-type|[]»}\nspec: {title: T, kind: rest}\n",
        ),
    ]);
}

#[test]
fn lengths_count_characters() {
    let long = |n: usize| "\u{fc}".repeat(n);
    check(&[
        api(
            &["51 characters where the service takes at most 50"],
            &format!("title: «too-long|{}»\nkind: rest", long(51)),
        ),
        api(&[], &format!("title: {}\nkind: rest", long(50))),
        api(&["an empty text"], "title: «too-short|\"\"»\nkind: rest"),
        api(
            &["201 characters where the service takes at most 200"],
            &format!(
                "title: T\nkind: rest\nsummary: «too-long|\"{}\"»",
                long(201)
            ),
        ),
        api(
            &[],
            &format!("title: T\nkind: rest\nsummary: {}", long(200)),
        ),
        api(
            &["1001 characters where the service takes at most 1000"],
            &format!(
                "title: T\nkind: rest\ndescription: «too-long||»\n  {}",
                long(1000)
            ),
        ),
        api(
            &["21 entries where the service takes at most 20"],
            &format!(
                "title: T\nkind: rest\nexternalDocumentation:{}\n  - «too-long|»url: x",
                "\n  - url: x".repeat(20)
            ),
        ),
        document(
            "Environment",
            &["2 entries where the service takes at most 1"],
            "title: T\nkind: testing\nonboarding: {developerPortalUri: [a, «too-long|b»]}",
        ),
        api(
            &["must match"],
            "title: T\nkind: rest\ndeployments: [{name: dep, definition: «bad-pattern|openapi»}]",
        )
        .saying(&["does not have the form"]),
    ]);
}

#[test]
fn what_cannot_be_set_says_what_to_do_instead() {
    check(&[
        api(
            &[
                "`lifecycleStage` cannot be set",
                "set `lifecycleStage` on a version",
            ],
            "title: T\nkind: rest\n«not-settable|lifecycleStage»: production",
        ),
        api(
            &[
                "`state` cannot be set",
                "the service drops a deployment's state",
            ],
            "title: T\nkind: rest\ndeployments:\n  - name: dep\n    «not-settable|state»: active",
        ),
        api(
            &["`identifier` and `url` exclude each other", "set only one"],
            "title: T\nkind: rest\nlicense: {name: MIT, «exclusive-fields+|identifier»: MIT, «exclusive-fields|url»: x}",
        ),
    ]);
}

#[test]
fn unknown_values_are_warnings_with_the_list() {
    check(&[
        api(
            &[
                "unknown value `reset`",
                "did you mean `rest`?",
                "known values are `rest`, `graphql`",
            ],
            "title: T\nkind: «unknown-value?|reset»",
        ),
        api(&[], "title: T\nkind: REST"),
        api(
            &["unknown value `live`", "`deprecated` and `retired`"],
            "title: T\nkind: rest\nversions: [{name: 1-0-0, title: v1, lifecycleStage: «unknown-value?|live»}]",
        ),
        document(
            "Environment",
            &["did you mean `production`?"],
            "title: T\nkind: «unknown-value?|prodution»\nserver: {type: «unknown-value?|\"Kong\"»}",
        ),
    ]);
}

#[test]
fn columns_count_characters_not_bytes() {
    check(&[
        api(
            &["unknown field `tite`"],
            "{summary: \"\u{1f600} \u{e9}\u{304} 漢字\", kind: rest, «unknown-field|tite»: x, title: T}",
        ),
        case(
            &["unknown field `x`"],
            "# ünïcödé 漢字\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is}\n\
             spec: {title: \"ä\u{308}\", kind: rest, «unknown-field|x»: 1}\n",
        ),
    ]);
}
