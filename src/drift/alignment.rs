//! Which items of two lists are the same.

use serde_json::Value;

/// Fields that say what an item is, the most telling first.
const IDENTITIES: [&str; 6] = ["name", "entity", "const", "title", "url", "email"];

/// The most pairs of items that are compared (chosen here); longer lists are written whole.
const MOST_PAIRS: usize = 250_000;

/// What happens to a list, in the order of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// An old item stays as it is.
    Keep(usize),
    /// An old item becomes a new one.
    Change(usize, usize),
    /// An old item is removed.
    Remove(usize),
    /// A new item is added.
    Add(usize),
}

/// The moves from one list to another that keep as many items as possible; `None` if the lists are too long.
pub(super) fn moves(old: &[Value], new: &[Value]) -> Option<Vec<Move>> {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return None;
    }
    let mut moves = Vec::new();
    let (mut next_old, mut next_new) = (0, 0);
    for (i, j) in common(old, new) {
        between(old, new, (next_old..i, next_new..j), &mut moves);
        moves.push(Move::Keep(i));
        (next_old, next_new) = (i + 1, j + 1);
    }
    let rest = (next_old..old.len(), next_new..new.len());
    between(old, new, rest, &mut moves);
    Some(moves)
}

/// The longest common subsequence, as pairs of positions.
fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut lengths = vec![0_usize; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = match old[i] == new[j] {
                true => lengths[(i + 1) * width + j + 1] + 1,
                false => lengths[(i + 1) * width + j].max(lengths[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// What happens between two items that stay: items with the same identity change, then as many as there are on both
/// sides; the rest is removed or added.
fn between(
    old: &[Value],
    new: &[Value],
    (from, to): (std::ops::Range<usize>, std::ops::Range<usize>),
    moves: &mut Vec<Move>,
) {
    let mut to = to;
    for i in from.clone() {
        let mut rest = to.clone();
        let same = rest.find(|&j| is_same(&old[i], &new[j]));
        let left = from.end - i;
        match same {
            Some(j) => {
                moves.extend((to.start..j).map(Move::Add));
                moves.push(Move::Change(i, j));
                to.start = j + 1;
            }
            None if to.len() >= left && can_become(&old[i], &new[to.start]) => {
                moves.push(Move::Change(i, to.start));
                to.start += 1;
            }
            None => moves.push(Move::Remove(i)),
        }
    }
    moves.extend(to.map(Move::Add));
}

fn is_same(old: &Value, new: &Value) -> bool {
    let identity = |value: &Value| {
        let found = IDENTITIES
            .iter()
            .find_map(|field| Some((field, value.get(field)?)));
        found.map(|(field, value)| (*field, value.clone()))
    };
    let (old, new) = (identity(old), identity(new));
    old.is_some() && old == new
}

/// Whether one is edited into the other, as opposed to removed: scalars, and mappings that nothing identifies.
fn can_become(old: &Value, new: &Value) -> bool {
    let is_anonymous = |value: &Value| IDENTITIES.iter().all(|field| value.get(field).is_none());
    match (old, new) {
        (Value::Object(_), Value::Object(_)) => is_anonymous(old) && is_anonymous(new),
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(old: Value, new: Value) -> Vec<Move> {
        moves(old.as_array().unwrap(), new.as_array().unwrap()).unwrap()
    }

    #[test]
    fn items_that_are_equal_stay() {
        use Move::{Add, Change, Keep, Remove};
        assert_eq!(
            found(json!([1, 2, 3]), json!([1, 3])),
            [Keep(0), Remove(1), Keep(2)]
        );
        assert_eq!(
            found(json!([1, 3]), json!([1, 2, 3])),
            [Keep(0), Add(1), Keep(1)]
        );
        assert_eq!(
            found(json!([1, 2]), json!([1, 4, 5])),
            [Keep(0), Change(1, 1), Add(2)]
        );
        assert_eq!(found(json!([]), json!([1])), [Add(0)]);
        let named = |name: &str, x: u8| json!({"name": name, "x": x});
        assert_eq!(
            found(
                json!([named("a", 1), named("b", 1), named("c", 1)]),
                json!([named("new", 1), named("b", 2), named("c", 1)])
            ),
            [Remove(0), Add(0), Change(1, 1), Keep(2)]
        );
        assert_eq!(
            found(json!([{"x": 1}]), json!([{"x": 2}, {"x": 3}])),
            [Change(0, 0), Add(1)]
        );
    }
}
