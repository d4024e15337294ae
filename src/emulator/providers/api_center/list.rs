//! Lists: in order of creation (observed), in pages, filtered.

use serde_json::{Value, json};

use crate::emulator::core::request::{Call, encoded};
use crate::emulator::core::response::{Answer, Outcome, refused};
use crate::emulator::providers::api_center::actions::Context;
use crate::emulator::providers::api_center::kinds::Kind;
use crate::emulator::providers::api_center::resources::{self, Stamps};
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Child, View, child_key};

/// How many children are looked at in one go while a filter is searching.
const STRIDE: usize = 256;

/// One condition of a `$filter`: a property equals a text, case-sensitively (observed).
#[derive(Debug, PartialEq, Eq)]
pub(in crate::emulator) struct Condition {
    pub(in crate::emulator) property: String,
    pub(in crate::emulator) value: String,
}

/// One page of the children of `parent`. The page size and the form of `nextLink` are chosen here:
/// no recording has one.
pub(in crate::emulator) fn page(
    context: &Context,
    view: View<'_>,
    parent: &At,
    kind: &'static dyn Kind,
    call: &Call,
) -> Outcome {
    resources::service(view, &parent.service)?;
    resources::all_exist(view, &parent.steps)?;
    let filter = call
        .query
        .get("$filter")
        .map(conditions)
        .transpose()?
        .unwrap_or_default();
    let after = call.query.get("$skiptoken").map(skipped).transpose()?;
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
                parent.path,
                collection(call, kind),
                child.record.name
            );
            resources::rendered(view, kind, &child.key, &id, &child.record, Stamps::All)
        })
        .collect::<Result<Vec<Value>, _>>()?;
    let mut body = json!({"value": value});
    if let Some(last) = last.filter(|_| more) {
        body["nextLink"] = json!(next_link(call, last));
    }
    Ok(Answer::ok(body))
}

/// The collection as the caller wrote it, for the ids of the items.
fn collection<'a>(call: &'a Call, kind: &dyn Kind) -> &'a str {
    call.path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(kind.collection())
}

fn matching(
    view: View<'_>,
    parent: &At,
    kind: &dyn Kind,
    filter: &[Condition],
    after: Option<u64>,
    most: usize,
) -> Outcome<Vec<Child>> {
    if filter.is_empty() {
        return Ok(view.children(parent.key(), kind.collection(), after, most)?);
    }
    if let Some(named) = filter.iter().find(|one| one.property == "name") {
        let key = child_key(parent.key(), kind.collection(), &named.value);
        let child = view.resource(&key)?.map(|record| Child { key, record });
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

fn satisfies(child: &Child, filter: &[Condition]) -> bool {
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

/// Reads `property eq 'value'`, several joined by `and`. Anything else is refused rather than
/// ignored (chosen here).
pub(in crate::emulator) fn conditions(filter: &str) -> Outcome<Vec<Condition>> {
    let bad = || {
        refused(format!(
            "Invalid filter '{filter}'. Supported: property eq 'value' [and …]."
        ))
    };
    let mut conditions = Vec::new();
    let mut rest = filter.trim();
    loop {
        let (property, after) = rest.split_once(' ').ok_or_else(bad)?;
        let quoted = after.trim_start().strip_prefix("eq ").ok_or_else(bad)?;
        let quoted = quoted.trim_start().strip_prefix('\'').ok_or_else(bad)?;
        let (value, left) = unquoted(quoted).ok_or_else(bad)?;
        conditions.push(Condition {
            property: property.to_owned(),
            value,
        });
        rest = left.trim_start();
        if rest.is_empty() {
            return Ok(conditions);
        }
        rest = rest.strip_prefix("and ").ok_or_else(bad)?.trim_start();
    }
}

/// The text up to the closing quote (a doubled quote is one quote), and what follows.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return Some((value, &text[at + 1..]));
        }
    }
    None
}

fn skipped(token: &str) -> Outcome<u64> {
    let number = token
        .strip_prefix("c-")
        .and_then(|number| u64::from_str_radix(number, 16).ok());
    number.ok_or_else(|| refused("The field SkipToken is not valid.").into())
}

fn next_link(call: &Call, last: u64) -> String {
    let mut link = format!(
        "{}{}?api-version={}",
        call.base,
        call.path,
        encoded(call.query.get("api-version").unwrap_or_default())
    );
    if let Some(filter) = call.query.get("$filter") {
        link.push_str(&format!("&%24filter={}", encoded(filter)));
    }
    link.push_str(&format!("&%24skiptoken=c-{last:x}"));
    link
}

#[cfg(test)]
mod tests {
    use super::{Condition, conditions};

    fn condition(property: &str, value: &str) -> Condition {
        Condition {
            property: property.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn filters_are_equalities() {
        let read = |filter| conditions(filter).ok();
        assert_eq!(read("name eq 'x'"), Some(vec![condition("name", "x")]));
        assert_eq!(
            read("kind eq 'rest' and title eq 'it''s'"),
            Some(vec![condition("kind", "rest"), condition("title", "it's")])
        );
        assert_eq!(read("name ne 'x'"), None);
        assert_eq!(read("name eq 'x"), None);
        assert_eq!(read("startswith(name,'x')"), None);
    }
}
