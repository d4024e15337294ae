//! Changes that are alike across many resources.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::output::breaking;
use crate::plan::{Action, Author, Change, FieldChange};

/// From this many on, alike changes are a group.
const FEWEST: usize = 3;

/// How alike the changes of a group must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::output) enum Likeness {
    /// The same fields get the same values in place of the same ones.
    Same,
    /// The same fields change.
    SameFields,
    /// The same happens to the same kind of resource.
    SameKind,
}

/// Changes that are alike.
#[derive(Debug, Clone)]
pub(in crate::output) struct Alike<'a> {
    /// What happens to each.
    pub(in crate::output) action: Action,
    /// The changes, all of one kind.
    pub(in crate::output) changes: Vec<&'a Change>,
    /// The fields that change.
    pub(in crate::output) fields: Vec<AlikeField<'a>>,
}

/// A field that changes in a group.
#[derive(Debug, Clone)]
pub(in crate::output) struct AlikeField<'a> {
    /// Which field.
    pub(in crate::output) path: &'a str,
    /// Its change in the first resource that has one.
    pub(in crate::output) first: &'a FieldChange,
    /// In how many resources of the group.
    pub(in crate::output) count: usize,
    /// How.
    pub(in crate::output) values: Values<'a>,
}

/// What the changes of one field have in common.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::output) enum Values<'a> {
    /// All are the same.
    Same,
    /// All get the same value; `None` if all lose theirs.
    SameAfter(Option<&'a Value>),
    /// All get the same text in front of what was there.
    Prefixed(String),
    /// All get the same text behind what was there.
    Suffixed(String),
    /// Nothing.
    Various,
}

/// The groups, by action and the largest first, and the changes that are in none.
pub(in crate::output) fn group<'a>(
    changes: &[&'a Change],
    likeness: Likeness,
) -> (Vec<Alike<'a>>, Vec<&'a Change>) {
    let mut by_key: BTreeMap<String, Vec<&Change>> = BTreeMap::new();
    let mut rest = Vec::new();
    for change in changes {
        match key(change, likeness) {
            Some(key) => by_key.entry(key).or_default().push(change),
            None => rest.push(*change),
        }
    }
    let mut groups = Vec::new();
    for all in by_key.into_values() {
        if all.len() < FEWEST {
            rest.extend(all);
        } else {
            groups.push(alike(all));
        }
    }
    groups.sort_by(|a, b| {
        let order = |group: &Alike<'a>| (group.action, Reverse(group.changes.len()));
        let first = |group: &Alike<'a>| &group.changes[0].address;
        order(a).cmp(&order(b)).then_with(|| first(a).cmp(first(b)))
    });
    (groups, rest)
}

/// What alike changes have in common; `None` for one that is always shown by itself.
fn key(change: &Change, likeness: Likeness) -> Option<String> {
    let action = change.action();
    if action == Action::Rename || !change.unmodelled_fields().dropped_paths.is_empty() {
        return None;
    }
    let blocked = change.blocked.as_ref().map_or("", |block| &block.reason);
    let mut key = vec![
        change.address.kind().name.to_owned(),
        action.word().to_owned(),
        blocked.to_owned(),
        // A rule may block deletes and writes for the same reason.
        change.after().is_none().to_string(),
        change.remark().to_owned(),
        change.author.map_or("", Author::word).to_owned(),
    ];
    match likeness {
        // What a resource holds that is deleted makes no difference.
        _ if change.after().is_none() => {}
        Likeness::SameKind => key.push((breaking::count(change.breaking()) > 0).to_string()),
        _ if action == Action::Create || !change.breaking().is_empty() => return None,
        Likeness::SameFields => {
            let fields = change.fields.iter();
            key.extend(fields.map(|field| format!("{}\0{:?}", field.path, field.author)));
            key.extend(change.fields.is_empty().then(|| change.reason.clone()));
        }
        Likeness::Same => {
            key.push(change.reason.clone());
            for FieldChange {
                path,
                before,
                after,
                author,
                ..
            } in &change.fields
            {
                let side = |value: &Option<Value>| value.as_ref().map(Value::to_string);
                let (before, after) = (side(before), side(after));
                key.push(format!("{path}\0{before:?}\0{after:?}\0{author:?}"));
            }
        }
    }
    Some(key.join("\u{1}"))
}

fn alike(mut changes: Vec<&Change>) -> Alike<'_> {
    changes.sort_by(|a, b| a.address.cmp(&b.address));
    let mut by_path: BTreeMap<&str, Vec<&FieldChange>> = BTreeMap::new();
    for field in changes.iter().flat_map(|change| &change.fields) {
        by_path.entry(&field.path).or_default().push(field);
    }
    let mut fields: Vec<AlikeField<'_>> = Vec::new();
    // In the order in which the first resources have them.
    for field in changes.iter().flat_map(|change| &change.fields) {
        if let Some(all) = by_path.remove(field.path.as_str()) {
            fields.push(AlikeField {
                path: &field.path,
                first: field,
                count: all.len(),
                values: common(&all),
            });
        }
    }
    Alike {
        action: changes[0].action(),
        changes,
        fields,
    }
}

fn common<'a>(all: &[&'a FieldChange]) -> Values<'a> {
    let first = all[0];
    let same_after = all.iter().all(|field| field.after == first.after);
    if same_after && all.iter().all(|field| field.before == first.before) {
        return Values::Same;
    }
    if same_after {
        return Values::SameAfter(first.after.as_ref());
    }
    let texts = |field: &&'a FieldChange| {
        let text = |value: &'a Option<Value>| value.as_ref()?.as_str();
        Some((text(&field.before)?, text(&field.after)?))
    };
    let Some(pairs) = all.iter().map(texts).collect::<Option<Vec<_>>>() else {
        return Values::Various;
    };
    let (before, after) = pairs[0];
    let is_in_all = |test: &dyn Fn(&str, &str) -> bool| pairs.iter().all(|(b, a)| test(b, a));
    if let Some(suffix) = after.strip_prefix(before).filter(|text| !text.is_empty())
        && is_in_all(&|before, after| after.strip_prefix(before) == Some(suffix))
    {
        return Values::Suffixed(suffix.to_owned());
    }
    if let Some(prefix) = after.strip_suffix(before).filter(|text| !text.is_empty())
        && is_in_all(&|before, after| after.strip_suffix(before) == Some(prefix))
    {
        return Values::Prefixed(prefix.to_owned());
    }
    Values::Various
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::output::outline::tests::{create, delete, update_with};
    use crate::plan::Block;

    fn team(name: &str, before: &str) -> Change {
        update_with(name, &[("team", json!(before), json!("platform"))])
    }

    fn grouped(changes: &[Change], likeness: Likeness) -> (Vec<usize>, usize) {
        let all: Vec<&Change> = changes.iter().collect();
        let (groups, rest) = group(&all, likeness);
        let sizes = groups.iter().map(|group| group.changes.len()).collect();
        (sizes, rest.len())
    }

    #[test]
    fn the_same_change_of_three_resources_is_a_group() {
        let two = [team("api/a", "x"), team("api/b", "x")];
        assert_eq!(grouped(&two, Likeness::Same), (vec![], 2));
        let three = [two.as_slice(), &[team("api/c", "x")]].concat();
        assert_eq!(grouped(&three, Likeness::Same), (vec![3], 0));
        let other = [three.as_slice(), &[team("api/d", "y")]].concat();
        assert_eq!(grouped(&other, Likeness::Same), (vec![3], 1));
        assert_eq!(grouped(&other, Likeness::SameFields), (vec![4], 0));
    }

    #[test]
    fn kinds_and_creates_stay_apart() {
        let changes = [
            team("api/a", "x"),
            team("api/b", "x"),
            team("environment/c", "x"),
            create("api/d"),
            create("api/e"),
            create("api/f"),
        ];
        assert_eq!(grouped(&changes, Likeness::SameFields), (vec![], 6));
        assert_eq!(grouped(&changes, Likeness::SameKind), (vec![3], 3));
    }

    #[test]
    fn what_values_have_in_common_is_found() {
        let of = |pairs: &[(&str, &str)]| {
            let fields: Vec<FieldChange> = pairs
                .iter()
                .map(|(before, after)| FieldChange {
                    path: "summary".to_owned(),
                    before: Some(json!(before)),
                    after: Some(json!(after)),
                    place: None,
                    author: None,
                })
                .collect();
            match common(&fields.iter().collect::<Vec<_>>()) {
                Values::Same => "same".to_owned(),
                Values::SameAfter(value) => format!("all {}", value.unwrap()),
                Values::Prefixed(text) => format!("{text} in front"),
                Values::Suffixed(text) => format!("{text} behind"),
                Values::Various => "various".to_owned(),
            }
        };
        assert_eq!(of(&[("a", "b"), ("a", "b")]), "same");
        assert_eq!(of(&[("a", "b"), ("c", "b")]), "all \"b\"");
        assert_eq!(of(&[("a", "a!"), ("c", "c!")]), "! behind");
        assert_eq!(of(&[("a", "!a"), ("c", "!c")]), "! in front");
        assert_eq!(of(&[("a", "!a"), ("c", "c!")]), "various");
    }

    #[test]
    fn a_field_that_goes_or_has_no_text_is_grouped_too() {
        let gone = |before: Value| FieldChange {
            path: "x".to_owned(),
            before: Some(before),
            after: None,
            place: None,
            author: None,
        };
        let (one, two) = (gone(json!(1)), gone(json!([2])));
        assert_eq!(common(&[&one, &two]), Values::SameAfter(None));
        let set = |after: Value| FieldChange {
            after: Some(after),
            before: None,
            ..gone(json!(1))
        };
        let (one, two) = (set(json!(1)), set(json!(2)));
        assert_eq!(common(&[&one, &two]), Values::Various);
    }

    #[test]
    fn groups_begin_with_what_is_blocked_and_the_largest() {
        let mut changes: Vec<Change> = ["a", "b", "c", "d"]
            .map(|name| team(&format!("api/{name}"), "x"))
            .into();
        changes.extend(
            ["a", "b", "c", "d", "e"].map(|name| team(&format!("environment/{name}"), "x")),
        );
        for name in ["x", "y", "z"] {
            let mut one = delete(&format!("integration/{name}"));
            one.blocked = Some(Block {
                code: "protected".into(),
                reason: "protected".to_owned(),
            });
            changes.push(one);
        }
        assert_eq!(grouped(&changes, Likeness::Same), (vec![3, 5, 4], 0));
    }

    #[test]
    fn another_remark_keeps_changes_apart() {
        let mut changes: Vec<Change> = ["a", "b", "c", "d", "e", "f"]
            .map(|name| team(&format!("api/{name}"), "x"))
            .into();
        for change in &mut changes[..3] {
            change.reason = "what it brought in is lost".to_owned();
        }
        assert_eq!(grouped(&changes, Likeness::SameKind), (vec![3, 3], 0));
    }
}
