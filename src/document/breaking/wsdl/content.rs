//! What complex types contain: alternatives, each with elements and how often these appear.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::alternatives::{
    Alternative, Particle, as_group, both, bounded, branch, occurrence, repeated,
};
use super::built_in::unread_reference;
use super::projection::{Projection, SOURCE, at};
use super::tree::XSD;
use super::values::value_of_text;
use crate::document::breaking::findings::code;

/// Groups and types within one another, at most.
const DEEPEST: usize = 32;

/// The text, the attributes and the content of a complex type.
#[derive(Default)]
struct Complex {
    text: Option<(Value, bool)>,
    attributes: BTreeMap<String, (Value, bool)>,
    has_any_attribute: bool,
    content: Vec<Alternative>,
    unread: Vec<String>,
    /// Whether something was left out because of a limit.
    is_cut: bool,
}

impl Projection<'_, '_> {
    pub(super) fn complex_type(&self, number: usize) -> Value {
        let mut complex = self.complex(number, 0);
        if complex.is_cut || complex.content.iter().any(|content| content.is_cut) {
            self.choices.are_too_many();
            let print = self.whole_print(number);
            let reason = "its content has too many alternatives to compare";
            self.cannot_read(number, reason.to_owned());
            complex.unread.push(format!("cut {print}"));
        }
        let all: Vec<Value> = complex
            .content
            .iter()
            .map(|content| complex.schema(content, number))
            .collect();
        match <[Value; 1]>::try_from(all) {
            Ok([only]) => only,
            Err(all) => json!({"anyOf": all, SOURCE: number}),
        }
    }

    fn complex(&self, number: usize, depth: usize) -> Complex {
        let mut complex = Complex {
            content: vec![Alternative::default()],
            ..Complex::default()
        };
        if depth > DEEPEST {
            complex.is_cut = true;
            return complex;
        }
        if self.tree.node(number).is_true("mixed") {
            complex.text = Some((json!({"type": "string"}), false));
        }
        self.add_content(number, &mut complex, depth);
        for child in self.tree.all(number, XSD) {
            let is_simple = match &*self.tree.node(child).name.local {
                "simpleContent" => true,
                "complexContent" => false,
                _ => continue,
            };
            for derived in self.tree.all(child, XSD) {
                match &*self.tree.node(derived).name.local {
                    "extension" => self.extend(derived, is_simple, &mut complex, depth),
                    "restriction" => self.restrict(derived, is_simple, &mut complex, depth),
                    _ => {}
                }
            }
        }
        complex
    }

    /// Adds the elements and attributes that are written below an element.
    fn add_content(&self, number: usize, complex: &mut Complex, depth: usize) {
        for child in self.tree.all(number, XSD) {
            match &*self.tree.node(child).name.local {
                "sequence" | "all" | "choice" | "group" => {
                    let own = self.model(child, depth);
                    complex.content = both(std::mem::take(&mut complex.content), &own);
                }
                _ => self.add_attribute(child, complex, depth),
            }
        }
    }

    fn add_attribute(&self, child: usize, complex: &mut Complex, depth: usize) {
        let node = self.tree.node(child);
        match &*node.name.local {
            "anyAttribute" => complex.has_any_attribute = true,
            "attributeGroup" if depth > DEEPEST || !self.goes_on() => complex.is_cut = true,
            "attributeGroup" => {
                let target = node
                    .qname("ref")
                    .and_then(|name| self.global("attributeGroups", name));
                for inner in target
                    .into_iter()
                    .flat_map(|target| self.tree.all(target, XSD))
                {
                    self.add_attribute(inner, complex, depth + 1);
                }
            }
            "attribute" => {
                let target = node
                    .qname("ref")
                    .and_then(|name| self.global("attributes", name));
                let described = self.tree.node(target.unwrap_or(child));
                let Some(name) = described
                    .attribute("name")
                    .or(node.qname("ref").map(|name| name.local.as_str()))
                else {
                    return;
                };
                let name = format!("@{name}");
                if node.attribute("use") == Some("prohibited") {
                    complex.attributes.remove(&name);
                    return;
                }
                let inner = self
                    .tree
                    .children(target.unwrap_or(child), XSD, "simpleType")
                    .next();
                let mut schema = match (described.qname("type"), inner) {
                    (Some(kind), _) => self.text_of(kind),
                    (None, Some(inner)) => self.simple_type(inner),
                    (None, None) => json!({"type": "string"}),
                };
                let stated = |key: &str| node.attribute(key).or_else(|| described.attribute(key));
                let base = self.base_of(target.unwrap_or(child));
                let value = |text: &str| value_of_text(base.as_deref().unwrap_or_default(), text);
                if let Some(fixed) = stated("fixed") {
                    schema = json!({"allOf": [schema, {"const": value(fixed)}]});
                } else if let Some(default) = stated("default") {
                    schema = json!({"allOf": [schema], "default": value(default)});
                }
                let is_required = node.attribute("use") == Some("required");
                complex
                    .attributes
                    .insert(name, (at(schema, child), is_required));
            }
            _ => {}
        }
    }

    fn extend(&self, number: usize, is_simple: bool, complex: &mut Complex, depth: usize) {
        self.inherit(number, is_simple, complex, depth);
        self.add_content(number, complex, depth);
    }

    /// A restriction says again what the content is, and keeps the attributes.
    fn restrict(&self, number: usize, is_simple: bool, complex: &mut Complex, depth: usize) {
        let is_own = |complex: &Complex| complex.text.clone();
        let mixed = is_own(complex);
        self.inherit(number, is_simple, complex, depth);
        complex.content = vec![Alternative::default()];
        complex.text = if is_simple {
            complex.text.take().map(|(base, _)| {
                let own = self.restriction(number);
                let own = if own.get("allOf").is_some() {
                    own["allOf"][1].clone()
                } else {
                    Value::Bool(true)
                };
                (at(json!({"allOf": [base, own]}), number), true)
            })
        } else {
            mixed
        };
        self.add_content(number, complex, depth);
    }

    /// Takes over what the base of a derived type has.
    fn inherit(&self, number: usize, is_simple: bool, complex: &mut Complex, depth: usize) {
        let Some(base) = self.tree.node(number).qname("base") else {
            return;
        };
        let target = self.global("types", base);
        match target.filter(|target| self.tree.node(*target).name.local == "complexType") {
            Some(target) => {
                let inherited = self.complex(target, depth + 1);
                complex.text = complex.text.take().or(inherited.text);
                complex.attributes.extend(inherited.attributes);
                complex.has_any_attribute |= inherited.has_any_attribute;
                complex.content = both(inherited.content, &complex.content);
                complex.unread.extend(inherited.unread);
                complex.is_cut |= inherited.is_cut;
            }
            None if is_simple => complex.text = Some((at(self.text_of(base), number), true)),
            None if &*base.namespace == XSD => {}
            None => {
                let reason = format!("the type {} is not in the description", code(&base.local));
                self.cannot_read(number, reason);
                complex
                    .unread
                    .push(format!("type {} {}", base.local, self.tree.print(number)));
            }
        }
    }

    /// The alternatives that a sequence, a choice or the like has.
    fn model(&self, number: usize, depth: usize) -> Vec<Alternative> {
        let node = self.tree.node(number);
        let (least, most) = occurrence(node.attribute("minOccurs"), node.attribute("maxOccurs"));
        if most == Some(0) {
            return vec![Alternative::default()];
        }
        if depth > DEEPEST || !self.goes_on() {
            return vec![Alternative {
                is_cut: true,
                ..Alternative::default()
            }];
        }
        let own = match &*node.name.local {
            "element" => return self.elements(number, least, most),
            "any" => vec![Alternative {
                is_open: true,
                ..Alternative::default()
            }],
            "group" => {
                let target = node
                    .qname("ref")
                    .and_then(|name| self.global("groups", name));
                let from = target.unwrap_or(number);
                let inner = self.tree.all(from, XSD).filter(|_| target.is_some());
                inner.fold(vec![Alternative::default()], |all, child| {
                    both(all, &self.model(child, depth + 1))
                })
            }
            "choice" => {
                let print = self.tree.print(number);
                let is_kept = self.choices.meet(print);
                let mut all = Vec::new();
                for child in self.particles(number) {
                    let own = self.model(child, depth + 1).into_iter();
                    all.extend(own.map(branch));
                }
                if is_kept {
                    return vec![as_group(&all, print)];
                }
                all
            }
            "sequence" | "all" => self
                .particles(number)
                .fold(vec![Alternative::default()], |all, child| {
                    both(all, &self.model(child, depth + 1))
                }),
            _ => return vec![Alternative::default()],
        };
        let own = if own.is_empty() {
            vec![Alternative::default()]
        } else {
            own
        };
        repeated(bounded(own, most == Some(1)), least, most)
    }

    fn particles(&self, number: usize) -> impl Iterator<Item = usize> {
        self.tree.all(number, XSD).filter(|child| {
            matches!(
                &*self.tree.node(*child).name.local,
                "element" | "any" | "group" | "choice" | "sequence" | "all"
            )
        })
    }
}

/// All elements of one name.
fn list(particle: &Particle) -> Value {
    let mut list = json!({"type": "array", "items": particle.schema, SOURCE: particle.source});
    list["minItems"] = particle.least.max(1).into();
    if let Some(most) = particle.most {
        list["maxItems"] = most.into();
    }
    list
}

impl Complex {
    fn schema(&self, content: &Alternative, source: usize) -> Value {
        let mut properties = Map::new();
        let mut required = BTreeSet::new();
        if let Some((text, is_required)) = &self.text {
            properties.insert("$".to_owned(), text.clone());
            if *is_required {
                required.insert("$".to_owned());
            }
        }
        for (name, (schema, is_required)) in &self.attributes {
            properties.insert(name.clone(), schema.clone());
            if *is_required {
                required.insert(name.clone());
            }
        }
        for group in &content.groups {
            properties.insert(group.clone(), json!({"const": true}));
            required.insert(group.clone());
        }
        for (name, particle) in &content.elements {
            properties.insert(name.clone(), list(particle));
            if particle.least > 0 {
                required.insert(name.clone());
            }
        }
        let mut schema = json!({"type": "object", "properties": properties, SOURCE: source});
        if !content.taken.is_empty() {
            schema["title"] = content.taken.join(" with ").into();
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if !content.is_open {
            schema["additionalProperties"] = false.into();
        }
        if self.has_any_attribute {
            schema["patternProperties"] = json!({"^@": true});
        }
        if !content.one_of.is_empty() {
            let each = content
                .one_of
                .iter()
                .map(|name| json!({"required": [name]}));
            schema["anyOf"] = each.collect();
        }
        let unread: Vec<&str> = self
            .unread
            .iter()
            .chain(&content.unread)
            .map(String::as_str)
            .collect();
        if !unread.is_empty() {
            schema["$ref"] = unread_reference(&unread.join(", "));
        }
        schema
    }
}
