//! Lists: in order of creation (observed), in pages, filtered.

use serde_json::{Value, json};

use crate::emulator::core::filter::{Condition, conditions};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::{HandlerRequest, encoded};
use crate::emulator::core::response::{HandlerResponse, refused};
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::providers::api_center::resources::Stamps;
use crate::emulator::providers::api_center::{existing, resources};
use crate::emulator::store::{StoredResource, View, child_key};

/// How many children a filter reads at once.
const STRIDE: usize = 256;

/// One page of the children of `parent`. The page size and the form of `nextLink` are chosen here:
/// no recording has one.
pub(in crate::emulator) fn page(
    context: &HandlerContext,
    view: View<'_>,
    parent: &ResourcePath,
    kind: &'static dyn ResourceKind,
    request: &HandlerRequest,
) -> HandlerResult {
    existing::service(view, &parent.service)?;
    existing::all_exist(view, &parent.segments)?;
    let filter = request
        .query
        .get("$filter")
        .map(conditions)
        .transpose()?
        .unwrap_or_default();
    let after = request.query.get("$skiptoken").map(skipped).transpose()?;
    let most = context.options.page_size.max(1);
    let mut found = matching(view, parent, kind, &filter, after, most + 1)?;
    let more = found.len() > most;
    found.truncate(most);
    let last = found.last().map(|child| child.record.number);
    let value = found
        .iter()
        .map(|child| {
            let id = format!(
                "{}/{}/{}",
                parent.id,
                collection(request, kind),
                child.record.name
            );
            resources::rendered(view, kind, &child.key, &id, &child.record, Stamps::All)
        })
        .collect::<Result<Vec<Value>, _>>()?;
    let mut body = json!({"value": value});
    if let Some(last) = last.filter(|_| more) {
        body["nextLink"] = json!(next_link(request, last));
    }
    Ok(HandlerResponse::ok(body))
}

/// The collection as the caller wrote it, for the ids of the items.
fn collection<'a>(request: &'a HandlerRequest, kind: &dyn ResourceKind) -> &'a str {
    request
        .path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(kind.collection())
}

fn matching(
    view: View<'_>,
    parent: &ResourcePath,
    kind: &dyn ResourceKind,
    filter: &[Condition],
    after: Option<u64>,
    most: usize,
) -> HandlerResult<Vec<StoredResource>> {
    if filter.is_empty() {
        return Ok(view.children(parent.key(), kind.collection(), after, most)?);
    }
    if let Some(named) = filter.iter().find(|one| one.property == "name") {
        let key = child_key(parent.key(), kind.collection(), &named.value);
        let child = view
            .resource(&key)?
            .map(|record| StoredResource { key, record });
        return Ok(child
            .into_iter()
            .filter(|child| satisfies(child, filter))
            .collect());
    }
    let mut found = Vec::new();
    let mut after = after;
    while found.len() < most {
        let stride = view.children(parent.key(), kind.collection(), after, STRIDE)?;
        let Some(last) = stride.last() else { break };
        after = Some(last.record.number);
        found.extend(stride.into_iter().filter(|child| satisfies(child, filter)));
    }
    found.truncate(most);
    Ok(found)
}

fn satisfies(child: &StoredResource, filter: &[Condition]) -> bool {
    filter.iter().all(|condition| {
        let property = condition.property.trim_start_matches("properties/");
        let value = if property == "name" {
            Some(child.record.name.as_str())
        } else {
            child
                .record
                .properties
                .get(property)
                .and_then(Value::as_str)
        };
        value == Some(condition.value.as_str())
    })
}

fn skipped(token: &str) -> HandlerResult<u64> {
    let number = token
        .strip_prefix("c-")
        .and_then(|number| u64::from_str_radix(number, 16).ok());
    number.ok_or_else(|| refused("The field SkipToken is not valid.").into())
}

fn next_link(request: &HandlerRequest, last: u64) -> String {
    let mut link = format!(
        "{}{}?api-version={}",
        request.base,
        request.path,
        encoded(request.query.get("api-version").unwrap_or_default())
    );
    if let Some(filter) = request.query.get("$filter") {
        link.push_str(&format!("&%24filter={}", encoded(filter)));
    }
    link.push_str(&format!("&%24skiptoken=c-{last:x}"));
    link
}
