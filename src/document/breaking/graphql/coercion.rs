//! Defaults as what a service takes them for.

use std::collections::BTreeMap;

use super::literal::Literal;
use super::model::{Type, TypeKind};
use super::type_ref::TypeRef;

type Types = BTreeMap<String, Type>;

/// Values that the defaults within one default add to it, at most: inputs may contain each other many times.
const MOST_VALUES: usize = 1000;

/// Values in values, at most.
const MAX_DEPTH: usize = 100;

/// Whether two defaults are the same for a service: one of the old schema and one of the new one, both as values of a
/// type of the new one.
pub(super) fn is_same(
    (before, was): (&Types, &Literal),
    (after, now): (&Types, &Literal),
    of: &TypeRef,
) -> bool {
    // What a default leaves out and what changes there is said of the input.
    if was == now {
        return true;
    }
    let value = |defaults: Option<&Types>, value: &Literal| {
        let mut coercion = Coercion {
            types: after,
            defaults,
            left: MOST_VALUES + value.count(),
        };
        coercion.value(value, of, MAX_DEPTH)
    };
    let is_same = |(was, now): (Option<Literal>, Option<Literal>)| was.is_some() && was == now;
    is_same((value(None, was), value(None, now)))
        || is_same((value(Some(before), was), value(Some(after), now)))
}

struct Coercion<'s> {
    types: &'s Types,
    /// Where the defaults of what is left out come from.
    defaults: Option<&'s Types>,
    left: usize,
}

impl Coercion<'_> {
    /// The value as one of the type: a single value is a list of one, a number may be an `ID`, and what an input leaves
    /// out has its default. `None` if it is too large.
    fn value(&mut self, value: &Literal, of: &TypeRef, depth: usize) -> Option<Literal> {
        self.left = self.left.checked_sub(1)?;
        let depth = depth.checked_sub(1)?;
        Some(match (of, value) {
            (TypeRef::NonNull(inner), value) => self.value(value, inner, depth)?,
            (_, Literal::Name(name)) if name == "null" => value.clone(),
            (TypeRef::List(inner), Literal::List(items)) => Literal::List(
                items
                    .iter()
                    .map(|item| self.value(item, inner, depth))
                    .collect::<Option<_>>()?,
            ),
            (TypeRef::List(inner), value) => Literal::List(vec![self.value(value, inner, depth)?]),
            (TypeRef::Named(name), Literal::Number(text)) => match name.as_str() {
                "ID" => Literal::Text(text.clone()),
                "Float" => Literal::Number(float(text)),
                _ => value.clone(),
            },
            (TypeRef::Named(name), Literal::Object(given)) => {
                Literal::Object(self.object(name, given, depth)?)
            }
            (TypeRef::Named(_), value) => value.clone(),
        })
    }

    fn object(
        &mut self,
        name: &str,
        given: &BTreeMap<String, Literal>,
        depth: usize,
    ) -> Option<BTreeMap<String, Literal>> {
        let mut all = given.clone();
        let of = self.types.get(name);
        let Some(input) = of.filter(|of| of.kind == TypeKind::Input) else {
            return Some(all);
        };
        for (name, field) in self
            .defaults
            .and_then(|types| types.get(name))
            .iter()
            .flat_map(|of| &of.fields)
        {
            if let (false, Some(default)) = (given.contains_key(name), &field.default) {
                all.insert(name.clone(), default.value.clone());
            }
        }
        all.into_iter()
            .map(|(name, value)| {
                let value = match input.fields.get(&name) {
                    Some(field) => self.value(&value, &field.of, depth)?,
                    None => value,
                };
                Some((name, value))
            })
            .collect()
    }
}

/// One text for the texts of one number of 64 bits.
fn float(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => format!("{value:?}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::breaking::graphql::Source;

    /// Whether the two defaults of an argument are the same: `of = value`, with types beside it.
    fn same(one: (&str, &str), other: (&str, &str)) -> bool {
        let schemas = [one, other].map(|(argument, types)| {
            let text = format!("type Query {{ a(x: {argument}): Int }} {types}");
            Source::Language(&text).read().unwrap()
        });
        let arguments = schemas
            .each_ref()
            .map(|schema| &schema.types["Query"].fields["a"].arguments["x"]);
        let defaults = arguments.map(|argument| &argument.default.as_ref().unwrap().value);
        is_same(
            (&schemas[0].types, defaults[0]),
            (&schemas[1].types, defaults[1]),
            &arguments[1].of,
        )
    }

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        let types =
            "input I { a: Float = 1.0 b: [ID!] c: I d: E = A e: Boolean } enum E { A B } scalar S";
        for (of, one, other) in [
            ("[ID]", "1", "[1]"),
            ("[ID]", "1", "\"1\""),
            ("[[Int]]", "1", "[[1]]"),
            ("Float", "-0.0", "0"),
            ("Float", "1.0", "1"),
            ("Float", "1e2", "100.0"),
            ("Float", "9007199254740993.0", "9007199254740992"),
            ("Float!", "0.10", "0.1"),
            ("S", "1.50", "1.5"),
            ("String", "\"A\"", "\"\\u0041\""),
            ("String", "\"a\\nb\"", "\"\"\"\n  a\n  b\n\"\"\""),
            ("I", "{}", "{a: 1, d: A}"),
            (
                "I",
                "{b: 1, c: {}}",
                "{c: {d: A, a: 1.0}, b: [\"1\"], a: 1}",
            ),
            ("[I!]!", "{e: true}", "[{a: 1.0, e: true}]"),
            ("S", "{a: 1, b: 2}", "{b: 2, a: 1}"),
            ("E", "A", "A"),
            ("I", "null", "null"),
        ] {
            let argument = |value: &str| format!("{of} = {value}");
            let (one, other) = (argument(one), argument(other));
            assert!(same((&one, types), (&other, types)), "{one} {other}");
            assert!(same((&other, types), (&one, types)), "{other} {one}");
        }
        for (of, one, other) in [
            ("Int", "1", "2"),
            ("E", "A", "B"),
            ("S", "A", "\"A\""),
            ("[Int]", "null", "[null]"),
            ("[Int]", "[1, 2]", "[2, 1]"),
            ("Float", "1.5", "1"),
            ("S", "9007199254740993", "9007199254740992"),
            ("S", "0.1000000000000000055", "0.1"),
            ("I", "{a: 2}", "{}"),
            ("I", "{e: null}", "{}"),
            ("I", "{e: true}", "{e: false}"),
            ("I", "{c: {d: B}}", "{c: {}}"),
            ("String", "\"1\"", "\"1.0\""),
        ] {
            let argument = |value: &str| format!("{of} = {value}");
            let (one, other) = (argument(one), argument(other));
            assert!(!same((&one, types), (&other, types)), "{one} {other}");
        }
    }

    #[test]
    fn each_schema_has_its_own_defaults_within() {
        let (old, new) = ("input I { a: Int = 1 }", "input I { a: Int = 2 }");
        assert!(same(("I = {}", old), ("I = {}", new)));
        assert!(same(("I = {}", old), ("I = {a: 1}", new)));
        assert!(same(("I = {a: 2}", old), ("I = {}", new)));
        assert!(!same(("I = {a: 1}", old), ("I = {}", new)));
    }

    #[test]
    fn inputs_that_contain_each_other_are_bounded() {
        let endless = "input I { a: I = {} b: Int }";
        assert!(same(("I = {}", endless), ("I = {}", endless)));
        assert!(!same(("I = {}", endless), ("I = {b: 1}", endless)));
        let many: String = (0..40)
            .map(|n| format!("input I{n} {{ a: I{m} = {{}} b: I{m} = {{}} }} ", m = n + 1))
            .collect();
        let many = format!("{many} input I40 {{ a: Int }}");
        assert!(!same(("I0 = {}", &many), ("I0 = {a: null}", &many)));
        assert!(same(("[I0] = {}", &many), ("[I0] = [{}]", &many)));
    }
}
