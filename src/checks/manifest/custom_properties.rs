//! Custom properties fit the metadata schemas of the same project.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::input::ManifestInput;
use super::json_schema::{self, Refusal};
use crate::kinds;
use crate::manifest::{NearSearches, is_same_word, list, meant};
use crate::model::view::{Assignment, CustomProperties, MetadataSchemaView};
use crate::model::{
    Address, Body, Certainty, DesiredResource, Diagnostic, Diagnostics, FieldPath, Fix, Role, Span,
    code, field_path,
};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    let schemas = schemas_of(context);
    let near = NearSearches::default();
    for declared in context.desired.resources.values() {
        let Some(entity) = declared.resource.address.kind().entity else {
            continue;
        };
        let empty = Map::new();
        let properties = CustomProperties::of(&declared.resource.body)
            .values()
            .unwrap_or(&empty);
        for (name, value) in properties {
            let property = Property {
                declared,
                entity,
                name,
                value,
            };
            match schemas.get(name.as_str()) {
                Some(schema) => property.check_value(schema, diagnostics),
                None => property.unknown(context, &schemas, &near, diagnostics),
            }
        }
        required(context, declared, entity, properties, &schemas, diagnostics);
    }
}

struct Schema<'a> {
    address: Address,
    /// Where it is declared; another repository's is not.
    declared: Option<&'a DesiredResource>,
    value: &'a Value,
    validator: Option<Validator>,
    assigned: BTreeMap<String, Assignment<'a>>,
}

type Schemas<'a> = BTreeMap<&'a str, Schema<'a>>;

fn schemas_of<'a>(context: &ManifestInput<'a>) -> Schemas<'a> {
    let foreign = context.foreign_schemas.iter().filter_map(|(name, body)| {
        let address = Address::top(&kinds::METADATA_SCHEMA.info, name);
        let is_external = context.external.covers(&address);
        is_external.then(|| (name.as_str(), Schema::new(address, body, None)))
    });
    let resources = context.desired.resources.iter();
    let declared = resources
        .filter(|(address, _)| address.is(Role::MetadataSchema))
        .map(|(address, declared)| {
            let body = &declared.resource.body;
            let schema = Schema::new(address.clone(), body, Some(declared));
            (address.name(), schema)
        });
    foreign.chain(declared).collect()
}

impl<'a> Schema<'a> {
    fn new(address: Address, body: &'a Body, declared: Option<&'a DesiredResource>) -> Self {
        let view = MetadataSchemaView::of(body);
        let value = view.schema().unwrap_or(&Value::Null);
        Self {
            address,
            declared,
            value,
            validator: json_schema::compile(value).ok(),
            assigned: view
                .assignments()
                .map(|assignment| (assignment.entity.to_ascii_lowercase(), assignment))
                .collect(),
        }
    }

    fn place_of(&self, path: &str) -> Option<Span> {
        self.declared?.place_of(path)
    }
}

struct Property<'a> {
    declared: &'a DesiredResource,
    entity: &'static str,
    name: &'a str,
    value: &'a Value,
}

impl Property<'_> {
    fn path(&self) -> FieldPath {
        CustomProperties::path(self.name)
    }

    fn key_place(&self) -> Option<Span> {
        self.declared.key_of(&self.path())
    }

    fn check_value(&self, schema: &Schema<'_>, diagnostics: &mut Diagnostics) {
        match schema.assigned.get(self.entity) {
            None => diagnostics.push(self.unassigned(schema)),
            Some(flags) if flags.deprecated => diagnostics.push(at(
                Diagnostic::warning(
                    code::CUSTOM_PROPERTY_DEPRECATED,
                    format!("`{}` is deprecated", self.name),
                )
                .help("remove it; its metadata schema marks it as deprecated"),
                self.key_place(),
                "deprecated",
            )),
            Some(_) => {}
        }
        let Some(validator) = &schema.validator else {
            return;
        };
        for refusal in json_schema::refusals(schema.value, validator, self.value) {
            diagnostics.push(self.refused(&refusal, schema));
        }
    }

    fn refused(&self, refusal: &Refusal, schema: &Schema<'_>) -> Diagnostic {
        let path = refusal
            .pointer
            .split('/')
            .skip(1)
            .fold(self.path(), |path, step| match step.parse::<usize>() {
                Ok(index) => format!("{path}[{index}]"),
                Err(_) => field_path(&path, step),
            });
        let mut diagnostic = Diagnostic::error(
            code::CUSTOM_PROPERTY_VALUE,
            format!("`{}`: {}", self.name, refusal.message),
        )
        .about(&self.declared.resource.address)
        .about(&schema.address);
        diagnostic.help.clone_from(&refusal.help);
        if let Some(span) = schema.place_of(MetadataSchemaView::SCHEMA) {
            diagnostic = diagnostic.related(span, "its metadata schema");
        } else if schema.declared.is_none() && diagnostic.help.is_none() {
            diagnostic.help = Some(format!("{} is as the service has it", schema.address));
        }
        let place = self.declared.place_of(&path);
        let exact = self.declared.places.get(&path);
        if let (Some(span), Some((certainty, text))) = (exact, &refusal.replacement) {
            diagnostic = diagnostic.fix(Fix::write(*certainty, span, text.as_str()));
        }
        at(diagnostic, place, "not valid")
    }

    fn unassigned(&self, schema: &Schema<'_>) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(
            code::CUSTOM_PROPERTY_UNASSIGNED,
            format!("`{}` is not for {}s", self.name, self.entity),
        )
        .about(&self.declared.resource.address)
        .about(&schema.address)
        .help(format!(
            "add `{{entity: {}}}` to assignedTo of the metadata schema, or remove the property",
            self.entity
        ));
        if let Some(span) = schema.place_of(MetadataSchemaView::ASSIGNED_TO) {
            diagnostic = diagnostic.related(span, "assigned here");
        }
        at(
            diagnostic,
            self.key_place(),
            "not assigned to this kind of resource",
        )
    }

    fn unknown(
        &self,
        context: &ManifestInput<'_>,
        schemas: &Schemas<'_>,
        near: &NearSearches,
        diagnostics: &mut Diagnostics,
    ) {
        let target = Address::top(&kinds::METADATA_SCHEMA.info, self.name);
        if context.external.covers(&target) || context.desired.may_declare(&target) {
            return;
        }
        let mut known = Vec::new();
        if near.afford(schemas.len()) {
            let assigned = schemas
                .iter()
                .filter(|(_, schema)| schema.assigned.contains_key(self.entity));
            known.extend(assigned.map(|(name, _)| *name));
        }
        let near = meant(self.name, &known);
        let said = near.map(|near| format!("did you mean `{near}`?"));
        let help = said.unwrap_or_else(|| match known.as_slice() {
            [] => format!(
                "declare a MetadataSchema `{}`, or list `{target}` under spec.external in \
                 apicenter.yaml if another repository does",
                self.name
            ),
            known => format!("{}s can have {}", self.entity, list(known, "and")),
        });
        diagnostics.push(at(
            Diagnostic::error(
                code::CUSTOM_PROPERTY_UNKNOWN,
                format!("no metadata schema `{}` is declared", self.name),
            )
            .about(&self.declared.resource.address)
            .about(&target)
            .help(help)
            .fix_opt(near.zip(self.key_place()).map(|(near, span)| {
                let set = CustomProperties::of(&self.declared.resource.body);
                let is_set = set.values().is_some_and(|values| values.contains_key(near));
                let certainty = match is_same_word(self.name, near) && !is_set {
                    true => Certainty::Certain,
                    false => Certainty::Suggested,
                };
                Fix::write(certainty, span, near)
            })),
            self.key_place(),
            "unknown custom property",
        ));
    }
}

fn required(
    context: &ManifestInput<'_>,
    declared: &DesiredResource,
    entity: &str,
    properties: &Map<String, Value>,
    schemas: &Schemas<'_>,
    diagnostics: &mut Diagnostics,
) {
    let kind = declared.resource.address.kind().name;
    for (name, schema) in schemas {
        // Whether another repository's requires a value is a question of the plan.
        let wanted = schema.declared.is_some()
            && schema
                .assigned
                .get(entity)
                .is_some_and(|flags| flags.required);
        let present = properties.keys().any(|key| key.eq_ignore_ascii_case(name));
        let path = CustomProperties::path(name);
        let ignored = context
            .ignored
            .iter()
            .any(|(k, field)| k == kind && *field == path);
        if !wanted || present || ignored {
            continue;
        }
        let mut diagnostic = Diagnostic::error(
            code::CUSTOM_PROPERTY_REQUIRED,
            format!(
                "{} lacks the required custom property `{name}`",
                declared.resource.address
            ),
        )
        .about(&declared.resource.address)
        .about(&schema.address)
        .of(&declared.resource.address)
        .in_field(path);
        let title = schema.value.get("title").and_then(Value::as_str);
        let title = title.map_or(String::new(), |title| {
            format!("`{name}` is titled “{title}”; ")
        });
        let choices = json_schema::choices(schema.value).unwrap_or_default();
        let choices: Vec<String> = choices.into_iter().map(json_schema::written).collect();
        let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
        let choices = match choices.as_slice() {
            [] => String::new(),
            choices => format!(" with one of {}", list(choices, "and")),
        };
        diagnostic = diagnostic.help(format!(
            "{title}write `{name}:`{choices} under `{}`",
            CustomProperties::FIELD
        ));
        if let Some(span) = schema.place_of(MetadataSchemaView::ASSIGNED_TO) {
            diagnostic = diagnostic.related(span, "required here");
        }
        let label = format!("`{name}` must be set under `customProperties`");
        // The mapping that lacks it: the custom properties, or the resource where it has none.
        let place = declared
            .places
            .get(CustomProperties::FIELD)
            .or(declared.place);
        diagnostics.push(at(diagnostic, place, label));
    }
}

fn at(diagnostic: Diagnostic, place: Option<Span>, label: impl Into<String>) -> Diagnostic {
    match place {
        Some(span) => diagnostic.at(span, label),
        None => diagnostic,
    }
}
