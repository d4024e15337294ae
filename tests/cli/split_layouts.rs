//! The ways in which published descriptions are split: the whole conforms to the official schema, and a breaking change
//! in a part is named at the part.

use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// A description, in the way somebody splits theirs.
struct Layout {
    name: &'static str,
    /// The first file is the main one.
    files: &'static [(&'static str, &'static str)],
    /// A change of a part: the file, a text in it, and what it becomes.
    change: (&'static str, &'static str, &'static str),
    /// What the plan says is broken.
    broken: &'static str,
}

const LAYOUTS: &[Layout] = &[
    Layout {
        name: "a file for each path, and an index of schemas",
        files: &[
            (
                "openapi.yaml",
                "openapi: 3.0.3\n\
                 info: {title: Library, version: 1.0.0}\n\
                 paths:\n  /shelves: {$ref: resources/shelves.yaml}\n  '/shelves/{id}': {$ref: resources/shelf.yaml}\n\
                 components:\n  schemas: {$ref: schemas/_index.yaml}\n",
            ),
            (
                "resources/shelves.yaml",
                "get:\n  operationId: listShelves\n  responses:\n    '200':\n      description: Shelves\n      content:\n        \
                 application/json:\n          schema: {type: array, items: {$ref: ../schemas/Shelf.yaml}}\n",
            ),
            (
                "resources/shelf.yaml",
                "parameters:\n  - $ref: ../parameters/path/id.yaml\nget:\n  operationId: getShelf\n  responses:\n    '200':\n      \
                 description: A shelf\n      content: {application/json: {schema: {$ref: ../schemas/_index.yaml#/Shelf}}}\n    \
                 '404': {$ref: ../responses/NotFound.yaml}\n",
            ),
            (
                "parameters/path/id.yaml",
                "name: id\nin: path\nrequired: true\nschema: {type: string}\n",
            ),
            ("responses/NotFound.yaml", "description: There is none.\n"),
            (
                "schemas/_index.yaml",
                "Shelf: {$ref: Shelf.yaml}\nBook: {$ref: Book.yaml}\n",
            ),
            (
                "schemas/Shelf.yaml",
                "type: object\nrequired: [label]\nproperties:\n  label: {type: string}\n  books: {type: array, items: {$ref: Book.yaml}}\n",
            ),
            (
                "schemas/Book.yaml",
                "type: object\nproperties:\n  title: {type: string}\n  shelf: {$ref: Shelf.yaml}\n",
            ),
        ],
        change: ("parameters/path/id.yaml", "type: string", "type: integer"),
        broken: "/shelves/{id}",
    },
    Layout {
        name: "one file of paths, by pointers",
        files: &[
            (
                "openapi.json",
                r#"{"openapi": "3.0.1", "info": {"title": "Loans", "version": "1"}, "paths": {
  "/loans": {"$ref": "paths.json#/~1loans"}, "/loans/{id}": {"$ref": "./paths.json#/~1loans~1%7Bid%7D"}}}"#,
            ),
            (
                "paths.json",
                r##"{"/loans": {"post": {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "models.json#/definitions/Loan"}}}},
    "responses": {"201": {"description": "Lent", "content": {"application/json": {"schema": {"$ref": "models.json#/definitions/Loan"}}}}}}},
  "/loans/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "delete": {"responses": {"204": {"description": "Back"}, "409": {"$ref": "#/refusals/late"}}}},
  "refusals": {"late": {"description": "Too late"}}}"##,
            ),
            (
                "models.json",
                r##"{"definitions": {"Loan": {"type": "object", "properties": {
    "book": {"type": "string"}, "renewed": {"$ref": "#/definitions/Loan"}}}}}"##,
            ),
        ],
        change: (
            "models.json",
            r#""type": "object", "properties""#,
            r#""type": "object", "required": ["book"], "properties""#,
        ),
        broken: "POST /loans",
    },
    Layout {
        name: "OpenAPI 3.1 with webhooks and schemas of their own",
        files: &[
            (
                "openapi.yaml",
                "openapi: 3.1.0\ninfo: {title: Members, version: 1.0.0}\n\
                 paths:\n  /members: {$ref: paths.yaml#/members}\n\
                 webhooks:\n  expired: {$ref: webhooks/expired.yaml}\n",
            ),
            (
                "paths.yaml",
                "members:\n  get:\n    parameters: [{$ref: common.yaml#/parameters/since}]\n    responses:\n      '200':\n        \
                 description: Members\n        content: {application/json: {schema: {$ref: schemas/member.json}}}\n",
            ),
            (
                "common.yaml",
                "parameters:\n  since: {name: since, in: query, schema: {type: string, format: date}}\n",
            ),
            (
                "webhooks/expired.yaml",
                "post:\n  requestBody:\n    content: {application/json: {schema: {$ref: ../schemas/member.json}}}\n  \
                 responses: {'204': {description: Taken}}\n",
            ),
            (
                "schemas/member.json",
                r##"{"type": "object", "required": ["name"], "properties": {"name": {"$ref": "#/$defs/name"}, "joined": {"type": ["string", "null"]}},
  "$defs": {"name": {"type": "string", "minLength": 1}}}"##,
            ),
        ],
        change: ("schemas/member.json", r#""required": ["name"], "#, ""),
        broken: "GET /members",
    },
    Layout {
        name: "Swagger 2.0",
        files: &[
            (
                "swagger.yaml",
                "swagger: '2.0'\ninfo: {title: Fines, version: v1}\n\
                 paths:\n  /fines: {$ref: paths/fines.yaml}\n\
                 definitions:\n  Fine: {$ref: definitions/fine.yaml}\n",
            ),
            (
                "paths/fines.yaml",
                "get:\n  parameters: [{$ref: ../shared.yaml#/parameters/page}]\n  responses:\n    '200':\n      description: Fines\n      \
                 schema: {type: array, items: {$ref: ../swagger.yaml#/definitions/Fine}}\n    '400': {$ref: ../shared.yaml#/responses/bad}\n",
            ),
            (
                "shared.yaml",
                "parameters:\n  page: {name: page, in: query, type: integer}\nresponses:\n  bad: {description: Wrong}\n",
            ),
            (
                "definitions/fine.yaml",
                "type: object\nproperties:\n  amount: {type: integer}\n",
            ),
        ],
        change: (
            "shared.yaml",
            "in: query, type",
            "in: query, required: true, type",
        ),
        broken: "GET /fines",
    },
];

#[test]
fn the_whole_conforms_and_what_breaks_in_a_part_is_named() {
    for layout in LAYOUTS {
        let name = layout.name;
        let center = ServiceFixture::start();
        let (main, _) = layout.files[0];
        let manifest = format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: library}}\nspec:\n  title: Library\n  kind: rest\n  versions:\n    \
             - name: 1-0-0\n      title: One\n      lifecycleStage: design\n      definitions:\n        \
             - {{name: spec, title: D, source: {{file: specs/{main}}}}}\n"
        );
        let project = Project::of(&center).file("library.yaml", &manifest);
        for (path, text) in layout.files {
            project.write(&format!("specs/{path}"), text);
        }
        let validated = project.run("validate").success();
        validated.never_says("warning");
        project.run("apply --auto-approve -q").success();
        project.run("plan --detailed-exitcode").success();

        // What the service has is one file that conforms to the official schema by itself.
        project.run("export --out copy").success();
        let ending = main.rsplit('.').next().expect("an ending");
        let whole = project.read(&format!("copy/apis/library/1-0-0/spec.{ending}"));
        for (path, _) in layout.files {
            assert!(!whole.contains(path), "{name}: {path} in {whole}");
        }
        let alone = project.run("-C copy validate -v").success();
        alone.never_says("warning");

        let (file, old, new) = layout.change;
        project.edit(&format!("specs/{file}"), old, new);
        let plan = project.run("plan --format json").success().json();
        let change = &plan["changes"][0];
        assert_eq!(
            change["source"]["file"],
            format!("specs/{file}"),
            "{name}: {plan:#}"
        );
        let breaking = change["breaking"].as_array().expect("a list");
        let broken = breaking.iter().any(|one| {
            let place = one["place"].as_str().unwrap_or_default();
            place.contains(layout.broken)
        });
        assert!(broken, "{name}: {change:#}");
        project
            .run("plan")
            .success()
            .says(&[&format!("specs/{file}:"), "breaking: "]);
    }
}
