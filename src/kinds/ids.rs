//! Ids of resources of the own service, in texts that need not be any.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

use super::location::API_CENTER;
use super::resource::{RESOURCE, address_at, path_below_workspace, type_path_of};
use super::resource_type::{is_of_service, type_of};
use crate::model::{Address, Body, FormerName, Redirect, Redirection, Renames};

/// Writes the present names of renamed resources into others that refer to them.
pub const REDIRECT: Redirect = Redirect {
    body: |to, body| (super::of(to.present).redirect)(to, body),
    unmodelled: redirect_ids,
    path: present_path,
    is_below: |address, type_path| {
        let own = type_path_of(address);
        let below = own.and_then(|own| type_path.strip_prefix(&own)?.chars().next());
        below == Some('/')
    },
};

/// The resources that an id names, topmost first, each with the place of its name in the text: the API and the version
/// of `/workspaces/default/apis/orders/versions/1-0-0`. Nothing for any other text.
///
/// An id is relative to the service, or begins with the full id of `service`. What is behind the last name that can
/// be one is not looked at, such as the name of an action.
#[must_use]
pub fn names_in_id(text: &str, service: Option<&str>) -> Vec<(Address, Range<usize>)> {
    let Some((start, is_in_workspace)) = start_of_path(text, service) else {
        return Vec::new();
    };
    names(&text[start..], start, Some(is_in_workspace))
}

/// The resources that the path of a `Resource` names, which is its name: topmost first, each with its place in the text.
#[must_use]
pub fn names_in_path(path: &str) -> Vec<(Address, Range<usize>)> {
    names(path, 0, None)
}

/// The resources on a path, whose places are counted from `start`.
fn names(path: &str, start: usize, is_in_workspace: Option<bool>) -> Vec<(Address, Range<usize>)> {
    let mut names = Vec::new();
    let mut end = 0;
    for pair in path.split('/').collect::<Vec<_>>().chunks_exact(2) {
        let [collection, name] = pair else { break };
        if collection.is_empty() || name.is_empty() {
            break;
        }
        let at = end + collection.len() + 1;
        end = at + name.len();
        let path_type = type_of(&path[..end]);
        let top = path_type.split('/').next().unwrap_or_default();
        if is_in_workspace.is_some_and(|inside| is_of_service(top, !inside) == inside) {
            break;
        }
        let place = start + at..start + end;
        names.push((address_at(&path[..end], &path_type), place));
        end += 1;
    }
    names
}

/// Where the path below the workspace begins in an id, or the path below the service of what is not in a workspace.
fn start_of_path(text: &str, service: Option<&str>) -> Option<(usize, bool)> {
    if !text.starts_with('/') || text.contains(char::is_whitespace) {
        return None;
    }
    let is_there = |at: usize, part: &str| {
        let end = at + part.len();
        let here = text.get(at..end);
        let is_whole = text.get(end..).is_some_and(|rest| rest.starts_with('/'));
        is_whole && here.is_some_and(|here| here.eq_ignore_ascii_case(part))
    };
    let full = service.filter(|service| is_there(0, service));
    let below_service = full.map_or(0, str::len);
    match is_there(below_service, API_CENTER.workspace) {
        true => Some((below_service + API_CENTER.workspace.len() + 1, true)),
        // A short path, such as `/portals/default`, may be one of anything.
        false => full.map(|service| (service.len() + 1, false)),
    }
}

/// Writes the present names of renamed resources into every id among the properties that no kind models, and returns
/// the former addresses that they had.
fn redirect_ids(to: Redirection<'_>, body: &Body, unmodelled: &mut Body) -> BTreeSet<Address> {
    let service = API_CENTER.id(to.service);
    let is_open = to.present.kind().open_field.is_some();
    let mut found = BTreeSet::new();
    for (name, value) in unmodelled {
        // Of a property that the kind models in part, only that part is known; it could not be written by itself.
        if !is_open || !body.contains_key(name) {
            redirect_value(to, &service, value, &mut found);
        }
    }
    found
}

fn redirect_value(
    to: Redirection<'_>,
    service: &str,
    value: &mut Value,
    found: &mut BTreeSet<Address>,
) {
    match value {
        Value::String(text) => {
            if let Some(present) = redirected(to, service, text, found) {
                *text = present;
            }
        }
        Value::Array(items) => {
            for item in items {
                redirect_value(to, service, item, found);
            }
        }
        Value::Object(map) => {
            for value in map.values_mut() {
                redirect_value(to, service, value, found);
            }
        }
        _ => {}
    }
}

/// An id with present names; `None` if nothing in it has another name. The former addresses that it names are added to
/// those found.
fn redirected(
    to: Redirection<'_>,
    service: &str,
    text: &str,
    found: &mut BTreeSet<Address>,
) -> Option<String> {
    let names = names_in_id(text, Some(service));
    let mut after = text.to_owned();
    for (address, place) in names.iter().rev() {
        let present = to.renames.present(address);
        let name = present.as_ref().map(Address::own_name);
        if let Some(name) = name.filter(|name| !name.eq_ignore_ascii_case(&text[place.clone()])) {
            after.replace_range(place.clone(), name);
        }
    }
    let (last, _) = names.last().filter(|_| after != text)?;
    let renamed = names.iter().map(|(address, _)| address);
    let renamed = renamed.filter(|address| to.renames.present(address).is_some());
    found.extend(renamed.chain([last]).cloned());
    Some(after)
}

/// The present address of a `Resource` that has another name, or is below something that has.
fn present_path(renames: &Renames, address: &Address) -> Option<Address> {
    if *address.kind() != RESOURCE.info {
        return None;
    }
    // A former address is below the present one of its parent, so what is above comes first.
    let path = address.name();
    let names = names_in_path(path);
    let above = names.iter().rev().nth(1);
    let moved = above.and_then(|(above, place)| {
        let above = present_path(renames, above).or_else(|| renames.present(above))?;
        let (above, below) = (path_below_workspace(&above), &path[place.end..]);
        Some(Address::top(&RESOURCE.info, format!("{above}{below}")))
    });
    renames.present(moved.as_ref().unwrap_or(address)).or(moved)
}

/// The addresses at which a declared `Resource` may be in the service because it, or something above it, had another
/// name there.
#[must_use]
pub fn former_paths(
    former_names: &BTreeMap<Address, Vec<FormerName>>,
    address: &Address,
) -> Vec<Address> {
    let path = address.name();
    let mut paths = vec![path.to_owned()];
    // From the end, so that the places of what is above stay as they are.
    for (present, place) in names_in_path(path).into_iter().rev() {
        let formers = former_names.get(&present).into_iter().flatten();
        let renamed = formers.flat_map(|former| {
            paths.iter().map(|path| {
                let mut path = path.clone();
                path.replace_range(place.clone(), former.address.own_name());
                path
            })
        });
        let renamed: Vec<String> = renamed.collect();
        paths.extend(renamed);
    }
    let former = paths.into_iter().skip(1);
    former
        .map(|path| Address::top(&RESOURCE.info, path))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::parse_address;
    use crate::model::ServiceId;

    const SERVICE: &str =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso";

    fn names(text: &str) -> Vec<String> {
        let names = names_in_id(text, Some(SERVICE));
        let names = names.into_iter();
        names
            .map(|(address, place)| format!("{address}: {}", &text[place]))
            .collect()
    }

    #[test]
    fn an_id_names_what_is_on_its_way() {
        assert_eq!(
            names("/workspaces/default/apis/weather"),
            ["api/weather: weather"]
        );
        let deep = "/workspaces/Default/APIs/weather/versions/v1/securityRequirements/key/";
        let found = names(&format!("{}{deep}", SERVICE.to_uppercase()));
        assert_eq!(
            found,
            [
                "api/weather: weather",
                "api/weather/version/v1: v1",
                "resource/APIs/weather/versions/v1/securityRequirements/key: key"
            ]
        );
        let metadata = format!("{SERVICE}/metadataSchemas/team");
        assert_eq!(names(&metadata), ["metadata-schema/team: team"]);
        let action = "/workspaces/default/environments/prod/whatever";
        assert_eq!(names(action), ["environment/prod: prod"]);
    }

    #[test]
    fn what_only_looks_like_an_id_names_nothing() {
        for text in [
            "",
            "weather",
            "workspaces/default/apis/weather",
            "see /workspaces/default/apis/weather",
            "/workspaces/default/apis/weather is what we need",
            "/workspaces/default/apis/weather\n",
            "/workspaces/default",
            "/workspaces/defaults/apis/weather",
            "/workspaces/default/apis",
            "/workspaces/default/apis//weather",
            "/workspaces/default/metadataSchemas/team",
            "/metadataSchemas/team",
            "https://contoso.com/workspaces/default/apis/weather",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso2\
             /workspaces/default/apis/weather",
            SERVICE,
        ] {
            assert_eq!(names(text), <[&str; 0]>::default(), "{text}");
        }
    }

    #[test]
    fn a_path_has_former_ones_by_every_name_in_it() {
        let address = |text: &str| parse_address(text).unwrap();
        let place = crate::model::Span {
            source: crate::model::Sources::default().add("a.yaml", ""),
            start: 0,
            end: 0,
        };
        let pair = |present: &str, former: &str| {
            let former = FormerName {
                address: address(former),
                place,
            };
            (address(present), vec![former])
        };
        let former_names = BTreeMap::from([
            pair("api/forecast", "api/weather"),
            pair(
                "resource/apis/forecast/widgets/new",
                "resource/apis/forecast/widgets/w",
            ),
        ]);
        let found = |text: &str| {
            let found = former_paths(&former_names, &address(text));
            let found = found.iter().map(ToString::to_string);
            found.collect::<Vec<_>>()
        };
        assert_eq!(
            found("resource/apis/forecast/widgets/new"),
            [
                "resource/apis/forecast/widgets/w",
                "resource/apis/weather/widgets/new",
                "resource/apis/weather/widgets/w"
            ]
        );
        assert!(found("resource/apis/weather/widgets/w").is_empty());
    }

    #[test]
    fn only_ids_of_what_has_another_name_change() {
        let address = |text: &str| parse_address(text).unwrap();
        let renames = Renames::new([
            (address("api/weather"), address("api/forecast")),
            (
                address("api/forecast/version/v1"),
                address("api/forecast/version/v2"),
            ),
            (address("resource/links/a"), address("resource/links/b")),
            (
                address("resource/links/b/parts/x"),
                address("resource/links/b/parts/z"),
            ),
        ]);
        let service = ServiceId {
            subscription: "s".to_owned(),
            resource_group: "RG".to_owned(),
            name: "contoso".to_owned(),
        };
        let link = address("resource/links/wiki");
        let to = Redirection {
            former: &link,
            present: &link,
            renames: &renames,
            service: &service,
        };
        let text = json!({
            "id": "/workspaces/default/apis/Weather",
            "deep": [{"id": format!("{SERVICE}/workspaces/default/apis/weather/versions/V1/definitions/d")}],
            "own": "/workspaces/default/links/a",
            "action": "/workspaces/default/apis/weather/export",
            "present": "/workspaces/default/apis/forecast",
            "longer": "/workspaces/default/apis/weather-eu",
            "prose": "weather is at /workspaces/default/apis/weather",
            "/workspaces/default/apis/weather": 1,
        });
        let mut unmodelled = text.as_object().unwrap().clone();
        let found = redirect_ids(to, &Body::new(), &mut unmodelled);
        assert_eq!(
            Value::Object(unmodelled),
            json!({
                "id": "/workspaces/default/apis/forecast",
                "deep": [{"id": format!("{SERVICE}/workspaces/default/apis/forecast/versions/v2/definitions/d")}],
                "own": "/workspaces/default/links/b",
                "action": "/workspaces/default/apis/forecast/export",
                "present": "/workspaces/default/apis/forecast",
                "longer": "/workspaces/default/apis/weather-eu",
                "prose": "weather is at /workspaces/default/apis/weather",
                "/workspaces/default/apis/weather": 1,
            })
        );
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "api/Weather",
                "api/weather/version/V1",
                "api/weather/version/V1/definition/d",
                "resource/links/a"
            ]
        );
        let present = |text: &str| {
            let present = present_path(&renames, &address(text));
            present.map(|present| present.to_string())
        };
        let key = |api: &str| format!("resource/apis/{api}/securityRequirements/key");
        assert_eq!(
            present(&key("weather/versions/v1")),
            Some(key("forecast/versions/v2"))
        );
        assert_eq!(
            present("resource/links/A").as_deref(),
            Some("resource/links/b")
        );
        assert_eq!(
            present("resource/links/a/parts/a").as_deref(),
            Some("resource/links/b/parts/a")
        );
        // What is above it has another name, and so has what is above that.
        assert_eq!(
            present("resource/links/a/parts/x/notes/n").as_deref(),
            Some("resource/links/b/parts/z/notes/n")
        );
        for same in [
            "resource/links/b",
            "resource/models/a",
            "api/weather",
            &key("weather-eu/versions/v1"),
        ] {
            assert_eq!(present(same), None, "{same}");
        }
    }

    #[test]
    fn a_property_that_a_kind_models_in_part_stays() {
        let address = |text: &str| parse_address(text).unwrap();
        let renames = Renames::new([(address("api/weather"), address("api/forecast"))]);
        let service = ServiceId::default();
        let redirect = |address: &Address| {
            let to = Redirection {
                former: address,
                present: address,
                renames: &renames,
                service: &service,
            };
            let body = json!({"contacts": [{"name": "a"}]});
            let mut unmodelled = json!({"contacts": [{"id": "/workspaces/default/apis/weather"}]});
            let unmodelled = unmodelled.as_object_mut().unwrap();
            redirect_ids(to, body.as_object().unwrap(), unmodelled).len()
        };
        assert_eq!(redirect(&address("skill/review")), 0);
        assert_eq!(redirect(&address("api/shop")), 1);
    }
}
