//! A GraphQL schema from its schema definition language.

use std::collections::BTreeMap;

use apollo_parser::SyntaxNode;
use apollo_parser::cst::{
    ArgumentsDefinition, CstChildren, CstNode, Definition, DirectiveDefinition, Directives,
    EnumValuesDefinition, FieldsDefinition, ImplementsInterfaces, InputFieldsDefinition,
    InputValueDefinition, Name, RootOperationTypeDefinition, Type as TypeNode, UnionMemberTypes,
};

use super::literal::Literal;
use super::model::{
    BUILT_IN_DIRECTIVES, BUILT_IN_TYPES, Default, Directive, EnumValue, Field, Named, ROOTS,
    Schema, Type, TypeKind,
};
use super::type_ref::TypeRef;
use crate::document::breaking::findings::DocumentPlace;
use crate::document::breaking::text_range::Lines;
use crate::document::graphql;

/// The reason of `@deprecated` without one.
const NO_REASON: &str = "No longer supported";

/// Reads a schema; `None` if the text is not well-formed, or holds operations or no types.
pub(super) fn read(text: &str) -> Option<Schema> {
    let document = graphql::parse(text).ok()?;
    let mut reader = Reader {
        lines: Lines::of(text),
        types: BTreeMap::new(),
        roots: BTreeMap::new(),
        directives: BTreeMap::new(),
        has_schema: false,
    };
    for definition in document.definitions() {
        reader.define(&definition)?;
    }
    reader.default_roots();
    let types = reader.types;
    (!types.is_empty()).then_some(Schema {
        types,
        roots: reader.roots,
        directives: Some(reader.directives),
    })
}

struct Reader {
    lines: Lines,
    types: BTreeMap<String, Type>,
    roots: BTreeMap<String, Named>,
    directives: BTreeMap<String, Directive>,
    has_schema: bool,
}

impl Reader {
    fn define(&mut self, definition: &Definition) -> Option<()> {
        use Definition as D;
        let kind = match definition {
            D::SchemaDefinition(it) => {
                self.has_schema = true;
                return self.read_roots(it.root_operation_type_definitions());
            }
            D::SchemaExtension(it) => return self.read_roots(it.root_operation_type_definitions()),
            D::DirectiveDefinition(it) => return self.read_directive(it),
            D::OperationDefinition(_) | D::FragmentDefinition(_) => return None,
            D::ScalarTypeDefinition(_) | D::ScalarTypeExtension(_) => TypeKind::Scalar,
            D::ObjectTypeDefinition(_) | D::ObjectTypeExtension(_) => TypeKind::Object,
            D::InterfaceTypeDefinition(_) | D::InterfaceTypeExtension(_) => TypeKind::Interface,
            D::UnionTypeDefinition(_) | D::UnionTypeExtension(_) => TypeKind::Union,
            D::EnumTypeDefinition(_) | D::EnumTypeExtension(_) => TypeKind::Enum,
            D::InputObjectTypeDefinition(_) | D::InputObjectTypeExtension(_) => TypeKind::Input,
        };
        let (name, at) = self.named(definition.name())?;
        if BUILT_IN_TYPES.contains(&name.as_str()) {
            return Some(());
        }
        let new = || {
            let mut new = Type::new(kind, at.clone());
            new.is_one_of = Some(false);
            new.specified_by = Some(None);
            new
        };
        let mut defined = self.types.remove(&name).unwrap_or_else(new);
        if !definition.is_extension_definition() {
            // An extension may come before what it extends.
            defined.kind = kind;
            defined.at = at;
        }
        self.extend(&mut defined, definition.syntax())?;
        self.types.insert(name, defined);
        Some(())
    }

    fn read_roots(&mut self, roots: CstChildren<RootOperationTypeDefinition>) -> Option<()> {
        for root in roots {
            let operation = root.operation_type()?.syntax().text().to_string();
            let (name, at) = self.named(root.named_type()?.name())?;
            self.roots
                .insert(operation.trim().to_owned(), Named { name, at });
        }
        Some(())
    }

    /// Without a definition of the schema, the names of types say where operations begin.
    fn default_roots(&mut self) {
        if self.has_schema {
            return;
        }
        for (operation, name) in ROOTS {
            if let Some(of) = self.types.get(name) {
                let named = Named {
                    name: name.to_owned(),
                    at: of.at.clone(),
                };
                self.roots.entry(operation.to_owned()).or_insert(named);
            }
        }
    }

    fn read_directive(&mut self, definition: &DirectiveDefinition) -> Option<()> {
        let (name, at) = self.named(definition.name())?;
        if BUILT_IN_DIRECTIVES.contains(&name.as_str()) {
            return Some(());
        }
        let directive = Directive {
            at,
            arguments: self.arguments(definition.syntax())?,
            locations: definition
                .directive_locations()?
                .directive_locations()
                .map(|location| Some(location.text()?.to_string()))
                .collect::<Option<_>>()?,
            is_repeatable: Some(definition.repeatable_token().is_some()),
        };
        self.directives.insert(name, directive);
        Some(())
    }

    /// Adds what a definition, or an extension, says of a type.
    fn extend(&self, defined: &mut Type, definition: &SyntaxNode) -> Option<()> {
        if let Some(it) = part::<ImplementsInterfaces>(definition) {
            for interface in it.named_types() {
                let (name, at) = self.named(interface.name())?;
                defined.interfaces.insert(name, at);
            }
        }
        if let Some(it) = part::<UnionMemberTypes>(definition) {
            for member in it.named_types() {
                let (name, at) = self.named(member.name())?;
                let deprecated = None;
                defined.values.insert(name, EnumValue { at, deprecated });
            }
        }
        if let Some(it) = part::<EnumValuesDefinition>(definition) {
            for value in it.enum_value_definitions() {
                let (name, at) = self.named(value.enum_value()?.name())?;
                let deprecated = deprecated(value.syntax());
                defined.values.insert(name, EnumValue { at, deprecated });
            }
        }
        if let Some(it) = part::<FieldsDefinition>(definition) {
            for field in it.field_definitions() {
                let (name, at) = self.named(field.name())?;
                let read = Field {
                    of: type_ref(&field.ty()?)?,
                    at,
                    arguments: self.arguments(field.syntax())?,
                    default: None,
                    deprecated: deprecated(field.syntax()),
                };
                defined.fields.insert(name, read);
            }
        }
        if let Some(it) = part::<InputFieldsDefinition>(definition) {
            defined
                .fields
                .extend(self.inputs(it.input_value_definitions())?);
        }
        if has_directive(definition, "oneOf") {
            defined.is_one_of = Some(true);
        }
        if let Some(address) = directive_text(definition, "specifiedBy", "url") {
            defined.specified_by = Some(Some(address));
        }
        Some(())
    }

    fn arguments(&self, definition: &SyntaxNode) -> Option<BTreeMap<String, Field>> {
        match part::<ArgumentsDefinition>(definition) {
            Some(it) => self.inputs(it.input_value_definitions()),
            None => Some(BTreeMap::new()),
        }
    }

    /// Arguments, or fields of an input.
    fn inputs(
        &self,
        definitions: CstChildren<InputValueDefinition>,
    ) -> Option<BTreeMap<String, Field>> {
        definitions
            .map(|input| {
                let (name, at) = self.named(input.name())?;
                let default = match input.default_value() {
                    Some(default) => {
                        let value = default.value()?;
                        let text = value.syntax().text().to_string();
                        Some(Default {
                            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
                            value: Literal::of(&value)?,
                        })
                    }
                    None => None,
                };
                let field = Field {
                    of: type_ref(&input.ty()?)?,
                    at,
                    arguments: BTreeMap::new(),
                    default,
                    deprecated: deprecated(input.syntax()),
                };
                Some((name, field))
            })
            .collect()
    }

    fn named(&self, name: Option<Name>) -> Option<(String, DocumentPlace)> {
        let name = name?;
        let text = name.text().to_string();
        let start = name.syntax().text_range().start().into();
        let place = DocumentPlace::Text(self.lines.range(start, text.len()));
        Some((text, place))
    }
}

/// The parser bounds how deep lists are nested.
fn type_ref(node: &TypeNode) -> Option<TypeRef> {
    match node {
        TypeNode::NamedType(named) => Some(TypeRef::Named(named.name()?.text().to_string())),
        TypeNode::ListType(list) => Some(TypeRef::List(Box::new(type_ref(&list.ty()?)?))),
        TypeNode::NonNullType(inner) => {
            let inner = match (inner.named_type(), inner.list_type()) {
                (Some(named), _) => TypeNode::NamedType(named),
                (None, Some(list)) => TypeNode::ListType(list),
                (None, None) => return None,
            };
            Some(TypeRef::NonNull(Box::new(type_ref(&inner)?)))
        }
    }
}

fn deprecated(node: &SyntaxNode) -> Option<String> {
    let reason = directive_text(node, "deprecated", "reason");
    has_directive(node, "deprecated").then(|| reason.unwrap_or_else(|| NO_REASON.to_owned()))
}

fn has_directive(node: &SyntaxNode, name: &str) -> bool {
    directives(node).any(|(found, _)| found == name)
}

/// The text of an argument of a directive that is applied.
fn directive_text(node: &SyntaxNode, name: &str, argument: &str) -> Option<String> {
    let (_, directive) = directives(node).find(|(found, _)| found == name)?;
    let mut arguments = directive.arguments()?.arguments();
    let found = arguments
        .find(|found| found.name().is_some_and(|name| name.text() == argument))?
        .value()?;
    match Literal::of(&found)? {
        Literal::Text(text) => Some(text),
        _ => None,
    }
}

fn directives(
    node: &SyntaxNode,
) -> impl Iterator<Item = (String, apollo_parser::cst::Directive)> + use<> {
    let all = part::<Directives>(node).map(|all| all.directives());
    let directives = all.into_iter().flatten();
    directives.filter_map(|it| Some((it.name()?.text().to_string(), it)))
}

fn part<N: CstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}
