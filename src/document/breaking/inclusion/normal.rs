//! Schemas in normal form: a union of branches.

use std::cell::Cell;

use serde_json::Value;

use super::branch::{All, Branch, Types, is_anything};
use super::keywords;
use super::side::{Dialect, Direction, Side};
use crate::document::breaking::tree::{address, entries, flag, items};

/// Branches of one schema, at most.
const MOST_BRANCHES: usize = 64;

/// Schemas that hold for one value and are within one another, at most.
const DEEPEST: usize = 128;

/// Schemas that hold for one value, at most.
const MOST_SCHEMAS: usize = 2000;

const TOO_MANY: &str = "its alternatives are too many to compare";

/// Brings the schemas of one document to normal form.
#[derive(Clone, Copy)]
pub(super) struct Normal<'s, 'a> {
    pub(super) side: &'s Side<'a>,
    pub(super) direction: Direction,
    /// Whether its values have to be accepted by the other side.
    pub(super) is_narrow: bool,
    /// Schemas that may still be looked at.
    pub(super) budget: &'s Cell<usize>,
}

/// Schemas that are being read for one value.
struct Trail {
    schemas: Vec<usize>,
    /// Schemas that may still be read for it.
    left: usize,
}

type Union<'a> = Vec<Branch<'a>>;

impl<'a> Normal<'_, 'a> {
    /// What all the schemas accept, as alternatives. None if nothing fits.
    pub(super) fn union(&self, schemas: &[&'a Value]) -> Union<'a> {
        let mut trail = Trail {
            schemas: Vec::new(),
            left: MOST_SCHEMAS,
        };
        let mut union = vec![Branch::any()];
        for schema in schemas {
            let next = self.of(schema, &mut trail);
            union = product(&union, &next);
        }
        for branch in &mut union {
            self.hide(branch);
        }
        union
    }

    /// Properties that only the other side sets are neither required nor sent.
    fn hide(&self, branch: &mut Branch<'a>) {
        let names: Vec<&str> = branch
            .objects
            .declared()
            .filter(|name| self.is_hidden(&branch.objects.property(name)))
            .collect();
        for name in names {
            branch.objects.required.remove(name);
            branch.objects.hidden.insert(name);
        }
    }

    /// Whether one of the schemas says that the value does not travel this way.
    fn is_hidden(&self, schemas: &All<'a>) -> bool {
        let key = hiding_keyword(self.direction);
        schemas.iter().any(|schema| {
            let mut schema = *schema;
            for _ in 0..8 {
                if flag(schema, key) {
                    return true;
                }
                match self.side.target(schema) {
                    Some((_, Some(target))) => schema = target,
                    _ => return false,
                }
            }
            false
        })
    }

    fn of(&self, schema: &'a Value, trail: &mut Trail) -> Union<'a> {
        let left = self.budget.get();
        if left == 0 || trail.left == 0 {
            return vec![Branch::unknown(
                "the descriptions are too large to compare whole",
            )];
        }
        self.budget.set(left - 1);
        trail.left -= 1;
        match schema {
            Value::Bool(true) => return vec![Branch::any()],
            Value::Bool(false) => return Vec::new(),
            Value::Object(map) if map.is_empty() => return vec![Branch::any()],
            Value::Object(_) => {}
            _ => return vec![Branch::unknown("it is not a schema")],
        }
        let at = address(schema);
        if trail.schemas.contains(&at) {
            return vec![Branch::unknown("the schema refers to itself")];
        }
        if trail.schemas.len() > DEEPEST {
            // What else there is would be given up in the same way, once for each way to it.
            trail.left = 0;
            return vec![Branch::unknown("it is nested too deep")];
        }
        trail.schemas.push(at);
        let union = self.of_object(schema, trail);
        trail.schemas.pop();
        union
    }

    fn of_object(&self, schema: &'a Value, trail: &mut Trail) -> Union<'a> {
        let mut own = keywords::read(schema, self.side.dialect);
        // Nobody who describes properties only sends anything but an object.
        if self.is_narrow && schema.get("type").is_none() && schema.get("properties").is_some() {
            own.types = own.types.and(Types::of("object"));
        }
        let mut union = vec![own];
        if let Some((reference, target)) = self.side.target(schema) {
            let mut referred = match target {
                Some(target) => self.of(target, trail),
                None => vec![Branch {
                    unread: vec![schema],
                    ..Branch::any()
                }],
            };
            let last = reference.rsplit(['/', '#']).next();
            referred
                .iter_mut()
                .for_each(|branch| branch.label = branch.label.or(last));
            if self.side.dialect == Dialect::OpenApi {
                return referred;
            }
            union = product(&union, &referred);
        }
        for part in items(schema, "allOf") {
            union = product(&union, &self.of(part, trail));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(all) = schema.get(keyword).and_then(Value::as_array) {
                union = product(&union, &self.alternatives(all, keyword == "oneOf", trail));
            }
        }
        union = self.conditional(schema, union, trail);
        union = self.dependent(schema, union, trail);
        for branch in &mut union {
            keywords::unevaluated(schema, branch);
        }
        union
    }

    fn alternatives(&self, all: &'a [Value], is_one: bool, trail: &mut Trail) -> Union<'a> {
        let mut union = Union::new();
        for (at, schema) in all.iter().enumerate() {
            let mut branches = self.of(schema, trail);
            if is_one && all.len() > 1 {
                let others = || all.iter().enumerate().filter(|(other, _)| *other != at);
                for branch in &mut branches {
                    branch.excluded.extend(others().map(|(_, other)| other));
                }
            }
            union.extend(branches);
            if union.len() > MOST_BRANCHES {
                return vec![Branch::unknown(TOO_MANY)];
            }
        }
        union
    }

    /// `if`, `then` and `else`: either the first two hold, or the last and not the first.
    fn conditional(&self, schema: &'a Value, union: Union<'a>, trail: &mut Trail) -> Union<'a> {
        let Some(condition) = schema.get("if") else {
            return union;
        };
        let (then, otherwise) = (schema.get("then"), schema.get("else"));
        if then.is_none() && otherwise.is_none() {
            return union;
        }
        let mut first = self.of(condition, trail);
        if let Some(then) = then {
            first = product(&first, &self.of(then, trail));
        }
        let mut second =
            otherwise.map_or_else(|| vec![Branch::any()], |schema| self.of(schema, trail));
        for branch in &mut second {
            branch.nots.push(condition);
        }
        first.extend(second);
        product(&union, &first)
    }

    /// What holds only if a property is there.
    fn dependent(&self, schema: &'a Value, mut union: Union<'a>, trail: &mut Trail) -> Union<'a> {
        let conditions = ["dependentRequired", "dependentSchemas", "dependencies"]
            .into_iter()
            .flat_map(|key| entries(schema, key));
        for (name, needed) in conditions {
            let mut absent = Branch::any();
            absent.objects.forbidden.insert(name);
            let mut present = Branch::any();
            present.objects.required.insert(name);
            present.types = Types::of("object");
            let mut both = match needed {
                Value::Array(names) => {
                    present
                        .objects
                        .required
                        .extend(names.iter().filter_map(Value::as_str));
                    vec![present]
                }
                needed => product(&[present], &self.of(needed, trail)),
            };
            both.push(absent);
            union = product(&union, &both);
        }
        union
    }
}

/// The keyword that says that only the other side sets a value.
pub(super) fn hiding_keyword(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// What both unions accept.
fn product<'a>(one: &[Branch<'a>], other: &[Branch<'a>]) -> Union<'a> {
    if one.len() * other.len() > MOST_BRANCHES {
        return vec![Branch::unknown(TOO_MANY)];
    }
    let pairs = one
        .iter()
        .flat_map(|one| other.iter().map(move |other| one.meet(other)));
    pairs.filter(|branch| !branch.types.is_empty()).collect()
}

/// Whether a list of schemas says nothing.
pub(super) fn says_nothing(all: &[&Value]) -> bool {
    all.iter().all(|schema| is_anything(schema))
}
