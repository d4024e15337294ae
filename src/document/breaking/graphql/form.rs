//! A schema in its language, in a form that is the same however it is written.

use std::collections::BTreeMap;

use apollo_parser::cst::{CstNode as _, Definition, StringValue};
use apollo_parser::{SyntaxElement, SyntaxKind, SyntaxNode};

use super::model::ROOTS;
use crate::document::breaking::sameness::form::Form;
use crate::document::graphql;

/// One statement for each member of a type, whether the type or an extension of it has the member; `None` if the text
/// cannot be read.
pub(in crate::document::breaking) fn form(text: &str) -> Option<Form> {
    let document = graphql::parse(text).ok()?;
    let mut form = Form::default();
    let mut owners: BTreeMap<String, bool> = BTreeMap::new();
    for definition in document.definitions() {
        let node = definition.syntax();
        let owner = match definition.name() {
            Some(name) => format!("{} {}", word(&definition)?, name.text()),
            None => word(&definition)?.to_owned(),
        };
        let is_defined = !definition.is_extension_definition();
        *owners.entry(owner.clone()).or_default() |= is_defined;
        for element in node.children_with_tokens() {
            let members = match &element {
                SyntaxElement::Token(token) if token.kind() == SyntaxKind::repeatable_KW => {
                    form.meaning.push(format!("{owner} repeatable"));
                    continue;
                }
                SyntaxElement::Node(node) if is_set(node.kind()) => node.children().collect(),
                SyntaxElement::Node(node) if node.kind() != SyntaxKind::NAME => vec![node.clone()],
                _ => continue,
            };
            for member in members {
                if member.kind() == SyntaxKind::DESCRIPTION {
                    form.descriptions
                        .push(format!("{owner}: {}", description(&member)));
                    continue;
                }
                let said = spelt(&member, &owner, &mut form.descriptions);
                form.meaning
                    .push(format!("{owner} {:?} {said}", member.kind()));
            }
        }
    }
    // Without a definition of the schema, the names of types say where operations begin.
    if owners.get("schema") != Some(&true) {
        for (operation, name) in ROOTS {
            if owners.contains_key(&format!("type {name}")) {
                let kind = SyntaxKind::ROOT_OPERATION_TYPE_DEFINITION;
                form.meaning
                    .push(format!("schema {kind:?} {operation} : {name}"));
            }
        }
        owners.insert("schema".to_owned(), true);
    }
    form.meaning
        .extend(owners.into_iter().map(|owner| format!("{owner:?}")));
    Some(form.sorted())
}

/// The word that a definition or an extension begins with, behind `extend`.
fn word(definition: &Definition) -> Option<&'static str> {
    use Definition as D;
    Some(match definition {
        D::SchemaDefinition(_) | D::SchemaExtension(_) => "schema",
        D::DirectiveDefinition(_) => "directive",
        D::ScalarTypeDefinition(_) | D::ScalarTypeExtension(_) => "scalar",
        D::ObjectTypeDefinition(_) | D::ObjectTypeExtension(_) => "type",
        D::InterfaceTypeDefinition(_) | D::InterfaceTypeExtension(_) => "interface",
        D::UnionTypeDefinition(_) | D::UnionTypeExtension(_) => "union",
        D::EnumTypeDefinition(_) | D::EnumTypeExtension(_) => "enum",
        D::InputObjectTypeDefinition(_) | D::InputObjectTypeExtension(_) => "input",
        D::OperationDefinition(_) | D::FragmentDefinition(_) => return None,
    })
}

/// Whether the order of what is in a part makes no difference.
fn is_set(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::ARGUMENTS
            | K::ARGUMENTS_DEFINITION
            | K::DIRECTIVES
            | K::DIRECTIVE_LOCATIONS
            | K::ENUM_VALUES_DEFINITION
            | K::FIELDS_DEFINITION
            | K::IMPLEMENTS_INTERFACES
            | K::INPUT_FIELDS_DEFINITION
            | K::OBJECT_VALUE
            | K::UNION_MEMBER_TYPES
    )
}

/// The signs of a part in one layout, without descriptions; the parser bounds how deep it is nested.
fn spelt(node: &SyntaxNode, owner: &str, descriptions: &mut Vec<String>) -> String {
    if node.kind() == SyntaxKind::STRING_VALUE {
        return StringValue::cast(node.clone())
            .map_or_else(String::new, |it| format!("{:?}", String::from(it)));
    }
    let is_name = |kind: SyntaxKind| matches!(kind, SyntaxKind::NAME | SyntaxKind::ENUM_VALUE);
    let name = node.children().find(|child| is_name(child.kind()));
    let own = match name {
        Some(name) => format!("{owner}/{}", name.text()),
        None => owner.to_owned(),
    };
    let mut parts = Vec::new();
    for element in node.children_with_tokens() {
        match element {
            SyntaxElement::Node(child) if child.kind() == SyntaxKind::DESCRIPTION => {
                descriptions.push(format!("{own}: {}", description(&child)));
            }
            SyntaxElement::Node(child) => parts.push(spelt(&child, &own, descriptions)),
            SyntaxElement::Token(token) if is_layout(token.kind()) => {}
            SyntaxElement::Token(token) => parts.push(token.text().to_owned()),
        }
    }
    if is_set(node.kind()) {
        parts.sort_unstable();
    }
    parts.join(" ")
}

fn is_layout(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::WHITESPACE | K::COMMENT | K::COMMA | K::PIPE | K::AMP
    )
}

fn description(node: &SyntaxNode) -> String {
    let text = node.children().find_map(StringValue::cast);
    text.map_or_else(String::new, String::from)
}
