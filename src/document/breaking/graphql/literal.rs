//! Values that are written in a schema, by what they mean.

use std::collections::BTreeMap;

use apollo_parser::cst::{self, CstNode as _, Definition};

use super::type_ref::TypeRef;
use crate::document::graphql;

/// A value, whichever way it was written.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    /// A number in one notation.
    Number(String),
    /// `true`, `null`, a value of an enum.
    Name(String),
    List(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl Literal {
    /// The value of a syntax tree; the parser bounds how deep it is nested.
    pub(super) fn of(value: &cst::Value) -> Option<Self> {
        use cst::Value as V;
        let text = || value.syntax().text().to_string().trim().to_owned();
        Some(match value {
            V::Variable(_) => return None,
            V::StringValue(it) => Self::Text(it.into()),
            V::IntValue(_) | V::FloatValue(_) => Self::Number(number(&text())),
            V::BooleanValue(_) | V::NullValue(_) => Self::Name(text()),
            V::EnumValue(it) => Self::Name(it.name()?.text().to_string()),
            V::ListValue(it) => {
                Self::List(it.values().map(|it| Self::of(&it)).collect::<Option<_>>()?)
            }
            V::ObjectValue(it) => Self::Object(
                it.object_fields()
                    .map(|field| {
                        let name = field.name()?.text().to_string();
                        Some((name, Self::of(&field.value()?)?))
                    })
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// The value of a text, as introspection gives it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let document = graphql::parse(&format!("input I {{ a: T = {text} }}")).ok()?;
        let Some(Definition::InputObjectTypeDefinition(input)) = document.definitions().next()
        else {
            return None;
        };
        let mut fields = input.input_fields_definition()?.input_value_definitions();
        Self::of(&fields.next()?.default_value()?.value()?)
    }

    /// The value as one of the type: a single value is a list of one, a number an `ID`.
    pub(super) fn coerced(self, of: &TypeRef) -> Self {
        match (of, self) {
            (TypeRef::NonNull(inner), value) => value.coerced(inner),
            (_, Self::Name(name)) if name == "null" => Self::Name(name),
            (TypeRef::List(inner), Self::List(items)) => {
                Self::List(items.into_iter().map(|item| item.coerced(inner)).collect())
            }
            (TypeRef::List(inner), value) => Self::List(vec![value.coerced(inner)]),
            (TypeRef::Named(name), Self::Number(text)) if name == "ID" => Self::Text(text),
            (TypeRef::Named(_), value) => value,
        }
    }
}

/// `1.0` is `1`, and `1e3` is `1000`.
fn number(text: &str) -> String {
    const EXACT: f64 = 9e15;
    match text.parse::<f64>() {
        Ok(value) if text.contains(['.', 'e', 'E']) => match value {
            whole if whole.fract() == 0.0 && whole.abs() < EXACT => format!("{whole:.0}"),
            value => format!("{value:?}"),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        let list = TypeRef::List(Box::new(TypeRef::Named("ID".to_owned())));
        let same = |one: &str, other: &str| {
            let read = |text: &str| Literal::parse(text).unwrap().coerced(&list);
            read(one) == read(other)
        };
        for (one, other) in [
            ("1", "[1]"),
            ("1", "\"1\""),
            ("{a: 1, b: [2 3]}", "[{b: [2, 3] a: 1.0}]"),
            ("1e3", "1000"),
            ("\"a\"", "\"\"\"a\"\"\""),
            ("null", "null"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in [("1", "2"), ("A", "\"A\""), ("null", "[null]"), ("1.5", "1")] {
            assert!(!same(one, other), "{one} {other}");
        }
        assert!(Literal::parse("").is_none() && Literal::parse("}").is_none());
    }
}
