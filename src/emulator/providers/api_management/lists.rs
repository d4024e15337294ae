//! Lists: `value`, `count`, and `nextLink` where there is more.

use serde_json::{Value, json};

use super::filter::Filter;
use super::path::Place;
use super::{records, refused, responses};
use crate::emulator::core::request::{Call, encoded};
use crate::emulator::core::response::{Answer, Outcome};
use crate::emulator::providers::api_center::actions::Context;
use crate::emulator::store::{Child, StoreError, View};

pub(super) fn services(context: &Context, view: View<'_>, place: &Place) -> Outcome {
    let found = view.children(place.group_key(), "service", None, usize::MAX)?;
    let value: Vec<Value> = found
        .iter()
        .map(|child| responses::service_body(context, place, &child.record.name, &child.record))
        .collect();
    Ok(Answer::ok(json!({"value": value})))
}

pub(super) fn apis(context: &Context, view: View<'_>, call: &Call, place: &Place) -> Outcome {
    let apis = records::apis(view, place)?;
    page(context, call, apis, |api| {
        responses::api_body(view, call, place, &api.record)
    })
}

pub(super) fn revisions(
    context: &Context,
    view: View<'_>,
    call: &Call,
    place: &Place,
    id: &str,
) -> Outcome {
    let base = records::without_revision(id);
    let current = records::api(view, place, base)?;
    let others = records::apis(view, place)?.into_iter().filter(|other| {
        let name = other.record.name.as_str();
        name.contains(";rev=") && records::without_revision(name).eq_ignore_ascii_case(base)
    });
    let mut all: Vec<Child> = others.collect();
    all.insert(0, current);
    page(context, call, all, |api| {
        Ok(responses::revision(&api.record))
    })
}

pub(super) fn operations(
    context: &Context,
    view: View<'_>,
    call: &Call,
    place: &Place,
    api: &str,
) -> Outcome {
    let api = records::api(view, place, api)?;
    let found = records::operations(view, &api)?;
    page(context, call, found, |one| {
        Ok(responses::plain_body(place, one))
    })
}

pub(super) fn schemas(
    context: &Context,
    view: View<'_>,
    call: &Call,
    place: &Place,
    api: &str,
) -> Outcome {
    let api = records::api(view, place, api)?;
    let found = view.children(&api.key, "schemas", None, usize::MAX)?;
    page(context, call, found, |one| {
        Ok(responses::plain_body(place, one))
    })
}

pub(super) fn version_sets(
    context: &Context,
    view: View<'_>,
    call: &Call,
    place: &Place,
) -> Outcome {
    let found = view.children(&place.instance_key(), "apiVersionSets", None, usize::MAX)?;
    page(context, call, found, |one| {
        Ok(responses::plain_body(place, one))
    })
}

/// One page. `count` is the number of all that the filter lets through (documented); `nextLink`
/// repeats the query with `$skip` (chosen here, clients must not care).
fn page(
    context: &Context,
    call: &Call,
    found: Vec<Child>,
    body: impl Fn(&Child) -> Result<Value, StoreError>,
) -> Outcome {
    let filter = Filter::read(call.query.get("$filter"))?;
    let found: Vec<Child> = found
        .into_iter()
        .filter(|child| filter.allows(&child.record))
        .collect();
    let skip = number(call, "$skip")?.unwrap_or(0);
    let top = number(call, "$top")?.unwrap_or(usize::MAX);
    let size = top.min(context.options.page_size).max(1);
    let shown = found.iter().skip(skip).take(size);
    let value = shown.map(body).collect::<Result<Vec<Value>, _>>()?;
    let mut answer = json!({"value": value, "count": found.len()});
    let next = skip.saturating_add(size);
    if next < found.len() {
        answer["nextLink"] = json!(next_link(call, top, next));
    }
    Ok(Answer::ok(answer))
}

fn number(call: &Call, name: &str) -> Outcome<Option<usize>> {
    let text = call.query.get(name);
    let read = text.map(str::parse).transpose();
    read.map_err(|_| refused(name, "A number is expected.").into())
}

fn next_link(call: &Call, top: usize, skip: usize) -> String {
    let version = encoded(call.query.get("api-version").unwrap_or_default());
    let mut link = format!("{}{}?api-version={version}", call.base, call.path);
    for name in ["$filter", "expandApiVersionSet"] {
        if let Some(value) = call.query.get(name) {
            link.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
    }
    if top != usize::MAX {
        link.push_str(&format!("&%24top={top}"));
    }
    link.push_str(&format!("&%24skip={skip}"));
    link
}
