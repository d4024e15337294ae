//! Two schemas, and what has to be known about them before their parts are compared.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::model::{Field, Schema, Type, TypeKind};
use super::type_ref::TypeRef;

pub(super) struct Pair<'a> {
    pub(super) before: &'a Schema,
    pub(super) after: &'a Schema,
    /// The new names of root types that have another one.
    renamed: BTreeMap<&'a str, &'a str>,
    /// Their old names, by the new ones.
    old_names: BTreeMap<&'a str, &'a str>,
    /// The types of arguments and input fields, in the old schema.
    inputs: BTreeSet<&'a str>,
    /// The types of fields of responses, in the old schema.
    outputs: BTreeSet<&'a str>,
    /// The types of arguments of directives that only schemas have.
    of_schemas: BTreeSet<&'a str>,
    /// Which new type may be where an old one was, once that was asked.
    replaces: RefCell<HashMap<(&'a str, &'a str), bool>>,
}

impl<'a> Pair<'a> {
    pub(super) fn of(before: &'a Schema, after: &'a Schema) -> Self {
        let renamed = renamed_roots(before, after);
        let mut pair = Self {
            before,
            after,
            old_names: renamed.iter().map(|(was, now)| (*now, *was)).collect(),
            renamed,
            inputs: BTreeSet::new(),
            outputs: BTreeSet::new(),
            of_schemas: BTreeSet::new(),
            replaces: RefCell::default(),
        };
        for of in before.types.values() {
            let (fields, is_input) = (of.fields.values(), of.kind == TypeKind::Input);
            let names = fields.clone().map(|field| field.of.name());
            match is_input {
                true => pair.inputs.extend(names),
                false => pair.outputs.extend(names),
            }
            pair.inputs
                .extend(fields.flat_map(|field| argument_types(&field.arguments)));
        }
        for directive in before.directives.iter().flat_map(BTreeMap::values) {
            let types = argument_types(&directive.arguments);
            match directive.is_of_callers() {
                true => pair.inputs.extend(types),
                false => pair.of_schemas.extend(types),
            }
        }
        pair
    }

    /// What the new schema calls a type.
    pub(super) fn new_name(&self, name: &'a str) -> &'a str {
        self.renamed.get(name).copied().unwrap_or(name)
    }

    /// What the old schema calls a type of the new one.
    pub(super) fn old_name<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.old_names.get(name).copied().unwrap_or(name)
    }

    /// The types of both schemas, with the old name.
    pub(super) fn types(&self) -> impl Iterator<Item = (&'a str, &'a Type, Option<&'a Type>)> {
        self.before.types.iter().map(|(name, was)| {
            let now = self.after.types.get(self.new_name(name));
            (name.as_str(), was, now)
        })
    }

    /// The types that only the new schema has.
    pub(super) fn added_types(&self) -> impl Iterator<Item = (&'a str, &'a Type)> {
        self.after
            .types
            .iter()
            .map(|(name, of)| (name.as_str(), of))
            .filter(|(name, _)| !self.before.types.contains_key(self.old_name(name)))
    }

    /// Whether callers may send values of a type; so may those of one that nothing uses.
    pub(super) fn is_sent(&self, name: &str) -> bool {
        self.inputs.contains(name)
            || !self.outputs.contains(name) && !self.of_schemas.contains(name)
    }

    /// Whether callers may receive values of a type; so may those of one that nothing uses.
    pub(super) fn is_received(&self, name: &str) -> bool {
        self.outputs.contains(name)
            || !self.inputs.contains(name) && !self.of_schemas.contains(name)
    }

    /// Whether everything that a field has now could be there before.
    pub(super) fn still_returns(&self, now: &'a TypeRef, was: &'a TypeRef) -> bool {
        use TypeRef as T;
        match (now, was) {
            (T::NonNull(now), T::NonNull(was)) => self.still_returns(now, was),
            (_, T::NonNull(_)) => false,
            (T::NonNull(now), was) => self.still_returns(now, was),
            (T::List(now), T::List(was)) => self.still_returns(now, was),
            (T::Named(now), T::Named(was)) => self.is_one_of(now, was),
            (T::List(_), T::Named(_)) | (T::Named(_), T::List(_)) => false,
        }
    }

    /// Whether everything that callers wrote is still accepted. A single value is a list of one; a variable is not, but
    /// which operations have variables is not known here.
    pub(super) fn still_accepts(&self, was: &'a TypeRef, now: &TypeRef) -> bool {
        use TypeRef as T;
        match (was, now) {
            (T::NonNull(was), T::NonNull(now)) => self.still_accepts(was, now),
            (_, T::NonNull(_)) => false,
            (T::NonNull(was), now) => self.still_accepts(was, now),
            (T::List(was), T::List(now)) => self.still_accepts(was, now),
            (T::Named(_), T::List(now)) => self.still_accepts(was, now.nullable()),
            (T::Named(was), T::Named(now)) => self.new_name(was) == now,
            (T::List(_), T::Named(_)) => false,
        }
    }

    /// Whether that depends on how a service takes a list where lists in a list are: older editions of the specification
    /// refuse items that are not lists.
    pub(super) fn relies_on_items(was: &TypeRef, now: &TypeRef) -> bool {
        match (was.nullable(), now.nullable()) {
            (TypeRef::List(was), TypeRef::List(now)) => {
                let is_list = |of: &TypeRef| matches!(of.nullable(), TypeRef::List(_));
                !is_list(was) && is_list(now) || Self::relies_on_items(was, now)
            }
            _ => false,
        }
    }

    /// Whether every object of the one type may be where the other one was.
    fn is_one_of(&self, now: &'a str, was: &'a str) -> bool {
        if now == self.new_name(was) {
            return true;
        }
        let mut known = self.replaces.borrow_mut();
        *known
            .entry((now, was))
            .or_insert_with(|| self.replaces(now, was))
    }

    fn replaces(&self, now: &str, was: &'a str) -> bool {
        let Some(of) = self.after.types.get(now) else {
            return false;
        };
        let old = self.before.types.get(was);
        if let Some(old) = old.filter(|old| old.kind == TypeKind::Union) {
            let is_member = |member: &str| old.values.contains_key(self.old_name(member));
            return match of.kind {
                TypeKind::Union => of.values.keys().all(|member| is_member(member)),
                _ => is_member(now),
            };
        }
        of.kind != TypeKind::Union && of.interfaces.contains_key(self.new_name(was))
    }
}

fn argument_types(arguments: &BTreeMap<String, Field>) -> impl Iterator<Item = &str> {
    arguments.values().map(|argument| argument.of.name())
}

/// Root types that only the old schema has, and that have another name in the new one.
fn renamed_roots<'a>(before: &'a Schema, after: &'a Schema) -> BTreeMap<&'a str, &'a str> {
    let mut renamed = BTreeMap::new();
    for (word, was) in &before.roots {
        if let Some(now) = after.roots.get(word)
            && !after.types.contains_key(&was.name)
            && !before.types.contains_key(&now.name)
            && after.types.contains_key(&now.name)
        {
            renamed.insert(was.name.as_str(), now.name.as_str());
        }
    }
    renamed
}
