//! How much of a file was removed and added.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Enum, Pair};
use crate::document::breaking::sum::Sum;

pub(super) fn sums(pair: &Pair<'_>) -> Vec<Sum> {
    let (before, after) = (pair.before, pair.after);
    let mut services = Sum::of("service");
    services.count(&before.services, &after.services);
    let mut messages = Sum::of("message");
    messages.count(&before.messages, &after.messages);
    let mut enums = Sum::of("enum");
    enums.count(&before.enums, &after.enums);
    let mut rpcs = Sum::of("rpc");
    inner(&before.services, &after.services, &mut rpcs, |service| {
        service.rpcs.keys().cloned().collect()
    });
    let mut fields = Sum::of("field");
    inner(&before.messages, &after.messages, &mut fields, |message| {
        message.fields.iter().map(|(number, _)| number).collect()
    });
    let mut values = Sum::of("enum value");
    inner(&before.enums, &after.enums, &mut values, |of: &Enum| {
        of.values.iter().map(|value| value.name.clone()).collect()
    });
    vec![services, rpcs, messages, fields, enums, values]
}

/// Counts what only one of the two sides has in parts of the same name.
fn inner<T, K: Ord>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    sum: &mut Sum,
    keys: impl Fn(&T) -> BTreeSet<K>,
) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let all = |side: &BTreeMap<String, T>| side.get(name).map(&keys).unwrap_or_default();
        let (was, now) = (all(before), all(after));
        sum.removed += was.difference(&now).count();
        sum.added += now.difference(&was).count();
    }
}
