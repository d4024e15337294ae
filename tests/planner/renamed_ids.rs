//! Ids in properties that no kind models, of what gets another name.

use apicenter::kinds::{self, RESOURCE};
use apicenter::model::{Address, FormerName, LiveResource, OwnershipMarker, Sources, Span};
use apicenter::plan::{Plan, PruneScope, Purpose};
use serde_json::{Value, json};

use super::case::{Case, address, declared, living, resource};

/// An API with another name, in the service and in the manifests.
fn renamed() -> Case {
    let mut case = Case::equal();
    let (former, present) = (address("api/weather"), address("api/forecast"));
    let api = |name: &str| {
        resource(
            &format!("api/{name}"),
            json!({"title": "W", "kind": "rest"}),
        )
    };
    case.live
        .resources
        .insert(former.clone(), living(api("weather")));
    case.desired
        .resources
        .insert(present.clone(), declared(api("forecast")));
    let former = FormerName {
        address: former,
        place: place(),
    };
    case.desired.former_names.insert(present, vec![former]);
    case.desired.redirect = kinds::REDIRECT;
    case
}

fn place() -> Span {
    let source = Sources::default().add("a.yaml", "");
    Span {
        source,
        start: 0,
        end: 0,
    }
}

fn link(name: &str) -> Address {
    Address::top(&RESOURCE.info, format!("customLinks/{name}"))
}

/// A link of a type that is not known, directly below the service, as it is read.
fn live_link(name: &str) -> LiveResource {
    let envelope =
        json!({"properties": {"apiId": "/workspaces/default/apis/weather", "title": "L"}});
    let read = RESOURCE.live(link(name), envelope.as_object().expect("a mapping"));
    LiveResource {
        unmodelled: read.unmodelled,
        ..living(read.resource)
    }
}

fn declare_link(case: &mut Case, name: &str) {
    let spec = json!({"type": "customLinks", "scope": "service", "apiVersion": "2030-01-01",
        "properties": {"title": "L"}});
    let Value::Object(spec) = spec else {
        panic!("a mapping")
    };
    let link = link(name);
    let link = RESOURCE.declared(link, spec);
    case.desired
        .resources
        .insert(link.address.clone(), declared(link));
}

/// What is written again because it refers to what has another name, with its path, the version of the API and what is
/// sent.
fn redirected(plan: &Plan) -> Vec<(String, String, Value)> {
    let all = plan.preparations.iter();
    let redirects = all.filter(|one| one.purpose == Purpose::Redirect);
    redirects
        .map(|one| {
            let path = kinds::resource_path(&one.resource);
            let version = kinds::api_version_of(&RESOURCE, &one.resource);
            let open = one.resource.body.get("properties").cloned();
            (path, version.to_owned(), open.unwrap_or_default())
        })
        .collect()
}

#[test]
fn a_resource_is_written_again_where_and_as_its_manifest_says() {
    let mut case = renamed();
    case.live.resources.insert(link("a"), live_link("a"));
    declare_link(&mut case, "a");
    let expected = (
        "/customLinks/a".to_owned(),
        "2030-01-01".to_owned(),
        json!({"apiId": "/workspaces/default/apis/forecast"}),
    );
    assert_eq!(redirected(&case.plan()), [expected]);
}

#[test]
fn only_what_this_repository_owns_is_written_again() {
    let mut case = renamed();
    case.live.resources.insert(link("a"), live_link("a"));
    let count = |case: &Case| redirected(&case.plan()).len();
    assert_eq!(count(&case), 0, "nobody declares it");
    let mut whole = case.clone();
    whole.options.prune.scope = PruneScope::All;
    assert_eq!(count(&whole), 1, "the whole service is ours");
    let kept = whole.live.resources.get_mut(&link("a"));
    kept.expect("it is there").synchronised = true;
    assert_eq!(count(&whole), 0, "an integration keeps it");
    // Anything with the marker is ours.
    let mut marked = case.clone();
    marked.live.resources.remove(&link("a"));
    let api = |owner: &str| {
        let spec = json!({"title": "S", "kind": "rest", "customProperties": {"managed-by": owner}});
        let mut api = living(resource("api/shop", spec));
        let novel = json!({"novel": "/workspaces/default/apis/weather"});
        api.unmodelled = novel.as_object().expect("a mapping").clone();
        api
    };
    marked.options.ownership = Some(OwnershipMarker {
        property: "managed-by".to_owned(),
        owner: "us".to_owned(),
    });
    for (owner, expected) in [("us", 1), ("them", 0)] {
        marked
            .live
            .resources
            .insert(address("api/shop"), api(owner));
        assert_eq!(count(&marked), expected, "{owner}");
    }
    let plan = {
        marked.live.resources.insert(address("api/shop"), api("us"));
        marked.plan()
    };
    let carried = plan
        .preparations
        .iter()
        .find(|one| one.purpose == Purpose::Redirect);
    let carried = carried.and_then(|one| one.carried.as_ref());
    let carried = carried.map(|carried| &carried.unmodelled["novel"]);
    assert_eq!(carried, Some(&json!("/workspaces/default/apis/forecast")));
}

#[test]
fn a_copy_is_written_and_its_original_deleted_where_the_manifest_says() {
    let mut case = Case::equal();
    case.live.resources.insert(link("a"), live_link("a"));
    declare_link(&mut case, "b");
    let former = FormerName {
        address: link("a"),
        place: place(),
    };
    case.desired.former_names.insert(link("b"), vec![former]);
    case.desired.redirect = kinds::REDIRECT;
    let plan = case.plan();
    let paths: Vec<String> = plan
        .preparations
        .iter()
        .map(|one| format!("{:?} {}", one.purpose, kinds::resource_path(&one.resource)))
        .collect();
    assert_eq!(paths, ["Copy /customLinks/b", "Remove /customLinks/a"]);
    let carried = plan.preparations[0].carried.as_ref();
    let id = carried.map(|carried| &carried.unmodelled["apiId"]);
    assert_eq!(id, Some(&json!("/workspaces/default/apis/weather")));
}

#[test]
fn nothing_is_written_below_what_keeps_its_former_name() {
    let mut case = renamed();
    let theirs = json!({"title": "W", "kind": "rest", "customProperties": {"managed-by": "them"}});
    let weather = resource("api/weather", theirs);
    case.live
        .resources
        .insert(weather.address.clone(), living(weather));
    case.options.ownership = Some(OwnershipMarker {
        property: "managed-by".to_owned(),
        owner: "us".to_owned(),
    });
    for (path, spec) in [
        (
            "apis/forecast/widgets/one",
            json!({"type": "apis/widgets", "parent": "api/forecast", "properties": {}}),
        ),
        (
            "apis/forecast/widgets/one/parts/two",
            json!({"type": "apis/widgets/parts", "parent": "forecast/one", "properties": {}}),
        ),
    ] {
        let Value::Object(spec) = spec else {
            panic!("a mapping")
        };
        let below = RESOURCE.declared(Address::top(&RESOURCE.info, path), spec);
        case.desired
            .resources
            .insert(below.address.clone(), declared(below));
    }
    let plan = case.plan();
    let blocked = plan.changes.iter().filter(|one| one.blocked.is_some());
    let blocked: Vec<String> = blocked.map(|one| one.address.to_string()).collect();
    assert_eq!(
        blocked,
        [
            "api/forecast",
            "resource/apis/forecast/widgets/one",
            "resource/apis/forecast/widgets/one/parts/two"
        ]
    );
}
