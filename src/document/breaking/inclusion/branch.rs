//! One alternative of a schema in normal form: constraints that all hold at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::numbers::Numbers;

/// The types of JSON; `number` with its own rule for integers.
pub(super) const TYPES: [&str; 6] = ["null", "boolean", "number", "string", "array", "object"];

/// A set of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const ALL: Self = Self(0b11_1111);
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of(name: &str) -> Self {
        let name = if name == "integer" { "number" } else { name };
        TYPES
            .iter()
            .position(|known| *known == name)
            .map_or(Self::NONE, |at| Self(1 << at))
    }

    pub(super) fn of_value(value: &Value) -> Self {
        Self::of(match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        })
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, name: &str) -> bool {
        !self.and(Self::of(name)).is_empty()
    }

    pub(super) fn each(self) -> impl Iterator<Item = &'static str> {
        TYPES.into_iter().filter(move |name| self.has(name))
    }
}

/// A range of lengths or counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

impl Count {
    pub(super) fn meet(&mut self, other: Self) {
        self.least = self.least.max(other.least);
        self.most = match (self.most, other.most) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    pub(super) fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }
}

/// The strings that are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Texts<'a> {
    pub(super) length: Count,
    pub(super) patterns: BTreeSet<&'a str>,
    pub(super) formats: BTreeSet<&'a str>,
}

/// What one schema says about the items of a list.
#[derive(Debug, Clone)]
pub(super) struct ListClause<'a> {
    pub(super) first: Vec<&'a Value>,
    pub(super) rest: Option<&'a Value>,
}

/// `contains`, with how often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contains<'a> {
    pub(super) schema: &'a Value,
    pub(super) count: Count,
}

/// The lists that are accepted.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists<'a> {
    pub(super) count: Count,
    pub(super) is_unique: bool,
    pub(super) clauses: Vec<ListClause<'a>>,
    pub(super) contains: Vec<Contains<'a>>,
}

/// What one schema says about the properties of an object.
#[derive(Debug, Clone)]
pub(super) struct ObjectClause<'a> {
    /// Those it names; without a schema if another keyword judges them.
    pub(super) named: BTreeMap<&'a str, Option<&'a Value>>,
    pub(super) patterns: Vec<(&'a str, Option<&'a Value>)>,
    pub(super) rest: Option<&'a Value>,
}

/// The objects that are accepted.
#[derive(Debug, Clone, Default)]
pub(super) struct Objects<'a> {
    pub(super) count: Count,
    pub(super) required: BTreeSet<&'a str>,
    /// Those that do not travel this way.
    pub(super) hidden: BTreeSet<&'a str>,
    pub(super) forbidden: BTreeSet<&'a str>,
    pub(super) names: Vec<&'a Value>,
    pub(super) clauses: Vec<ObjectClause<'a>>,
}

/// Schemas that all hold for one value.
pub(super) type All<'a> = Vec<&'a Value>;

static NOTHING: Value = Value::Bool(false);

impl<'a> Lists<'a> {
    /// What holds for the item at a position; for those after all named positions without one.
    pub(super) fn item(&self, position: Option<usize>) -> All<'a> {
        let of = |clause: &ListClause<'a>| {
            let own = position.and_then(|at| clause.first.get(at).copied());
            own.or(clause.rest)
        };
        self.clauses.iter().filter_map(of).collect()
    }

    pub(super) fn named_positions(&self) -> usize {
        let lengths = self.clauses.iter().map(|clause| clause.first.len());
        lengths.max().unwrap_or_default()
    }
}

impl<'a> Objects<'a> {
    /// What holds for a property.
    pub(super) fn property(&self, name: &str) -> All<'a> {
        let mut all = All::new();
        if self.forbidden.contains(name) {
            all.push(&NOTHING);
        }
        for clause in &self.clauses {
            let named = clause.named.get(name);
            let patterns: Vec<_> = clause
                .patterns
                .iter()
                .filter(|(pattern, _)| super::patterns::matches(pattern, name) == Some(true))
                .collect();
            all.extend(named.copied().flatten());
            all.extend(patterns.iter().filter_map(|(_, schema)| *schema));
            if named.is_none() && patterns.is_empty() {
                all.extend(clause.rest);
            }
        }
        all
    }

    /// What holds for properties that nothing names.
    pub(super) fn rest(&self) -> All<'a> {
        self.clauses
            .iter()
            .filter_map(|clause| clause.rest)
            .collect()
    }

    pub(super) fn declares(&self, name: &str) -> bool {
        self.clauses
            .iter()
            .any(|clause| clause.named.contains_key(name))
    }

    pub(super) fn declared(&self) -> impl Iterator<Item = &'a str> {
        self.clauses
            .iter()
            .flat_map(|clause| clause.named.keys().copied())
    }

    pub(super) fn patterns(&self) -> BTreeSet<&'a str> {
        let all = self.clauses.iter().flat_map(|clause| &clause.patterns);
        all.map(|(pattern, _)| *pattern).collect()
    }
}

/// Whether a schema accepts everything, as far as is seen at once.
pub(super) fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(all) => *all,
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

pub(super) fn is_nothing(all: &[&Value]) -> bool {
    all.contains(&&NOTHING)
}

/// Constraints that all hold at once.
#[derive(Debug, Clone)]
pub(super) struct Branch<'a> {
    /// What the alternative is called: the last step of its reference, or its title.
    pub(super) label: Option<&'a str>,
    pub(super) types: Types,
    pub(super) values: Option<Vec<&'a Value>>,
    pub(super) numbers: Numbers,
    pub(super) texts: Texts<'a>,
    pub(super) lists: Lists<'a>,
    pub(super) objects: Objects<'a>,
    /// The format that bounds its numbers.
    pub(super) number_format: Option<&'a str>,
    /// Schemas that must not accept the value.
    pub(super) nots: Vec<&'a Value>,
    /// The other alternatives of a `oneOf`, which must not accept it either.
    pub(super) excluded: Vec<&'a Value>,
    /// References that cannot be followed.
    pub(super) unread: Vec<&'a Value>,
    /// Why the schema may refuse what this accepts.
    pub(super) loose: Option<&'static str>,
    /// Why the schema may accept what this refuses.
    pub(super) tight: Option<&'static str>,
}

impl<'a> Branch<'a> {
    pub(super) fn any() -> Self {
        Self {
            label: None,
            types: Types::ALL,
            values: None,
            numbers: Numbers::default(),
            texts: Texts::default(),
            lists: Lists::default(),
            objects: Objects::default(),
            number_format: None,
            nots: Vec::new(),
            excluded: Vec::new(),
            unread: Vec::new(),
            loose: None,
            tight: None,
        }
    }

    pub(super) fn unknown(reason: &'static str) -> Self {
        Self {
            loose: Some(reason),
            ..Self::any()
        }
    }

    /// What both accept.
    pub(super) fn meet(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.label = other.label.or(self.label);
        both.types = self.types.and(other.types);
        both.values = match (&self.values, &other.values) {
            (Some(one), Some(two)) => {
                let shared = one.iter().filter(|v| two.iter().any(|w| equal(v, w)));
                Some(shared.copied().collect())
            }
            (one, two) => one.clone().or_else(|| two.clone()),
        };
        both.numbers.meet(&other.numbers);
        both.number_format = other.number_format.or(self.number_format);
        both.texts.length.meet(other.texts.length);
        both.texts.patterns.extend(&other.texts.patterns);
        both.texts.formats.extend(&other.texts.formats);
        both.lists.count.meet(other.lists.count);
        both.lists.is_unique |= other.lists.is_unique;
        both.lists.clauses.extend_from_slice(&other.lists.clauses);
        both.lists.contains.extend_from_slice(&other.lists.contains);
        both.objects.count.meet(other.objects.count);
        both.objects.required.extend(&other.objects.required);
        both.objects.forbidden.extend(&other.objects.forbidden);
        both.objects.names.extend_from_slice(&other.objects.names);
        both.objects
            .clauses
            .extend_from_slice(&other.objects.clauses);
        both.nots.extend_from_slice(&other.nots);
        both.excluded.extend_from_slice(&other.excluded);
        both.unread.extend_from_slice(&other.unread);
        both.loose = self.loose.or(other.loose);
        both.tight = self.tight.or(other.tight);
        both.settle();
        both
    }

    /// Drops the types of which nothing is left.
    pub(super) fn settle(&mut self) {
        self.numbers.settle();
        if let Some(values) = &mut self.values {
            let (types, numbers) = (self.types, &self.numbers);
            values.retain(|value| {
                let fits = match value {
                    Value::Number(number) => crate::model::Decimal::of(number)
                        .is_none_or(|number| numbers.accepts(&number)),
                    _ => true,
                };
                fits && !types.and(Types::of_value(value)).is_empty()
            });
            let left = values.iter().map(|value| Types::of_value(value));
            self.types = self.types.and(left.fold(Types::NONE, Types::or));
        }
        let empty = [
            ("number", self.numbers.is_empty()),
            ("string", self.texts.length.is_empty()),
            ("array", self.lists.count.is_empty()),
            (
                "object",
                self.objects.count.is_empty()
                    || !self.objects.required.is_disjoint(&self.objects.forbidden),
            ),
        ];
        for (name, is_empty) in empty {
            if is_empty {
                self.types = self.types.without(Types::of(name));
            }
        }
    }
}

/// Whether two values are one to JSON Schema: numbers count by value.
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other
                || crate::model::Decimal::of(one)
                    .is_some_and(|one| Some(one) == crate::model::Decimal::of(other))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| equal(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, a)| other.get(key).is_some_and(|b| equal(a, b)))
        }
        (one, other) => one == other,
    }
}
