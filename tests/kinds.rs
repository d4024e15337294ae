//! Laws that every kind obeys, also those to come: each test walks the table of kinds.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use apicenter::kinds::{self, KINDS, Kind, Location, RootNaming};
use apicenter::model::{Address, Body, Prune, Resource, Role, field_path, unmodelled_paths, view};
use serde_json::{Value, json};

/// What an example leaves out, and why.
const NOT_IN_EXAMPLES: &[(&str, &str)] = &[
    // Says how a service is made; the service itself does not say so.
    ("Service", "restore"),
    // Goes with another type of identity than the example's.
    ("Service", "identity.userAssignedIdentities"),
];

fn example_address(kind: &'static Kind) -> Address {
    if let Some(qualify) = kind.qualify {
        return Address::top(&kind.info, qualify("Sample-1", &example_spec(kind)));
    }
    match kind.location {
        Location::Root(_) => Address::top(&kind.info, ""),
        Location::Child(above) => example_address(above).child(&kind.info, "1-0-0"),
        _ => Address::top(&kind.info, "Sample-1"),
    }
}

/// The example as a manifest has it, without the names of a list item.
fn example_spec(kind: &Kind) -> Body {
    let value: Value = serde_json::from_str(kind.example).unwrap();
    let mut body = value.as_object().unwrap().clone();
    for field in [kinds::NAME, kinds::PREVIOUSLY] {
        body.shift_remove(field);
    }
    body
}

/// The example in canonical form.
pub(crate) fn example(kind: &'static Kind) -> Resource {
    kind.declared(example_address(kind), example_spec(kind))
}

/// The properties within what the service answers.
fn properties<'a>(kind: &Kind, envelope: &'a mut Value) -> &'a mut Body {
    match kind.location {
        Location::Root(_) => envelope.as_object_mut().unwrap(),
        _ => envelope["properties"].as_object_mut().unwrap(),
    }
}

fn wire(kind: &'static Kind) -> Value {
    kind.wire(&example(kind), &Body::new())
}

/// A resource as it comes back from the wire: without what travels by an action of its own, what is not in the
/// service, and what no kind models until a manifest declares it.
fn without_content(resource: &Resource) -> Body {
    let mut body = resource.body.clone();
    let kind = resource.address.kind();
    for field in kind.content_fields.iter().chain(&kind.open_field) {
        body.shift_remove(*field);
    }
    for field in ["apiVersion", "dependsOn"] {
        if kind.local_fields.contains(&field) {
            body.shift_remove(field);
        }
    }
    body
}

/// What an example declares of the properties that its kind does not model.
fn open_fields(resource: &Resource) -> Body {
    let field = resource.address.kind().open_field;
    let open = field.and_then(|field| resource.body.get(field)?.as_object().cloned());
    open.unwrap_or_default()
}

fn same(kind: &Kind, left: impl Into<Value>, right: impl Into<Value>) {
    assert_eq!(left.into(), right.into(), "{}", kind.info.name);
}

fn demand_unique<T: Ord + Debug>(what: &str, all: impl Iterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for one in all {
        let text = format!("{one:?}");
        assert!(seen.insert(one), "two kinds have the {what} {text}");
    }
}

/// The schema at a path such as `server.type`; list items share the path of their list.
fn schema_at<'a>(schema: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(schema, |schema, step| {
        let schema = schema.get("items").unwrap_or(schema);
        schema.get("properties")?.get(step)
    })
}

/// Calls `visit` with the path and the schema of every property, nested ones included.
fn walk(path: &str, schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = field_path(path, name);
        visit(&path, property);
        walk(&path, property, visit);
        walk(&path, &property["items"], visit);
    }
}

#[test]
fn addresses_start_with_the_services_that_are_named() {
    for kind in KINDS {
        let is_named = match kind.location {
            Location::Root(root) => root.naming == RootNaming::Named,
            _ => false,
        };
        assert_eq!(kind.info.is_named_root, is_named, "{}", kind.info.name);
    }
}

#[test]
fn names_slugs_and_collections_are_unique() {
    demand_unique("name", KINDS.iter().map(|kind| kind.info.name));
    demand_unique("noun", KINDS.iter().map(|kind| kind.info.noun));
    // The service calls the versions of APIs, skills and agents the same; in a path or an address, the part before
    // distinguishes them. No other kinds share a word.
    let above = |kind: &Kind| kind.location.parent().map(|above| above.info.name);
    for (what, shared, word) in [
        (
            "slug",
            "version",
            (|kind| kind.info.slug) as fn(&Kind) -> &str,
        ),
        ("collection", "versions", |kind| kind.collection),
    ] {
        let (alike, others): (Vec<&Kind>, Vec<&Kind>) =
            KINDS.iter().partition(|kind| word(kind) == shared);
        demand_unique(what, others.iter().map(|kind| word(kind)));
        demand_unique(what, alike.iter().map(|kind| above(kind)));
        assert!(alike.iter().all(|kind| above(kind).is_some()), "{what}");
        assert_eq!(alike.len(), 3, "{what}");
    }
}

#[test]
fn parents_and_children_name_each_other_and_stand_in_order() {
    let at = |kind: &Kind| KINDS.iter().position(|other| other.info == kind.info);
    for (i, kind) in KINDS.iter().enumerate() {
        let name = kind.info.name;
        if let Some(above) = kind.location.parent() {
            assert!(at(above).unwrap() < i, "{name} stands before its parent");
            let listed = above.children.iter().filter(|c| c.kind.info == kind.info);
            assert_eq!(listed.count(), 1, "{name} in its parent's children");
        }
        for child in kind.children {
            let above = child.kind.location.parent();
            assert!(above.is_some_and(|above| above.info == kind.info));
            let list = &(kind.schema)()["properties"][child.field];
            assert_eq!(list["type"], "array", "{name}.{}", child.field);
        }
    }
}

#[test]
fn ranks_follow_the_table_and_differ_among_siblings() {
    let siblings = |kind: &Kind| match kind.location.parent() {
        Some(above) => above.info.name,
        None => "",
    };
    for (i, kind) in KINDS.iter().enumerate() {
        for later in &KINDS[i + 1..] {
            if siblings(kind) == siblings(later) {
                let (a, b) = (&kind.info, &later.info);
                assert!(a.rank < b.rank, "{} before {}", a.name, b.name);
            }
        }
    }
}

#[test]
fn parents_and_references_sort_before_what_needs_them() {
    for kind in KINDS {
        let resource = example(kind);
        for needed in resource.address.parent().iter().chain(&resource.references) {
            assert!(
                needed < &resource.address,
                "{needed} for {}",
                kind.info.name
            );
            assert!(kinds::by_name(needed.kind().name).is_some());
        }
    }
}

#[test]
fn every_reference_names_a_field_that_is_there() {
    for kind in KINDS {
        let resource = example(kind);
        let references = (kind.references)(&resource.address, &resource.body);
        for reference in &references {
            let path = reference.field.replace(['.', '['], "/").replace(']', "");
            let pointer = format!("/{path}");
            let body = Value::Object(resource.body.clone());
            assert!(body.pointer(&pointer).is_some(), "{}", reference.field);
        }
        assert_eq!(references.len(), resource.references.len());
    }
}

#[test]
fn examples_match_their_schemas() {
    for kind in KINDS {
        let value: Value = serde_json::from_str(kind.example).unwrap();
        let validator = jsonschema::validator_for((kind.schema)()).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", kind.info.name);
    }
}

#[test]
fn examples_set_every_field() {
    for kind in KINDS {
        let value: Value = serde_json::from_str(kind.example).unwrap();
        let mut absent = Vec::new();
        find_absent("", (kind.schema)(), &value, &mut absent);
        absent.retain(|path| {
            let is_child_list = kind.children.iter().any(|child| child.field == path);
            // In canonical form it is a digest, not what a manifest says.
            let is_content = kind
                .content
                .as_ref()
                .is_some_and(|content| content.field == path);
            !is_child_list
                && !is_content
                && !NOT_IN_EXAMPLES.contains(&(kind.info.name, path.as_str()))
        });
        assert!(absent.is_empty(), "{} lacks {absent:?}", kind.info.name);
    }
}

fn find_absent(path: &str, schema: &Value, value: &Value, absent: &mut Vec<String>) {
    let exclusive = schema["x-exclusive"].as_array();
    let is_exclusive = |name: &str| exclusive.is_some_and(|all| all.contains(&json!(name)));
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = field_path(path, name);
        match value.get(name) {
            Some(value) => find_absent(&path, property, value, absent),
            None if is_exclusive(name) => {}
            None => absent.push(path),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        find_absent(path, &schema["items"], item, absent);
    }
}

#[test]
fn every_field_is_described_and_no_mapping_takes_unknown_ones() {
    for kind in KINDS {
        let name = kind.info.name;
        let closed = |path: &str, schema: &Value| {
            if schema.get("properties").is_some() {
                assert_eq!(schema["additionalProperties"], false, "{name}.{path}");
            }
        };
        closed("", (kind.schema)());
        walk("", (kind.schema)(), &mut |path, schema| {
            let description = schema["description"].as_str().unwrap_or_default();
            assert!(description.ends_with('.'), "{name}.{path}: {description:?}");
            closed(path, schema);
            closed(path, &schema["items"]);
        });
    }
}

#[test]
fn every_field_path_of_a_kind_is_in_its_schema() {
    for kind in KINDS {
        let info = &kind.info;
        let paths = [
            info.case_insensitive,
            info.immutable,
            info.force_replace,
            info.retained_when_absent,
            info.create_only,
            info.content_fields,
            info.local_fields,
            info.open_field.as_slice(),
        ]
        .concat();
        for path in paths {
            assert!(
                schema_at((kind.schema)(), path).is_some(),
                "{}.{path}",
                info.name
            );
        }
    }
}

/// Every view with the kinds whose bodies it reads.
fn views() -> Vec<(&'static [&'static str], Vec<&'static Kind>)> {
    let with_metadata = KINDS.iter().copied();
    let with_metadata = with_metadata.filter(|kind| kind.info.entity.is_some());
    vec![
        (view::ApiView::PATHS, vec![&kinds::API]),
        (view::ApiVersionView::PATHS, vec![&kinds::API_VERSION]),
        (view::CustomProperties::PATHS, with_metadata.collect()),
        (view::DefinitionView::PATHS, vec![&kinds::API_DEFINITION]),
        (view::DeploymentView::PATHS, vec![&kinds::DEPLOYMENT]),
        (view::EnvironmentView::PATHS, vec![&kinds::ENVIRONMENT]),
        (view::IntegrationView::PATHS, vec![&kinds::INTEGRATION]),
        (view::PortalView::PATHS, vec![&kinds::PORTAL]),
        (
            view::MetadataSchemaView::PATHS,
            vec![&kinds::METADATA_SCHEMA],
        ),
        (
            view::RoleAssignmentView::PATHS,
            vec![&kinds::ROLE_ASSIGNMENT],
        ),
        (view::ServiceView::PATHS, vec![&kinds::SERVICE]),
        (view::SyncedApiView::PATHS, vec![&kinds::SYNCED_API]),
        (
            &view::SyncedApiView::OWNED_FIELDS,
            vec![&kinds::SYNCED_API, &kinds::API],
        ),
    ]
}

#[test]
fn every_path_of_a_view_is_in_the_schema_of_its_kind() {
    for (paths, kinds) in views() {
        assert!(!paths.is_empty());
        for (path, kind) in paths
            .iter()
            .flat_map(|path| kinds.iter().map(move |k| (path, k)))
        {
            assert!(
                schema_at((kind.schema)(), path).is_some(),
                "{}.{path}",
                kind.info.name
            );
        }
    }
}

#[test]
fn views_know_the_name_of_their_kind() {
    assert_eq!(view::ServiceView::KIND, kinds::SERVICE.info.name);
    assert_eq!(
        view::RoleAssignmentView::KIND,
        kinds::ROLE_ASSIGNMENT.info.name
    );
}

#[test]
fn at_most_one_kind_has_a_role() {
    for (i, kind) in KINDS.iter().enumerate() {
        let role = kind.info.role;
        let others = KINDS[..i].iter().filter(|other| other.info.role == role);
        assert!(role == Role::Plain || others.count() == 0, "{role:?}");
    }
}

#[test]
fn what_is_sent_is_what_was_declared() {
    for kind in KINDS {
        let declared = example(kind);
        let envelope = wire(kind);
        let live = kind.live(declared.address.clone(), envelope.as_object().unwrap());
        same(kind, live.resource.body, without_content(&declared));
        let needed = |address: &&Address| {
            **address != kinds::parse_address("environment/production").unwrap()
        };
        let declared_references: BTreeSet<&Address> = match kind.info.by_declared_fields {
            // What is declared to be needed is not in the service.
            true => declared.references.iter().filter(needed).collect(),
            false => declared.references.iter().collect(),
        };
        assert_eq!(
            live.resource.references.iter().collect::<BTreeSet<_>>(),
            declared_references
        );
        same(kind, live.unmodelled, open_fields(&declared));
    }
}

#[test]
fn canonical_form_is_a_fixed_point() {
    for kind in KINDS {
        let once = example(kind);
        let twice = kind.declared(once.address.clone(), once.body.clone());
        same(kind, twice.body, once.body);
    }
}

#[test]
fn content_does_not_travel_with_the_resource() {
    for kind in KINDS {
        let mut envelope = wire(kind);
        for field in kind.info.content_fields {
            assert!(!properties(kind, &mut envelope).contains_key(*field));
        }
    }
}

#[test]
fn unknown_live_fields_are_named_kept_and_never_compared() {
    for kind in KINDS {
        let declared = example(kind);
        let mut envelope = wire(kind);
        let mut expected = Vec::new();
        let wire_body = properties(kind, &mut envelope);
        plant("", (kind.schema)(), wire_body, &mut expected);
        let live = kind.live(declared.address.clone(), envelope.as_object().unwrap());
        same(kind, live.resource.body.clone(), without_content(&declared));
        expected.extend(unmodelled_paths(&open_fields(&declared)));
        expected.sort();
        assert_eq!(unmodelled_paths(&live.unmodelled), expected);
        same(kind, kind.wire(&live.resource, &live.unmodelled), envelope);
    }
}

#[test]
fn live_fields_with_names_of_manifests_are_kept_as_they_are() {
    for kind in KINDS {
        let declared = example(kind);
        let mut names: Vec<&str> = kind.children.iter().map(|child| child.field).collect();
        names.extend(kind.info.open_field);
        if kind.location.parent().is_some() {
            names.extend([kinds::NAME, kinds::PREVIOUSLY]);
        }
        for odd in [json!("text"), json!([1]), json!({"deep": [1]})] {
            let mut envelope = wire(kind);
            for name in &names {
                properties(kind, &mut envelope).insert((*name).to_owned(), odd.clone());
            }
            let live = kind.live(declared.address.clone(), envelope.as_object().unwrap());
            same(kind, kind.wire(&live.resource, &live.unmodelled), envelope);
        }
    }
}

/// Puts a field that nobody models into a mapping and into every mapping below it.
fn plant(path: &str, schema: &Value, body: &mut Body, planted: &mut Vec<String>) {
    for (name, value) in body.iter_mut() {
        let property = &schema["properties"][name.as_str()];
        let path = field_path(path, name);
        match value {
            Value::Object(map) if property.get("properties").is_some() => {
                plant(&path, property, map, planted);
            }
            Value::Array(items) if property["items"].get("properties").is_some() => {
                for (i, item) in items.iter_mut().enumerate() {
                    let map = item.as_object_mut().unwrap();
                    plant(&format!("{path}[{i}]"), &property["items"], map, planted);
                }
            }
            _ => {}
        }
    }
    body.insert("novelty".to_owned(), json!({"since": 2030}));
    planted.push(field_path(&field_path(path, "novelty"), "since"));
}

#[test]
fn server_owned_fields_are_dropped() {
    for kind in KINDS {
        let declared = example(kind);
        let mut envelope = wire(kind);
        for field in kind.server_owned {
            let (holder, name) = field.rsplit_once('.').unwrap_or(("", field));
            let mut body = properties(kind, &mut envelope);
            if !holder.is_empty() {
                body = body[holder].as_object_mut().unwrap();
            }
            body.insert(name.to_owned(), json!("of the server"));
        }
        let live = kind.live(declared.address.clone(), envelope.as_object().unwrap());
        same(kind, live.resource.body, without_content(&declared));
        same(kind, live.unmodelled, open_fields(&declared));
    }
}

#[test]
fn what_the_service_is_known_to_add_is_no_news() {
    let added = [
        ("Api", "lifecycleStage"),
        ("Deployment", "state"),
        ("Deployment", "recommended"),
        ("Service", "systemData"),
        ("Analyzer", "state"),
    ];
    for (kind, field) in added {
        assert!(kinds::by_name(kind).unwrap().server_owned.contains(&field));
    }
}

#[test]
fn no_server_owned_field_can_be_declared() {
    for kind in KINDS {
        for field in kind.server_owned {
            assert!(schema_at((kind.schema)(), field).is_none(), "{field}");
        }
    }
}

#[test]
fn null_and_empty_are_the_same_as_absent() {
    for kind in KINDS {
        for field in example_spec(kind).keys() {
            let mut spec = example_spec(kind);
            spec.shift_remove(field);
            let absent = kind.declared(example_address(kind), spec.clone());
            for nothing in [json!(null), json!([]), json!({})] {
                spec.insert(field.clone(), nothing.clone());
                let declared = kind.declared(example_address(kind), spec.clone());
                same(kind, declared.body, absent.body.clone());
                let mut envelope = kind.wire(&absent, &Body::new());
                let known = kind.wire(&absent, &Body::new());
                let wire_body = properties(kind, &mut envelope);
                wire_body.entry(field.clone()).or_insert(nothing);
                let live = kind.live(example_address(kind), envelope.as_object().unwrap());
                let without = kind.live(example_address(kind), known.as_object().unwrap());
                same(kind, live.resource.body, without.resource.body);
                same(kind, live.unmodelled, without.unmodelled);
            }
        }
    }
}

#[test]
fn addresses_of_the_workspace_survive_the_wire() {
    for kind in KINDS {
        let address = example_address(kind);
        let top = kinds::of(&address.root());
        let path = kinds::arm_path(&address);
        match top.location {
            Location::Workspace(_) => {
                assert_eq!(
                    kinds::API_CENTER.address_of(None, &path),
                    Some(address.clone())
                );
                assert_eq!(
                    kinds::API_CENTER.address_of(None, &path.to_uppercase()),
                    Some(address)
                );
            }
            Location::Root(_) => assert_eq!(path, ""),
            Location::Path(_) => {
                assert_eq!(kinds::address_of_path(&path), Some(address.clone()));
                assert_eq!(kinds::parse_address(&address.to_string()), Some(address));
            }
            _ => assert_eq!(path, format!("/{}/Sample-1", kind.collection)),
        }
    }
}

#[test]
fn whatever_carries_custom_metadata_can_carry_the_marker() {
    for kind in KINDS {
        let has_metadata = schema_at((kind.schema)(), view::CustomProperties::FIELD).is_some();
        // No metadata schema can be assigned to these (not published, at least).
        let is_unassigned =
            [kinds::SKILL.info.name, kinds::AGENT.info.name].contains(&kind.info.name);
        assert_eq!(
            kind.info.entity.is_some(),
            has_metadata && !is_unassigned,
            "{}",
            kind.info.name
        );
        // A role assignment's description carries the marker.
        let in_text = matches!(kind.location, Location::AnyScope(_));
        let marked_at_all =
            kind.info.entity.is_some() || in_text || kind.location.parent().is_some();
        let owned = kind.info.prune == Prune::Owned;
        assert!(!owned || marked_at_all, "{}: whose is it?", kind.info.name);
    }
}

#[test]
fn an_identity_given_by_the_user_is_declared_and_what_the_service_adds_to_it_is_not_ours() {
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";
    let address = Address::top(&kinds::SERVICE.info, "");
    let spec = json!({"location": "westeurope",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {id: {}}}});
    let declared = kinds::SERVICE.declared(address.clone(), spec.as_object().unwrap().clone());
    let answer = json!({"location": "West Europe", "identity": {
        "type": "UserAssigned", "principalId": "p", "tenantId": "t",
        "userAssignedIdentities": {id: {"principalId": "q", "clientId": "c"}}}});
    let live = kinds::SERVICE.live(address, answer.as_object().unwrap());
    assert_eq!(live.resource.body, declared.body);
    assert_eq!(unmodelled_paths(&live.unmodelled), Vec::<String>::new());
}
