//! A GraphQL schema from its schema definition language.

use apollo_parser::SyntaxNode;
use apollo_parser::cst::{
    ArgumentsDefinition, CstChildren, CstNode, Definition, EnumValuesDefinition, FieldsDefinition,
    ImplementsInterfaces, InputFieldsDefinition, InputValueDefinition, Name,
    RootOperationTypeDefinition, Type as TypeNode, UnionMemberTypes,
};

use super::graphql::{Field, Schema, Type};
use crate::document::graphql;

/// Reads a schema; `None` if the text is not well-formed, or holds operations or no types.
pub(super) fn read(text: &str) -> Option<Schema> {
    let document = graphql::parse(text).ok()?;
    let mut schema = Schema::default();
    for definition in document.definitions() {
        define(&mut schema, &definition)?;
    }
    if schema.roots.is_empty() {
        for name in ["Query", "Mutation", "Subscription"] {
            if schema.types.contains_key(name) {
                schema.roots.insert(name.to_lowercase(), name.to_owned());
            }
        }
    }
    (!schema.types.is_empty()).then_some(schema)
}

fn define(schema: &mut Schema, definition: &Definition) -> Option<()> {
    use Definition as D;
    let kind = match definition {
        D::SchemaDefinition(it) => return roots(schema, it.root_operation_type_definitions()),
        D::SchemaExtension(it) => return roots(schema, it.root_operation_type_definitions()),
        D::DirectiveDefinition(_) => return Some(()),
        D::OperationDefinition(_) | D::FragmentDefinition(_) => return None,
        D::ScalarTypeDefinition(_) | D::ScalarTypeExtension(_) => "scalar",
        D::ObjectTypeDefinition(_) | D::ObjectTypeExtension(_) => "type",
        D::InterfaceTypeDefinition(_) | D::InterfaceTypeExtension(_) => "interface",
        D::UnionTypeDefinition(_) | D::UnionTypeExtension(_) => "union",
        D::EnumTypeDefinition(_) | D::EnumTypeExtension(_) => "enum",
        D::InputObjectTypeDefinition(_) | D::InputObjectTypeExtension(_) => "input",
    };
    let defined = schema.types.entry(text(definition.name())?).or_default();
    // An extension may come before what it extends.
    kind.clone_into(&mut defined.kind);
    extend(defined, definition.syntax())
}

fn roots(schema: &mut Schema, roots: CstChildren<RootOperationTypeDefinition>) -> Option<()> {
    for root in roots {
        let operation = root.operation_type()?.syntax().text().to_string();
        let name = text(root.named_type()?.name())?;
        schema.roots.insert(operation.trim().to_owned(), name);
    }
    Some(())
}

/// Adds what a definition, or an extension, says of a type.
fn extend(defined: &mut Type, definition: &SyntaxNode) -> Option<()> {
    if let Some(it) = part::<ImplementsInterfaces>(definition) {
        for interface in it.named_types() {
            defined.interfaces.insert(text(interface.name())?);
        }
    }
    if let Some(it) = part::<UnionMemberTypes>(definition) {
        for member in it.named_types() {
            defined.values.insert(text(member.name())?);
        }
    }
    if let Some(it) = part::<EnumValuesDefinition>(definition) {
        for value in it.enum_value_definitions() {
            defined.values.insert(text(value.enum_value()?.name())?);
        }
    }
    if let Some(it) = part::<FieldsDefinition>(definition) {
        for field in it.field_definitions() {
            let read = Field {
                kind: type_text(&field.ty()?)?,
                arguments: match part::<ArgumentsDefinition>(field.syntax()) {
                    Some(it) => inputs(it.input_value_definitions())?.into_iter().collect(),
                    None => Default::default(),
                },
                has_default: false,
            };
            defined.fields.insert(text(field.name())?, read);
        }
    }
    if let Some(it) = part::<InputFieldsDefinition>(definition) {
        defined.fields.extend(inputs(it.input_value_definitions())?);
    }
    Some(())
}

/// Arguments, or fields of an input.
fn inputs(definitions: CstChildren<InputValueDefinition>) -> Option<Vec<(String, Field)>> {
    definitions
        .map(|input| {
            let field = Field {
                kind: type_text(&input.ty()?)?,
                has_default: input.default_value().is_some(),
                ..Field::default()
            };
            Some((text(input.name())?, field))
        })
        .collect()
}

/// `[String!]!`; the parser bounds how deep lists are nested.
fn type_text(node: &TypeNode) -> Option<String> {
    match node {
        TypeNode::NamedType(named) => text(named.name()),
        TypeNode::ListType(list) => Some(format!("[{}]", type_text(&list.ty()?)?)),
        TypeNode::NonNullType(inner) => {
            let inner = match (inner.named_type(), inner.list_type()) {
                (Some(named), _) => TypeNode::NamedType(named),
                (None, Some(list)) => TypeNode::ListType(list),
                (None, None) => return None,
            };
            Some(format!("{}!", type_text(&inner)?))
        }
    }
}

fn text(name: Option<Name>) -> Option<String> {
    Some(name?.text().to_string())
}

fn part<N: CstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}
