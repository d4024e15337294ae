//! Values that are written in a schema, by what they mean.

use std::collections::BTreeMap;

use apollo_parser::cst::{self, CstNode as _, Definition};

use crate::document::graphql;
use crate::model::Decimal;

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

    /// How many values it consists of, with itself.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::count).sum::<usize>(),
            Self::Object(fields) => 1 + fields.values().map(Self::count).sum::<usize>(),
            Self::Text(_) | Self::Number(_) | Self::Name(_) => 1,
        }
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
}

/// `1.0` is `1`, `-0` is `0`, and `1e3` is `1000`.
fn number(text: &str) -> String {
    let exact = Decimal::parse(text);
    exact.map_or_else(|| text.to_owned(), |exact| exact.canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        let same = |one: &str, other: &str| Literal::parse(one) == Literal::parse(other);
        for (one, other) in [
            ("{a: 1, b: [2 3]}", "{b: [2, 3] a: 1.0}"),
            ("1e3", "1000"),
            ("-0.0", "0"),
            ("-0", "0"),
            ("\"a\"", "\"\"\"a\"\"\""),
            ("null", "null"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("1", "2"),
            ("A", "\"A\""),
            ("null", "[null]"),
            ("1.5", "1"),
            ("1", "\"1\""),
            ("1", "[1]"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
        assert!(Literal::parse("").is_none() && Literal::parse("}").is_none());
    }
}
